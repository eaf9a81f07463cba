package io.serai.camel;

import io.serai.catalog.ConnectorProfile;
import io.serai.catalog.Edition;
import io.serai.catalog.Faults;
import io.serai.catalog.Nearest;
import io.serai.catalog.RouteFile.Definition;
import io.serai.catalog.Yaml;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Walks one route, template or kamelet from its beginning to its end and judges every step. */
final class StepLaw {
  private static final Pattern HEADER =
      Pattern.compile(
          "\\$\\{\\s*(?:in\\.|out\\.)?(?:headers?|headerAs)\\s*[.:\\[(]?['\"]?([A-Za-z0-9_-]*)");
  private static final Pattern FUNCTION =
      Pattern.compile("\\$\\{\\s*(bean|ref|type|sysenv|sys|env|camelContext|exchange|method)\\b");
  private static final Pattern OUTSIDE = Pattern.compile("\\{\\{\\s*(env|sys|service|bean)[:.]");

  private final Scope scope;
  private final AddressLaw addresses;
  private final Faults faults;
  private final Edition edition;
  private final String owner;
  private final Scope.Kind kind;
  private final Set<String> declared;
  private final Set<String> ids = new LinkedHashSet<>();
  private String beginsAt = "";
  private boolean files;
  private boolean answered;
  private boolean nothingBut = true;
  private boolean ends;
  private boolean accepts;
  private boolean handsOn;

  StepLaw(Scope scope) {
    this.scope = scope;
    this.addresses = new AddressLaw(scope);
    this.faults = scope.faults();
    this.edition = scope.edition();
    this.owner = scope.owner();
    this.kind = scope.kind();
    this.declared = scope.declared();
  }

  /** Judges a route or template. */
  void definition(Definition definition) {
    var body = definition.body();
    var named = body.text("routeConfigurationId");
    if (named != null) {
      for (var one : named.split(",")) {
        if (!edition.configurations().contains(one.strip())) {
          faults.at(
              body.lineOf("routeConfigurationId"),
              scope.who()
                  + " asks for route configuration '"
                  + one.strip()
                  + "', which no file in routes/ defines",
              Nearest.advice(one.strip(), edition.configurations()));
        }
      }
    }
    if (kind == Scope.Kind.ROUTE && owner.contains("@")) {
      faults.at(body, "Route id '" + owner + "' looks like a template's", "Remove the '@' from it");
    }
    from(definition.from());
    var taking =
        !Set.of("serai:inbox", "serai:outbox", "serai:lookup", "serai:reconcile", "direct", "")
            .contains(beginsAt);
    if (taking && !accepts && !handsOn) {
      faults.at(
          definition.from(),
          scope.who() + " takes messages in and never stores them",
          "Add 'to: serai:accept' with the account");
    }
    if (beginsAt.equals("serai:inbox") && !ends && !handsOn) {
      faults.at(
          definition.from(),
          scope.who() + " leaves its messages without an end",
          "Make 'serai:apply/…' its last step, or end with 'serai:ignore' or 'serai:accept'");
    }
  }

  /** Judges a template: its parameters, then as any route. */
  void template(Definition definition) {
    definition(definition);
    if (!definition.parameters().containsKey("account")) {
      faults.at(
          definition.body(),
          scope.who() + " has no parameter 'account'",
          "Add 'parameters: [{ name: account }]' and use {{account}}");
    }
    for (var profile : edition.connectors().values()) {
      if (profile.routes().stream().noneMatch(use -> use.template().equals(owner))) {
        continue;
      }
      for (var parameter : definition.parameters().entrySet()) {
        given(definition, profile, parameter.getKey(), parameter.getValue());
      }
    }
  }

  private void given(
      Definition definition, ConnectorProfile profile, String parameter, boolean optional) {
    if (parameter.equals("account")) {
      return;
    }
    var names = new LinkedHashMap<String, ConnectorProfile.Parameter>();
    profile.parameters().values().forEach(p -> names.put(p.templateName(), p));
    var found = names.get(parameter);
    if (found != null && found.secret()) {
      faults.at(
          definition.body(),
          scope.who() + " wants the secret '" + found.name() + "' as a parameter",
          "Remove it and call 'serai:token', which puts the token into variable 'token'");
    } else if (found == null && !optional) {
      names.values().removeIf(ConnectorProfile.Parameter::secret);
      faults.at(
          definition.body(),
          scope.who()
              + " needs parameter '"
              + parameter
              + "', which connector '"
              + profile.name()
              + "' does not declare",
          Nearest.advice(parameter, names.keySet()));
    }
  }

