package io.serai.catalog;

import io.serai.catalog.ConnectorProfile.Api;
import io.serai.catalog.ConnectorProfile.Deadlines;
import io.serai.catalog.ConnectorProfile.Events;
import io.serai.catalog.ConnectorProfile.Kind;
import io.serai.catalog.ConnectorProfile.Limits;
import io.serai.catalog.ConnectorProfile.Operation;
import io.serai.catalog.ConnectorProfile.Parameter;
import io.serai.catalog.ConnectorProfile.Quota;
import io.serai.catalog.ConnectorProfile.Retry;
import io.serai.catalog.ConnectorProfile.RouteUse;
import io.serai.catalog.ConnectorProfile.Type;
import io.serai.failure.FailureKind;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a {@code *.connector.yaml}: closed to unknown keys at every level. */
final class ProfileReader {
  /** How a connector file ends. */
  static final String SUFFIX = ".connector.yaml";

  /** Keys every account has, which no connector may take for itself. */
  static final Set<String> RESERVED = Set.of("connector", "outcome", "limits", "quotas");

  private static final Pattern POINTER = Pattern.compile("(/([^~/]|~[01])*)+");

  /** A rate of a quota; a fraction where it is less than one call. */
  static final Pattern RATE = Pattern.compile("[0-9]{1,9}([.][0-9]{1,9})?");

  private static final Pattern BYTES = Pattern.compile("([0-9]{1,6})(KB|MB)");
  private static final long LARGEST = 64L << 20;
  private static final Pattern STATUS = Pattern.compile("[1-5](xx|[0-9]{2})");

  private final Faults faults;

  private ProfileReader(Faults faults) {
    this.faults = faults;
  }

  /** Reads one file; null when anything is wrong with it, which is then among the faults. */
  static ConnectorProfile read(String file, String text, Faults faults) {
    var root = Yaml.parse(text, faults);
    if (root == null) {
      return null;
    }
    var section = Section.of("connector file", root, faults);
    if (section == null) {
      return null;
    }
    var profile = new ProfileReader(faults).profile(file, section);
    return faults.none() ? profile : null;
  }

  private ConnectorProfile profile(String file, Section root) {
    var name = root.required("connector");
    var fileName = file.substring(file.lastIndexOf('/') + 1);
    if (!name.isEmpty() && !fileName.equals(name + SUFFIX)) {
      faults.at(
          root.lineOf("connector"),
          "Connector '" + name + "' stands in file '" + fileName + "'",
          "Name the file '" + name + SUFFIX + "'");
    }
    if (!name.isEmpty() && !KebabCase.is(name)) {
      faults.at(
          root.lineOf("connector"),
          "Connector name '" + name + "' is not in kebab case",
          "Use lower-case letters, digits and single dashes");
    }
    var title = root.required("title");
    var kind = root.required("kind");
    if (!kind.isEmpty()) {
      kind = root.choice("kind", List.of("channel", "partner", "carrier"), "");
    }
    var description = root.required("description");
    var transports = transports(root);
    var parameters = parameters(root.section("parameters"), transports);
    var access = new TokenReader(new ParameterNames(parameters, faults), faults);
    var proof = new ProofReader(new ParameterNames(parameters, faults), faults);
    var profile =
        new ConnectorProfile(
            name,
            title,
            switch (kind) {
              case "partner" -> Kind.PARTNER;
              case "carrier" -> Kind.CARRIER;
              default -> Kind.CHANNEL;
            },
            description,
            api(root.section("api")),
            documents("capabilities", root),
            parameters,
            transports,
            access.token(root.section("token")),
            access.tokens(root.section("tokens")),
            proof.verification(root.section("verification"), root.section("tokens")),
            proof.challenge(root.section("challenge")),
            events(root.section("events")),
            operations(root.section("operations")),
            deadlines(root.section("deadlines")),
            limits(root.section("limits")),
            quotas(root.section("quotas")),
            retry(root.section("retry")),
            errors(root),
            cancelReasons(root.section("cancel-reasons")),
            routes(root, parameters),
            tested(root),
            file);
    root.close();
    return profile;
  }

