package io.serai.camel;

import io.serai.catalog.Yaml;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The words of the {@code serai} component as a route author may write them. */
final class Words {
  /** What follows the word in the path. */
  enum Path {
    NONE,
    DOCUMENT,
    OPTIONAL_DOCUMENT,
    OPTIONAL_TOKEN,
    QUOTA,
    MAPPING
  }

  /**
   * One word.
   *
   * @param from whether it begins a route; otherwise it is a step
   * @param path what follows it
   * @param required options it cannot do without
   * @param optional options it may have
   */
  record Word(String name, boolean from, Path path, List<String> required, List<String> optional) {
    Collection<String> options() {
      var all = new LinkedHashSet<>(required);
      all.addAll(optional);
      return all;
    }
  }

  private static final Map<String, Word> WORDS = new LinkedHashMap<>();

  static {
    from("webhook", Path.NONE, List.of("account"), List.of("verify"));
    from("poll", Path.DOCUMENT, List.of("account"), List.of("schedule", "overlap", "lag"));
    from("files", Path.DOCUMENT, List.of("account"), List.of("schedule"));
    from("as2", Path.DOCUMENT, List.of("account"), List.of());
    from("kafka", Path.NONE, List.of("account"), List.of());
    from("fetch", Path.DOCUMENT, List.of("account"), List.of());
    from("reconcile", Path.DOCUMENT, List.of("account"), List.of());
    from("inbox", Path.DOCUMENT, List.of("account"), List.of());
    from("outbox", Path.DOCUMENT, List.of("destination"), List.of());
    from("lookup", Path.DOCUMENT, List.of("destination"), List.of());
    to(
        "accept",
        Path.OPTIONAL_DOCUMENT,
        List.of("account"),
        List.of("items", "cursor", "document", "key", "dedupe", "version"));
    to(
        "split",
        Path.DOCUMENT,
        List.of("account", "columns", "by"),
        List.of("widths", "rows", "once", "encoding"));
    to("interchange", Path.NONE, List.of("account"), List.of());
    to("envelope", Path.DOCUMENT, List.of("account"), List.of());
    to("apply", Path.DOCUMENT, List.of(), List.of());
    to("ignore", Path.NONE, List.of("reason"), List.of());
    to("token", Path.OPTIONAL_TOKEN, List.of("account"), List.of());
    to("quota", Path.QUOTA, List.of("account"), List.of());
    to("table", Path.NONE, List.of(), List.of("encoding"));
    to("put", Path.NONE, List.of("account"), List.of());
    to("find", Path.NONE, List.of("account"), List.of());
    to("as2-send", Path.NONE, List.of("account"), List.of());
    to("as2-receipt", Path.NONE, List.of("account"), List.of());
    to("mail", Path.NONE, List.of("account"), List.of());
    to("kafka-send", Path.NONE, List.of("account"), List.of());
    to("sign", Path.NONE, List.of("scheme"), List.of("account"));
    to("map", Path.MAPPING, List.of(), List.of());
  }

  private Words() {}

  /** The word of that name, or null. */
  static Word word(String name) {
    return WORDS.get(name);
  }

  static Set<String> names(boolean from) {
    var names = new LinkedHashSet<String>();
    WORDS.values().stream().filter(w -> w.from() == from).forEach(w -> names.add(w.name()));
    return names;
  }

  /** Names of all mappings a tree refers to. */
  static Set<String> mappings(Yaml node) {
    var names = new LinkedHashSet<String>();
    mappings(node, names);
    return names;
  }

  private static void mappings(Yaml node, Set<String> names) {
    switch (node) {
      case Yaml.Scalar scalar -> {
        var name = mapping(scalar.text());
        if (name != null) {
          names.add(name);
        }
      }
      case Yaml.Sequence sequence -> sequence.items().forEach(item -> mappings(item, names));
      case Yaml.Mapping mapping -> mapping.entries().values().forEach(v -> mappings(v, names));
    }
  }

  /** The mapping an address names, or null when it names none or only a placeholder. */
  static String mapping(String uri) {
    String name = null;
    for (var prefix : List.of("serai:map/", "jslt:mapping:", "smooks:mapping:")) {
      if (uri.startsWith(prefix)) {
        name = uri.substring(prefix.length());
      }
    }
    if (name == null || name.contains("{{")) {
      return null;
    }
    return name.indexOf('?') < 0 ? name : name.substring(0, name.indexOf('?'));
  }

  private static void from(String name, Path path, List<String> required, List<String> optional) {
    WORDS.put(name, new Word(name, true, path, required, optional));
  }

  private static void to(String name, Path path, List<String> required, List<String> optional) {
    WORDS.put(name, new Word(name, false, path, required, optional));
  }
}