  /** Judges a rest service: it only leads to routes. */
  void rest(Yaml.Mapping rest) {
    for (var verb : List.of("get", "post", "put", "delete", "patch", "head")) {
      for (var item : rest.items(verb)) {
        if (item instanceof Yaml.Mapping one) {
          var to = one.get("to") instanceof Yaml.Mapping m ? m.text("uri") : one.text("to");
          if (one.text("id") == null) {
            faults.at(one, "A rest service has no id", "Add 'id: …' to it");
          }
          if (to == null || !to.startsWith("direct:")) {
            faults.at(one, "A rest service does not lead to a route", "Write 'to: direct:…'");
          } else {
            addresses.direct(to, one);
          }
        }
      }
    }
  }

  /** Judges everything from the beginning on. */
  void from(Yaml.Mapping from) {
    var uri = from.text("uri");
    if (uri != null) {
      beginsAt = begin(uri);
      files = AddressLaw.FILES.contains(beginsAt);
      addresses.address(uri, from, true);
      strings(from, "steps");
    }
    steps(from.items("steps"), true, false);
  }

  private String begin(String uri) {
    var scheme = Address.scheme(uri);
    return scheme.equals("serai") ? "serai:" + Address.word(uri) : scheme;
  }

  private void steps(List<Yaml> steps, boolean last, boolean repeated) {
    for (int i = 0; i < steps.size(); i++) {
      var final_ = last && i == steps.size() - 1;
      if (steps.get(i) instanceof Yaml.Mapping step && step.entries().size() == 1) {
        var name = step.entries().keySet().iterator().next();
        step(name, step, final_, repeated);
        if (!name.equals("setVariable") && !name.equals("setVariables")) {
          nothingBut = false;
        }
      } else {
        faults.at(
            steps.get(i),
            "A step of " + scope.lower() + " is not written as one step",
            "Write '- name: …' with one name per dash");
      }
    }
  }

  private void step(String name, Yaml.Mapping step, boolean last, boolean repeated) {
    var node = step.entries().get(name);
    var line = step.lineOf(name);
    var refusal = Law.step(name);
    if (refusal != null && !(kind == Scope.Kind.KAMELET && name.equals("doTry"))) {
      faults.at(
          line, "Step '" + name + "' of " + scope.lower() + " " + refusal.why(), refusal.remedy());
      return;
    }
    if (refusal == null && !Law.STEPS.contains(name)) {
      faults.at(
          line,
          "'" + name + "' is not a step " + scope.lower() + " may have",
          Nearest.advice(name, Law.STEPS));
      return;
    }
    var body = node instanceof Yaml.Mapping mapping ? mapping : null;
    id(name, body, line);
    switch (name) {
      case "to" -> to(node, body, line, last, repeated);
      case "toD" -> dynamic(node, body, line);
      case "enrich" -> enrich(body, line);
      case "log" -> log(node, body);
      default -> {
        // judged by its texts alone
      }
    }
    if (body != null) {
      if (!name.equals("toD")) {
        strings(body, "steps", "when", "otherwise", "doCatch", "doFinally");
      }
      languages(body);
      parallel(name, body);
      inner(name, body, last, repeated);
    } else if (node instanceof Yaml.Scalar scalar && !name.equals("to")) {
      text(scalar);
    }
  }

  private void inner(String name, Yaml.Mapping body, boolean last, boolean repeated) {
    var again = repeated || name.equals("split") || name.equals("loop") || name.equals("multicast");
    var before = answered;
    for (var key : List.of("when", "doCatch")) {
      for (var branch : body.items(key)) {
        if (branch instanceof Yaml.Mapping one) {
          strings(one, "steps");
          languages(one);
          steps(one.items("steps"), last, again);
        }
      }
    }
    for (var key : List.of("otherwise", "doFinally")) {
      if (body.mapping(key) != null) {
        steps(body.mapping(key).items("steps"), last, again);
      }
    }
    steps(body.items("steps"), last && !again, again);
    answered |= before;
  }

