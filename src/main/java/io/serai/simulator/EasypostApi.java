package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The part of EasyPost's API (v2) that parcels need: shipments with rates, purchase, refund, the
 * file of a label, tracker events.
 *
 * <p>It refuses what EasyPost refuses: a strange key, an address without country or postal code, a
 * parcel without weight, an offer of another shipment, a second purchase, a refund of what was
 * scanned, refunded or bought too long ago. It knows no idempotency keys.
 */
final class EasypostApi implements CarrierApi {

  private static final String CREATE = "shipments.create";
  private static final String READ = "shipments.read";
  private static final String BUY = "shipments.buy";
  private static final String REFUND = "shipments.refund";
  private static final String FILE = "label.file";
  private static final double OUNCE = 28.3495;

  private final CarrierSimulator simulator;
  private final EasypostWords words = new EasypostWords();
  private final String proof;

  EasypostApi(CarrierSimulator simulator) {
    this.simulator = simulator;
    this.proof =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((simulator.options().key + ":").getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Answer answer(Request request) throws Exception {
    var path = request.segments();
    var operation = operation(request, path);
    if (operation == null) {
      return EasypostWords.error(404, "NOT_FOUND", "The requested resource could not be found.");
    }
    if (!operation.equals(FILE) && !request.header("Authorization").orElse("").equals(proof)) {
      return words.unauthorized();
    }
    var mood = simulator.moods().onCall(List.of(operation)).orElse(null);
    return BadDay.live(mood, words, () -> good(operation, request, path));
  }

  private static String operation(Request request, List<String> path) {
    var post = "POST".equals(request.method());
    if (path.size() == 2 && path.get(0).equals("files")) {
      return post ? null : FILE;
    }
    if (path.size() < 2 || !path.get(0).equals("v2") || !path.get(1).equals("shipments")) {
      return null;
    }
    return switch (path.size()) {
      case 2 -> post ? CREATE : null;
      case 3 -> post ? null : READ;
      case 4 ->
          !post
              ? null
              : switch (path.get(3)) {
                case "buy" -> BUY;
                case "refund" -> REFUND;
                default -> null;
              };
      default -> null;
    };
  }

  private CarrierBook book() {
    return simulator.book();
  }

  private Answer good(String operation, Request request, List<String> path) throws IOException {
    book().lock().lock();
    try {
      if (operation.equals(CREATE)) {
        return create(request.json().path("shipment"));
      }
      var parcel = book().parcel(path.get(operation.equals(FILE) ? 1 : 2));
      if (parcel == null) {
        return EasypostWords.error(404, "NOT_FOUND", "The requested resource could not be found.");
      }
      return switch (operation) {
        case BUY -> buy(parcel, request.json());
        case REFUND -> refund(parcel);
        case FILE -> file(parcel);
        default -> Answer.json(200, json(parcel));
      };
    } finally {
      book().lock().unlock();
    }
  }

  private Answer create(JsonNode asked) {
    for (var field : List.of("to_address", "from_address", "parcel")) {
      if (!asked.path(field).isObject()) {
        return EasypostWords.error(422, "PARAMETER.REQUIRED", "Missing required parameter.", field);
      }
    }
    if (asked.at("/parcel/weight").asDouble(0) <= 0) {
      return EasypostWords.error(
          422, "PARAMETER.INVALID", "The weight must be above zero.", "parcel.weight");
    }
    for (var which : List.of("to_address", "from_address")) {
      var address = asked.path(which);
      if (address.path("country").asText("").isBlank()
          || address.path("zip").asText("").isBlank()
          || address.path("street1").asText("").isBlank()) {
        return EasypostWords.error(
            422, "ADDRESS.VERIFY.FAILURE", "Unable to verify address.", which);
      }
    }
    if (asked.at("/to_address/zip").asText().equals("00000")) {
      return EasypostWords.error(
          422, "ADDRESS.VERIFY.FAILURE", "Unable to verify address.", "to_address");
    }
    var id = "shp_" + UUID.randomUUID().toString().replace("-", "");
    var parcel =
        book().create(id, asked.path("reference").asText(null), ((ObjectNode) asked).deepCopy());
    return Answer.json(201, json(parcel));
  }

  private Answer buy(CarrierParcel parcel, JsonNode body) {
    if (parcel.bought()) {
      return EasypostWords.error(
          422, "SHIPMENT.POSTAGE.EXISTS", "Postage already exists for this shipment.");
    }
    var wanted = body.at("/rate/id").asText("");
    var service =
        book().services().stream()
            .filter(s -> rateId(parcel, s).equals(wanted))
            .findFirst()
            .orElse(null);
    if (service == null) {
      return EasypostWords.error(422, "RATE.NOT_FOUND", "The rate was not found.", "rate.id");
    }
    var number = "9400" + String.format("%018d", Math.abs(parcel.id.hashCode()) * 7L + 11);
    book()
        .buy(
            parcel,
            number,
            service,
            book().price(service, grams(parcel)),
            parcel.asked.at("/options/label_format").asText("PNG"));
    simulator.sold(parcel);
    return Answer.json(200, json(parcel));
  }

  private Answer refund(CarrierParcel parcel) {
    var late =
        parcel.bought()
            && Duration.between(parcel.boughtAt, book().now())
                    .compareTo(simulator.options().voidWindow)
                > 0;
    if (!parcel.bought() || parcel.voidedAt != null || parcel.scanned() || late) {
      return EasypostWords.error(
          422, "SHIPMENT.REFUND.UNAVAILABLE", "Refund request is not possible for this shipment.");
    }
    book().takeBack(parcel);
    return Answer.json(200, json(parcel));
  }

  private static Answer file(CarrierParcel parcel) {
    return parcel.bought()
        ? new Answer(
            200,
            Map.of("Content-Type", "application/octet-stream"),
            parcel.label(),
            Answer.Manner.WHOLE,
            Duration.ZERO)
        : EasypostWords.error(404, "NOT_FOUND", "There is no label.");
  }

  private static double grams(CarrierParcel parcel) {
    return parcel.asked.at("/parcel/weight").asDouble() * OUNCE;
  }

  private static String rateId(CarrierParcel parcel, CarrierBook.Service service) {
    return "rate_" + service.code().toLowerCase() + parcel.id.substring(4);
  }

  private ObjectNode json(CarrierParcel parcel) {
    var json = Jsons.object().put("id", parcel.id).put("object", "Shipment").put("mode", "test");
    json.put("reference", parcel.reference).put("created_at", parcel.createdAt.toString());
    json.put("tracking_code", parcel.tracking);
    json.put("refund_status", parcel.voidedAt == null ? null : "submitted");
    var rates = json.putArray("rates");
    book().services().forEach(service -> rates.add(rate(parcel, service)));
    json.putArray("messages");
    if (parcel.bought()) {
      json.set("selected_rate", rate(parcel, book().service(parcel.service)));
      json.putObject("postage_label")
          .put("label_file_type", type(parcel.format))
          .put("label_url", simulator.url() + "/files/" + parcel.id);
      json.set("tracker", tracker(parcel));
    }
    return json;
  }

  private static String type(String format) {
    return switch (format) {
      case "ZPL" -> "application/zpl";
      case "PDF" -> "application/pdf";
      default -> "image/png";
    };
  }

  private ObjectNode rate(CarrierParcel parcel, CarrierBook.Service service) {
    return Jsons.object()
        .put("id", rateId(parcel, service))
        .put("object", "Rate")
        .put("service", service.code())
        .put("carrier", service.name())
        .put("rate", book().price(service, grams(parcel)))
        .put("currency", "USD")
        .put("delivery_days", service.days())
        .put("shipment_id", parcel.id);
  }

  private ObjectNode tracker(CarrierParcel parcel) {
    var last = parcel.scans.isEmpty() ? null : parcel.scans.getLast();
    var json =
        Jsons.object()
            .put("id", "trk_" + parcel.id.substring(4))
            .put("object", "Tracker")
            .put("tracking_code", parcel.tracking)
            .put("status", last == null ? "pre_transit" : last.status())
            .put("status_detail", last == null ? "label_created" : last.code())
            .put("created_at", parcel.boughtAt.toString())
            .put("carrier", book().service(parcel.service).name())
            .put("public_url", simulator.url() + "/track/" + parcel.tracking);
    var details = json.putArray("tracking_details");
    for (var scan : parcel.scans) {
      details
          .addObject()
          .put("object", "TrackingDetail")
          .put("message", scan.text())
          .put("status", scan.status())
          .put("status_detail", scan.code())
          .put("datetime", scan.at().toString())
          .putObject("tracking_location")
          .put("city", scan.city())
          .put("country", "US");
    }
    return json;
  }

  @Override
  public Webhook told(CarrierParcel parcel) {
    var id = "evt_" + UUID.randomUUID().toString().replace("-", "");
    var event =
        Jsons.object()
            .put("id", id)
            .put("object", "Event")
            .put("mode", "test")
            .put("description", "tracker.updated")
            .put("status", "pending")
            .put("created_at", Instant.now(simulator.options().clock).toString());
    event.set("result", tracker(parcel));
    return new Webhook(
        id, id, "tracker.updated", parcel.tracking, book().now(), Jsons.bytes(event));
  }

  @Override
  public Map<String, String> headers(Webhook webhook) {
    return Map.of(
        "X-Hmac-Signature",
        "hmac-sha256-hex=" + Signature.hex(simulator.options().secret, webhook.body()));
  }
}