  private Api api(Section section) {
    if (section == null) {
      return null;
    }
    var version = section.required("version");
    var sunset = section.text("sunset");
    LocalDate date = null;
    if (sunset != null) {
      try {
        date = LocalDate.parse(sunset);
      } catch (DateTimeParseException e) {
        faults.at(
            section.lineOf("sunset"),
            "'api.sunset' is '" + sunset + "', which is no date",
            "Write it as year-month-day");
      }
    }
    section.close();
    return new Api(version, date);
  }

  private Set<String> documents(String key, Section root) {
    var names = new LinkedHashSet<String>();
    for (var item : root.items(key)) {
      var name = item instanceof Yaml.Scalar scalar ? scalar.text() : "";
      if (document(item.line(), name)) {
        names.add(name);
      }
    }
    return names;
  }

  private Set<String> tested(Section root) {
    var names = new LinkedHashSet<String>();
    for (var item : root.items("tested")) {
      var name = item instanceof Yaml.Scalar scalar ? scalar.text() : "";
      if (ConnectorProfile.TESTS.contains(name)) {
        names.add(name);
      } else {
        faults.at(
            item.line(),
            "A connector is not tested by '" + name + "'",
            Nearest.advice(name, ConnectorProfile.TESTS));
      }
    }
    return names;
  }

  private List<String> transports(Section root) {
    var ways = new ArrayList<String>();
    for (var item : root.items("transports")) {
      var way = item instanceof Yaml.Scalar scalar ? scalar.text() : "";
      if (Transports.ALL.contains(way)) {
        ways.add(way);
      } else {
        faults.at(
            item.line(),
            "There is no transport '" + way + "'",
            Nearest.advice(way, Transports.ALL));
      }
    }
    return ways;
  }

  private boolean document(int line, String name) {
    if (Documents.ALL.contains(name)) {
      return true;
    }
    faults.at(line, "There is no document '" + name + "'", Nearest.advice(name, Documents.ALL));
    return false;
  }

  private Map<String, Parameter> parameters(Section section, List<String> transports) {
    var brought = Transports.parameters(transports);
    var parameters = new LinkedHashMap<String, Parameter>();
    if (section == null) {
      return brought;
    }
    for (var name : section.mapping().entries().keySet()) {
      var line = section.lineOf(name);
      if (RESERVED.contains(name) || name.equals("account")) {
        faults.at(
            line, "Parameter '" + name + "' is a word every account has", "Choose another name");
      } else if (!KebabCase.is(name)) {
        faults.at(
            line,
            "Parameter '" + name + "' is not in kebab case",
            "Use lower-case letters, digits and single dashes");
      } else if (brought.containsKey(name)) {
        faults.at(
            line,
            "Parameter '" + name + "' is one that 'transports' brings",
            "Remove it, or choose another name");
      }
      var one = section.section(name);
      if (one == null) {
        if (section.node(name) == null) {
          faults.at(line, "Parameter '" + name + "' has no description", "Add 'description: …'");
        }
        continue;
      }
      parameters.put(name, parameter(name, one));
    }
    brought.forEach(parameters::putIfAbsent);
    return parameters;
  }

  private Parameter parameter(String name, Section section) {
    var description = section.required("description");
    var types = Arrays.stream(Type.values()).map(t -> t.name().toLowerCase(Locale.ROOT)).toList();
    var choices = new ArrayList<String>();
    for (var item : section.items("choices")) {
      if (item instanceof Yaml.Scalar scalar) {
        choices.add(scalar.text());
      }
    }
    var type =
        Type.valueOf(
            section
                .choice("type", types, choices.isEmpty() ? "text" : "choice")
                .toUpperCase(Locale.ROOT));
    if ((type == Type.CHOICE) == choices.isEmpty()) {
      faults.at(
          section.line(),
          "Parameter '"
              + name
              + "' has type '"
              + type.name().toLowerCase(Locale.ROOT)
              + "' and "
              + (choices.isEmpty() ? "no choices" : "choices"),
          choices.isEmpty() ? "Add 'choices: […]'" : "Write 'type: choice'");
    }
    var required = section.flag("required", false);
    var secret = section.flag("secret", false);
    var list = section.flag("list", false);
    var fallback = section.text("default");
    if (fallback != null && secret) {
      faults.at(
          section.lineOf("default"),
          "Secret parameter '" + name + "' has a default",
          "Remove the default; secrets come from the configuration");
    } else if (fallback != null && required) {
      faults.at(
          section.lineOf("default"),
          "Parameter '" + name + "' is required and has a default",
          "Remove one of them");
    }
    section.close();
    var parameter =
        new Parameter(
            name, description, type, required, secret, list, fallback, List.copyOf(choices));
    if (fallback != null && !secret) {
      var complaint = Value.complaint(parameter, fallback);
      if (complaint != null) {
        faults.at(
            section.lineOf("default"),
            "The default of parameter '"
                + name
                + "' is '"
                + fallback
                + "', which is not "
                + complaint,
            "Correct the default");
      }
    }
    return parameter;
  }

