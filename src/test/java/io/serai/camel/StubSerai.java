package io.serai.camel;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;

/** Stands in for the real component: hands texts to routes and remembers what steps were given. */
final class StubSerai extends DefaultComponent {
  private final Map<String, DefaultConsumer> consumers = new ConcurrentHashMap<>();
  private final Map<String, String> refused = new ConcurrentHashMap<>();
  private final List<String> steps = new CopyOnWriteArrayList<>();
  private volatile Consumer<Exchange> whenStepped = exchange -> {};

  /** Steps reached, each as {@code path=body}. */
  List<String> steps() {
    return List.copyOf(steps);
  }

  void whenStepped(Consumer<Exchange> action) {
    whenStepped = action;
  }

  /** Lets no route begin at this path and account. */
  void refuse(String path) {
    refuse(path, "The door is locked");
  }

  void refuse(String path, String why) {
    refused.put(path, why);
  }

  /** Whether a route begins at this path and account. */
  boolean listens(String path) {
    return consumers.containsKey(path);
  }

  /** Sends a body into the route that begins there, and returns the exchange when it came out. */
  Exchange send(String path, Object body) throws Exception {
    var consumer = consumers.get(path);
    if (consumer == null) {
      throw new IllegalStateException("nobody listens at '" + path + "'");
    }
    var exchange = consumer.createExchange(false);
    exchange.getIn().setBody(body);
    consumer.getProcessor().process(exchange);
    return exchange;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String path, Map<String, Object> options) {
    var owner = options.getOrDefault("account", options.getOrDefault("destination", ""));
    options.clear();
    return new DefaultEndpoint(uri, this) {
      @Override
      public Producer createProducer() {
        return new DefaultAsyncProducer(this) {
          @Override
          public boolean process(Exchange exchange, AsyncCallback callback) {
            whenStepped.accept(exchange);
            steps.add(path + "=" + exchange.getIn().getBody(String.class));
            callback.done(true);
            return true;
          }
        };
      }

      @Override
      public org.apache.camel.Consumer createConsumer(Processor processor) {
        return new DefaultConsumer(this, processor) {
          private final String key = path + "/" + owner;

          @Override
          protected void doStart() {
            if (refused.containsKey(key)) {
              throw new IllegalStateException(refused.get(key));
            }
            consumers.put(key, this);
          }

          @Override
          protected void doStop() {
            consumers.remove(key, this);
          }
        };
      }
    };
  }
}
