package io.serai.camel;

import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import java.util.Map;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.component.vertx.http.VertxHttpBinding;
import org.apache.camel.component.vertx.http.VertxHttpComponent;
import org.apache.camel.component.vertx.http.VertxHttpConfiguration;
import org.apache.camel.component.vertx.http.VertxHttpEndpoint;
import org.apache.camel.component.vertx.http.VertxHttpProducer;
import org.apache.camel.spi.annotations.Component;

/**
 * Camel's {@code vertx-http}, except that a route from {@code serai:outbox} goes on at the event
 * loop that read the answer instead of at a worker thread: the hop between the two costs more than
 * the rest of the call.
 *
 * <p>What follows the call in such a route must therefore not block; our own steps there do not.
 * Every other route, bodies other than bytes and text, and calls without a body go the component's
 * own way.
 */
// Under this name Camel finds how the endpoint's options are set; without it they would be sent as
// the query of a GET.
@Component("vertx-http")
public final class EventLoopHttpComponent extends VertxHttpComponent {

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    var plain = (VertxHttpEndpoint) super.createEndpoint(uri, remaining, parameters);
    plain.getConfiguration().setVertxHttpBinding(new AsWritten());
    if (getHeaderFilterStrategy() != null) {
      // The library heeds the component's only where the endpoint has none, and gives it one.
      plain.getConfiguration().setHeaderFilterStrategy(getHeaderFilterStrategy());
    }
    var endpoint = new EventLoopEndpoint(plain.getEndpointUri(), this, plain.getConfiguration());
    endpoint.setLazyStartProducer(plain.isLazyStartProducer());
    return endpoint;
  }

  private static final class EventLoopEndpoint extends VertxHttpEndpoint {
    EventLoopEndpoint(
        String uri, VertxHttpComponent component, VertxHttpConfiguration configuration) {
      super(uri, component, configuration);
    }

    @Override
    public Producer createProducer() {
      return new EventLoopProducer(this);
    }
  }

  private static final class EventLoopProducer extends VertxHttpProducer {
    private final VertxHttpEndpoint endpoint;

    EventLoopProducer(VertxHttpEndpoint endpoint) {
      super(endpoint);
      this.endpoint = endpoint;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
      var body = body(exchange.getMessage().getBody());
      if (body == null || !sends(exchange)) {
        return super.process(
            exchange,
            sync -> {
              QuotaUse.answered(exchange);
              callback.done(sync);
            });
      }
      try {
        binding()
            .prepareHttpRequest(endpoint, exchange)
            .sendBuffer(body, answer -> answered(exchange, answer, callback));
        return false;
      } catch (Exception e) {
        exchange.setException(e);
        callback.done(true);
        return true;
      }
    }

    // A kamelet works on a copy that comes from nowhere, but keeps the properties.
    private static boolean sends(Exchange exchange) {
      return exchange.getProperty(OutboxConsumer.MAPPED_AT) != null;
    }

    private static Buffer body(Object body) {
      if (body instanceof byte[] bytes) {
        return Buffer.buffer(bytes);
      }
      return body instanceof String text ? Buffer.buffer(text) : null;
    }

    private void answered(
        Exchange exchange, AsyncResult<HttpResponse<Buffer>> answer, AsyncCallback callback) {
      try {
        binding().handleResponse(endpoint, exchange, answer);
      } catch (Exception e) {
        exchange.setException(e);
      }
      QuotaUse.answered(exchange);
      callback.done(false);
    }

    private VertxHttpBinding binding() {
      return endpoint.getConfiguration().getVertxHttpBinding();
    }
  }
}
