package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a carrier keeps: parcels it rated, labels it sold and took back, scans. A label is sold when
 * its line is in the ledger, whether anybody hears of it or not.
 */
final class CarrierBook extends LedgerBase {

  /** A service, its price for the first kilogram and how long it takes. */
  record Service(String code, String name, String price, int days) {}

  private final Map<String, CarrierParcel> parcels = new LinkedHashMap<>();
  private final Map<String, CarrierParcel> byTracking = new LinkedHashMap<>();
  private final List<Service> services;
  private final BigDecimal factor;

  CarrierBook(Path file, List<Service> services, String factor, Clock clock) {
    super(clock);
    this.services = services;
    this.factor = new BigDecimal(factor);
    open(file);
  }

  List<Service> services() {
    return services;
  }

  Service service(String code) {
    return services.stream().filter(s -> s.code().equals(code)).findFirst().orElse(null);
  }

  /** What a service costs for so many grams. */
  String price(Service service, double grams) {
    var kilograms = BigDecimal.valueOf(Math.max(1, Math.ceil(grams / 1000)));
    return new BigDecimal(service.price())
        .multiply(factor)
        .add(kilograms.subtract(BigDecimal.ONE).multiply(new BigDecimal("0.85")))
        .setScale(2, RoundingMode.HALF_UP)
        .toPlainString();
  }

  CarrierParcel parcel(String id) {
    return parcels.get(id);
  }

  CarrierParcel byTracking(String number) {
    return byTracking.get(number);
  }

  /** The parcel that was bought under the caller's own reference, or null. */
  CarrierParcel bought(String reference) {
    return parcels.values().stream()
        .filter(p -> p.bought() && reference.equals(p.reference))
        .findFirst()
        .orElse(null);
  }

  Collection<CarrierParcel> all() {
    return parcels.values();
  }

  CarrierParcel create(String id, String reference, ObjectNode asked) {
    var data = Jsons.object();
    data.put("reference", reference);
    data.set("asked", asked);
    record("parcel.rated", id, null, data);
    return parcels.get(id);
  }

  void buy(CarrierParcel parcel, String tracking, Service service, String price, String format) {
    record(
        "label.bought",
        parcel.id,
        parcel.reference,
        Jsons.object()
            .put("tracking", tracking)
            .put("service", service.code())
            .put("price", price)
            .put("format", format));
  }

  void takeBack(CarrierParcel parcel) {
    record("label.voided", parcel.id, parcel.reference, Jsons.object());
  }

  void scan(
      CarrierParcel parcel, Instant at, String status, String code, String text, String city) {
    record(
        "parcel.scanned",
        parcel.id,
        null,
        Jsons.object()
            .put("at", at.toString())
            .put("status", status)
            .put("code", code)
            .put("text", text)
            .put("city", city));
  }

  void note(String what, String id) {
    record(what, id, null, Jsons.object());
  }

  @Override
  void apply(Effect effect) {
    switch (effect.operation()) {
      case "parcel.rated" ->
          parcels.put(
              effect.subject(),
              new CarrierParcel(
                  effect.subject(),
                  effect.text("reference"),
                  (ObjectNode) effect.data().get("asked"),
                  effect.at()));
      case "label.bought" -> {
        var parcel = parcels.get(effect.subject());
        parcel.tracking = effect.text("tracking");
        parcel.boughtAt = effect.at();
        parcel.service = effect.text("service");
        parcel.price = effect.text("price");
        parcel.format = effect.text("format");
        byTracking.put(parcel.tracking, parcel);
      }
      case "label.voided" -> parcels.get(effect.subject()).voidedAt = effect.at();
      case "parcel.scanned" ->
          parcels
              .get(effect.subject())
              .scans
              .add(
                  new CarrierParcel.Scan(
                      Instant.parse(effect.text("at")),
                      effect.text("status"),
                      effect.text("code"),
                      effect.text("text"),
                      effect.text("city")));
      default -> {} // only noted
    }
  }

  /** What happened in figures. */
  ObjectNode summary(boolean detail) {
    var summary = Jsons.object();
    summary.put("rated", count("parcel.rated"));
    summary.put("bought", count("label.bought"));
    summary.put("voided", count("label.voided"));
    summary.put("scans", count("parcel.scanned"));
    // the same reference bought twice is a label paid for twice
    var references = new LinkedHashMap<String, Integer>();
    parcels.values().stream()
        .filter(CarrierParcel::bought)
        .forEach(p -> references.merge(p.reference, 1, Integer::sum));
    summary.put("doubled", references.values().stream().mapToInt(n -> n - 1).sum());
    if (detail) {
      var list = summary.putArray("parcels");
      for (var parcel : parcels.values()) {
        list.addObject()
            .put("id", parcel.id)
            .put("reference", parcel.reference)
            .put("tracking", parcel.tracking)
            .put("service", parcel.service)
            .put("voided", parcel.voidedAt != null)
            .put("status", parcel.scans.isEmpty() ? null : parcel.scans.getLast().status());
      }
    }
    return summary;
  }
}
