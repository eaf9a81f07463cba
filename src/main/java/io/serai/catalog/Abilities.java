package io.serai.catalog;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a connector can do, read from the routes that its accounts get and from the kamelets these
 * call: what is said here runs. Immutable.
 *
 * @param profile the connector
 * @param words the words of {@code serai:} that its routes use, as {@code outbox/shipment}
 * @param ways schemes of other components that its routes begin with, as {@code file}
 */
public record Abilities(ConnectorProfile profile, Set<String> words, Set<String> ways) {
  private static final String WORD = "serai:";

  /** Keeps the sets unchangeable. */
  public Abilities {
    words = Set.copyOf(words);
    ways = Set.copyOf(ways);
  }

  /** Reads them. */
  public static Abilities of(ConnectorProfile profile, Edition edition) {
    var words = new TreeSet<String>();
    var ways = new TreeSet<String>();
    var kamelets = new LinkedHashSet<String>();
    for (var use : profile.routes()) {
      for (var file : edition.routes().values()) {
        var template = file.templates().get(use.template());
        if (template != null) {
          begin(template.from(), ways);
          words(template.body(), words);
          RouteFile.kamelets(template.body(), kamelets);
        }
      }
    }
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
    return new Abilities(profile, words, ways);
  }

  /** Whether its routes use a word. */
  public boolean does(String word) {
    return words.contains(word);
  }

  /** How a document comes in: {@code webhook}, {@code poll}, {@code queue}, {@code file}. */
  public List<String> waysIn(String document) {
    var found = new LinkedHashSet<String>();
    way(document, found);
    if (does("inbox/" + Documents.BATCH) && does("apply/" + document)) {
      way(Documents.BATCH, found);
    }
    if (found.isEmpty() && does("apply/" + document) && !words.contains("webhook")) {
      found.add("REST");
    }
    return List.copyOf(found);
  }

  private void way(String document, Set<String> found) {
    var events = profile.events();
    var listed =
        events.every() != null && document.equals(events.every().document())
            || events.table().values().stream()
                .anyMatch(rule -> !rule.ignored() && rule.document().equals(document));
    if (words.contains("webhook") && (listed || does("accept/" + document) && !polls(document))) {
      found.add("webhook");
    }
    if (polls(document)) {
      found.add("poll");
    }
    if (does("accept/" + document) || listed) {
      for (var way : ways) {
        switch (way) {
          case "aws2-sqs", "kafka" -> found.add("queue");
          case "file", "ftp", "sftp" -> found.add("file");
          default -> {
            // kamelet, serai and direct begin nothing themselves
          }
        }
      }
    }
  }

  private boolean polls(String document) {
    return does("poll/" + document);
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
          words.add(scalar.text().substring(WORD.length()).split("\\?", 2)[0]);
        }
      }
      case Yaml.Sequence sequence -> sequence.items().forEach(item -> words(item, words));
      case Yaml.Mapping mapping -> mapping.entries().values().forEach(v -> words(v, words));
    }
  }
}
