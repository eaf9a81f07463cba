package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The part of UPS's APIs that parcels need: access tokens, rating with time in transit, shipping,
 * label recovery by reference, voiding, Track Alert.
 *
 * <p>It refuses what UPS refuses: a strange or lapsed token, a call that names no transaction, a
 * shipper number that is not its own, an address without what the country needs, a weight that is
 * none, a service it has not, a void of what it never sold, was scanned or is too old. It knows no
 * idempotency keys.
 */
final class UpsApi implements CarrierApi {

  static final String SHIPPER = "A1B2C3";
  static final String CLIENT = "ups-client";

  private static final String RATE = "rating";
  private static final String SHIP = "ship";
  private static final String RECOVER = "recovery";
  private static final String VOID = "void";
  private static final Duration TOKEN_LIFE = Duration.ofHours(4);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyyMMdd").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HHmmss").withZone(ZoneOffset.UTC);

  private final CarrierSimulator simulator;
  private final UpsWords words = new UpsWords();
  private final Map<String, Instant> tokens = new HashMap<>();

  UpsApi(CarrierSimulator simulator) {
    this.simulator = simulator;
  }

  private CarrierBook book() {
    return simulator.book();
  }

  @Override
  public Answer answer(Request request) throws Exception {
    if (request.path().equals("/security/v1/oauth/token")) {
      return token(request);
    }
    var path = request.segments();
    var operation = operation(request, path);
    if (operation == null) {
      return UpsWords.error(404, "10404", "Invalid resource path.");
    }
    if (!known(request)) {
      return words.unauthorized();
    }
    if (request.header("transId").isEmpty() || request.header("transactionSrc").isEmpty()) {
      return UpsWords.error(400, "10400", "The headers transId and transactionSrc are required.");
    }
    var mood = simulator.moods().onCall(List.of(operation)).orElse(null);
    return BadDay.live(mood, words, () -> good(operation, request, path));
  }

  private Answer token(Request request) {
    var proof =
        "Basic "
            + Base64.getEncoder()
                .encodeToString(
                    (CLIENT + ":" + simulator.options().key).getBytes(StandardCharsets.UTF_8));
    if (!request.header("Authorization").orElse("").equals(proof)) {
      return UpsWords.error(401, "10401", "ClientId is Invalid");
    }
    if (!new String(request.body(), StandardCharsets.UTF_8)
        .contains("grant_type=client_credentials")) {
      return UpsWords.error(400, "10400", "Invalid grant type.");
    }
    var token = UUID.randomUUID().toString();
    synchronized (tokens) {
      tokens.put(token, book().now().plus(TOKEN_LIFE));
    }
    return Answer.json(
        200,
        Jsons.object()
            .put("token_type", "Bearer")
            .put("access_token", token)
            .put("expires_in", String.valueOf(TOKEN_LIFE.toSeconds()))
            .put("status", "approved"));
  }

  private boolean known(Request request) {
    var given = request.header("Authorization").orElse("").replaceFirst("^Bearer ", "");
    synchronized (tokens) {
      var until = tokens.get(given);
      return until != null && until.isAfter(book().now());
    }
  }

  private static String operation(Request request, List<String> path) {
    var post = "POST".equals(request.method());
    if (path.size() == 4 && path.get(1).equals("rating") && post) {
      return RATE;
    }
    if (path.size() == 4 && path.get(1).equals("shipments") && path.get(3).equals("ship") && post) {
      return SHIP;
    }
    if (path.size() == 4
        && path.get(1).equals("labels")
        && path.get(3).equals("recovery")
        && post) {
      return RECOVER;
    }
    return path.size() == 6 && path.get(3).equals("void") && "DELETE".equals(request.method())
        ? VOID
        : null;
  }

  private Answer good(String operation, Request request, List<String> path) throws IOException {
    book().lock().lock();
    try {
      return switch (operation) {
        case RATE -> rate(request.json().at("/RateRequest/Shipment"));
        case SHIP -> ship(request.json().path("ShipmentRequest"));
        case RECOVER -> recover(request.json().path("LabelRecoveryRequest"));
        default -> takeBack(path.getLast());
      };
    } finally {
      book().lock().unlock();
    }
  }

  private Answer fault(JsonNode shipment) {
    if (!SHIPPER.equals(shipment.at("/Shipper/ShipperNumber").asText())) {
      return UpsWords.error(400, "120108", "The shipper number is not valid.");
    }
    for (var who : List.of("ShipTo", "Shipper")) {
      var address = shipment.path(who).path("Address");
      if (!address.path("AddressLine").isArray()
          || address.path("AddressLine").isEmpty()
          || address.path("CountryCode").asText("").length() != 2
          || address.path("PostalCode").asText("").isBlank()
          || address.path("PostalCode").asText().equals("00000")) {
        return UpsWords.error(400, "120802", "Address Validation Error on " + who + " address");
      }
    }
    var weight = shipment.at("/Package/0/PackageWeight");
    if (!weight.path("Weight").isTextual()
        || !weight.path("Weight").asText().matches("[0-9]{1,4}(\\.[0-9])?")
        || Double.parseDouble(weight.path("Weight").asText()) <= 0) {
      return UpsWords.error(400, "111030", "Packages must weigh more than zero.");
    }
    return null;
  }

  private static double grams(JsonNode shipment) {
    var weight = shipment.at("/Package/0/PackageWeight");
    var pounds = weight.at("/UnitOfMeasurement/Code").asText().equals("LBS");
    return Double.parseDouble(weight.path("Weight").asText()) * (pounds ? 453.592 : 1000);
  }

  private Answer rate(JsonNode shipment) {
    var fault = fault(shipment);
    if (fault != null) {
      return fault;
    }
    if (!shipment.path("DeliveryTimeInformation").isObject()) {
      return UpsWords.error(400, "111500", "DeliveryTimeInformation is required.");
    }
    var answer = Jsons.object();
    var response = answer.putObject("RateResponse");
    response.putObject("Response").putObject("ResponseStatus").put("Code", "1");
    var list = response.putArray("RatedShipment");
    for (var service : book().services()) {
      var rated = list.addObject();
      rated.putObject("Service").put("Code", service.code());
      money(rated.putObject("TotalCharges"), book().price(service, 2 * grams(shipment)));
      money(
          rated.putObject("NegotiatedRateCharges").putObject("TotalCharge"),
          book().price(service, grams(shipment)));
      rated
          .putObject("TimeInTransit")
          .putObject("ServiceSummary")
          .putObject("EstimatedArrival")
          .put("BusinessDaysInTransit", String.valueOf(service.days()));
    }
    return Answer.json(200, answer);
  }

  private static void money(ObjectNode node, String amount) {
    node.put("CurrencyCode", "USD").put("MonetaryValue", amount);
  }

  private Answer ship(JsonNode request) {
    var shipment = request.path("Shipment");
    var fault = fault(shipment);
    if (fault != null) {
      return fault;
    }
    var service = book().service(shipment.at("/Service/Code").asText());
    if (service == null) {
      return UpsWords.error(400, "111100", "The requested service is invalid.");
    }
    var format = request.at("/LabelSpecification/LabelImageFormat/Code").asText("");
    if (!List.of("ZPL", "GIF").contains(format)) {
      return UpsWords.error(400, "120310", "Invalid label image format.");
    }
    var inside = inside(shipment);
    if (shipment.at(inside ? "/ReferenceNumber" : "/Package/0/ReferenceNumber").isArray()) {
      return UpsWords.error(
          400, "128022", "Reference numbers belong on the " + (inside ? "package." : "shipment."));
    }
    var reference =
        shipment.at((inside ? "/Package/0" : "") + "/ReferenceNumber/0/Value").asText(null);
    if (reference != null && reference.length() > 35) {
      return UpsWords.error(400, "128021", "Invalid reference number.");
    }
    var number =
        "1Z" + SHIPPER + service.code() + String.format("%08d", book().all().size() * 10L + 8);
    var parcel = book().create(number, reference, ((ObjectNode) shipment).deepCopy());
    book().buy(parcel, number, service, book().price(service, grams(shipment)), format);
    simulator.sold(parcel);
    var answer = Jsons.object();
    var results = answer.putObject("ShipmentResponse").putObject("ShipmentResults");
    results.put("ShipmentIdentificationNumber", number);
    money(results.putObject("ShipmentCharges").putObject("TotalCharges"), parcel.price);
    money(results.putObject("NegotiatedRateCharges").putObject("TotalCharge"), parcel.price);
    var label = results.putArray("PackageResults").addObject().put("TrackingNumber", number);
    var image = label.putObject("ShippingLabel");
    image.putObject("ImageFormat").put("Code", format);
    image.put("GraphicImage", Base64.getEncoder().encodeToString(parcel.label()));
    return Answer.json(200, answer);
  }

  private static boolean inside(JsonNode shipment) {
    var from = shipment.at("/ShipFrom/Address/CountryCode").asText();
    return List.of("US", "PR").contains(from)
        && from.equals(shipment.at("/ShipTo/Address/CountryCode").asText());
  }

  private Answer recover(JsonNode request) {
    if (!SHIPPER.equals(request.at("/ReferenceValues/ShipperNumber").asText())) {
      return UpsWords.error(400, "120108", "The shipper number is not valid.");
    }
    var parcel = book().bought(request.at("/ReferenceValues/ReferenceNumber/Value").asText(""));
    if (parcel == null || parcel.voidedAt != null) {
      return UpsWords.error(404, "300022", "The requested label is not found.");
    }
    var answer = Jsons.object();
    var response = answer.putObject("LabelRecoveryResponse");
    response.put("ShipmentIdentificationNumber", parcel.id);
    var image =
        response
            .putArray("LabelResults")
            .addObject()
            .put("TrackingNumber", parcel.tracking)
            .putObject("LabelImage");
    image.putObject("LabelImageFormat").put("Code", parcel.format);
    image.put("GraphicImage", Base64.getEncoder().encodeToString(parcel.label()));
    return Answer.json(200, answer);
  }

  private Answer takeBack(String id) {
    var parcel = book().parcel(id);
    var possible =
        parcel != null
            && (parcel.voidedAt != null
                || !parcel.scanned()
                    && Duration.between(parcel.boughtAt, book().now())
                            .compareTo(simulator.options().voidWindow)
                        <= 0);
    if (!possible) {
      return UpsWords.error(400, "190102", "No shipment found within the allowed void period.");
    }
    if (parcel.voidedAt == null) {
      book().takeBack(parcel);
    }
    var answer = Jsons.object();
    answer
        .putObject("VoidShipmentResponse")
        .putObject("SummaryResult")
        .putObject("Status")
        .put("Code", "1")
        .put("Description", "Voided");
    return Answer.json(200, answer);
  }

  @Override
  public Webhook told(CarrierParcel parcel) {
    var scan = parcel.scans.getLast();
    var id = UUID.randomUUID().toString();
    var event =
        Jsons.object()
            .put("trackingNumber", parcel.tracking)
            .put("localActivityDate", DAY.format(scan.at()))
            .put("localActivityTime", TIME.format(scan.at()))
            .put("gmtActivityDate", DAY.format(scan.at()))
            .put("gmtActivityTime", TIME.format(scan.at()));
    event.putObject("activityLocation").put("city", scan.city()).put("country", "US");
    event
        .putObject("activityStatus")
        .put("type", type(scan.status()))
        .put("code", scan.status().equals("out_for_delivery") ? "OT" : "XX")
        .put("description", scan.text());
    return new Webhook(id, id, "tracking", parcel.tracking, book().now(), Jsons.bytes(event));
  }

  private static String type(String status) {
    return switch (status) {
      case "pre_transit" -> "M";
      case "in_transit", "out_for_delivery" -> "I";
      case "delivered" -> "D";
      case "available_for_pickup" -> "W";
      case "return_to_sender" -> "RS";
      case "cancelled" -> "MV";
      default -> "X";
    };
  }

  @Override
  public Map<String, String> headers(Webhook webhook) {
    return Map.of("credential", simulator.options().secret);
  }
}
