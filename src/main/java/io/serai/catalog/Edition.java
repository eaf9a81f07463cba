package io.serai.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One consistent reading of all files. Immutable; a file that is at fault keeps what its last good
 * text said, as far as the edition before knew it.
 *
 * @param files every file, by path
 * @param connectors profiles by name
 * @param kamelets by name
 * @param routes files of routes that could be read, by path
 * @param mappings names of mappings, below {@code mappings/}
 * @param faults what is wrong, by path
 */
public record Edition(
    SortedMap<String, SourceFile> files,
    Map<String, ConnectorProfile> connectors,
    Map<String, Kamelet> kamelets,
    SortedMap<String, RouteFile> routes,
    Set<String> mappings,
    SortedMap<String, List<Fault>> faults) {

  /** Reads the files; what is at fault is taken from the edition before, which may be null. */
  static Edition of(SortedMap<String, SourceFile> files, Edition before) {
    var connectors = new LinkedHashMap<String, ConnectorProfile>();
    var kamelets = new LinkedHashMap<String, Kamelet>();
    var routes = new TreeMap<String, RouteFile>();
    var mappings = new TreeSet<String>();
    var faults = new TreeMap<String, List<Fault>>();
    var titles = new LinkedHashMap<String, String>();
    for (var file : files.values()) {
      var found = new Faults(file.path());
      if (file.isConnector()) {
        var profile = ProfileReader.read(file.path(), file.text(), found);
        if (profile == null && before != null) {
          profile = first(before.connectors.values(), c -> c.file().equals(file.path()));
        }
        if (profile != null) {
          connectors.put(profile.name(), profile);
        }
      } else if (file.isKamelet()) {
        var kamelet = Kamelet.read(file.path(), file.text(), found);
        if (kamelet == null && before != null) {
          kamelet = first(before.kamelets.values(), k -> k.file().equals(file.path()));
        }
        if (kamelet != null) {
          kamelets.put(kamelet.name(), kamelet);
          var other = titles.putIfAbsent(kamelet.title(), kamelet.name());
          if (other != null) {
            found.at(
                0,
                "Kamelet '" + kamelet.name() + "' has the title of kamelet '" + other + "'",
                "Give it a title of its own");
          }
        }
      } else if (file.isRoute()) {
        var route = RouteFile.read(file, found);
        if (route != null) {
          routes.put(file.path(), route);
        }
      } else if (file.isMapping()) {
        mappings.add(file.path().substring("mappings/".length()));
      } else if (misnamed(file)) {
        found.at(
            0,
            "File '" + file.path() + "' has a name nothing reads",
            file.path().startsWith("routes/")
                ? "End it with '" + RouteFile.SUFFIX + "'"
                : file.path().startsWith("rules/")
                    ? "Call it '" + SourceFile.RULES + "' or '" + SourceFile.LOCATIONS + "'"
                    : "End it with '" + ProfileReader.SUFFIX + "' or '" + Kamelet.SUFFIX + "'");
      }
      if (!found.none()) {
        faults.put(file.path(), found.list());
      }
    }
    twice(routes, faults);
    unknownTemplates(connectors, routes, faults);
    return new Edition(
        java.util.Collections.unmodifiableSortedMap(files),
        java.util.Collections.unmodifiableMap(connectors),
        java.util.Collections.unmodifiableMap(kamelets),
        java.util.Collections.unmodifiableSortedMap(routes),
        java.util.Collections.unmodifiableSet(mappings),
        java.util.Collections.unmodifiableSortedMap(faults));
  }

  /** The file that defines a template, or null. */
  public RouteFile templateFile(String template) {
    return first(routes.values(), file -> file.templates().containsKey(template));
  }

  /** Ids of all templates. */
  public Set<String> templates() {
    var ids = new TreeSet<String>();
    routes.values().forEach(file -> ids.addAll(file.templates().keySet()));
    return ids;
  }

  /** Ids of all route configurations. */
  public Set<String> configurations() {
    var ids = new TreeSet<String>();
    routes.values().forEach(file -> ids.addAll(file.configurations()));
    return ids;
  }

  /** The faults of one file; none when it is well. */
  public List<Fault> faults(String path) {
    return faults.getOrDefault(path, List.of());
  }

  /** Whether a file is in effect, be it with its last good text. */
  public boolean stillKnown(String path) {
    return !path.startsWith("connectors/")
        || first(connectors.values(), c -> c.file().equals(path)) != null
        || first(kamelets.values(), k -> k.file().equals(path)) != null;
  }

  private static void twice(
      SortedMap<String, RouteFile> routes, SortedMap<String, List<Fault>> faults) {
    // built-in files come first, so that an addition never takes a built-in route down
    var order = new ArrayList<>(routes.values());
    order.sort(
        java.util.Comparator.<RouteFile>comparingInt(f -> f.source().builtIn() ? 0 : 1)
            .thenComparing(RouteFile::path));
    var owners = new LinkedHashMap<String, String>();
    for (var file : order) {
      var found = new ArrayList<>(faults.getOrDefault(file.path(), List.of()));
      for (var id : file.ids()) {
        var owner = owners.putIfAbsent(id, file.path());
        if (owner != null && !owner.equals(file.path())) {
          var definition = file.routes().getOrDefault(id, file.templates().get(id));
          found.add(
              new Fault(
                  file.path(),
                  definition.line(),
                  "Route '" + id + "' is already defined by '" + owner + "'",
                  "Give it an id of its own, or name the file '" + owner + "' to replace it"));
        }
      }
      if (!found.isEmpty()) {
        faults.put(file.path(), List.copyOf(found));
      }
    }
  }

  private static void unknownTemplates(
      Map<String, ConnectorProfile> connectors,
      SortedMap<String, RouteFile> routes,
      SortedMap<String, List<Fault>> faults) {
    var templates = new TreeSet<String>();
    routes.values().forEach(file -> templates.addAll(file.templates().keySet()));
    for (var profile : connectors.values()) {
      var found = new ArrayList<>(faults.getOrDefault(profile.file(), List.of()));
      for (var use : profile.routes()) {
        if (!templates.contains(use.template())) {
          found.add(
              new Fault(
                  profile.file(),
                  use.line(),
                  "Connector '"
                      + profile.name()
                      + "' runs route template '"
                      + use.template()
                      + "', which no file in routes/ defines",
                  Nearest.advice(use.template(), templates)));
        }
      }
      if (!found.isEmpty()) {
        faults.put(profile.file(), List.copyOf(found));
      }
    }
  }

  private static boolean misnamed(SourceFile file) {
    var path = file.path();
    if (path.startsWith("rules/")) {
      return !file.isRules()
          && (path.endsWith(".yaml") || path.endsWith(".yml") || path.endsWith(".csv"));
    }
    return (path.startsWith("routes/") || path.startsWith("connectors/"))
        && (path.endsWith(".yaml") || path.endsWith(".yml"))
        && !file.isPartner();
  }

  private static <T> T first(Iterable<T> items, java.util.function.Predicate<? super T> condition) {
    for (var item : items) {
      if (condition.test(item)) {
        return item;
      }
    }
    return null;
  }
}
