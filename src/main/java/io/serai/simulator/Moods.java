package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.simulator.Mood.Scope;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * The moods a stand-in is in now; they may be changed while it runs.
 *
 * <p>Which request is hit is drawn from a seed, so one thread of requests is hit alike on every
 * run; concurrent requests are not.
 */
public final class Moods {

  private final Random random;
  private List<Counted> now = List.of();

  /** Moods that draw from this seed; none to begin with. */
  Moods(long seed) {
    this.random = new Random(seed);
  }

  private static final class Counted {
    final Mood mood;
    int felt;

    Counted(Mood mood) {
      this.mood = mood;
    }
  }

  /** Replaces all moods. */
  public void set(Mood... moods) {
    set(List.of(moods));
  }

  /** Replaces all moods. */
  public synchronized void set(Collection<Mood> moods) {
    now = moods.stream().map(Counted::new).toList();
  }

  /** Ends all moods. */
  public void calm() {
    set(List.of());
  }

  /** The mood a call falls under, if any: the first in the list that is drawn. */
  Optional<Mood> onCall(Collection<String> operations) {
    return draw(Scope.CALL, null, operations);
  }

  /** Whether a thing that happens to webhooks or polls happens to this one. */
  Optional<Mood> on(Mood.Kind kind, String operation) {
    return draw(kind.scope, kind, List.of(operation));
  }

  private synchronized Optional<Mood> draw(
      Scope scope, Mood.Kind kind, Collection<String> operations) {
    for (var counted : now) {
      var mood = counted.mood;
      if (mood.kind().scope != scope
          || kind != null && mood.kind() != kind
          || operations.stream().noneMatch(mood::touches)
          || mood.times() > 0 && counted.felt >= mood.times()
          || mood.share() < 1 && random.nextDouble() >= mood.share()) {
        continue;
      }
      counted.felt++;
      return Optional.of(mood);
    }
    return Optional.empty();
  }

  /** The moods as the control API writes them, each with how often it was felt. */
  synchronized JsonNode json() {
    var list = Jsons.array();
    for (var counted : now) {
      var node = (com.fasterxml.jackson.databind.node.ObjectNode) counted.mood.json();
      list.add(node.put("felt", counted.felt));
    }
    return list;
  }
}
