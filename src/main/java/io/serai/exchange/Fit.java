package io.serai.exchange;

import io.serai.catalog.Account;
import io.serai.catalog.Edition;
import io.serai.catalog.Fault;
import io.serai.catalog.RouteFile;
import io.serai.catalog.Yaml;
import io.serai.edi.Standard;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Judges whether a partner's profile fits the connector of an account, by the connector's own
 * routes: the documents that they take from the inbox, and the sets that their mappings write.
 */
final class Fit {
  private static final String INBOX = "serai:inbox/";
  private static final String MAP = "serai:map/";

  /** Where a mapping says which set it writes. */
  private static final Pattern SET = Pattern.compile("\"set\"\\s*:\\s*\"([A-Z0-9]+)\"");

  private Fit() {}

  /**
   * Adds what does not fit.
   *
   * @param key the setting that names the profile
   */
  static void judge(
      Account account, Agreement with, Edition edition, String key, List<Fault> found) {
    var profile = with.profile();
    var connector = account.profile().name();
    var writes = standards(account, edition);
    if (!writes.isEmpty() && !writes.contains(profile.standard())) {
      var spoken = writes.iterator().next().title();
      found.add(
          fault(
              "'%s' is '%s', which is agreed over %s, and connector '%s' speaks %s"
                  .formatted(key, profile.name(), profile.standard().title(), connector, spoken),
              "Name a profile of %s, or take the connector of %s"
                  .formatted(spoken, profile.standard().title())));
      return;
    }
    var taken = taken(account, edition);
    for (var received : profile.receives().values()) {
      for (var document : documents(received)) {
        if (!taken.contains(document)) {
          found.add(
              fault(
                  "'%s' is '%s', which receives %s as '%s', and no route of connector '%s' takes that"
                      .formatted(key, profile.name(), received.set(), document, connector),
                  "Name a profile that fits the connector, or remove %s from '%s'"
                      .formatted(received.set(), profile.file())));
        }
      }
    }
  }

  private static Set<String> documents(PartnerProfile.Received received) {
    var documents = new TreeSet<String>();
    if (received.document() != null) {
      documents.add(received.document());
    }
    received.cases().forEach(one -> documents.add(one.document()));
    return documents;
  }

  /** Whether every file of routes can be read, so that none is missed for being broken. */
  static boolean isWhole(Edition edition) {
    return edition.files().values().stream()
        .allMatch(file -> !file.isRoute() || edition.routes().containsKey(file.path()));
  }

  private static Fault fault(String what, String remedy) {
    return new Fault("configuration", 0, what, remedy);
  }

  // Also of routes that a setting turns off: what a profile agrees may wait for it.
  private static List<RouteFile.Definition> routes(Account account, Edition edition) {
    var routes = new ArrayList<RouteFile.Definition>();
    for (var use : account.profile().routes()) {
      var file = edition.templateFile(use.template());
      if (file != null) {
        routes.add(file.templates().get(use.template()));
      }
    }
    return routes;
  }

  private static Set<String> taken(Account account, Edition edition) {
    var taken = new TreeSet<String>();
    for (var route : routes(account, edition)) {
      add(route, taken);
    }
    // a site may write plain routes of its own
    edition.routes().values().stream()
        .flatMap(file -> file.routes().values().stream())
        .forEach(route -> add(route, taken));
    return taken;
  }

  private static void add(RouteFile.Definition route, Set<String> taken) {
    var from = route.from() == null ? null : route.from().text("uri");
    if (from != null && from.startsWith(INBOX)) {
      taken.add(from.substring(INBOX.length()).split("\\?")[0]);
    }
  }

  private static Set<Standard> standards(Account account, Edition edition) {
    var found = new TreeSet<Standard>();
    for (var route : routes(account, edition)) {
      for (var mapping : mappings(route.body())) {
        var file = edition.files().get("mappings/" + mapping);
        var said = SET.matcher(file == null ? "" : file.text());
        while (said.find()) {
          var set = said.group(1);
          if (Standard.of(set).sets().contains(set)) {
            found.add(Standard.of(set));
          }
        }
      }
    }
    return found;
  }

  private static List<String> mappings(Yaml node) {
    return switch (node) {
      case Yaml.Scalar scalar ->
          scalar.text().startsWith(MAP)
              ? List.of(scalar.text().substring(MAP.length()))
              : List.of();
      case Yaml.Sequence sequence ->
          sequence.items().stream().flatMap(item -> mappings(item).stream()).toList();
      case Yaml.Mapping mapping ->
          mapping.entries().values().stream().flatMap(value -> mappings(value).stream()).toList();
    };
  }
}
