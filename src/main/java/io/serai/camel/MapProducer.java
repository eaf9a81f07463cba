package io.serai.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
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
    exchange.getMessage().setBody(mapping.apply(Bodies.tree(exchange), variables(exchange)));
  }

  static Map<String, JsonNode> variables(Exchange exchange) {
    var variables = new HashMap<String, JsonNode>();
    for (var name : Variables.FOR_MAPPINGS) {
      var value = exchange.getVariable(name);
      if (value instanceof Integer number) {
        variables.put(name, IntNode.valueOf(number));
      } else if (value != null) {
        variables.put(name, TextNode.valueOf(value.toString()));
      }
    }
    return variables;
  }
}
