package io.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Generated orders have no field that a real one has not, and lack none that decides something. */
class OrderPayloadReferenceTest {

  /** Documented for tips, pick-up and staff; the example at hand has none of them. */
  private static final Set<String> NOT_IN_THE_EXAMPLE =
      Set.of(
          "/line_items/attributed_staffs",
          "/line_items/tip_payment_gateway",
          "/line_items/tip_payment_method");

  /**
   * Of the browser, the till and the storefront; nothing in them concerns an order's fulfillment.
   */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "/cart_token",
          "/checkout_token",
          "/client_details",
          "/current_shipping_price_set",
          "/device_id",
          "/duties_included",
          "/landing_site_ref",
          "/merchant_business_entity_id",
          "/merchant_of_record_app_id",
          "/original_total_additional_fees_set",
          "/original_total_duties_set",
          "/reference",
          "/referring_site",
          "/source_identifier",
          "/source_url",
          "/customer/multipass_identifier",
          "/shipping_lines/current_discounted_price_set");

  @Test
  void fieldsAreThoseOfARealOrder() throws IOException {
    var file =
        Reference.path(
            "apis/shopify/webhook-examples/orders-create-2026-taxes-included-no-phone-swapped-address-lines.json");
    var real = new TreeSet<String>();
    collect("", Jsons.read(Files.readAllBytes(file)), real);
    var generated = new TreeSet<String>();
    var generator = new OrderGenerator("acme.myshopify.com", Catalogue.of(60), 2, 1);
    for (var n = 1; n <= 60; n++) {
      collect(
          "", generator.generate(n, Instant.parse("2026-03-01T10:00:00Z")).payload(), generated);
    }

    var invented = new TreeSet<>(generated);
    invented.removeAll(real);
    invented.removeAll(NOT_IN_THE_EXAMPLE);
    // Lists that are empty in the example show nothing of their elements.
    invented.removeIf(
        f ->
            f.startsWith("/discount_")
                || f.startsWith("/line_item_groups/")
                || f.startsWith("/note_attributes/")
                || f.startsWith("/line_items/discount_allocations/"));
    var missing = new TreeSet<>(real);
    missing.removeAll(generated);
    missing.removeIf(f -> LEFT_OUT.stream().anyMatch(l -> f.equals(l) || f.startsWith(l + "/")));

    assertThat(invented).isEmpty();
    assertThat(missing).isEmpty();
  }

  private static void collect(String path, JsonNode node, Set<String> fields) {
    if (node.isArray()) {
      node.forEach(element -> collect(path, element, fields));
    }
    node.properties()
        .forEach(
            property -> {
              fields.add(path + "/" + property.getKey());
              collect(path + "/" + property.getKey(), property.getValue(), fields);
            });
  }
}
