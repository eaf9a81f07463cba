package io.serai.catalog;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A piece of protocol with a name, as its {@code connectors/<name>.kamelet.yaml} says.
 *
 * @param name as routes call it
 * @param type {@code source}, {@code sink} or {@code action}
 * @param title for people
 * @param properties what a caller may give
 * @param template its route
 * @param file where it was read
 * @param text what the file says
 */
public record Kamelet(
    String name,
    String type,
    String title,
    Map<String, Property> properties,
    Yaml.Mapping template,
    String file,
    String text) {
  /** How a kamelet file ends. */
  static final String SUFFIX = ".kamelet.yaml";

  private static final List<String> TYPES = List.of("source", "sink", "action");
  private static final List<String> ANNOTATIONS =
      List.of(
          "camel.apache.org/provider",
          "camel.apache.org/kamelet.group",
          "camel.apache.org/kamelet.namespace",
          "camel.apache.org/kamelet.support.level",
          "camel.apache.org/catalog.version");
  private static final Pattern USE = Pattern.compile("\\{\\{[?!]?([A-Za-z0-9_.-]+)(:[^{}]*)?}}");

  /**
   * Something a caller may give.
   *
   * @param name camel case
   * @param required whether the route stops without it
   * @param secret whether it must be wrapped in {@code RAW(…)}
   * @param type JSON type
   * @param hasDefault whether it has a default
   */
  public record Property(
      String name, boolean required, boolean secret, String type, boolean hasDefault) {}

  /** Names of the kamelets its template calls. */
  public Set<String> needs() {
    var names = new TreeSet<String>();
    RouteFile.kamelets(template, names);
    return names;
  }

  /** Keeps the order of the file. */
  public Kamelet {
    properties = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(properties));
  }

  /** Reads one file; null when anything is wrong with it, which is then among the faults. */
  static Kamelet read(String file, String text, Faults faults) {
    var root = Yaml.parse(text, faults);
    if (root == null) {
      return null;
    }
    if (!(root instanceof Yaml.Mapping top) || !"Kamelet".equals(top.text("kind"))) {
      faults.at(root, "The file is no kamelet", "Begin it with 'kind: Kamelet'");
      return null;
    }
    if (!"camel.apache.org/v1".equals(top.text("apiVersion"))) {
      faults.at(
          top.lineOf("apiVersion"),
          "The kamelet's 'apiVersion' is not 'camel.apache.org/v1'",
          "Write 'apiVersion: camel.apache.org/v1'");
    }
    var kamelet = read(file, text, top, faults);
    return faults.none() ? kamelet : null;
  }

  private static Kamelet read(String file, String text, Yaml.Mapping top, Faults faults) {
    var metadata = part(top, "metadata", top.line(), faults);
    var spec = part(top, "spec", top.line(), faults);
    if (metadata == null || spec == null) {
      return null;
    }
    var name = metadata.text("name");
    var fileName = file.substring(file.lastIndexOf('/') + 1);
    if (name == null || !KebabCase.is(name)) {
      faults.at(
          metadata.lineOf("name"),
          "The kamelet has no name in kebab case",
          "Write 'name: " + fileName.replace(SUFFIX, "") + "'");
      return null;
    }
    if (!fileName.equals(name + SUFFIX)) {
      faults.at(
          metadata.lineOf("name"),
          "Kamelet '" + name + "' stands in file '" + fileName + "'",
          "Name the file '" + name + SUFFIX + "'");
    }
    var labels = metadata.mapping("labels");
    var type = labels == null ? null : labels.text("camel.apache.org/kamelet.type");
    if (type == null || !TYPES.contains(type)) {
      faults.at(
          metadata.lineOf("labels"),
          "Kamelet '" + name + "' has no type",
          "Add the label 'camel.apache.org/kamelet.type' with source, sink or action");
      return null;
    }
    if (!name.endsWith("-" + type)) {
      faults.at(
          metadata.lineOf("name"),
          "Kamelet '" + name + "' is a " + type + " and its name does not say so",
          "End the name with '-" + type + "'");
    }
    var annotations = metadata.mapping("annotations");
    for (var annotation : ANNOTATIONS) {
      if (annotations == null || annotations.text(annotation) == null) {
        faults.at(
            metadata.lineOf("annotations"),
            "Kamelet '" + name + "' has no annotation '" + annotation + "'",
            "Add it under metadata.annotations");
      }
    }
    var definition = part(spec, "definition", spec.line(), faults);
    var template = part(spec, "template", spec.line(), faults);
    if (definition == null || template == null) {
      return null;
    }
    for (var key : List.of("title", "description")) {
      if (definition.text(key) == null || definition.text(key).isBlank()) {
        faults.at(
            definition.line(), "Kamelet '" + name + "' has no " + key, "Add '" + key + ": …'");
      }
    }
    var properties = properties(name, definition, faults);
    uses(name, properties, template, definition, faults);
    ends(name, type, template, faults);
    return new Kamelet(name, type, definition.text("title"), properties, template, file, text);
  }

  private static Yaml.Mapping part(Yaml.Mapping parent, String key, int line, Faults faults) {
    var part = parent.mapping(key);
    if (part == null) {
      faults.at(line, "The kamelet has no '" + key + "'", "Add '" + key + ":'");
    }
    return part;
  }

  private static Map<String, Property> properties(
      String kamelet, Yaml.Mapping definition, Faults faults) {
    var required = new TreeSet<String>();
    for (var item : definition.items("required")) {
      if (item instanceof Yaml.Scalar scalar) {
        required.add(scalar.text());
      }
    }
    var properties = new LinkedHashMap<String, Property>();
    var declared = definition.mapping("properties");
    if (declared != null) {
      for (var entry : declared.entries().entrySet()) {
        var line = declared.lineOf(entry.getKey());
        if (!(entry.getValue() instanceof Yaml.Mapping one)) {
          faults.at(
              line,
              "Property '" + entry.getKey() + "' of kamelet '" + kamelet + "' says nothing",
              "Give it title, description and type");
          continue;
        }
        for (var key : List.of("title", "description", "type")) {
          if (one.text(key) == null) {
            faults.at(
                line,
                "Property '" + entry.getKey() + "' of kamelet '" + kamelet + "' has no " + key,
                "Add '" + key + ": …'");
          }
        }
        var password = "password".equals(one.text("format"));
        var credentials =
            one.items("x-descriptors").stream()
                .anyMatch(
                    d ->
                        d instanceof Yaml.Scalar s
                            && s.text().equals("urn:camel:group:credentials"));
        if (password != credentials) {
          faults.at(
              line,
              "Property '"
                  + entry.getKey()
                  + "' of kamelet '"
                  + kamelet
                  + "' is half marked as a secret",
              "Give it 'format: password' and x-descriptors ['urn:camel:group:credentials']");
        }
        var hasDefault = one.get("default") != null;
        if (hasDefault && required.contains(entry.getKey())) {
          faults.at(
              line,
              "Property '"
                  + entry.getKey()
                  + "' of kamelet '"
                  + kamelet
                  + "' is required and has a default",
              "Remove one of them");
        }
        properties.put(
            entry.getKey(),
            new Property(
                entry.getKey(),
                required.contains(entry.getKey()),
                password || credentials,
                one.text("type"),
                hasDefault));
      }
    }
    for (var name : required) {
      if (!properties.containsKey(name)) {
        faults.at(
            definition.lineOf("required"),
            "Kamelet '" + kamelet + "' requires property '" + name + "', which it does not declare",
            Nearest.advice(name, properties.keySet()));
      }
    }
    return properties;
  }

  private static void uses(
      String kamelet,
      Map<String, Property> properties,
      Yaml.Mapping template,
      Yaml.Mapping definition,
      Faults faults) {
    var used = new LinkedHashMap<String, Integer>();
    collect(template, used);
    for (var use : used.entrySet()) {
      // the kamelet component always gives these two; beans and globals have dots
      var given = use.getKey().equals("routeId") || use.getKey().equals("templateId");
      if (!given && !properties.containsKey(use.getKey()) && !use.getKey().contains(".")) {
        faults.at(
            use.getValue(),
            "Kamelet '"
                + kamelet
                + "' uses property '"
                + use.getKey()
                + "', which it does not declare",
            Nearest.advice(use.getKey(), properties.keySet()));
      }
    }
    var declared = definition.mapping("properties");
    for (var name : properties.keySet()) {
      if (!used.containsKey(name)) {
        faults.at(
            declared.lineOf(name),
            "Kamelet '" + kamelet + "' declares property '" + name + "' and never uses it",
            "Use '{{" + name + "}}' or remove the property");
      }
    }
  }

  private static void collect(Yaml node, Map<String, Integer> used) {
    switch (node) {
      case Yaml.Scalar scalar -> {
        var matcher = USE.matcher(scalar.text());
        while (matcher.find()) {
          used.putIfAbsent(matcher.group(1), scalar.line());
        }
      }
      case Yaml.Sequence sequence -> sequence.items().forEach(item -> collect(item, used));
      case Yaml.Mapping mapping -> mapping.entries().values().forEach(v -> collect(v, used));
    }
  }

  private static void ends(String name, String type, Yaml.Mapping template, Faults faults) {
    var from = template.mapping("from");
    if (from == null && template.mapping("route") != null) {
      from = template.mapping("route").mapping("from");
    }
    if (from == null) {
      faults.at(
          template, "Kamelet '" + name + "' has no 'from'", "Begin its template with 'from:'");
      return;
    }
    if (!type.equals("source")) {
      if (!"kamelet:source".equals(from.text("uri"))) {
        faults.at(
            from.lineOf("uri"),
            "Kamelet '" + name + "' is a " + type + " and does not begin at 'kamelet:source'",
            "Write 'from: { uri: kamelet:source }'");
      }
      return;
    }
    var steps = from.items("steps");
    var last = steps.isEmpty() ? null : steps.get(steps.size() - 1);
    String end = null;
    if (last instanceof Yaml.Mapping step && step.entries().size() == 1) {
      var to = step.get("to");
      end = to instanceof Yaml.Mapping m ? m.text("uri") : step.text("to");
    }
    if (!"kamelet:sink".equals(end)) {
      faults.at(
          last == null ? from : last,
          "Kamelet '" + name + "' is a source and does not end in 'kamelet:sink'",
          "Make 'to: kamelet:sink' its last step");
    }
  }
}