  private void id(String name, Yaml.Mapping body, int line) {
    var id = body == null ? null : body.text("id");
    if (kind == Scope.Kind.KAMELET) {
      return;
    }
    if (id == null) {
      if (Law.NAMED.contains(name)) {
        faults.at(
            line,
            "Step '" + name + "' of " + scope.lower() + " has no id",
            "Add 'id: " + owner + "-…', so that people and tests can point at it");
      }
      return;
    }
    if (!id.startsWith(owner + "-")) {
      faults.at(
          line,
          "Step id '" + id + "' does not begin with '" + owner + "-'",
          "Name it '" + owner + "-" + id + "'; step ids are unique over all routes");
    } else if (!ids.add(id)) {
      faults.at(line, "Step id '" + id + "' is there twice", "Give each step an id of its own");
    }
  }

  private void to(Yaml node, Yaml.Mapping body, int line, boolean last, boolean repeated) {
    var uri = body == null ? ((node instanceof Yaml.Scalar s) ? s.text() : null) : body.text("uri");
    if (uri == null) {
      faults.at(line, "A 'to' of " + scope.lower() + " leads nowhere", "Add 'uri: …'");
      return;
    }
    if (body == null) {
      addresses.address(uri, new Yaml.Mapping(Map.of(), Map.of(), line), false);
    } else {
      addresses.address(uri, body, false);
    }
    var scheme = Address.scheme(uri);
    if (scheme.equals("serai") && kind != Scope.Kind.KAMELET) {
      verb(Address.word(uri), uri, line, last, repeated);
    } else if (scheme.equals("direct")) {
      handsOn = true;
    } else if (!Set.of("serai", "kamelet", "log").contains(scheme)) {
      answered = true;
    }
  }

  private void verb(String word, String uri, int line, boolean last, boolean repeated) {
    switch (word) {
      case "apply" -> {
        ends = true;
        if (!Set.of("serai:inbox", "direct").contains(beginsAt)) {
          faults.at(
              line,
              "'" + uri + "' stands in " + scope.lower() + ", which does not begin at the inbox",
              "Store the message with 'serai:accept' and apply it in a route from 'serai:inbox'");
        } else if (repeated) {
          faults.at(
              line,
              "'" + uri + "' may run more than once for one message",
              "Take it out of the split or loop; several documents go through 'serai:accept'");
        } else if (!last) {
          faults.at(line, "'" + uri + "' is not the last step", "Move what follows it before it");
        }
      }
      case "ignore" -> ends = true;
      case "split", "interchange" -> {
        ends = true;
        if (!beginsAt.equals("serai:inbox")) {
          var document = word.equals("split") ? "batch" : "interchange";
          faults.at(
              line,
              "'" + uri + "' stands in " + scope.lower() + ", which does not begin at the inbox",
              "Store the file with 'serai:accept/%1$s' and divide it in a route from 'serai:inbox/%1$s'"
                  .formatted(document));
        }
      }
      case "envelope" -> {
        if (!Set.of("serai:outbox", "serai:lookup").contains(beginsAt)) {
          faults.at(
              line,
              "'" + uri + "' stands in " + scope.lower() + ", which sends no delivery",
              "Wrap in a route from 'serai:outbox' or 'serai:lookup', after its mapping");
        }
      }
      case "accept" -> {
        ends = true;
        accepts = true;
        if (beginsAt.equals("serai:reconcile")) {
          faults.at(
              line,
              "'" + uri + "' stands in " + scope.lower() + ", which only compares",
              "Leave it out; what is listed is compared, not stored");
        }
        if (Set.of("serai:outbox", "serai:lookup").contains(beginsAt)) {
          faults.at(
              line,
              "'" + uri + "' stands in " + scope.lower() + ", which sends",
              "Leave it out; the answer of the partner is the route's result");
        }
      }
      default -> {
        // no law about its place
      }
    }
  }

  private void dynamic(Yaml node, Yaml.Mapping body, int line) {
    var uri = body == null ? ((node instanceof Yaml.Scalar s) ? s.text() : "") : body.text("uri");
    if (uri == null) {
      uri = "";
    }
    if (uri.contains("${header") || uri.contains("${in.header") || uri.contains("${body")) {
      faults.at(
          line,
          "'toD' of " + scope.lower() + " sends to an address made from what a sender wrote",
          "Write the address down, with values from variables and parameters only");
      return;
    }
    var scheme = Address.scheme(uri);
    if (scheme.contains("$")) {
      faults.at(
          line,
          "'toD' of " + scope.lower() + " does not say which component it uses",
          "Begin its address with the component's name");
      return;
    }
    addresses.component(scheme, uri, line);
    answered = true;
  }

  private void enrich(Yaml.Mapping body, int line) {
    var uri = body == null ? null : body.text("constant");
    if (uri == null) {
      faults.at(
          line,
          "'enrich' of " + scope.lower() + " sends to an address made at run time",
          "Write 'constant: …' with the address");
      return;
    }
    addresses.address(uri, new Yaml.Mapping(Map.of(), Map.of(), line), false);
    answered = true;
  }

