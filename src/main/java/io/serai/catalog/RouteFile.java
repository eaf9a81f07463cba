package io.serai.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A file of routes as it was written, and what it defines and needs. Whether its routes are lawful
 * and can start is judged elsewhere.
 *
 * @param source the file
 * @param root its list of definitions
 * @param routes literal routes by id
 * @param templates route templates by id
 * @param configurations ids of route configurations it defines
 * @param needs names of kamelets it calls
 */
public record RouteFile(
    SourceFile source,
    Yaml.Sequence root,
    Map<String, Definition> routes,
    Map<String, Definition> templates,
    Set<String> configurations,
    Set<String> needs) {
  /** How a file of routes ends. */
  public static final String SUFFIX = ".camel.yaml";

  /**
   * One route or template.
   *
   * @param id its id
   * @param body the mapping that holds it
   * @param from where it begins
   * @param parameters of a template: true when it has a default
   */
  public record Definition(
      String id, Yaml.Mapping body, Yaml.Mapping from, Map<String, Boolean> parameters) {
    /** The line it starts on. */
    public int line() {
      return body.line();
    }
  }

  /** The path below the root. */
  public String path() {
    return source.path();
  }

  /** Reads one file; null when it is no list of definitions, which is then among the faults. */
  static RouteFile read(SourceFile source, Faults faults) {
    var node = Yaml.parse(source.text(), faults);
    if (node == null) {
      return null;
    }
    if (!(node instanceof Yaml.Sequence root)) {
      faults.at(
          node, "The file is no list of routes", "Begin it with '- route:' or '- routeTemplate:'");
      return null;
    }
    var routes = new LinkedHashMap<String, Definition>();
    var templates = new LinkedHashMap<String, Definition>();
    var configurations = new TreeSet<String>();
    for (var item : root.items()) {
      if (item instanceof Yaml.Mapping mapping && mapping.entries().size() == 1) {
        var kind = mapping.entries().keySet().iterator().next();
        var body = mapping.mapping(kind);
        switch (kind) {
          case "route" -> define("Route", body, mapping, routes, faults);
          case "routeTemplate" -> define("Route template", body, mapping, templates, faults);
          case "routeConfiguration" -> {
            if (body == null || body.text("id") == null) {
              faults.at(
                  mapping,
                  "A route configuration has no id and would apply to every route",
                  "Give it an id and name it in the routes that want it");
            } else {
              configurations.add(body.text("id"));
            }
          }
          case "rest" -> {
            // judged by its own laws
          }
          default ->
              faults.at(
                  mapping,
                  "'" + kind + "' may not stand at the top of a file of routes",
                  kind.equals("from")
                      ? "Wrap it in '- route:' and give it an id"
                      : "Use 'route', 'routeTemplate', 'rest' or 'routeConfiguration'");
        }
      } else {
        faults.at(item, "An item of the file is no definition", "Write '- route:' and so on");
      }
    }
    var needs = new TreeSet<String>();
    kamelets(root, needs);
    return new RouteFile(source, root, routes, templates, configurations, needs);
  }

  private static void define(
      String what,
      Yaml.Mapping body,
      Yaml.Mapping item,
      Map<String, Definition> into,
      Faults faults) {
    var id = body == null ? null : body.text("id");
    if (id == null || id.isBlank()) {
      faults.at(
          item, what + " has no id", "Add 'id: …'; without one it could never be swapped or found");
      return;
    }
    var from = body.mapping("from");
    if (from == null && body.mapping("route") != null) {
      from = body.mapping("route").mapping("from");
    }
    if (from == null || from.text("uri") == null) {
      faults.at(body, what + " '" + id + "' has no 'from' with a 'uri'", "Say where it begins");
      return;
    }
    var parameters = new LinkedHashMap<String, Boolean>();
    for (var item2 : body.items("parameters")) {
      if (item2 instanceof Yaml.Mapping parameter && parameter.text("name") != null) {
        var optional =
            parameter.get("defaultValue") != null || "false".equals(parameter.text("required"));
        parameters.put(parameter.text("name"), optional);
      }
    }
    if (into.putIfAbsent(id, new Definition(id, body, from, parameters)) != null) {
      faults.at(body, what + " '" + id + "' is there twice", "Give each an id of its own");
    }
  }

  /** Every kamelet a tree calls, by name. */
  static void kamelets(Yaml node, Set<String> names) {
    switch (node) {
      case Yaml.Scalar scalar -> {
        if (scalar.text().startsWith("kamelet:")) {
          var name = kamelet(scalar.text());
          if (!name.equals("source") && !name.equals("sink")) {
            names.add(name);
          }
        }
      }
      case Yaml.Sequence sequence -> sequence.items().forEach(item -> kamelets(item, names));
      case Yaml.Mapping mapping -> mapping.entries().values().forEach(v -> kamelets(v, names));
    }
  }

  /** The name in {@code kamelet:name/route?options}. */
  public static String kamelet(String uri) {
    var name = uri.substring("kamelet:".length());
    for (var end : List.of("?", "/")) {
      var at = name.indexOf(end);
      if (at >= 0) {
        name = name.substring(0, at);
      }
    }
    return name;
  }

  /** Ids of everything it defines. */
  List<String> ids() {
    var ids = new ArrayList<>(routes.keySet());
    ids.addAll(templates.keySet());
    return ids;
  }
}
