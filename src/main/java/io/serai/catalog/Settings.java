package io.serai.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * What the environment says below one prefix, read once. Things exist when a file names them; the
 * process environment may only add values to things that exist, because its names cannot tell
 * dashes from dots.
 */
final class Settings {
  /**
   * One value and where it stands.
   *
   * @param text with placeholders replaced, or null when one could not be
   * @param raw as it stands there
   */
  record Setting(String key, String text, String raw, String file, int line) {
    /** A list in a file of a secrets folder has one value on each line. */
    Stream<Setting> lines() {
      return text.lines().map(one -> new Setting(key, one.strip(), raw, file, line));
    }
  }

  private final String prefix;
  private final ConfigurableEnvironment environment;

  /** Below the prefix, as in {@code serai.channels}. */
  Settings(String prefix, ConfigurableEnvironment environment) {
    this.prefix = prefix;
    this.environment = environment;
  }

  /** Names of the things below the prefix, with the keys that files give them. */
  Map<String, Set<String>> things() {
    var base = ConfigurationPropertyName.of(prefix);
    var depth = base.getNumberOfElements();
    var things = new LinkedHashMap<String, Set<String>>();
    for (var source : sources()) {
      if (isProcessEnvironment(source)
          || !(source instanceof IterableConfigurationPropertySource iterable)) {
        continue;
      }
      iterable.stream()
          .filter(base::isAncestorOf)
          .forEach(
              name -> {
                var thing = name.getElement(depth, Form.ORIGINAL);
                var keys = things.computeIfAbsent(thing, t -> new LinkedHashSet<>());
                if (name.getNumberOfElements() > depth + 1) {
                  keys.add(name.getElement(depth + 1, Form.ORIGINAL));
                }
              });
    }
    return things;
  }

  /** The values of a key, a list's in order; empty when nothing sets it. */
  List<Setting> values(String thing, String key) {
    var name = prefix + "." + thing + "." + key;
    if (!ConfigurationPropertyName.isValid(name)) {
      return List.of();
    }
    var single = find(name);
    if (single != null) {
      return List.of(single);
    }
    var values = new ArrayList<Setting>();
    for (int i = 0; ; i++) {
      var item = find(name + "[" + i + "]");
      if (item == null) {
        return values;
      }
      values.add(item);
    }
  }

  /** Values of the keys below a key, as in {@code outcome.shipment}. */
  Map<String, Setting> below(String thing, String key) {
    var values = new LinkedHashMap<String, Setting>();
    var text = prefix + "." + thing + "." + key;
    if (!ConfigurationPropertyName.isValid(text)) {
      return values;
    }
    var base = ConfigurationPropertyName.of(text);
    for (var source : sources()) {
      if (!isProcessEnvironment(source)
          && source instanceof IterableConfigurationPropertySource iterable) {
        iterable.stream()
            .filter(base::isParentOf)
            .forEach(
                name ->
                    values.putIfAbsent(name.getLastElement(Form.ORIGINAL), find(name.toString())));
      }
    }
    return values;
  }

  /** Values of all keys beneath a key, however deep, by what follows it. */
  Map<String, Setting> beneath(String thing, String key) {
    var values = new LinkedHashMap<String, Setting>();
    var text = prefix + "." + thing + "." + key;
    if (!ConfigurationPropertyName.isValid(text)) {
      return values;
    }
    var base = ConfigurationPropertyName.of(text);
    for (var source : sources()) {
      if (!isProcessEnvironment(source)
          && source instanceof IterableConfigurationPropertySource iterable) {
        iterable.stream()
            .filter(base::isAncestorOf)
            .forEach(
                name ->
                    values.putIfAbsent(
                        name.subName(base.getNumberOfElements()).toString(),
                        find(name.toString())));
      }
    }
    return values;
  }

  /** Where a thing or key is first named, for faults about it. */
  Setting place(String thing, String key) {
    var base = ConfigurationPropertyName.of(prefix);
    var depth = base.getNumberOfElements();
    for (var source : sources()) {
      if (isProcessEnvironment(source)
          || !(source instanceof IterableConfigurationPropertySource iterable)) {
        continue;
      }
      var first =
          iterable.stream()
              .filter(base::isAncestorOf)
              .filter(name -> name.getElement(depth, Form.ORIGINAL).equals(thing))
              .filter(
                  name ->
                      key == null
                          || (name.getNumberOfElements() > depth + 1
                              && name.getElement(depth + 1, Form.ORIGINAL).equals(key)))
              .findFirst();
      if (first.isPresent()) {
        return setting(first.get().toString(), source.getConfigurationProperty(first.get()));
      }
    }
    return new Setting(prefix + "." + thing, null, null, "configuration", 0);
  }

  /** Names of process environment variables below the prefix. */
  Set<String> variables() {
    var start = variable(prefix) + "_";
    var names = new LinkedHashSet<String>();
    for (var source : sources()) {
      if (source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource system) {
        for (var name : system.getPropertyNames()) {
          if (name.toUpperCase(Locale.ROOT).startsWith(start)) {
            names.add(name);
          }
        }
      }
    }
    return names;
  }

  /** The two ways to write a key as a variable: dashes dropped, or dashes as underscores. */
  Set<String> variables(String thing, String key) {
    var name = prefix + "." + thing + "." + key;
    var forms = new LinkedHashSet<String>();
    forms.add(variable(name));
    forms.add(name.toUpperCase(Locale.ROOT).replaceAll("[-.]", "_"));
    return forms;
  }

  private static String variable(String name) {
    return name.toUpperCase(Locale.ROOT).replace("-", "").replace('.', '_');
  }

  private Setting find(String name) {
    var property = ConfigurationPropertyName.of(name);
    for (var source : sources()) {
      var value = source.getConfigurationProperty(property);
      if (value != null && value.getValue() != null) {
        return setting(name, value);
      }
    }
    return null;
  }

  private Setting setting(String name, ConfigurationProperty property) {
    var file = property.getSource() == null ? "configuration" : describe(property.getSource());
    var line = 0;
    var found = property.getOrigin();
    if (found instanceof PropertySourceOrigin wrapped) {
      found = wrapped.getOrigin();
    }
    if (found instanceof TextResourceOrigin origin) {
      var resource = origin.getResource();
      if (resource != null && resource.getFilename() != null) {
        file = resource.getFilename();
      }
      line = origin.getLocation() == null ? 0 : origin.getLocation().getLine() + 1;
    }
    var raw = String.valueOf(property.getValue());
    String text;
    try {
      text = environment.resolveRequiredPlaceholders(raw);
    } catch (IllegalArgumentException e) {
      text = null;
    }
    return new Setting(name, text, raw, file, line);
  }

  private static String describe(ConfigurationPropertySource source) {
    return source.getUnderlyingSource() instanceof PropertySource<?> underlying
        ? (underlying instanceof SystemEnvironmentPropertySource
            ? "environment"
            : underlying.getName())
        : "configuration";
  }

  private static boolean isProcessEnvironment(ConfigurationPropertySource source) {
    return source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource;
  }

  private Iterable<ConfigurationPropertySource> sources() {
    return ConfigurationPropertySources.get(environment);
  }
}
