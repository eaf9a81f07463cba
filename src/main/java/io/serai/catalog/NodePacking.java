package io.serai.catalog;

import io.serai.catalog.ConnectorProfile.Kind;
import io.serai.catalog.Settings.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Reads how a node packs by itself; each bad value is noted in one sentence. */
final class NodePacking {
  /** Keys of a node that are read here. */
  static final Set<String> KEYS =
      Set.of(
          "carriers",
          "ship-from",
          "label-format",
          "carrier-by",
          "shipped-when",
          "carrier-patience",
          "no-movement");

  private static final Set<String> SENDER = Set.of("name", "company", "street", "city", "phone");
  private static final Set<String> DEMANDED = Set.of("name", "street", "city");

  private final Settings settings;
  private final String node;
  private final Map<String, Account> accounts;
  private final Set<String> suspended;
  private final Collection<Fault> faults;

  NodePacking(
      Settings settings,
      String node,
      Map<String, Account> accounts,
      Set<String> suspended,
      Collection<Fault> faults) {
    this.settings = settings;
    this.node = node;
    this.accounts = accounts;
    this.suspended = suspended;
    this.faults = faults;
  }

  /** What is configured, or null when the node buys no labels through us. */
  Node.Packing read(String partner) {
    var carriers = new ArrayList<String>();
    for (var value : settings.values(node, "carriers")) {
      for (var name : String.valueOf(value.text()).split("[,\\s]+")) {
        if (!name.isBlank() && carrier(value, name) && !carriers.contains(name)) {
          carriers.add(name);
        }
      }
    }
    var from = settings.below(node, "ship-from");
    var set = KEYS.stream().filter(key -> !settings.values(node, key).isEmpty()).toList();
    if (carriers.isEmpty()) {
      if (!set.isEmpty() && !set.contains("carriers")) {
        fault(
            settings.place(node, set.get(0)),
            "names no carriers and says how parcels go by them",
            "Add '" + key("carriers") + "', or remove it");
      }
      return null;
    }
    if (partner != null) {
      fault(
          settings.place(node, "carriers"),
          "names carriers, but '" + partner + "' works there and buys its own labels",
          "Remove '" + key("carriers") + "' or the partner");
    }
    for (var name : from.keySet()) {
      if (!SENDER.contains(name)) {
        fault(
            from.get(name),
            "has '" + name + "' in 'ship-from', which no label shows",
            Nearest.advice(name, SENDER));
      }
    }
    for (var name : DEMANDED.stream().sorted().toList()) {
      if (!from.containsKey(name)) {
        fault(
            settings.place(node, "carriers"),
            "names carriers, but nobody knows where its parcels come from",
            "Add '" + key("ship-from." + name) + "'");
      }
    }
    return new Node.Packing(
        List.copyOf(carriers),
        text(from, "name"),
        text(from, "company"),
        text(from, "street"),
        text(from, "city"),
        text(from, "phone"),
        choice("label-format", List.of("zpl", "pdf")),
        choice("carrier-by", List.of("cost", "speed")),
        choice("shipped-when", List.of("scan", "label")),
        duration("carrier-patience", Duration.ofSeconds(30)),
        duration("no-movement", Duration.ofDays(5)));
  }

  private boolean carrier(Setting value, String name) {
    var account = accounts.get(name);
    if (suspended.contains(name) || account != null && account.profile().kind() == Kind.CARRIER) {
      return true;
    }
    fault(
        value,
        "names '" + name + "' among its carriers, which is no carrier's account",
        Nearest.advice(
            name,
            accounts.values().stream()
                .filter(a -> a.profile().kind() == Kind.CARRIER)
                .map(Account::name)
                .toList()));
    return false;
  }

  private static String text(Map<String, Setting> from, String name) {
    var value = from.get(name);
    return value == null || value.text() == null || value.text().isBlank()
        ? null
        : value.text().strip();
  }

  private String choice(String key, List<String> choices) {
    return one(
        key,
        choices.get(0),
        "none of '" + String.join("', '", choices) + "'",
        "Write one of them",
        text -> {
          if (!choices.contains(text)) {
            throw new IllegalArgumentException(text);
          }
          return text;
        });
  }

  private Duration duration(String key, Duration usual) {
    return one(
        key,
        usual,
        "no duration",
        "Write a number and a unit, as in '30s', '5m' or '5d'",
        text -> {
          var duration = Section.duration(text);
          if (duration == null || duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(text);
          }
          return duration;
        });
  }

  private <T> T one(
      String key, T usual, String complaint, String remedy, Function<String, T> reader) {
    var values = settings.values(node, key);
    if (values.isEmpty() || values.get(0).text() == null || values.get(0).text().isBlank()) {
      return usual;
    }
    try {
      return reader.apply(values.get(0).text().strip());
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      faults.add(
          new Fault(
              values.get(0).file(),
              values.get(0).line(),
              "'" + key(key) + "' is '" + values.get(0).text() + "', which is " + complaint,
              remedy));
      return usual;
    }
  }

  private String key(String name) {
    return "serai.nodes." + node + "." + name;
  }

  private void fault(Setting place, String what, String remedy) {
    faults.add(new Fault(place.file(), place.line(), "Node '" + node + "' " + what, remedy));
  }
}
