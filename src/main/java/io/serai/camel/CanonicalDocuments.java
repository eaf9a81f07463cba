package io.serai.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.OutputFormat;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.order.Acknowledgment;
import io.serai.order.Cancellation;
import io.serai.order.FulfillmentResponse;
import io.serai.order.Label;
import io.serai.order.ListingReport;
import io.serai.order.Order;
import io.serai.order.OrderChange;
import io.serai.order.Rates;
import io.serai.order.Refund;
import io.serai.order.Return;
import io.serai.order.Shipment;
import io.serai.order.StockReport;
import io.serai.order.Tracking;
import io.serai.support.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Canonical documents as routes hand them over: judged by their JSON Schema and bound to their
 * record. Schemas are read once.
 */
public final class CanonicalDocuments {
  private static final String RATES = "rates";
  private static final String LABEL = "label";

  private static final Map<String, Class<?>> RECORDS =
      Map.ofEntries(
          Map.entry("order", Order.class),
          Map.entry("order-change", OrderChange.class),
          Map.entry("cancellation", Cancellation.class),
          Map.entry("refund", Refund.class),
          Map.entry("return", Return.class),
          Map.entry("shipment", Shipment.class),
          Map.entry("tracking", Tracking.class),
          Map.entry("fulfillment-response", FulfillmentResponse.class),
          Map.entry("acknowledgment", Acknowledgment.class),
          Map.entry("stock", StockReport.class),
          Map.entry("listing", ListingReport.class),
          Map.entry(RATES, Rates.class),
          Map.entry(LABEL, Label.class));

  private final JsonSchemaFactory factory =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
  private final Map<String, Rules> rules = new ConcurrentHashMap<>();

  /** Whether documents of that name can be applied. */
  public static boolean knows(String document) {
    return RECORDS.containsKey(document) && !RATES.equals(document) && !LABEL.equals(document);
  }

  /**
   * Judges and binds.
   *
   * @throws FailureException of kind INVALID that names the first fault and its path
   */
  public Object read(String document, JsonNode json, String account) {
    var type = RECORDS.get(document);
    if (type == null) {
      throw new FailureException(
          Failure.of(
              FailureKind.CONFIG,
              "No document is named '%s'. Correct the route's serai:apply.".formatted(document),
              Place.of(account)));
    }
    var rules = rules(document);
    // Whether it is valid is cheap to know; what is wrong is asked only when it is not.
    if (!rules.quick().passes(json) && !rules.schema().validate(json, OutputFormat.BOOLEAN)) {
      var first = rules.schema().validate(json).iterator().next();
      throw invalid(
          document, "%s %s".formatted(first.getInstanceLocation(), first.getMessage()), account);
    }
    try {
      var value = Json.as(json, type);
      if (value instanceof Order order) {
        var contradictions = order.contradictions();
        if (!contradictions.isEmpty()) {
          throw invalid(document, contradictions.getFirst(), account);
        }
      }
      return value;
    } catch (Json.Unreadable | IllegalArgumentException e) {
      throw invalid(document, e.getMessage(), account);
    }
  }

  private static FailureException invalid(String document, String fault, String account) {
    return new FailureException(
        Failure.of(
            FailureKind.INVALID,
            "The canonical '%s' breaks its rules: %s. Correct the mapping or the sender's data, then replay."
                .formatted(
                    document, fault.endsWith(".") ? fault.substring(0, fault.length() - 1) : fault),
            Place.of(account)));
  }

  /** What a document has to keep. */
  private record Rules(JsonSchema schema, QuickCheck quick) {}

  private Rules rules(String document) {
    return rules.computeIfAbsent(
        document,
        name -> {
          var file = "/mappings/canonical/" + name + ".schema.json";
          try (var stream = CanonicalDocuments.class.getResourceAsStream(file)) {
            if (stream == null) {
              throw new IllegalStateException(
                  "Schema '%s' is not on the class path".formatted(file));
            }
            var text = Json.MAPPER.readTree(stream);
            var schema =
                factory.getSchema(text, SchemaValidatorsConfig.builder().failFast(false).build());
            schema.initializeValidators();
            return new Rules(schema, QuickCheck.of(text));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
