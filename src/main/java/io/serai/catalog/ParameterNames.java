package io.serai.catalog;

import io.serai.catalog.ConnectorProfile.Parameter;
import io.serai.catalog.ConnectorProfile.Text;
import io.serai.catalog.ConnectorProfile.Type;
import java.util.List;
import java.util.Map;

/** Reads the places of a profile that name a parameter, and judges what they name. */
final class ParameterNames {
  private final Map<String, Parameter> parameters;
  private final Faults faults;

  /** For the parameters a profile declares. */
  ParameterNames(Map<String, Parameter> parameters, Faults faults) {
    this.parameters = parameters;
    this.faults = faults;
  }

  /** The name of a secret parameter that must be named; an empty text when it is not. */
  String secret(Section section, String called, String key) {
    var name = section.required(key);
    var parameter = declared(section, called, key, name);
    if (parameter != null && !parameter.secret()) {
      faults.at(
          section.lineOf(key),
          "'" + called + "." + key + "' names parameter '" + name + "', which is not secret",
          "Add 'secret: true' to the parameter");
    }
    return name;
  }

  /** The name of an address that must be named. */
  String url(Section section, String called, String key) {
    var name = section.required(key);
    var parameter = declared(section, called, key, name);
    if (parameter != null && parameter.type() != Type.URL) {
      faults.at(
          section.lineOf(key),
          "'" + called + "." + key + "' names parameter '" + name + "', which is no address",
          "Add 'type: url' to the parameter");
    }
    return name;
  }

  /** The name of any parameter that must be named. */
  String any(Section section, String called, String key) {
    var name = section.required(key);
    declared(section, called, key, name);
    return name;
  }

  /** The parameter of that name, which stands at a key; null after a complaint. */
  Parameter declared(Section section, String called, String key, String name) {
    var parameter = parameters.get(name);
    if (parameter == null && !name.isEmpty()) {
      faults.at(
          section.lineOf(key),
          "'" + called + "." + key + "' names parameter '" + name + "', which is not declared",
          Nearest.advice(name, parameters.keySet()));
    }
    return parameter;
  }

  /**
   * A text, or <code>{ parameter: … }</code> when each account says it; null when it is absent.
   *
   * @param known what the profile may say, or none when it may be anything
   * @param choices what an account may say, likewise
   */
  Text text(Section section, String called, String key, List<String> known, List<String> choices) {
    if (!(section.node(key) instanceof Yaml.Mapping)) {
      var text = known.isEmpty() ? section.text(key) : section.choice(key, known, null);
      return Text.of(text);
    }
    var inner = section.section(key);
    var name = inner.required("parameter");
    var parameter = declared(inner, called + "." + key, "parameter", name);
    inner.close();
    if (parameter == null) {
      return null;
    }
    if (parameter.secret()) {
      faults.at(
          inner.line(),
          "'" + called + "." + key + "' names parameter '" + name + "', which is secret",
          "Name one that is not");
    } else if (!parameter.required() && parameter.fallback() == null) {
      faults.at(
          inner.line(),
          "'" + called + "." + key + "' names parameter '" + name + "', which may be unset",
          "Give the parameter a default, or write 'required: true'");
    }
    if (!choices.isEmpty()
        && (parameter.choices().isEmpty() || !choices.containsAll(parameter.choices()))) {
      faults.at(
          inner.line(),
          "'"
              + called
              + "."
              + key
              + "' names parameter '"
              + name
              + "', whose values may be others than work there",
          "Limit it by 'choices'. " + Nearest.advice("", choices));
    }
    return new Text(null, name);
  }
}
