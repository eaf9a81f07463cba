package io.serai.catalog;

import static java.util.Collections.unmodifiableMap;

import io.serai.catalog.ConnectorProfile.Kind;
import io.serai.catalog.ConnectorProfile.Parameter;
import io.serai.catalog.Settings.Setting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The accounts and nodes of this hub: {@code serai.channels}, {@code serai.partners} and {@code
 * serai.nodes}. Judged once at start, every fault at once, and sealed afterwards: a value that
 * changes later has no effect before the next start. What a value <em>means</em> is the connector's
 * to say, so when a profile changes {@link #follow} judges the sealed values again.
 */
public final class Configuration {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
  private static final Pattern SUSPICIOUS = Pattern.compile("secret|token|key|password|credential");
  private static final Set<String> NODE_KEYS =
      Stream.concat(
              Stream.of("type", "partner", "code", "country", "region", "postal-code"),
              Stream.concat(NodeTraits.KEYS.stream(), NodePacking.KEYS.stream()))
          .collect(Collectors.toUnmodifiableSet());
  private static final List<String> NODE_TYPES =
      List.of("3pl", "warehouse", "store", "supplier", "channel");

  private final Map<String, Sealed> sealed;
  private final Map<String, Node> nodes;
  private volatile Map<String, Account> accounts;
  private volatile Map<String, Fault> suspended;

  /** What was read of one account, before its connector says what it means. */
  private record Sealed(
      String name,
      Kind kind,
      Setting place,
      Setting connector,
      Map<String, List<Setting>> values,
      Map<String, Setting> places,
      Map<String, Setting> outcomes,
      Map<String, Setting> limits,
      Map<String, Setting> quotas) {}

  private Configuration(
      Map<String, Sealed> sealed,
      Map<String, Node> nodes,
      Map<String, Account> accounts,
      Map<String, Fault> suspended) {
    this.sealed = sealed;
    this.nodes = nodes;
    this.accounts = accounts;
    this.suspended = suspended;
  }

  /**
   * Reads and judges.
   *
   * @throws BadConfiguration with every fault, when there is one
   */
  public static Configuration read(ConfigurableEnvironment environment, Edition edition) {
    var faults = new ArrayList<Fault>();
    var configuration = read(environment, edition, faults);
    if (!faults.isEmpty()) {
      throw new BadConfiguration(faults.stream().distinct().sorted().toList());
    }
    return configuration;
  }

  /** Reads and judges, collecting what is wrong; what is right is there all the same. */
  public static Configuration read(
      ConfigurableEnvironment environment, Edition edition, Collection<Fault> faults) {
    ConfigurationPropertySources.attach(environment);
    var sealed = new LinkedHashMap<String, Sealed>();
    for (var kind : List.of(Kind.CHANNEL, Kind.PARTNER)) {
      seal(kind, new Settings(prefix(kind), environment), edition, sealed, faults);
    }
    var accounts = new LinkedHashMap<String, Account>();
    var suspended = new LinkedHashMap<String, Fault>();
    for (var one : sealed.values()) {
      judge(one, edition, accounts, suspended, faults);
    }
    As2Settings.clash(accounts.values()).ifPresent(faults::add);
    var nodes =
        nodes(new Settings("serai.nodes", environment), sealed, accounts, suspended, faults);
    places(sealed, edition, nodes, faults);
    return new Configuration(sealed, nodes, unmodifiableMap(accounts), unmodifiableMap(suspended));
  }

  /** The account of that name, or null. */
  public Account account(String name) {
    return accounts.get(name);
  }

  /** All accounts, by name. */
  public Map<String, Account> accounts() {
    return accounts;
  }

  /** Accounts of one kind, in order of name. */
  public List<Account> accounts(Kind kind) {
    return accounts.values().stream()
        .filter(a -> a.kind() == kind)
        .sorted(java.util.Comparator.comparing(Account::name))
        .toList();
  }

  /**
   * Why an account that is configured cannot work for now, or null: its connector's file is at
   * fault. Its webhook answers 503, not 404.
   */
  public Fault suspended(String name) {
    return suspended.get(name);
  }

  /** Places that hold stock, by name. */
  public Map<String, Node> nodes() {
    return nodes;
  }

  /**
   * Judges the sealed values by changed profiles. An account that no longer fits keeps the profile
   * it had; what does not fit is returned, as faults of the connector's file.
   */
  public synchronized List<Fault> follow(Edition edition) {
    var found = new ArrayList<Fault>();
    var next = new LinkedHashMap<String, Account>();
    var nextSuspended = new LinkedHashMap<String, Fault>();
    for (var one : sealed.values()) {
      var faults = new ArrayList<Fault>();
      judge(one, edition, next, nextSuspended, faults);
      if (!faults.isEmpty() || nextSuspended.containsKey(one.name())) {
        var before = accounts.get(one.name());
        if (before != null) {
          next.put(one.name(), before);
          nextSuspended.remove(one.name());
          for (var fault : faults) {
            found.add(
                new Fault(
                    before.profile().file(),
                    0,
                    "Account '" + one.name() + "' does not fit the new text: " + fault.what(),
                    fault.remedy()));
          }
        }
      }
    }
    accounts = unmodifiableMap(next);
    suspended = unmodifiableMap(nextSuspended);
    return found;
  }

  /** The text with every secret of this configuration replaced by {@value Secret#MASK}. */
  public String mask(String text) {
    var masked = text;
    for (var account : accounts.values()) {
      masked = account.mask(masked);
    }
    return masked;
  }

  private static String prefix(Kind kind) {
    return "serai." + kind.name().toLowerCase(Locale.ROOT) + "s";
  }

  private static void seal(
      Kind kind,
      Settings settings,
      Edition edition,
      Map<String, Sealed> sealed,
      Collection<Fault> faults) {
    var allowedVariables = new LinkedHashSet<String>();
    for (var thing : settings.things().entrySet()) {
      var name = thing.getKey();
      var place = settings.place(name, null);
      if (!NAME.matcher(name).matches()) {
        faults.add(
            fault(
                place,
                "Account name '" + name + "' under '" + prefix(kind) + "' is not in kebab case",
                "Use lower-case letters, digits and single dashes"));
        continue;
      }
      var connectors = settings.values(name, "connector");
      var connector = connectors.isEmpty() ? null : connectors.get(0);
      var profile =
          connector == null || connector.text() == null
              ? null
              : edition.connectors().get(connector.text());
      // every key a file gives and every key the profile knows, which the environment may give
      var keys = new LinkedHashSet<>(thing.getValue());
      if (profile != null) {
        keys.addAll(profile.parameters().keySet());
      }
      var values = new LinkedHashMap<String, List<Setting>>();
      var places = new LinkedHashMap<String, Setting>();
      for (var key : keys) {
        var found = settings.values(name, key);
        if (!found.isEmpty()) {
          values.put(key, found);
        }
        if (thing.getValue().contains(key)) {
          places.put(key, settings.place(name, key));
        }
        for (var variable : settings.variables(name, key)) {
          allowedVariables.add(variable);
          for (int i = 0; i < 10; i++) {
            allowedVariables.add(variable + "_" + i);
          }
        }
      }
      allowedVariables.addAll(settings.variables(name, "connector"));
      var one =
          new Sealed(
              name,
              kind,
              place,
              connector,
              values,
              places,
              settings.below(name, "outcome"),
              settings.below(name, "limits"),
              settings.beneath(name, "quotas"));
      var other = sealed.putIfAbsent(name, one);
      if (other != null) {
        faults.add(
            fault(
                place,
                "Account '" + name + "' is under 'serai.channels' and under 'serai.partners'",
                "Rename one; both would answer at /webhooks/" + name));
      }
    }
    unknownVariables(settings, allowedVariables, faults);
  }

  private static void unknownVariables(
      Settings settings, Set<String> allowed, Collection<Fault> faults) {
    for (var variable : settings.variables()) {
      if (!allowed.contains(variable.toUpperCase(Locale.ROOT))) {
        var nearest = Nearest.of(variable, allowed);
        faults.add(
            new Fault(
                "environment",
                0,
                "Variable '" + variable + "' sets nothing that is configured",
                nearest == null
                    ? "Name the account in the configuration file first, or remove the variable"
                    : "Nearest name: '" + nearest + "'"));
      }
    }
  }

  private static void judge(
      Sealed one,
      Edition edition,
      Map<String, Account> accounts,
      Map<String, Fault> suspended,
      Collection<Fault> faults) {
    var prefix = prefix(one.kind()) + "." + one.name();
    if (one.connector() == null || one.connector().text() == null) {
      faults.add(
          fault(
              one.place(),
              "Account '" + one.name() + "' names no connector",
              "Set '"
                  + prefix
                  + ".connector'. "
                  + Nearest.advice("", edition.connectors().keySet())));
      return;
    }
    var profile = edition.connectors().get(one.connector().text());
    if (profile == null) {
      var file = "connectors/" + one.connector().text() + ProfileReader.SUFFIX;
      if (edition.files().containsKey(file)) {
        suspended.put(
            one.name(),
            new Fault(
                file,
                edition.faults(file).stream().mapToInt(Fault::line).findFirst().orElse(0),
                "Account '" + one.name() + "' waits, because its connector cannot be read",
                "Correct the connector file"));
        return;
      }
      faults.add(
          fault(
              one.connector(),
              "'"
                  + prefix
                  + ".connector' is '"
                  + one.connector().text()
                  + "', which is no connector",
              Nearest.advice(one.connector().text(), edition.connectors().keySet())));
      return;
    }
    if (profile.kind().half() != one.kind()) {
      faults.add(
          fault(
              one.connector(),
              "Account '"
                  + one.name()
                  + "' is under '"
                  + prefix(one.kind())
                  + "' and its connector '"
                  + profile.name()
                  + "' is for '"
                  + prefix(profile.kind().half())
                  + "'",
              "Move the account there"));
      return;
    }
    var before = faults.size();
    var values = new LinkedHashMap<String, List<Object>>();
    for (var parameter : profile.parameters().values()) {
      value(one, prefix, parameter, values, faults);
    }
    for (var key : one.places().keySet()) {
      if (!profile.parameters().containsKey(key) && !ProfileReader.RESERVED.contains(key)) {
        faults.add(
            fault(
                one.places().get(key),
                "'"
                    + prefix
                    + "."
                    + key
                    + "' is no parameter of connector '"
                    + profile.name()
                    + "'",
                Nearest.advice(key, profile.parameters().keySet())));
      }
    }
    var missing = faults.size() > before ? null : Transports.missing(profile, values);
    if (missing != null) {
      faults.add(
          fault(
              one.place(),
              "Account '"
                  + one.name()
                  + "' exchanges files by '"
                  + values.get(Transports.PARAMETER).get(0)
                  + "' and does not set '"
                  + missing
                  + "'",
              "Set it under '" + prefix + "', or choose another 'transport'"));
    }
    if (missing == null && faults.size() == before) {
      As2Settings.unusable(profile, values)
          .forEach(
              (parameter, why) ->
                  faults.add(
                      fault(
                          one.places().getOrDefault(parameter, one.place()),
                          "'" + prefix + "." + parameter + "' cannot be used: " + why,
                          "Write it as PEM, one part after the other")));
    }
    var outcomes = outcomes(one, prefix, profile, faults);
    var limits = AccountLimits.read(prefix + ".limits", one.limits(), profile.limits(), faults);
    var quotas = AccountQuotas.read(prefix + ".quotas", one.quotas(), profile.quotas(), faults);
    if (faults.size() == before) {
      accounts.put(one.name(), new Account(one.name(), profile, values, outcomes, limits, quotas));
    }
  }

  private static void value(
      Sealed one,
      String prefix,
      Parameter parameter,
      Map<String, List<Object>> values,
      Collection<Fault> faults) {
    var key = prefix + "." + parameter.name();
    var settings = one.values().getOrDefault(parameter.name(), List.of());
    var given =
        settings.stream()
            .flatMap(s -> parameter.list() && s.text() != null ? s.lines() : Stream.of(s))
            .filter(s -> s.text() == null || !s.text().isEmpty())
            .toList();
    if (given.isEmpty()) {
      if (parameter.fallback() != null) {
        values.put(parameter.name(), List.of(Value.of(parameter, parameter.fallback())));
      } else if (parameter.required()) {
        faults.add(
            fault(
                one.places().getOrDefault(parameter.name(), one.place()),
                "'" + key + "' is " + (settings.isEmpty() ? "missing" : "empty"),
                "Set it to "
                    + lowerFirst(parameter.description())
                    + (parameter.secret() ? ", best from a secrets folder" : "")));
      }
      return;
    }
    if (given.size() > 1 && !parameter.list()) {
      faults.add(
          fault(
              given.get(0), "'" + key + "' holds a list and takes one value", "Keep one of them"));
      return;
    }
    var typed = new ArrayList<Object>();
    for (var setting : given) {
      if (setting.text() == null) {
        faults.add(
            fault(
                setting,
                "'"
                    + key
                    + "' refers to something that is not set: '"
                    + (parameter.secret() ? Secret.MASK : setting.raw())
                    + "'",
                "Set what it refers to, or write the value"));
        continue;
      }
      var complaint = Value.complaint(parameter, setting.text());
      if (complaint != null) {
        faults.add(
            fault(
                setting,
                "'"
                    + key
                    + "' is '"
                    + shown(parameter, setting.text())
                    + "', which is not "
                    + complaint,
                "Set it to " + lowerFirst(parameter.description())));
        continue;
      }
      typed.add(Value.of(parameter, setting.text()));
    }
    values.put(parameter.name(), List.copyOf(typed));
  }

  private static Map<String, Repeat> outcomes(
      Sealed one, String prefix, ConnectorProfile profile, Collection<Fault> faults) {
    var outcomes = new LinkedHashMap<String, Repeat>();
    var given = new LinkedHashMap<String, Setting>(one.outcomes());
    for (var setting : one.values().getOrDefault("outcome", List.of())) {
      // one word for all operations
      profile.operations().keySet().forEach(document -> given.putIfAbsent(document, setting));
    }
    for (var entry : given.entrySet()) {
      var document = entry.getKey();
      var setting = entry.getValue();
      var operation = profile.operations().get(document);
      if (operation == null) {
        faults.add(
            fault(
                setting,
                "'"
                    + prefix
                    + ".outcome' names '"
                    + document
                    + "', which connector '"
                    + profile.name()
                    + "' is not asked for",
                Nearest.advice(document, profile.operations().keySet())));
        continue;
      }
      Repeat repeat;
      try {
        repeat = Repeat.valueOf(String.valueOf(setting.text()).toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        faults.add(
            fault(
                setting,
                "'"
                    + prefix
                    + ".outcome' says '"
                    + setting.text()
                    + "' for '"
                    + document
                    + "', which is no way to repeat",
                "Write idempotent, queryable or blind"));
        continue;
      }
      var bare = setting.key().endsWith(".outcome");
      if (repeat.noStrongerThan(operation.repeat())) {
        outcomes.put(document, repeat);
      } else if (!bare) {
        faults.add(
            fault(
                setting,
                "'"
                    + prefix
                    + ".outcome."
                    + document
                    + "' promises '"
                    + repeat.word()
                    + "' where connector '"
                    + profile.name()
                    + "' only promises '"
                    + operation.repeat().word()
                    + "'",
                "An account may only weaken the promise; remove the key"));
      }
    }
    return outcomes;
  }

  private static Map<String, Node> nodes(
      Settings settings,
      Map<String, Sealed> accounts,
      Map<String, Account> judged,
      Map<String, Fault> suspended,
      Collection<Fault> faults) {
    var nodes = new LinkedHashMap<String, Node>();
    var allowed = new LinkedHashSet<String>();
    var partners =
        accounts.values().stream().filter(a -> a.kind() == Kind.PARTNER).map(Sealed::name).toList();
    for (var thing : settings.things().entrySet()) {
      var name = thing.getKey();
      var place = settings.place(name, null);
      var prefix = "serai.nodes." + name;
      if (!NAME.matcher(name).matches()) {
        faults.add(
            fault(
                place,
                "Node name '" + name + "' is not in kebab case",
                "Use lower-case letters, digits and single dashes"));
        continue;
      }
      for (var key : thing.getValue()) {
        if (!NODE_KEYS.contains(key)) {
          faults.add(
              fault(
                  settings.place(name, key),
                  "'" + prefix + "." + key + "' is nothing a node has",
                  Nearest.advice(key, NODE_KEYS)));
        }
      }
      NODE_KEYS.forEach(key -> allowed.addAll(settings.variables(name, key)));
      var type = text(settings, name, "type");
      if (type == null) {
        faults.add(
            fault(
                place,
                "'" + prefix + ".type' is missing",
                "Set it to one of '" + String.join("', '", NODE_TYPES) + "'"));
      } else if (!NODE_TYPES.contains(type)) {
        faults.add(
            fault(
                settings.place(name, "type"),
                "'" + prefix + ".type' is '" + type + "', which is no type of node",
                Nearest.advice(type, NODE_TYPES)));
      }
      var partner = text(settings, name, "partner");
      if (partner != null && !partners.contains(partner)) {
        faults.add(
            fault(
                settings.place(name, "partner"),
                "'"
                    + prefix
                    + ".partner' is '"
                    + partner
                    + "', which is no account under"
                    + " 'serai.partners'",
                Nearest.advice(partner, partners)));
      } else if (partner == null && "3pl".equals(type)) {
        faults.add(
            fault(
                place,
                "Node '" + name + "' is run by a 3PL and names no partner",
                "Set '" + prefix + ".partner'. " + Nearest.advice("", partners)));
      }
      var country = text(settings, name, "country");
      if (country != null && !country.matches("[A-Z]{2}")) {
        faults.add(
            fault(
                settings.place(name, "country"),
                "'" + prefix + ".country' is '" + country + "', which is no country code",
                country.equals("false")
                    ? "Write it in quotes: \"NO\""
                    : "Write two capital letters, as in 'US'"));
      }
      nodes.put(
          name,
          new Node(
              name,
              type,
              partner,
              text(settings, name, "code"),
              country,
              text(settings, name, "region"),
              text(settings, name, "postal-code"),
              NodeTraits.read(settings, name, faults),
              new NodePacking(settings, name, judged, suspended.keySet(), faults).read(partner)));
    }
    unknownVariables(settings, allowed, faults);
    return unmodifiableMap(nodes);
  }

  // A node that feeds two places of one channel would be sold twice.
  private static void places(
      Map<String, Sealed> accounts,
      Edition edition,
      Map<String, Node> nodes,
      Collection<Fault> faults) {
    for (var one : accounts.values()) {
      var profile =
          one.connector() == null ? null : edition.connectors().get(one.connector().text());
      if (profile == null) {
        continue;
      }
      for (var parameter : profile.parameters().values()) {
        if (parameter.type() == ConnectorProfile.Type.PLACE) {
          var settings =
              one.values().getOrDefault(parameter.name(), List.<Setting>of()).stream()
                  .flatMap(s -> s.text() == null ? Stream.<Setting>of() : s.lines())
                  .filter(s -> Value.complaint(parameter, s.text()) == null)
                  .toList();
          var key = prefix(one.kind()) + "." + one.name() + "." + parameter.name();
          places(key, settings, nodes, faults);
        }
      }
    }
  }

  private static void places(
      String key, List<Setting> settings, Map<String, Node> nodes, Collection<Fault> faults) {
    var fed = new LinkedHashMap<String, String>();
    for (var setting : settings) {
      var pair = setting.text().split("=", 2);
      if (!nodes.containsKey(pair[0])) {
        faults.add(
            fault(
                setting,
                "'" + key + "' names node '" + pair[0] + "', which is not under 'serai.nodes'",
                Nearest.advice(pair[0], nodes.keySet())));
      }
      var other = fed.putIfAbsent(pair[0], pair[1]);
      if (other != null) {
        faults.add(
            fault(
                setting,
                "'"
                    + key
                    + "' says that node '"
                    + pair[0]
                    + "' feeds '"
                    + other
                    + "' and '"
                    + pair[1]
                    + "'",
                "Keep one of them; what lies there would be sold twice"));
      }
    }
  }

  private static String text(Settings settings, String thing, String key) {
    var values = settings.values(thing, key);
    return values.isEmpty() || "".equals(values.get(0).text()) ? null : values.get(0).text();
  }

  private static Fault fault(Setting place, String what, String remedy) {
    return new Fault(place.file(), place.line(), what, remedy);
  }

  private static String shown(Parameter parameter, String text) {
    if (parameter.secret() || SUSPICIOUS.matcher(parameter.name()).find()) {
      return Secret.MASK;
    }
    return text.length() > 80 ? text.substring(0, 80) + "…" : text;
  }

  private static String lowerFirst(String text) {
    var words = text.strip();
    if (words.endsWith(".")) {
      words = words.substring(0, words.length() - 1);
    }
    var acronym = words.length() > 1 && Character.isUpperCase(words.charAt(1));
    return acronym || words.isEmpty()
        ? words
        : Character.toLowerCase(words.charAt(0)) + words.substring(1);
  }
}
