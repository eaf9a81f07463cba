package io.serai.camel;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.component.vertx.http.DefaultVertxHttpBinding;
import org.apache.camel.component.vertx.http.VertxHttpEndpoint;
import org.apache.camel.component.vertx.http.VertxHttpHelper;

/**
 * Sends the path and query that a route wrote as they would stand in an address: what is
 * percent-encoded arrives as it was encoded, once. The library decodes a path before it sends it,
 * and encodes a query a second time; an {@code https} address with a port it would call in plain
 * text.
 */
final class AsWritten extends DefaultVertxHttpBinding {

  @Override
  public HttpRequest<Buffer> prepareHttpRequest(VertxHttpEndpoint endpoint, Exchange exchange)
      throws Exception {
    var query = exchange.getMessage().getHeader(Exchange.HTTP_QUERY, String.class);
    var address = VertxHttpHelper.resolveHttpURI(exchange, endpoint);
    var request =
        super.prepareHttpRequest(endpoint, exchange)
            .uri(address.getRawPath())
            // The library heeds the scheme only of an address without a port.
            .ssl("https".equalsIgnoreCase(address.getScheme()));
    if (exchange.getProperty(OutboxConsumer.TRACEPARENT) instanceof String told) {
      request.putHeader("traceparent", told); // of ours alone: no route and no sender sets it
    }
    if (query != null) {
      request.queryParams().clear();
      for (var pair : query.split("&")) {
        var at = pair.indexOf('=');
        if (at > 0) {
          request.addQueryParam(decoded(pair.substring(0, at)), decoded(pair.substring(at + 1)));
        }
      }
    }
    return request;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text; // a percent sign that nobody encoded stands for itself
    }
  }
}
