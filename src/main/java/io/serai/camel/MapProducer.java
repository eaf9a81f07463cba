package io.serai.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.serai.catalog.Mapping;
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
  public void process(Exchange exchange) {
    var mapping = endpoint.hub().mappings().mapping(endpoint.getName());
    exchange
        .getMessage()
        .setBody(mapping.apply(Bodies.tree(exchange), variables(exchange, mapping)));
  }

  // Only those that the mapping mentions; what a route keeps as a tree stays one.
  private static Map<String, JsonNode> variables(Exchange exchange, Mapping mapping) {
    var variables = new HashMap<String, JsonNode>();
    for (var name : mapping.variables()) {
      switch (exchange.getVariable(name)) {
        case null -> {}
        case JsonNode tree -> variables.put(name, tree);
        case Integer number -> variables.put(name, IntNode.valueOf(number));
        case Boolean flag -> variables.put(name, BooleanNode.valueOf(flag));
        case Object other -> variables.put(name, TextNode.valueOf(other.toString()));
      }
    }
    return variables;
  }
}
