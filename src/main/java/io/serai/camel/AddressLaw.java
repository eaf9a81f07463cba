package io.serai.camel;

import io.serai.catalog.Configuration;
import io.serai.catalog.ConnectorProfile;
import io.serai.catalog.Documents;
import io.serai.catalog.Edition;
import io.serai.catalog.Faults;
import io.serai.catalog.Nearest;
import io.serai.catalog.RouteFile;
import io.serai.catalog.Yaml;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;

/** Judges where routes and kamelets begin and what they call: components, words, options. */
final class AddressLaw {
  /** Components that bring names a sender chose. */
  static final Set<String> FILES = Set.of("file", "ftp", "ftps", "sftp");

  /** A placeholder and its name. */
  static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{[?!]?([^{}:?!][^{}:]*)(:[^{}]*)?}}");

  private static final Pattern SECRET = Pattern.compile("secret|token|key|password|credential");
  private static final Pattern RAW = Pattern.compile("RAW[({].*[)}]", Pattern.DOTALL);
  private static final Set<String> IN_KAMELETS =
      Set.of(
          "webhook",
          "poll",
          "files",
          "as2",
          "kafka",
          "put",
          "find",
          "as2-send",
          "kafka-send",
          "token",
          "quota",
          "sign",
          "map");

  private final Scope scope;
  private final Faults faults;
  private final Edition edition;
  private final Configuration configuration;
  private final CamelContext context;
  private final Set<String> components;
  private final String owner;
  private final Scope.Kind kind;

  AddressLaw(Scope scope) {
    this.scope = scope;
    this.faults = scope.faults();
    this.edition = scope.edition();
    this.configuration = scope.configuration();
    this.context = scope.context();
    this.components = scope.components();
    this.owner = scope.owner();
    this.kind = scope.kind();
  }

  /** Judges one address with the options beside it. */
  void address(String uri, Yaml.Mapping body, boolean from) {
    var line = body.keyLines().getOrDefault("uri", body.line());
    var scheme = Address.scheme(uri);
    var options = options(uri, body);
    files(scheme, options, line);
    var dropped = scheme.equals("file") && from && kind == Scope.Kind.KAMELET;
    if (!dropped && !component(scheme, uri, line)) {
      return;
    }
    switch (scheme) {
      case "serai" -> serai(uri, options, line, from);
      case "kamelet" -> kamelet(uri, options, line, from);
      case "direct" -> {
        if (!from) {
          direct(uri, body);
        }
      }
      default -> options(scheme, options);
    }
    var mapping = Words.mapping(uri);
    if (mapping != null && !edition.mappings().contains(mapping)) {
      if (!edition.mappings().contains(mapping + ".jslt")) {
        faults.at(
            line,
            "There is no mapping '" + mapping + "'",
            Nearest.advice(mapping, edition.mappings()));
      }
    }
    for (var option : options.entrySet()) {
      secret(scheme, uri, option.getKey(), option.getValue());
    }
  }

  boolean component(String scheme, String uri, int line) {
    if (scheme.isEmpty() || scheme.startsWith("{{")) {
      if (kind == Scope.Kind.ROUTE || scheme.isEmpty()) {
        faults.at(
            line,
            "Address '" + uri + "' does not say which component it uses",
            "Begin it with the component's name, as in 'kamelet:…'");
        return false;
      }
      return false; // an address from a parameter: http or https
    }
    if (components.contains(scheme)) {
      if (!exists(scheme)) {
        faults.at(
            line,
            "Component '" + scheme + "' is not part of this hub",
            Nearest.advice(scheme, components.stream().filter(this::known).toList()));
        return false;
      }
      return true;
    }
    var refusal = Law.component(scheme);
    if (refusal != null) {
      faults.at(
          line,
          "Component '" + scheme + "' of " + scope.lower() + " " + refusal.why(),
          refusal.remedy());
    } else if (exists(scheme)) {
      faults.at(
          line,
          "Component '" + scheme + "' is not one routes may use",
          "Use another, or add it to serai.routes.components if you trust it");
    } else {
      faults.at(
          line,
          "There is no component '" + scheme + "'",
          Nearest.advice(scheme, components.stream().filter(this::known).toList()));
    }
    return false;
  }

  private boolean known(String component) {
    return exists(component);
  }

  private void serai(String uri, Map<String, Yaml.Scalar> options, int line, boolean from) {
    var name = Address.word(uri);
    var word = Words.word(name);
    if (word == null) {
      faults.at(
          line, "'serai' has no word '" + name + "'", Nearest.advice(name, Words.names(from)));
      return;
    }
    if (word.from() != from) {
      faults.at(
          line,
          "'serai:" + name + "' " + (word.from() ? "begins a route" : "is a step"),
          word.from() ? "Write it under 'from'" : "Write it under 'to'");
      return;
    }
    if (kind == Scope.Kind.KAMELET && !IN_KAMELETS.contains(name)) {
      faults.at(
          line,
          "Kamelet '" + owner + "' uses 'serai:" + name + "', and kamelets never accept or apply",
          "Move it to the routes that call the kamelet");
      return;
    }
    subject(uri, word, line);
    for (var option : options.entrySet()) {
      if (!word.options().contains(option.getKey())) {
        faults.at(
            option.getValue(),
            "'serai:" + name + "' has no option '" + option.getKey() + "'",
            Nearest.advice(option.getKey(), word.options()));
      }
    }
    for (var required : word.required()) {
      if (!options.containsKey(required)) {
        faults.at(
            line,
            "'serai:" + name + "' misses option '" + required + "'",
            "Add '" + required + ": …' under parameters");
      }
    }
    if (configuration != null) {
      for (var key : List.of("account", "destination")) {
        var value = options.get(key);
        if (value != null
            && !value.text().contains("{{")
            && configuration.account(value.text()) == null
            && configuration.suspended(value.text()) == null) {
          faults.at(
              value,
              "There is no account '" + value.text() + "'",
              Nearest.advice(value.text(), configuration.accounts().keySet()));
        }
      }
    }
  }

  private void subject(String uri, Words.Word word, int line) {
    var path = Address.below(uri);
    switch (word.path()) {
      case OPTIONAL_TOKEN -> {
        if (!path.isEmpty()) {
          named(path, "token", profile -> profile.tokens().keySet(), line);
        }
      }
      case QUOTA -> {
        if (path.isEmpty()) {
          faults.at(
              line,
              "'serai:quota' names no quota",
              "Write 'serai:quota/<name>', with a name under 'quotas' of the connector");
        } else {
          named(path, "quota", profile -> profile.quotas().keySet(), line);
        }
      }
      case NONE -> {
        if (!path.isEmpty()) {
          faults.at(
              line,
              "'serai:" + word.name() + "' takes nothing after it, and '" + path + "' is there",
              "Write 'serai:" + word.name() + "'");
        }
      }
      case MAPPING -> {
        if (path.isEmpty()) {
          faults.at(
              line,
              "'serai:" + word.name() + "' names no mapping",
              "Write 'serai:map/<partner>/<document>.in.jslt'");
        }
      }
      case DOCUMENT, OPTIONAL_DOCUMENT -> {
        var optional = word.path() == Words.Path.OPTIONAL_DOCUMENT;
        if (path.isEmpty() && !optional) {
          faults.at(
              line,
              "'serai:" + word.name() + "' names no document",
              "Write 'serai:" + word.name() + "/order' or another document");
        } else if (!path.isEmpty() && !path.contains("{{") && !Documents.ALL.contains(path)) {
          faults.at(
              line, "There is no document '" + path + "'", Nearest.advice(path, Documents.ALL));
        }
      }
    }
  }

  // Which connector it is for, only the account will say; none that is meant has it.
  private void named(
      String name, String what, Function<ConnectorProfile, Set<String>> of, int line) {
    var known = new TreeSet<String>();
    edition.connectors().values().forEach(profile -> known.addAll(of.apply(profile)));
    if (!name.contains("{{") && !known.contains(name)) {
      faults.at(
          line, "No connector has a " + what + " '" + name + "'", Nearest.advice(name, known));
    }
  }

  private void kamelet(String uri, Map<String, Yaml.Scalar> options, int line, boolean from) {
    var name = RouteFile.kamelet(uri);
    if (kind == Scope.Kind.KAMELET && (name.equals("source") || name.equals("sink"))) {
      return;
    }
    var kamelet = edition.kamelets().get(name);
    if (kamelet == null) {
      var file = "connectors/" + name + ".kamelet.yaml";
      faults.at(
          line,
          edition.files().containsKey(file)
              ? "Kamelet '" + name + "' cannot be read"
              : "There is no kamelet '" + name + "'",
          edition.files().containsKey(file)
              ? "Correct '" + file + "'"
              : Nearest.advice(name, edition.kamelets().keySet()));
      return;
    }
    if (kamelet.type().equals("source") != from) {
      faults.at(
          line,
          "Kamelet '"
              + name
              + "' is a "
              + kamelet.type()
              + " and cannot stand under '"
              + (from ? "from" : "to")
              + "'",
          from ? "Name a source" : "Name a sink or an action");
    }
    for (var option : options.entrySet()) {
      if (!kamelet.properties().containsKey(option.getKey())) {
        faults.at(
            option.getValue(),
            "Kamelet '" + name + "' has no parameter '" + option.getKey() + "'",
            Nearest.advice(option.getKey(), kamelet.properties().keySet()));
      }
    }
    for (var property : kamelet.properties().values()) {
      if (property.required() && !options.containsKey(property.name())) {
        faults.at(
            line,
            "Kamelet '" + name + "' misses parameter '" + property.name() + "'",
            "Add '" + property.name() + ": …' under parameters");
      }
    }
  }

  void direct(String uri, Yaml body) {
    var name = Address.path(uri);
    var known = new TreeSet<String>();
    for (var file : edition.routes().values()) {
      for (var definitions : List.of(file.routes().values(), file.templates().values())) {
        for (var definition : definitions) {
          var begin = definition.from().text("uri");
          if (begin.startsWith("direct:")) {
            known.add(Address.path(begin));
          }
        }
      }
    }
    if (!known.contains(name)) {
      faults.at(body, "No route begins at 'direct:" + name + "'", Nearest.advice(name, known));
    }
  }

  private void files(String scheme, Map<String, Yaml.Scalar> options, int line) {
    if (FILES.contains(scheme)) {
      for (var key : List.of("idempotent", "idempotentRepository", "noop", "readLock")) {
        var value = options.get(key);
        if (value != null
            && (key.equals("readLock")
                ? value.text().startsWith("idempotent")
                : !value.text().equals("false"))) {
          faults.at(
              value,
              "'" + key + "' lets Camel remember files, and a crash makes it wrong",
              "Remove it; the inbox decides what is new");
        }
      }
    }
    if (scheme.equals("sftp")) {
      var check = options.get("strictHostKeyChecking");
      if (check == null || !check.text().equals("yes")) {
        faults.at(
            check == null ? line : check.line(),
            "The 'sftp' address of " + scope.lower() + " talks to any host that answers",
            "Add 'strictHostKeyChecking: \"yes\"' and 'knownHostsFile'");
      }
    }
  }

  private void options(String scheme, Map<String, Yaml.Scalar> options) {
    var factory = context.getCamelContextExtension().getEndpointUriFactory(scheme);
    if (factory == null || factory.isLenientProperties()) {
      return;
    }
    for (var option : options.entrySet()) {
      var key = option.getKey();
      var many = factory.multiValuePrefixes();
      if (!factory.propertyNames().contains(key)
          && (many == null || many.values().stream().noneMatch(key::startsWith))) {
        faults.at(
            option.getValue(),
            "Component '" + scheme + "' has no option '" + key + "'",
            Nearest.advice(key, factory.propertyNames()));
      }
    }
  }

  private void secret(String scheme, String uri, String key, Yaml.Scalar value) {
    var text = value.text();
    var secret = false;
    if (scheme.equals("kamelet")) {
      var kamelet = edition.kamelets().get(RouteFile.kamelet(uri));
      var property = kamelet == null ? null : kamelet.properties().get(key);
      secret = property != null && property.secret();
    } else if (!scheme.equals("serai")) {
      var factory = context.getCamelContextExtension().getEndpointUriFactory(scheme);
      secret = factory != null && factory.secretPropertyNames().contains(key);
    }
    var setting = false;
    var placeholders = PLACEHOLDER.matcher(text);
    while (placeholders.find()) {
      var name = placeholders.group(1);
      setting |=
          (name.startsWith("serai.channels.") || name.startsWith("serai.partners."))
              && SECRET.matcher(name.substring(name.lastIndexOf('.') + 1)).find();
    }
    if (secret && !text.contains("{{")) {
      faults.at(
          value,
          "Secret '" + key + "' stands in the file in plain sight",
          "Write it into the configuration and refer to it as RAW({{…}})");
    } else if ((secret || setting) && !RAW.matcher(text).matches()) {
      faults.at(
          value,
          "Secret '" + key + "' is not wrapped, and a '%' or '&' in it would break the address",
          "Write RAW(" + text + ")");
    }
  }

  private Map<String, Yaml.Scalar> options(String uri, Yaml.Mapping body) {
    var options = new LinkedHashMap<String, Yaml.Scalar>();
    var line = body.keyLines().getOrDefault("uri", body.line());
    var query = uri.indexOf('?');
    if (query >= 0) {
      for (var pair : uri.substring(query + 1).split("&")) {
        var equals = pair.indexOf('=');
        if (equals > 0) {
          options.put(
              pair.substring(0, equals), new Yaml.Scalar(pair.substring(equals + 1), true, line));
        }
      }
    }
    var parameters = body.mapping("parameters");
    if (parameters != null) {
      for (var entry : parameters.entries().entrySet()) {
        if (entry.getValue() instanceof Yaml.Scalar scalar) {
          options.put(entry.getKey(), scalar);
        }
      }
    }
    return options;
  }

  private boolean exists(String component) {
    return component.equals("serai")
        || context.hasComponent(component) != null
        || context
                .getClassResolver()
                .loadResourceAsURL("META-INF/services/org/apache/camel/component/" + component)
            != null;
  }
}
