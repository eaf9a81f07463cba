package io.serai.demo;

import java.util.List;

/** Commands for a reader to try on a running demo, complete enough to be pasted. */
final class TryIt {
  private static final String ORDER =
      """
      {"id":1001,"name":"#1001","created_at":"2026-11-27T10:00:00+01:00","updated_at":"2026-11-27T10:00:00+01:00",\
      "currency":"EUR","taxes_included":true,"financial_status":"paid","test":false,"email":"ana@example.com","total_price":"48.00",\
      "shipping_address":{"name":"Ana Lee","address1":"1 Main Street","city":"Berlin","zip":"10115","country_code":"DE"},\
      "line_items":[{"id":1,"sku":"MUG-BLU","title":"Enamel Mug","quantity":2,"price":"24.00","requires_shipping":true}]}""";

  private TryIt() {}

  /** The same order under another number. */
  static String order(int number) {
    return ORDER.replace("1001", Integer.toString(number));
  }

  /** An order of the second shop, signed with its secret, and the questions to ask about it. */
  static List<String> commands(String hub, String token) {
    return List.of(
        "Try it in another terminal (change the order as you like; it is signed when you send it):",
        "  ORDER='" + ORDER + "'",
        "  curl -i %s/webhooks/%s -H 'X-Shopify-Topic: orders/create' -H 'Content-Type: application/json' \\"
            .formatted(hub, Stage.OUTLET),
        "    -H \"X-Shopify-Hmac-Sha256: $(printf %%s \"$ORDER\" | openssl dgst -sha256 -hmac '%s' -binary | openssl base64 -A)\" \\"
            .formatted(Stage.SHOP_SECRET),
        "    --data-binary \"$ORDER\"",
        "  curl -H 'Authorization: Bearer %s' '%s/api/v1/orders?channel=%s'"
            .formatted(token, hub, Stage.OUTLET),
        "Operators ask with the same token:",
        "  export SERAI_URL=%s SERAI_API_TOKEN=%s".formatted(hub, token),
        "  ./serai orders timeline %s:1001".formatted(Stage.OUTLET),
        "  ./serai dead-letters groups");
  }
}