  private Events events(Section section) {
    if (section == null) {
      return Events.NONE;
    }
    var type = section.node("type");
    var every = section.node("every");
    Locator where = null;
    if (type != null) {
      where = locator("events.type", type);
    } else if (every == null) {
      section.required("type");
    }
    var table = new LinkedHashMap<String, EventRule>();
    var rules = section.section("table");
    if (every != null) {
      if (rules != null) {
        faults.at(
            section.lineOf("table"),
            "'events' has both 'every' and 'table'",
            "Keep 'every' when each message is the same document, else 'table'");
      }
    } else if (rules == null) {
      if (section.node("table") == null) {
        section.required("table");
      }
    } else {
      for (var event : rules.mapping().entries().keySet()) {
        var rule = rule(event, rules);
        if (rule != null) {
          table.put(event, rule);
        }
      }
    }
    var rule = every == null ? null : rule("every", section);
    var largest = bytes("largest", section);
    section.close();
    return new Events(where, Map.copyOf(table), rule, largest);
  }

  private int bytes(String key, Section section) {
    var text = section.text(key);
    if (text == null) {
      return 0;
    }
    var matcher = BYTES.matcher(text);
    var bytes =
        matcher.matches()
            ? Long.parseLong(matcher.group(1)) << (matcher.group(2).equals("MB") ? 20 : 10)
            : 0;
    if (bytes <= 0 || bytes > LARGEST) {
      faults.at(
          section.lineOf(key),
          "'events." + key + "' is '" + text + "', which is no size up to 64MB",
          "Write it as a number and KB or MB, as in '48MB'");
      return 0;
    }
    return (int) bytes;
  }

  private EventRule rule(String event, Section rules) {
    var node = rules.node(event);
    if (node instanceof Yaml.Scalar scalar && scalar.text().equals("ignore")) {
      return EventRule.ignore(event);
    }
    if (!(node instanceof Yaml.Mapping mapping)) {
      faults.at(
          rules.lineOf(event),
          "Event '" + event + "' says neither what it becomes nor 'ignore'",
          "Write 'ignore' or { document: …, key: … }");
      return null;
    }
    var section = new Section("events.table." + event, mapping, faults);
    var document = section.required("document");
    if (!document.isEmpty()) {
      document(section.lineOf("document"), document);
    }
    var key = section.node("key");
    Locator where = null;
    if (key == null) {
      if (!Documents.isContainer(document)) { // a file is about many things
        section.required("key");
      }
    } else {
      where = locator("key of event '" + event + "'", key);
    }
    var dedupe = new ArrayList<Locator>();
    for (var item : section.items("dedupe")) {
      var locator = locator("dedupe of event '" + event + "'", item);
      if (locator != null) {
        dedupe.add(locator);
      }
    }
    var version = section.node("version");
    var versionAt = version == null ? null : locator("version of event '" + event + "'", version);
    section.close();
    return new EventRule(event, document, where, dedupe, versionAt);
  }

  private Locator locator(String what, Yaml node) {
    if (node instanceof Yaml.Mapping mapping && mapping.entries().size() == 1) {
      var header = mapping.text("header");
      if (header != null) {
        return new Locator.Header(header);
      }
      var pointer = mapping.text("pointer");
      if (pointer != null) {
        if (!POINTER.matcher(pointer).matches()) {
          faults.at(
              node,
              "The " + what + " is '" + pointer + "', which is no JSON pointer",
              "Begin every name with '/', as in '/order/id'");
          return null;
        }
        return new Locator.Pointer(pointer);
      }
    }
    faults.at(
        node,
        "The " + what + " does not say where it stands",
        "Write { header: … } or { pointer: /… }");
    return null;
  }

