package io.serai.camel;

import io.serai.catalog.Configuration;
import io.serai.catalog.Edition;
import io.serai.catalog.Fault;
import io.serai.catalog.Faults;
import io.serai.catalog.Kamelet;
import io.serai.catalog.RouteFile;
import io.serai.catalog.RouteFile.Definition;
import io.serai.catalog.Yaml;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;

/**
 * Judges routes and kamelets by the laws of the hub, from their text alone, before anything is
 * built. It guards against mistakes; a route file is code of the operator's all the same, and the
 * lint is no sandbox.
 */
public final class RouteLint {
  private final CamelContext context;
  private final Set<String> components;

  /**
   * With the components of this context.
   *
   * @param more components this site allows besides ours
   */
  public RouteLint(CamelContext context, Set<String> more) {
    this.context = context;
    this.components = new TreeSet<>(Law.COMPONENTS);
    this.components.addAll(more);
  }

  /** What is wrong with a file and the kamelets it calls; nothing when it is lawful. */
  List<Fault> check(Recipe recipe, Edition edition, Configuration configuration) {
    var faults = new ArrayList<Fault>(check(recipe.file(), edition, configuration));
    for (var kamelet : recipe.kamelets()) {
      faults.addAll(check(kamelet, edition, configuration));
    }
    for (var instance : recipe.instances()) {
      missing(recipe.file(), instance, faults);
    }
    return faults.stream().distinct().sorted().toList();
  }

  /** What is wrong with a file of routes by itself. */
  List<Fault> check(RouteFile file, Edition edition, Configuration configuration) {
    var faults = new Faults(file.path());
    for (var route : file.routes().values()) {
      law(Scope.Kind.ROUTE, route.id(), null, faults, edition, configuration).definition(route);
    }
    for (var template : file.templates().values()) {
      var declared = template.parameters().keySet();
      law(Scope.Kind.TEMPLATE, template.id(), declared, faults, edition, configuration)
          .template(template);
    }
    for (var item : file.root().items()) {
      if (item instanceof Yaml.Mapping mapping && mapping.mapping("rest") != null) {
        law(Scope.Kind.ROUTE, "rest", null, faults, edition, configuration)
            .rest(mapping.mapping("rest"));
      }
      redelivery(item, faults);
    }
    name(file, faults);
    return faults.list();
  }

  /** What is wrong with a kamelet by itself. */
  List<Fault> check(Kamelet kamelet, Edition edition, Configuration configuration) {
    var faults = new Faults(kamelet.file());
    var template = kamelet.template();
    if (template.get("beans") != null) {
      faults.at(
          template.lineOf("beans"),
          "Kamelet '" + kamelet.name() + "' makes beans, which runs code",
          "Remove 'beans'");
    }
    var from = template.mapping("from");
    if (from == null && template.mapping("route") != null) {
      from = template.mapping("route").mapping("from");
    }
    if (from != null) {
      var declared = kamelet.properties().keySet();
      law(Scope.Kind.KAMELET, kamelet.name(), declared, faults, edition, configuration).from(from);
    }
    redelivery(template, faults);
    return faults.list();
  }

  private StepLaw law(
      Scope.Kind kind,
      String owner,
      Set<String> declared,
      Faults faults,
      Edition edition,
      Configuration configuration) {
    return new StepLaw(
        new Scope(context, components, faults, edition, configuration, kind, owner, declared));
  }

  /** A person who looks for a route looks for a file of that name. */
  private static void name(RouteFile file, Faults faults) {
    var ids = new ArrayList<>(file.routes().keySet());
    ids.addAll(file.templates().keySet());
    var name = file.source().name();
    var base = name.substring(0, name.length() - RouteFile.SUFFIX.length());
    if (!ids.isEmpty() && !ids.contains(base)) {
      faults.at(
          0,
          "File '" + name + "' defines no route '" + base + "'",
          "Name the file '" + ids.get(0) + RouteFile.SUFFIX + "'");
    }
  }

  private static void missing(RouteFile file, Instance instance, List<Fault> faults) {
    Definition template = file.templates().get(instance.template());
    for (var parameter : template.parameters().entrySet()) {
      var name = parameter.getKey();
      if (!parameter.getValue() && instance.unset().contains(name)) {
        faults.add(
            new Fault(
                file.path(),
                template.line(),
                "Template '"
                    + template.id()
                    + "' needs '"
                    + name
                    + "', which account '"
                    + instance.account()
                    + "' does not set",
                "Set it in the configuration, or give the parameter a default"));
      }
    }
  }

  /** Camel's redelivery is refused wherever it stands. */
  private static void redelivery(Yaml node, Faults faults) {
    switch (node) {
      case Yaml.Scalar scalar -> {
        // nothing below
      }
      case Yaml.Sequence sequence -> sequence.items().forEach(item -> redelivery(item, faults));
      case Yaml.Mapping mapping -> {
        for (var entry : mapping.entries().entrySet()) {
          if (Law.REDELIVERY.contains(entry.getKey())) {
            faults.at(
                mapping.lineOf(entry.getKey()),
                "'" + entry.getKey() + "' asks Camel to retry, which is the engine's work",
                "Remove it; the connector's 'retry' and error table say how");
          } else {
            redelivery(entry.getValue(), faults);
          }
        }
      }
    }
  }
}
