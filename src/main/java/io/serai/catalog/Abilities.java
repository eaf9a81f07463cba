package io.serai.catalog;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a connector can do, read from the routes that its accounts get and from the kamelets these
 * call: what is said here runs. Immutable.
 *
 * @param profile the connector
 * @param routes what each of its routes uses
 */
public record Abilities(ConnectorProfile profile, List<Use> routes) {
  private static final String WORD = "serai:";
  private static final List<String> ORDER = List.of("webhook", "poll", "queue", "file", "REST");

  /**
   * What one route uses, the kamelets it calls included.
   *
   * @param from the word it begins with, as {@code inbox/order}, or null
   * @param words the words of {@code serai:} in it, as {@code outbox/shipment}
   * @param ways schemes of other components that it begins with, as {@code file}
   */
  public record Use(String from, Set<String> words, Set<String> ways) {
    /** Keeps the sets unchangeable. */
    public Use {
      words = Set.copyOf(words);
      ways = Set.copyOf(ways);
    }
  }

  /** Keeps the list unchangeable. */
  public Abilities {
    routes = List.copyOf(routes);
  }

  /** Reads them. */
  public static Abilities of(ConnectorProfile profile, Edition edition) {
    var routes = new ArrayList<Use>();
    for (var use : profile.routes()) {
      for (var file : edition.routes().values()) {
        var template = file.templates().get(use.template());
        if (template != null) {
          routes.add(use(template, edition));
        }
      }
    }
    return new Abilities(profile, routes);
  }

  private static Use use(RouteFile.Definition template, Edition edition) {
    var words = new TreeSet<String>();
    var ways = new TreeSet<String>();
    var kamelets = new LinkedHashSet<String>();
    begin(template.from(), ways);
    words(template.body(), words);
    RouteFile.kamelets(template.body(), kamelets);
    var open = List.copyOf(kamelets);
    while (!open.isEmpty()) {
      var called = new TreeSet<String>();
      for (var name : open) {
        var kamelet = edition.kamelets().get(name);
        if (kamelet != null) {
          begin(kamelet.template().mapping("from"), ways);
          words(kamelet.template(), words);
          called.addAll(kamelet.needs());
        }
      }
      called.removeAll(kamelets);
      kamelets.addAll(called);
      open = List.copyOf(called);
    }
    var uri = template.from().text("uri");
    return new Use(uri.startsWith(WORD) ? word(uri) : null, words, ways);
  }

  /** Whether its routes use a word. */
  public boolean does(String word) {
    return routes.stream().anyMatch(route -> route.words().contains(word));
  }

  /**
   * How a document comes in, whether by itself or made of another that did: {@code webhook}, {@code
   * poll}, {@code queue}, {@code file}, or {@code REST} when nothing of the connector's own brings
   * it.
   */
  public List<String> waysIn(String document) {
    var found = new LinkedHashSet<String>();
    ways(document, found, new LinkedHashSet<>());
    if (found.isEmpty() && does("apply/" + document)) {
      found.add("REST");
    }
    return ORDER.stream().filter(found::contains).toList();
  }

  private void ways(String document, Set<String> found, Set<String> seen) {
    if (!seen.add(document)) {
      return;
    }
    for (var route : routes) {
      if (route.words().contains("webhook") && tells(document)) {
        found.add("webhook");
      }
      if (route.words().contains("kafka") && tells(document)) {
        found.add("queue");
      }
      // a batch is divided into whatever is in it: the items say which document they are
      var divides =
          (("inbox/" + Documents.BATCH).equals(route.from()) && route.words().contains("accept")
                  || route.words().contains("interchange"))
              && does("apply/" + document);
      if (!divides
          && !route.words().contains("accept/" + document)
          && !route.words().contains("split/" + document)) {
        continue;
      }
      if (route.words().stream().anyMatch(word -> word.startsWith("poll/"))) {
        found.add("poll");
      }
      if (route.words().stream()
          .anyMatch(word -> word.startsWith("files/") || word.startsWith("as2/"))) {
        found.add("file");
      }
      for (var way : route.ways()) {
        if (way.equals("aws2-sqs")) {
          found.add("queue");
        } else if (way.equals("file") || way.equals("ftp") || way.equals("sftp")) {
          found.add("file");
        }
      }
      if (route.from() != null && route.from().startsWith("inbox/")) {
        ways(route.from().substring("inbox/".length()), found, seen);
      }
    }
  }

  /** Whether its webhooks bring a document. */
  private boolean tells(String document) {
    var events = profile.events();
    return events.every() != null && document.equals(events.every().document())
        || events.table().values().stream().anyMatch(rule -> document.equals(rule.document()));
  }

  private static void begin(Yaml.Mapping from, Set<String> ways) {
    var uri = from == null ? null : from.text("uri");
    if (uri != null && uri.indexOf(':') > 0) {
      ways.add(uri.substring(0, uri.indexOf(':')));
    }
  }

  private static void words(Yaml node, Set<String> words) {
    switch (node) {
      case Yaml.Scalar scalar -> {
        if (scalar.text().startsWith(WORD)) {
          words.add(word(scalar.text()));
        }
      }
      case Yaml.Sequence sequence -> sequence.items().forEach(item -> words(item, words));
      case Yaml.Mapping mapping -> mapping.entries().values().forEach(v -> words(v, words));
    }
  }

  private static String word(String uri) {
    return uri.substring(WORD.length()).split("\\?", 2)[0];
  }
}
