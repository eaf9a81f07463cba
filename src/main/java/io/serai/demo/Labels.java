package io.serai.demo;

import io.serai.demo.Reckoning.Finding;
import io.serai.demo.Reckoning.Kind;
import io.serai.simulator.Effects;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What carriers sold and scanned, by their own ledgers, against the parcels that the hub knows.
 *
 * @param bought labels that each carrier sold and did not take back, by its name in the hub
 * @param scanned parcels that a carrier had in its hands
 * @param findings a label paid for twice or known to nobody, a parcel that left unseen
 */
record Labels(
    Map<String, Integer> bought, List<HubRecords.Parcel> scanned, List<Finding> findings) {
  private static final Set<String> SENT = Set.of("SHIPPED", "DELIVERED", "RETURNED");

  /** Compares. */
  static Labels of(Map<String, Effects> carriers, HubRecords hub) {
    var known = new HashMap<String, HubRecords.Parcel>();
    hub.parcels().forEach(p -> known.put(p.id(), p));
    var bought = new LinkedHashMap<String, Integer>();
    var scanned = new ArrayList<HubRecords.Parcel>();
    var findings = new ArrayList<Finding>();
    var numbers = new LinkedHashMap<String, List<String>>();
    for (var carrier : carriers.entrySet()) {
      var voided = new HashSet<>(carrier.getValue().of("label.voided").subjects());
      var hands = new HashSet<>(carrier.getValue().of("parcel.scanned").subjects());
      bought.put(carrier.getKey(), 0);
      for (var label : carrier.getValue().of("label.bought")) {
        if (voided.contains(label.subject())) {
          continue;
        }
        bought.merge(carrier.getKey(), 1, Integer::sum);
        var id = label.key().replaceFirst("/.*", "");
        var number = label.text("tracking");
        numbers.computeIfAbsent(id, key -> new ArrayList<>()).add(number);
        var parcel = known.get(id);
        if (parcel == null || !number.equals(parcel.tracking())) {
          find(
              findings,
              Kind.LOST,
              id,
              "Label '%s' of parcel '%s' is paid for at '%s' and the hub does not know it.",
              number,
              id,
              carrier.getKey());
        } else if (hands.contains(label.subject())) {
          scanned.add(parcel);
          if (!SENT.contains(parcel.state())) {
            find(
                findings,
                Kind.LOST,
                id,
                "Parcel '%s' was scanned by '%s' and is %s in the hub.",
                id,
                carrier.getKey(),
                parcel.state());
          }
        }
      }
    }
    numbers.forEach(
        (id, all) -> {
          if (all.size() > 1) {
            find(
                findings,
                Kind.DOUBLED,
                id,
                "Parcel '%s' has %d labels that are paid for: %s.",
                id,
                all.size(),
                String.join(", ", all));
          }
        });
    return new Labels(bought, List.copyOf(scanned), List.copyOf(findings));
  }

  private static void find(
      List<Finding> findings, Kind kind, String id, String sentence, Object... arguments) {
    findings.add(new Finding(kind, id, sentence.formatted(arguments)));
  }
}
