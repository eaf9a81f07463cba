package io.serai.catalog;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One mapping of a file while it is read: every read notes what is wrong instead of throwing, and
 * {@link #close} complains about each key nobody asked for.
 */
public final class Section {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

  private final String name;
  private final Yaml.Mapping mapping;
  private final Faults faults;
  private final Set<String> known = new LinkedHashSet<>();

  /** A mapping, called {@code name} in sentences. */
  public Section(String name, Yaml.Mapping mapping, Faults faults) {
    this.name = name;
    this.mapping = mapping;
    this.faults = faults;
  }

  /** The node as a section; notes a fault and returns null when it is no mapping. */
  public static Section of(String name, Yaml node, Faults faults) {
    if (node instanceof Yaml.Mapping mapping) {
      return new Section(name, mapping, faults);
    }
    faults.at(node, "'" + name + "' is not a mapping", "Write it as 'key: value' pairs");
    return null;
  }

  /** What it is called in sentences. */
  public String name() {
    return name;
  }

  /** The mapping as it was written. */
  public Yaml.Mapping mapping() {
    return mapping;
  }

  /** The line it starts on. */
  public int line() {
    return mapping.line();
  }

  /** The line of a key, or of the mapping when the key is absent. */
  public int lineOf(String key) {
    return mapping.lineOf(key);
  }

  /** Whether a key has a value. */
  public boolean has(String key) {
    return mapping.get(key) != null;
  }

  /** The node under a key, or null. */
  public Yaml node(String key) {
    known.add(key);
    return mapping.get(key);
  }

  /** A section under a key, or null. */
  public Section section(String key) {
    var node = node(key);
    return node == null ? null : of(name + "." + key, node, faults);
  }

  /** A text, or null when it is absent. */
  public String text(String key) {
    var node = node(key);
    if (node == null) {
      return null;
    }
    if (node instanceof Yaml.Scalar scalar) {
      return scalar.text();
    }
    faults.at(lineOf(key), "'" + name + "." + key + "' is not a text", "Write one value");
    return null;
  }

  /** A text that must be there; an empty text when it is not. */
  public String required(String key) {
    var text = text(key);
    if (text == null || text.isBlank()) {
      if (!(mapping.get(key) instanceof Yaml.Mapping)) {
        faults.at(lineOf(key), "'" + name + "' has no '" + key + "'", "Add '" + key + ": …'");
      }
      return "";
    }
    return text;
  }

  /** One of the names given, or the fallback. */
  public String choice(String key, Collection<String> choices, String fallback) {
    var text = text(key);
    if (text == null) {
      return fallback;
    }
    if (!choices.contains(text)) {
      faults.at(
          lineOf(key),
          "'" + name + "." + key + "' is '" + text + "', which is not known",
          Nearest.advice(text, choices));
      return fallback;
    }
    return text;
  }

  /** True or false, or the fallback. */
  public boolean flag(String key, boolean fallback) {
    return Boolean.parseBoolean(choice(key, List.of("true", "false"), Boolean.toString(fallback)));
  }

  /** A whole number of at least the minimum, or the fallback. */
  public int number(String key, int minimum, int fallback) {
    var text = text(key);
    if (text == null) {
      return fallback;
    }
    try {
      var number = Integer.parseInt(text);
      if (number >= minimum) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    faults.at(
        lineOf(key),
        "'" + name + "." + key + "' is '" + text + "', which is no whole number from " + minimum,
        "Write a number such as " + Math.max(minimum, fallback));
    return fallback;
  }

  /** A duration, or the fallback. */
  public Duration duration(String key, Duration fallback) {
    var text = text(key);
    if (text == null) {
      return fallback;
    }
    var duration = duration(text);
    if (duration == null) {
      faults.at(
          lineOf(key),
          "'" + name + "." + key + "' is '" + text + "', which is no duration",
          "Write a number and a unit: ms, s, m, h or d, as in '10s'");
      return fallback;
    }
    return duration;
  }

  /** A duration as people write it, or null when the text is none. */
  public static Duration duration(String text) {
    var matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    var amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  /** The items of a list, or none. A single value counts as a list of one. */
  public List<Yaml> items(String key) {
    var node = node(key);
    return switch (node) {
      case null -> List.of();
      case Yaml.Sequence sequence -> sequence.items();
      default -> List.of(node);
    };
  }

  /** Notes every key that no read asked for. */
  public void close() {
    for (var key : mapping.entries().keySet()) {
      if (!known.contains(key)) {
        faults.at(
            lineOf(key),
            "'" + name + "' has a key '" + key + "', which means nothing there",
            Nearest.advice(key, known));
      }
    }
  }
}