  private Map<String, Operation> operations(Section section) {
    var operations = new LinkedHashMap<String, Operation>();
    if (section == null) {
      return operations;
    }
    for (var document : section.mapping().entries().keySet()) {
      document(section.lineOf(document), document);
      var one = section.section(document);
      if (one == null) {
        continue;
      }
      var repeat = one.required("repeat");
      if (!repeat.isEmpty()) {
        repeat = one.choice("repeat", List.of("idempotent", "queryable", "blind"), "");
      }
      var bulk = one.number("bulk", 1, 1);
      var bulkFrom = one.number("bulk-from", 1, 1);
      var countsSales = one.flag("counts-sales", false);
      var restsUpTo = one.text("rests-up-to");
      one.close();
      operations.put(
          document,
          new Operation(
              repeat.isEmpty() ? Repeat.BLIND : Repeat.valueOf(repeat.toUpperCase(Locale.ROOT)),
              bulk,
              bulkFrom,
              countsSales,
              restsUpTo));
    }
    return operations;
  }

  private Deadlines deadlines(Section section) {
    if (section == null) {
      return Deadlines.DEFAULT;
    }
    var connect = section.duration("connect", Deadlines.DEFAULT.connect());
    var call = section.duration("call", Deadlines.DEFAULT.call());
    var giveUp = section.duration("give-up", Deadlines.DEFAULT.giveUp());
    if (connect.compareTo(call) > 0 || call.compareTo(giveUp) > 0) {
      faults.at(
          section.line(),
          "The deadlines are not in order: connect, call, give-up",
          "Make each at least as long as the one before");
    }
    if (call.compareTo(Deadlines.LEASE) >= 0) {
      faults.at(
          section.line(),
          "Nothing would ever be sent: 'call' is %d s, and an attempt is lent to a replica for %d s"
              .formatted(call.toSeconds(), Deadlines.LEASE.toSeconds()),
          "Make it shorter");
    }
    var acknowledge = section.duration("acknowledge", null);
    var shipBy = section.duration("ship-by", null);
    var readLag = section.duration("read-lag", Deadlines.DEFAULT.readLag());
    if (readLag.compareTo(giveUp) > 0) {
      faults.at(
          section.line(),
          "Nothing would be looked up: the 'read-lag' is longer than 'give-up'",
          "Make it shorter");
    }
    section.close();
    return new Deadlines(connect, call, giveUp, acknowledge, shipBy, readLag);
  }

  private Map<String, Quota> quotas(Section section) {
    var quotas = new LinkedHashMap<String, Quota>();
    if (section == null) {
      return quotas;
    }
    for (var name : section.mapping().entries().keySet()) {
      if (!KebabCase.is(name)) {
        faults.at(
            section.lineOf(name),
            "Quota '" + name + "' is not in kebab case",
            "Use lower-case letters, digits and single dashes");
      }
      var one = section.section(name);
      if (one != null) {
        quotas.put(name, quota(one));
      }
    }
    return quotas;
  }

  private Quota quota(Section section) {
    var text = section.required("rate");
    var rate = BigDecimal.ONE;
    if (RATE.matcher(text).matches() && new BigDecimal(text).signum() > 0) {
      rate = new BigDecimal(text);
    } else if (!text.isEmpty()) {
      faults.at(
          section.lineOf("rate"),
          "'" + section.name() + ".rate' is '" + text + "', which is no number above 0",
          "Write a number such as 2 or 0.5");
    }
    var per = section.duration("per", Duration.ofSeconds(1));
    if (per.isZero()) {
      faults.at(
          section.lineOf("per"),
          "'" + section.name() + "' allows " + text + " calls in no time",
          "Set 'per' to a duration such as '1s'");
      per = Duration.ofSeconds(1);
    }
    var quota =
        new Quota(
            rate,
            per,
            section.number("burst", 1, Math.max(1, rate.intValue())),
            section.text("header"));
    section.close();
    return quota;
  }

  private Map<String, String> cancelReasons(Section section) {
    var reasons = new LinkedHashMap<String, String>();
    if (section == null) {
      return reasons;
    }
    for (var ours : section.mapping().entries().keySet()) {
      var theirs = section.text(ours);
      if (theirs != null && !theirs.isBlank()) {
        reasons.put(ours, theirs);
      } else if (section.node(ours) == null) {
        faults.at(
            section.lineOf(ours),
            "Cancel reason '" + ours + "' says not what the channel calls it",
            "Write '" + ours + ": …'");
      }
    }
    return reasons;
  }

