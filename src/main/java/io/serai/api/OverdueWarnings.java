package io.serai.api;

import io.serai.api.InterchangeViews.Overdue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** Says, in one sentence for each set, what is overdue in the conversations of an EDI account. */
final class OverdueWarnings {
  private OverdueWarnings() {}

  /** The same, and one for each set that is owed longer than agreed. */
  static List<String> and(List<String> others, List<Overdue> overdue, Instant now) {
    var bySet = new LinkedHashMap<String, List<Overdue>>();
    overdue.forEach(
        one -> bySet.computeIfAbsent(one.by() + one.set(), key -> new ArrayList<>()).add(one));
    var warnings = new ArrayList<>(others);
    for (var some : bySet.values()) {
      var first = some.getFirst();
      var ours = "US".equals(first.by());
      warnings.add(
          "%s of '%s' %s for %s %s longer than agreed, the oldest is '%s', due %s ago; %s."
              .formatted(
                  HealthWarnings.counted(some.size(), "order"),
                  first.account(),
                  some.size() == 1 ? "waits" : "wait",
                  ours ? "our" : "their",
                  first.set(),
                  first.subject(),
                  HealthWarnings.time(first.due(), now),
                  ours
                      ? "look for what holds them among the dead letters and orders on hold"
                      : "ask the partner"));
    }
    return List.copyOf(warnings);
  }
}
