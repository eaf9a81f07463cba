package io.serai.simulator;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a ledger held when it was read, with the questions a test asks of it.
 *
 * <p>It is a copy of one moment: effects written later are not seen.
 */
public final class Effects implements Iterable<Effect> {

  private final List<Effect> all;

  Effects(List<Effect> all) {
    this.all = List.copyOf(all);
  }

  /** Every effect in the order of its writing. */
  public List<Effect> all() {
    return all;
  }

  /** The same effects, each in other words. */
  public Effects map(UnaryOperator<Effect> words) {
    return new Effects(all.stream().map(words).toList());
  }

  /** How many effects there are. */
  public int count() {
    return all.size();
  }

  /** The effects of one operation, in order. */
  public Effects of(String operation) {
    return new Effects(all.stream().filter(e -> e.operation().equals(operation)).toList());
  }

  /** The effects that carried one idempotency key, in order. */
  public Effects withKey(String key) {
    return new Effects(all.stream().filter(e -> key.equals(e.key())).toList());
  }

  /** The effects done to one thing, in order. */
  public Effects on(String subject) {
    return new Effects(all.stream().filter(e -> subject.equals(e.subject())).toList());
  }

  /** The subjects of these effects, each once, in order of their first appearance. */
  public List<String> subjects() {
    return all.stream().map(Effect::subject).distinct().toList();
  }

  /**
   * The things to which one operation was done more than once, with those effects: what a caller
   * doubled. An answer repeated for a known key is no effect and is not counted.
   */
  public Map<String, List<Effect>> duplicates(String operation) {
    return duplicates(operation, Effect::subject);
  }

  /** As {@link #duplicates(String)}, where the identity of a thing is told by a function. */
  public Map<String, List<Effect>> duplicates(String operation, Function<Effect, String> identity) {
    return all.stream()
        .filter(e -> e.operation().equals(operation))
        .collect(Collectors.groupingBy(identity, LinkedHashMap::new, Collectors.toList()))
        .entrySet()
        .stream()
        .filter(e -> e.getValue().size() > 1)
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
  }

  /** The effects as a stream. */
  public Stream<Effect> stream() {
    return all.stream();
  }

  @Override
  public Iterator<Effect> iterator() {
    return all.iterator();
  }
}
