package io.serai.support;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what this process did, by a few words for each, and shows it as a metric. A word has to be
 * one of few: the name of an account, a kind. Never waits. Gap: a series is there from its first
 * count on, and begins anew with the process.
 */
public final class Tally implements MeterBinder {
  private final String name;
  private final String description;
  private final List<String> labels;
  private final Map<List<String>, LongAdder> counts = new ConcurrentHashMap<>();
  private volatile MeterRegistry registry;

  /** Counts by as many words as there are labels. */
  public Tally(String name, String description, String... labels) {
    this.name = name;
    this.description = description;
    this.labels = List.of(labels);
  }

  /** One more. */
  public void count(String... words) {
    add(1, List.of(words));
  }

  /** So many more of these words. */
  public void add(long more, List<String> key) {
    var adder = counts.get(key);
    if (adder == null) {
      adder = counts.computeIfAbsent(key, k -> new LongAdder());
      show(key, adder);
    }
    adder.add(more);
  }

  @Override
  public void bindTo(MeterRegistry meters) {
    registry = meters;
    counts.forEach(this::show);
  }

  // Showing it twice shows it once.
  private void show(List<String> words, LongAdder adder) {
    var meters = registry;
    if (meters != null) {
      var tags = Tags.empty();
      for (var i = 0; i < labels.size(); i++) {
        tags = tags.and(labels.get(i), words.get(i));
      }
      FunctionCounter.builder(name, adder, LongAdder::sum)
          .description(description)
          .tags(tags)
          .register(meters);
    }
  }
}
