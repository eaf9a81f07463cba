package io.serai.camel;

import java.util.Locale;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;

/**
 * The headers that may cross the line, both ways; everything else stays. A list of what is allowed,
 * because lists of what is forbidden failed again and again. Set on the component, so no route can
 * forget it.
 */
public final class AllowedHeaders implements HeaderFilterStrategy {
  private static final Set<String> OUT =
      Set.of(
          "authorization",
          "idempotency-key",
          "content-type",
          "accept",
          "x-shopify-access-token",
          "x-amz-access-token",
          "x-ebay-c-marketplace-id",
          "content-language",
          "wm_sec.access_token",
          "wm_qos.correlation_id",
          "wm_svc.name",
          "x-api-key",
          "square-version",
          "webhook-id",
          "webhook-timestamp",
          "webhook-signature",
          "transid",
          "transactionsrc");

  private static final Set<String> IN =
      Set.of("content-type", "retry-after", "location", "x-amzn-ratelimit-limit", "link");

  @Override
  public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
    return !OUT.contains(name.toLowerCase(Locale.ROOT));
  }

  @Override
  public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
    return !IN.contains(name.toLowerCase(Locale.ROOT));
  }
}