  private void log(Yaml node, Yaml.Mapping body) {
    var message =
        body == null ? ((node instanceof Yaml.Scalar s) ? s.text() : "") : body.text("message");
    var level = body == null ? null : body.text("loggingLevel");
    var quiet = "DEBUG".equals(level) || "TRACE".equals(level);
    if (message != null && message.contains("${body") && !quiet) {
      faults.at(
          node,
          "A log step of " + scope.lower() + " prints the payload",
          "Print an id, or write 'loggingLevel: DEBUG'");
    }
  }

  private void parallel(String name, Yaml.Mapping body) {
    for (var key : List.of("parallelProcessing", "aggregationStrategy", "executorService")) {
      if (body.get(key) != null && !"false".equals(body.text(key))) {
        faults.at(
            body.lineOf(key),
            "'" + key + "' of step '" + name + "' in " + scope.lower() + " needs code or threads",
            "Remove it");
      }
    }
  }

  /** Expression languages among the keys of a step. */
  private void languages(Yaml.Mapping body) {
    for (var entry : body.entries().entrySet()) {
      var key = entry.getKey();
      if (key.equals("parameters") || key.equals("steps")) {
        continue;
      }
      if (Law.CODE_LANGUAGES.contains(key)) {
        faults.at(
            body.lineOf(key),
            "Language '" + key + "' in " + scope.lower() + " runs code",
            "Use simple, constant, variable or jslt");
      } else if (key.equals("header") && entry.getValue() instanceof Yaml.Scalar scalar) {
        header(scalar.text(), scalar.line());
      } else if (key.equals("expression") && entry.getValue() instanceof Yaml.Mapping inner) {
        languages(inner);
      }
    }
  }

  /** Every text of a step, without those of the steps inside it. */
  private void strings(Yaml.Mapping body, String... except) {
    for (var entry : body.entries().entrySet()) {
      if (!List.of(except).contains(entry.getKey())) {
        strings(entry.getValue());
      }
    }
  }

  private void strings(Yaml node) {
    switch (node) {
      case Yaml.Scalar scalar -> text(scalar);
      case Yaml.Sequence sequence -> sequence.items().forEach(this::strings);
      case Yaml.Mapping mapping -> mapping.entries().values().forEach(this::strings);
    }
  }

  private void text(Yaml.Scalar scalar) {
    var text = scalar.text();
    var headers = HEADER.matcher(text);
    while (headers.find()) {
      header(headers.group(1), scalar.line());
    }
    var functions = FUNCTION.matcher(text);
    while (functions.find()) {
      faults.at(
          scalar,
          "'${" + functions.group(1) + "…}' in " + scope.lower() + " reaches outside the message",
          "Use variables; settings come as {{…}}");
    }
    if (OUTSIDE.matcher(text).find()) {
      faults.at(
          scalar,
          scope.lower() + " reads the machine's environment",
          "Use {{serai.…}} settings, which are judged at start");
    }
    if (text.startsWith("#class:") || text.startsWith("#bean:") || text.startsWith("#type:")) {
      faults.at(
          scalar,
          "'" + text + "' in " + scope.lower() + " names a class or bean",
          "Use what components and words offer");
    }
    if (declared != null) {
      var placeholders = AddressLaw.PLACEHOLDER.matcher(text);
      while (placeholders.find()) {
        var name = placeholders.group(1);
        var foreign = name.contains(".") || name.equals("routeId") || name.equals("templateId");
        if (!foreign && !declared.contains(name) && kind == Scope.Kind.TEMPLATE) {
          faults.at(
              scalar,
              scope.who() + " uses parameter '" + name + "', which it does not declare",
              Nearest.advice(name, declared));
        }
      }
    }
  }

  private void header(String name, int line) {
    var ofFile = files && nothingBut && name.startsWith("CamelFile");
    var ofAnswer = kind == Scope.Kind.KAMELET && answered;
    if (!ofFile && !ofAnswer) {
      faults.at(
          line,
          (name.isEmpty() ? "The headers are" : "Header '" + name + "' is")
              + " read by "
              + scope.lower()
              + ", and a sender may have written "
              + (name.isEmpty() ? "them" : "it"),
          files
              ? "Read it into a variable in the first steps, and only CamelFile headers"
              : "Use a variable");
    }
  }
}
