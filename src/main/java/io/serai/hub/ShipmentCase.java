package io.serai.hub;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.order.Shipment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A shipment that differs from what was asked for: what of it is booked, what is not, and why.
 *
 * <p>Units that were asked for and left are booked whatever else was in the parcel, so that nobody
 * sends them again; the channel hears of them when a person says that it may.
 *
 * @param fulfillmentId the request it answers
 * @param shipment as the node told it
 * @param booked units of the order's lines, by their number, in each parcel
 * @param surplus what nobody asked for
 * @param faults what differs, a sentence each
 * @param decidedAt when a person let the channel hear of it, or null
 */
record ShipmentCase(
    UUID fulfillmentId,
    Shipment shipment,
    List<Map<Integer, Integer>> booked,
    List<Surplus> surplus,
    List<String> faults,
    Instant decidedAt) {
  /** Units that nobody asked for, and the parcel they were in. */
  record Surplus(int parcel, String lineId, String sku, int units) {
    String name() {
      return sku == null ? lineId : sku;
    }
  }

  /** What differs, gathered while the shipment is booked. */
  static final class Check {
    private final WorkingOrder order;
    private final WorkingOrder.Fulfillment fulfillment;
    private final Shipment shipment;
    private final List<Surplus> surplus = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    Check(
        WorkingOrder order,
        WorkingOrder.Fulfillment fulfillment,
        JsonNode former,
        Shipment shipment) {
      this.order = order;
      this.fulfillment = fulfillment;
      this.shipment = shipment;
      var went = AddressCheck.fault(order, former, shipment.addressHash(), shipment.shipTo());
      if (went != null) {
        faults.add("'%s' %s.".formatted(sender(), went));
      }
      serials();
    }

    private String sender() {
      return fulfillment.partnerOrNode();
    }

    private void serials() {
      var seen = new HashSet<String>();
      for (var parcel : shipment.packages()) {
        for (var line : parcel.lines()) {
          var serials = line.serials();
          if (serials == null) {
            continue;
          }
          if (serials.size() > line.quantity()) {
            faults.add(
                "'%s' names %d serial numbers for %d unit(s) of '%s'."
                    .formatted(
                        sender(),
                        serials.size(),
                        line.quantity(),
                        line.sku() == null ? line.lineId() : line.sku()));
          }
          for (var serial : serials) {
            if (!seen.add(serial)) {
              faults.add("'%s' names serial number '%s' twice.".formatted(sender(), serial));
            }
          }
        }
      }
    }

    /** So many units of a line of the shipment were not asked for; answers what to say of it. */
    String more(int parcel, Shipment.Line line, int units) {
      var name = line.sku() == null ? line.lineId() : line.sku();
      surplus.add(new Surplus(parcel, line.lineId(), line.sku(), units));
      var asked = fulfillment.reserved.stream().filter(r -> isOf(r, line)).toList();
      var takenBack = asked.stream().mapToInt(r -> r.released).sum();
      var sentence =
          asked.isEmpty()
              ? "'%s' sent %d of '%s', which it was not asked for.".formatted(sender(), units, name)
              : takenBack > 0
                  ? "'%s' sent %d of '%s' that it was not to send any more."
                      .formatted(sender(), units, name)
                  : "'%s' reports %d more of '%s' than it was asked to send."
                      .formatted(sender(), units, name);
      faults.add(sentence);
      return sentence;
    }

    static boolean isOf(WorkingOrder.Reserved reserved, Shipment.Line line) {
      return line.lineId() != null
          ? line.lineId().equals(reserved.line.lineId)
          : reserved.sku.equals(line.sku());
    }

    /** The case, or null when all of it is as it was asked for. */
    ShipmentCase done(List<Map<WorkingOrder.Line, Integer>> parcels) {
      if (faults.isEmpty()) {
        return null;
      }
      var booked = new ArrayList<Map<Integer, Integer>>();
      for (var parcel : parcels) {
        var lines = new LinkedHashMap<Integer, Integer>();
        parcel.forEach((line, units) -> lines.put(line.no, units));
        booked.add(lines);
      }
      return new ShipmentCase(
          fulfillment.id, shipment.withoutAddress(), booked, surplus, faults, null);
    }
  }

  /** What is booked, in the order's own lines. */
  List<Map<WorkingOrder.Line, Integer>> booked(WorkingOrder order) {
    var byNumber = new HashMap<Integer, WorkingOrder.Line>();
    order.lines.forEach(line -> byNumber.put(line.no, line));
    var parcels = new ArrayList<Map<WorkingOrder.Line, Integer>>();
    for (var parcel : booked) {
      var lines = new LinkedHashMap<WorkingOrder.Line, Integer>();
      parcel.forEach((number, units) -> lines.put(byNumber.get(number), units));
      parcels.add(lines);
    }
    return parcels;
  }

  ShipmentCase decided(Instant at) {
    return new ShipmentCase(fulfillmentId, shipment, booked, surplus, faults, at);
  }
}
