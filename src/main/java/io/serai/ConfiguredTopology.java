package io.serai;

import io.serai.catalog.Account;
import io.serai.catalog.Configuration;
import io.serai.catalog.ConnectorProfile;
import io.serai.catalog.Node;
import io.serai.hub.HoldPolicy;
import io.serai.hub.Packing;
import io.serai.hub.Topology;
import io.serai.order.Address;
import io.serai.order.Party;
import io.serai.order.PiiState;
import io.serai.order.Risk;
import io.serai.outbox.RepeatMode;
import io.serai.rules.Nodes;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The world around as the engine knows it, made of what is configured. */
final class ConfiguredTopology {
  private ConfiguredTopology() {}

  static Topology of(Configuration configuration) {
    var nodes = Nodes.of(configuration);
    Map<String, Topology.Account> accounts =
        configuration.accounts().values().stream()
            .collect(Collectors.toMap(Account::name, ConfiguredTopology::destination));
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
    return new Topology(nodes, accounts, countsSales, packing);
  }

  private static Topology.Account destination(Account account) {
    var repeats = new HashMap<String, RepeatMode>();
    account
        .profile()
        .operations()
        .keySet()
        .forEach(
            document -> repeats.put(document, RepeatMode.valueOf(account.repeat(document).name())));
    return new Topology.Account(
        account.name(),
        account.kind() == ConnectorProfile.Kind.CHANNEL,
        flag(account, "publish-status"),
        flag(account, "publish-stock"),
        repeats,
        account.profile().deadlines().giveUp(),
        account.places(),
        holds(account),
        account.profile().parameters().containsKey("lead-time")
            ? account.duration("lead-time")
            : null);
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

  private static HoldPolicy holds(Account account) {
    var declared = account.profile().parameters();
    var usual = HoldPolicy.USUAL;
    var risk = declared.containsKey("hold-risk") ? account.text("hold-risk") : null;
    var window = declared.containsKey("edit-window") ? account.duration("edit-window") : null;
    return new HoldPolicy(
        risk == null
            ? usual.riskFrom()
            : "never".equals(risk) ? null : Risk.Level.valueOf(risk.toUpperCase(Locale.ROOT)),
        declared.containsKey("release-when")
            ? "captured".equals(account.text("release-when"))
            : usual.captured(),
        declared.containsKey("check-address") ? account.flag("check-address") : usual.address(),
        window == null ? usual.editWindow() : window);
  }

  private static boolean flag(Account account, String parameter) {
    return account.profile().parameters().containsKey(parameter) && account.flag(parameter);
  }
}
