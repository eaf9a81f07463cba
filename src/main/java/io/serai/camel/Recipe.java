package io.serai.camel;

import io.serai.catalog.Account;
import io.serai.catalog.ConnectorProfile;
import io.serai.catalog.Edition;
import io.serai.catalog.Kamelet;
import io.serai.catalog.RouteFile;
import io.serai.catalog.Yaml;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything one file's routes are made from: its text, the kamelets it calls (and those they
 * call), the files of the route configurations it names, and the accounts its templates run for.
 * Two equal recipes give the same routes, so a file is started anew exactly when its recipe
 * changed.
 *
 * @param file the file
 * @param kamelets in the order they must be defined
 * @param configurations files that define route configurations it names
 * @param instances its templates, per account
 * @param profiles connectors of every account its routes serve, by account: consumers read them
 *     when they start
 * @param absent mappings it names that are not there
 */
record Recipe(
    RouteFile file,
    List<Kamelet> kamelets,
    List<RouteFile> configurations,
    List<Instance> instances,
    Map<String, ConnectorProfile> profiles,
    List<String> absent) {

  static Recipe of(RouteFile file, Edition edition, Collection<Account> accounts) {
    var kamelets = new TreeMap<String, Kamelet>();
    for (var name : file.needs()) {
      collect(name, edition, kamelets);
    }
    var instances = new ArrayList<Instance>();
    for (var account : accounts) {
      for (var use : account.profile().routes()) {
        var template = file.templates().get(use.template());
        if (template != null && account.runs(use)) {
          instances.add(Instance.of(use.template(), account, template.parameters().keySet()));
        }
      }
    }
    instances.sort(Comparator.comparing(Instance::routeId));
    var profiles = new TreeMap<String, ConnectorProfile>();
    for (var account : accounts) {
      if (instances.stream().anyMatch(i -> i.account().equals(account.name()))
          || mentions(file.root(), account.name())) {
        profiles.put(account.name(), account.profile());
      }
    }
    var configurations = new ArrayList<RouteFile>();
    for (var other : edition.routes().values()) {
      if (!other.path().equals(file.path())
          && other.configurations().stream().anyMatch(named(file)::contains)) {
        configurations.add(other);
      }
    }
    var absent = new TreeSet<String>();
    for (var mapping : Words.mappings(file.root())) {
      if (!edition.mappings().contains(mapping)) {
        absent.add(mapping);
      }
    }
    return new Recipe(
        file,
        List.copyOf(kamelets.values()),
        List.copyOf(configurations),
        List.copyOf(instances),
        Map.copyOf(profiles),
        List.copyOf(absent));
  }

  String path() {
    return file.path();
  }

  private static TreeSet<String> named(RouteFile file) {
    var names = new TreeSet<String>();
    for (var definitions : List.of(file.routes(), file.templates())) {
      for (var definition : definitions.values()) {
        var id = definition.body().text("routeConfigurationId");
        if (id != null) {
          names.addAll(List.of(id.split(",")));
        }
      }
    }
    return names;
  }

  private static boolean mentions(Yaml node, String text) {
    return switch (node) {
      case Yaml.Scalar scalar -> scalar.text().equals(text);
      case Yaml.Sequence sequence -> sequence.items().stream().anyMatch(i -> mentions(i, text));
      case Yaml.Mapping mapping ->
          mapping.entries().values().stream().anyMatch(v -> mentions(v, text));
    };
  }

  private static void collect(String name, Edition edition, TreeMap<String, Kamelet> into) {
    var kamelet = edition.kamelets().get(name);
    if (kamelet != null && into.putIfAbsent(name, kamelet) == null) {
      for (var inner : kamelet.needs()) {
        collect(inner, edition, into);
      }
    }
  }
}
