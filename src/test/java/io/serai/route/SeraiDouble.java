package io.serai.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.serai.catalog.Mappings;
import io.serai.support.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/**
 * Stands in for the {@code serai:} component, so that routes and kamelets run without the core: a
 * test hands exchanges to the ends that read, and looks at what reached the ends that write.
 */
final class SeraiDouble extends DefaultComponent {

  /** What reached an end that writes, for instance {@code accept/order}. */
  record Arrived(String word, Map<String, Object> options, Object body) {}

  private final Mappings mappings = Mappings.builtIn();
  private final Map<String, Consumer> readers = new HashMap<>();
  final List<Arrived> arrived = new CopyOnWriteArrayList<>();

  /**
   * What {@code serai:token} gives, by its word or the account; others are made up from the
   * account's name.
   */
  final Map<String, String> tokens = new HashMap<>();

  /** Quotas that were taken from, in order. */
  final List<String> taken = new ArrayList<>();

  SeraiDouble(CamelContext context) {
    super(context);
  }

  /** Runs one exchange through the route that reads this word. */
  Exchange give(String word, Object body, Map<String, Object> variables) throws Exception {
    Consumer reader = readers.get(word);
    if (reader == null) {
      throw new IllegalArgumentException(
          "No route reads '%s'; there are %s.".formatted(word, readers.keySet()));
    }
    Exchange exchange = reader.getEndpoint().createExchange();
    exchange.getMessage().setBody(body);
    variables.forEach(exchange::setVariable);
    reader.getProcessor().process(exchange);
    return exchange;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
    var options = new HashMap<>(parameters);
    parameters.clear();
    return new Word(uri, remaining, options);
  }

  private final class Word extends DefaultEndpoint {

    private final String word;
    private final Map<String, Object> options;

    Word(String uri, String word, Map<String, Object> options) {
      super(uri, SeraiDouble.this);
      this.word = word;
      this.options = options;
    }

    @Override
    public Producer createProducer() {
      return new DefaultProducer(this) {
        @Override
        public void process(Exchange exchange) {
          act(exchange);
        }
      };
    }

    private void act(Exchange exchange) {
      if (word.equals("token") || word.startsWith("token/")) {
        var account = String.valueOf(options.get("account"));
        exchange.setVariable(
            "token",
            tokens.getOrDefault(word, tokens.getOrDefault(account, "token-of-" + account)));
      } else if (word.startsWith("quota/")) {
        taken.add(word.substring("quota/".length()));
      } else if (word.startsWith("map/")) {
        exchange.getMessage().setBody(map(word.substring(4), exchange));
      } else {
        arrived.add(new Arrived(word, options, exchange.getMessage().getBody()));
      }
    }

    @Override
    public Consumer createConsumer(Processor processor) {
      Consumer consumer = new DefaultConsumer(this, processor);
      readers.put(word, consumer);
      return consumer;
    }

    @Override
    public boolean isLenientProperties() {
      return true;
    }
  }

  private JsonNode map(String mapping, Exchange exchange) {
    var variables = new HashMap<String, JsonNode>();
    exchange
        .getVariables()
        .forEach(
            (name, value) -> {
              if (value instanceof JsonNode node) {
                variables.put(name, node);
              } else if (value != null) {
                variables.put(name, TextNode.valueOf(value.toString()));
              }
            });
    Object body = exchange.getMessage().getBody();
    JsonNode input =
        body instanceof JsonNode node
            ? node
            : body instanceof byte[] bytes
                ? Json.tree(bytes)
                : Json.tree(exchange.getMessage().getBody(String.class));
    return mappings.mapping(mapping).apply(input, variables);
  }
}