  private Limits limits(Section section) {
    if (section == null) {
      return null;
    }
    section.required("rate");
    var rate = section.number("rate", 1, 1);
    var limits =
        new Limits(
            rate,
            section.duration("per", Duration.ofSeconds(1)),
            section.number("burst", 1, rate),
            section.number("in-flight", 1, 64));
    if (limits.per().isZero()) {
      faults.at(
          section.line(),
          "The limits allow " + limits.rate() + " calls in no time",
          "Set 'per' to a duration such as '1s'");
    }
    section.close();
    return limits;
  }

  private Retry retry(Section section) {
    if (section == null) {
      return Retry.DEFAULT;
    }
    var retry =
        new Retry(
            section.duration("base", Retry.DEFAULT.base()),
            section.duration("cap", Retry.DEFAULT.cap()),
            section.number("attempts", 1, Retry.DEFAULT.attempts()));
    section.close();
    return retry;
  }

  private ErrorTable errors(Section root) {
    var rules = new ArrayList<ErrorTable.Rule>();
    var kinds = Arrays.stream(FailureKind.values()).map(Enum::name).toList();
    for (var item : root.items("errors")) {
      var section = Section.of("errors", item, faults);
      if (section == null) {
        continue;
      }
      var code = section.text("code");
      var status = section.text("status");
      if (code == null && status == null) {
        faults.at(
            section.line(),
            "An error rule names neither 'code' nor 'status'",
            "Add one; the built-in table answers what no rule matches");
      }
      if (status != null && !STATUS.matcher(status).matches()) {
        faults.at(
            section.lineOf("status"),
            "'errors.status' is '" + status + "', which is no HTTP status",
            "Write three digits, or '5xx' for a class");
      }
      var kind = section.required("kind");
      if (!kind.isEmpty()) {
        kind = section.choice("kind", kinds, "");
      }
      section.close();
      if (!kind.isEmpty()) {
        rules.add(new ErrorTable.Rule(code, status, FailureKind.valueOf(kind)));
      }
    }
    return new ErrorTable(rules);
  }

  private List<RouteUse> routes(Section root, Map<String, Parameter> parameters) {
    var uses = new ArrayList<RouteUse>();
    for (var item : root.items("routes")) {
      if (item instanceof Yaml.Scalar scalar) {
        uses.add(new RouteUse(scalar.text(), null, scalar.line()));
        continue;
      }
      var section = Section.of("routes", item, faults);
      if (section == null) {
        continue;
      }
      var template = section.required("template");
      var when = section.text("when");
      if (when != null && when.contains("=")) {
        choices(template, new RouteUse(template, when, section.lineOf("when")), parameters);
      } else if (when != null) {
        var parameter = parameters.get(when);
        if (parameter == null || parameter.type() != Type.BOOLEAN) {
          var flags =
              parameters.values().stream()
                  .filter(p -> p.type() == Type.BOOLEAN)
                  .map(Parameter::name)
                  .toList();
          faults.at(
              section.lineOf("when"),
              "Route '"
                  + template
                  + "' is switched by '"
                  + when
                  + "', which is no boolean parameter",
              Nearest.advice(when, flags));
        }
      }
      section.close();
      uses.add(new RouteUse(template, when, section.line()));
    }
    return uses;
  }

  private void choices(String template, RouteUse use, Map<String, Parameter> parameters) {
    var parameter = parameters.get(use.switchedBy());
    if (parameter == null || parameter.type() != Type.CHOICE) {
      faults.at(
          use.line(),
          "Route '"
              + template
              + "' is switched by '"
              + use.switchedBy()
              + "', which is no parameter with choices",
          Nearest.advice(
              use.switchedBy(),
              parameters.values().stream()
                  .filter(p -> p.type() == Type.CHOICE)
                  .map(Parameter::name)
                  .toList()));
      return;
    }
    for (var choice : use.choices()) {
      if (!parameter.choices().contains(choice)) {
        faults.at(
            use.line(),
            "Route '"
                + template
                + "' runs for '"
                + choice
                + "', which is no choice of '"
                + parameter.name()
                + "'",
            Nearest.advice(choice, parameter.choices()));
      }
    }
  }
}
