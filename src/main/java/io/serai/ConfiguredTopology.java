package io.serai;

import io.serai.catalog.Account;
import io.serai.catalog.Configuration;
import io.serai.catalog.Node;
import io.serai.hub.Packing;
import io.serai.hub.Restoration;
import io.serai.hub.ReturnTerms;
import io.serai.hub.Topology;
import io.serai.order.Address;
import io.serai.order.Party;
import io.serai.order.PiiState;
import io.serai.rules.Nodes;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The world around as the engine knows it, made of what is configured. */
final class ConfiguredTopology {
  private ConfiguredTopology() {}

  static Topology of(Configuration configuration, ReturnTerms returns, Restoration restored) {
    var nodes = Nodes.of(configuration);
    Map<String, Topology.Account> accounts =
        configuration.accounts().values().stream()
            .collect(Collectors.toMap(Account::name, Destinations::of));
    var countsSales =
        configuration.accounts().values().stream()
            .filter(a -> a.profile().operations().containsKey("stock"))
            .filter(a -> a.profile().operations().get("stock").countsSales())
            .map(Account::name)
            .collect(Collectors.toSet());
    var packing = new HashMap<String, Packing>();
    configuration
        .nodes()
        .values()
        .forEach(
            node -> {
              if (node.packing() != null) {
                packing.put(node.name(), packing(node));
              }
            });
    return new Topology(nodes, accounts, countsSales, packing, returns, restored);
  }

  private static Packing packing(Node node) {
    var says = node.packing();
    return new Packing(
        says.carriers(),
        new Party(
            says.name(),
            null,
            null,
            says.company(),
            null,
            says.phone(),
            new Address(
                List.of(says.street()),
                says.city(),
                node.region(),
                null,
                node.postalCode(),
                node.country(),
                null),
            PiiState.PRESENT),
        says.labelFormat().toUpperCase(Locale.ROOT),
        "speed".equals(says.by()),
        "label".equals(says.shippedWhen()),
        says.patience(),
        says.noMovement());
  }
}
