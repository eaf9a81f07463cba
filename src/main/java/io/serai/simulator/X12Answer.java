package io.serai.simulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A functional acknowledgment, as it is written and as it is read.
 *
 * @param kind functional identifier of the group it is about
 * @param group control number of that group
 * @param code what became of the group, as AK901 says it
 * @param sets what became of each set that it names, by control number
 */
record X12Answer(String kind, String group, String code, Map<String, String> sets) {

  /** What was found in a set: nothing in one that is taken. */
  record Judged(X12.Set set, List<X12.Fault> faults) {
    boolean taken() {
      return set.codes().isEmpty() && faults.isEmpty();
    }
  }

  /** Reads a 997. */
  static X12Answer read(X12.Set set) {
    var about = set.first("AK1");
    var sets = new LinkedHashMap<String, String>();
    var number = "";
    for (var segment : set.body()) {
      if (segment.id().equals("AK2")) {
        number = segment.at(2);
      } else if (segment.id().equals("AK5")) {
        sets.put(number, segment.at(1));
      }
    }
    return new X12Answer(about.at(1), about.at(2), set.first("AK9").at(1), sets);
  }

  /** Whether a set was taken, by its control number. */
  boolean took(String set) {
    return !sets.getOrDefault(set, code).matches("[RMWX]") && !code.matches("[RMWX]");
  }

  /** Writes the 997 for a group. */
  static List<X12.Segment> write(X12.Group group, List<Judged> sets) {
    var answer = new ArrayList<X12.Segment>();
    answer.add(X12.Segment.of("AK1", group.kind(), group.control()));
    var taken = 0;
    for (var judged : sets) {
      answer.add(X12.Segment.of("AK2", judged.set().type(), judged.set().control()));
      var place = 0;
      for (var fault : judged.faults()) {
        if (fault.place() != place || fault.element() == 0) {
          place = fault.place();
          var code = fault.element() == 0 ? fault.code() : "8";
          answer.add(X12.Segment.of("AK3", fault.segment(), place, null, code));
        }
        if (fault.element() > 0) {
          var value = fault.value().isEmpty() ? null : fault.value().replace('>', ' ');
          answer.add(X12.Segment.of("AK4", fault.element(), null, fault.code(), value));
        }
      }
      var codes = new ArrayList<Object>();
      codes.add(judged.taken() ? "A" : "R");
      if (!judged.faults().isEmpty()) {
        codes.add("5");
      }
      codes.addAll(judged.set().codes());
      answer.add(X12.Segment.of("AK5", codes.toArray()));
      taken += judged.taken() ? 1 : 0;
    }
    var whole = group.codes().isEmpty();
    var end = new ArrayList<Object>();
    end.add(!whole || taken == 0 ? "R" : taken < sets.size() ? "P" : "A");
    end.addAll(List.of(sets.size(), sets.size(), whole ? taken : 0));
    end.addAll(group.codes());
    answer.add(X12.Segment.of("AK9", end.toArray()));
    return answer;
  }
}
