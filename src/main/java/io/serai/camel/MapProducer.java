package io.serai.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.serai.catalog.Drift;
import io.serai.catalog.Mapping;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/** {@code serai:map/<mapping>}: a compiled mapping, tree in and tree out. */
final class MapProducer extends DefaultProducer {
  private final SeraiEndpoint endpoint;

  MapProducer(SeraiEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    endpoint.pinned().keep(endpoint.getName());
  }

  @Override
  public void process(Exchange exchange) throws Exception {
    var mapping =
        endpoint
            .pinned()
            .mapping(
                endpoint.getName(), exchange.getProperty(OutboxConsumer.MAPPED_AT, Instant.class));
    exchange
        .getMessage()
        .setBody(
            mapping.apply(
                Bodies.tree(exchange),
                variables(exchange, mapping),
                drift -> note(exchange, mapping, drift)));
  }

  // A dry run has no effect, this one neither.
  private void note(Exchange exchange, Mapping mapping, Drift drift) {
    var run = exchange.getProperty(InboxConsumer.RUN, InboxConsumer.Run.class);
    var account = exchange.getVariable(Variables.ACCOUNT, String.class);
    if (account != null && (run == null || run.dry == null)) {
      endpoint
          .hub()
          .drift()
          .found(account, mapping.name(), drift, run == null ? null : run.message.id());
    }
  }

  // Only those that the mapping mentions; what a route keeps as a tree stays one, bytes are Base64.
  private static Map<String, JsonNode> variables(Exchange exchange, Mapping mapping) {
    var variables = new HashMap<String, JsonNode>();
    for (var name : mapping.variables()) {
      switch (exchange.getVariable(name)) {
        case null -> {}
        case JsonNode tree -> variables.put(name, tree);
        case Integer number -> variables.put(name, IntNode.valueOf(number));
        case byte[] bytes ->
            variables.put(name, TextNode.valueOf(Base64.getEncoder().encodeToString(bytes)));
        case Boolean flag -> variables.put(name, BooleanNode.valueOf(flag));
        case Object other -> variables.put(name, TextNode.valueOf(other.toString()));
      }
    }
    return variables;
  }
}
