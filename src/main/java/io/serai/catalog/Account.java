package io.serai.catalog;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One shop, warehouse or other counterpart, as configured and found good. Immutable.
 *
 * @param name unique over channels and partners; the last part of its webhook address
 * @param profile its connector
 * @param values typed values of the parameters that are set or have a default; lists hold the
 *     newest first
 * @param outcomes repeat promises this account weakens, by document
 * @param limits what its endpoint bears: the connector's, as far as the account says nothing else;
 *     or null when neither says anything
 * @param quotas what single calls of it bear, by the name a step takes one of: the connector's, as
 *     far as the account says nothing else
 */
public record Account(
    String name,
    ConnectorProfile profile,
    Map<String, List<Object>> values,
    Map<String, Repeat> outcomes,
    ConnectorProfile.Limits limits,
    Map<String, ConnectorProfile.Quota> quotas) {

  /** Keeps the maps unchangeable. */
  public Account {
    values = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(values));
    outcomes = Map.copyOf(outcomes);
    quotas = Map.copyOf(quotas);
  }

  /** An account that says nothing of quotas. */
  public Account(
      String name,
      ConnectorProfile profile,
      Map<String, List<Object>> values,
      Map<String, Repeat> outcomes,
      ConnectorProfile.Limits limits) {
    this(name, profile, values, outcomes, limits, profile.quotas());
  }

  /**
   * Invented accounts with every parameter set, to try all of a connector's routes with: one for
   * each value by which routes are chosen.
   */
  public static List<Account> samples(ConnectorProfile profile) {
    var accounts = new ArrayList<Account>();
    for (var parameter : profile.parameters().values()) {
      if (profile.routes().stream()
          .filter(use -> use.when() != null && !use.choices().isEmpty())
          .anyMatch(use -> use.switchedBy().equals(parameter.name()))) {
        for (var choice : parameter.choices()) {
          accounts.add(sample(profile, "-sample-" + choice, Map.of(parameter.name(), choice)));
        }
      }
    }
    return accounts.isEmpty() ? List.of(sample(profile)) : List.copyOf(accounts);
  }

  /** An invented account with every parameter set, those with a default to that. */
  public static Account sample(ConnectorProfile profile) {
    return sample(profile, "-sample", Map.of());
  }

  private static Account sample(
      ConnectorProfile profile, String suffix, Map<String, String> chosen) {
    var values = new LinkedHashMap<String, List<Object>>();
    for (var parameter : profile.parameters().values()) {
      var text =
          switch (parameter.type()) {
            case TEXT -> "sample";
            case URL -> "https://sample.example";
            case BOOLEAN -> "true";
            case INTEGER -> "1";
            case DURATION -> "1s";
            case CHOICE -> parameter.choices().get(0);
            case PLACE -> "node=1";
            case MAIL -> "sample@sample.example";
          };
      if (parameter.fallback() != null && parameter.type() != ConnectorProfile.Type.BOOLEAN) {
        text = parameter.fallback();
      }
      text = chosen.getOrDefault(parameter.name(), text);
      values.put(parameter.name(), List.of(Value.of(parameter, text)));
    }
    return new Account(profile.name() + suffix, profile, values, Map.of(), profile.limits());
  }

  /** Whether it sells or ships. */
  public ConnectorProfile.Kind kind() {
    return profile.kind().half();
  }

  /** Whether the parameter has a value. */
  public boolean has(String parameter) {
    return values.containsKey(parameter);
  }

  /** The text of a parameter that is no secret, or null when it has no value. */
  public String text(String parameter) {
    var value = first(parameter);
    if (value instanceof Secret) {
      throw new IllegalArgumentException(
          "Parameter '" + parameter + "' of account '" + name + "' is secret; use secret()");
    }
    return value == null ? null : printed(value);
  }

  /** All values of a parameter that is no secret, as texts, newest first. */
  public List<String> texts(String parameter) {
    text(parameter); // judges the name
    return values.getOrDefault(parameter, List.of()).stream().map(Account::printed).toList();
  }

  /** The address in a parameter, or null when it has no value. */
  public URI url(String parameter) {
    return (URI) first(parameter);
  }

  /** Whether a boolean parameter is true; without a value it is not. */
  public boolean flag(String parameter) {
    return Boolean.TRUE.equals(first(parameter));
  }

  /** The number in a parameter, or null when it has no value. */
  public Long number(String parameter) {
    return (Long) first(parameter);
  }

  /** The duration in a parameter, or null when it has no value. */
  public Duration duration(String parameter) {
    return (Duration) first(parameter);
  }

  /**
   * Which nodes feed which place of the channel, by place; empty when nothing is said, and then all
   * of them feed the only one.
   */
  public Map<String, List<String>> places() {
    var places = new LinkedHashMap<String, List<String>>();
    for (var parameter : profile.parameters().values()) {
      if (parameter.type() == ConnectorProfile.Type.PLACE) {
        for (var value : values.getOrDefault(parameter.name(), List.of())) {
          var pair = value.toString().split("=", 2);
          places.computeIfAbsent(pair[1], place -> new ArrayList<>()).add(pair[0]);
        }
      }
    }
    return places;
  }

  /** The newest value of a secret parameter, or null when it has none. */
  public Secret secret(String parameter) {
    return (Secret) first(parameter);
  }

  /** All values of a secret parameter, newest first. */
  public List<Secret> secrets(String parameter) {
    return values.getOrDefault(parameter, List.of()).stream().map(Secret.class::cast).toList();
  }

  /** The text with every secret of this account replaced by {@value Secret#MASK}. */
  public String mask(String text) {
    var masked = text;
    for (var all : values.values()) {
      for (var value : all) {
        if (value instanceof Secret secret) {
          masked = Secret.mask(masked, secret.reveal());
        }
      }
    }
    return masked;
  }

  /** What happens when this account is asked for a document twice; blind when nothing says so. */
  public Repeat repeat(String document) {
    if (Transports.takes(this, Transports.AS2) && !flag(As2Settings.DEDUPLICATES)) {
      return Repeat.BLIND; // whatever the profile promises, this partner does it twice
    }
    var operation = profile.operations().get(document);
    return outcomes.getOrDefault(document, operation == null ? Repeat.BLIND : operation.repeat());
  }

  /** Whether a route of its connector runs for it. */
  public boolean runs(ConnectorProfile.RouteUse use) {
    if (use.when() == null) {
      return true;
    }
    return use.choices().isEmpty()
        ? flag(use.switchedBy())
        : use.choices().contains(text(use.switchedBy()));
  }

  /** What its route templates are given: {@code account} and every value that is no secret. */
  public Map<String, String> templateParameters() {
    var given = new LinkedHashMap<String, String>();
    given.put("account", name);
    for (var parameter : profile.parameters().values()) {
      if (!parameter.secret() && has(parameter.name())) {
        given.put(
            parameter.templateName(),
            String.join(",", values.get(parameter.name()).stream().map(Account::printed).toList()));
      }
    }
    return given;
  }

  private Object first(String parameter) {
    if (!profile.parameters().containsKey(parameter)) {
      throw new IllegalArgumentException(
          "Connector '" + profile.name() + "' declares no parameter '" + parameter + "'");
    }
    var all = values.get(parameter);
    return all == null || all.isEmpty() ? null : all.get(0);
  }

  private static String printed(Object value) {
    return value instanceof Duration duration ? duration.toMillis() + "" : value.toString();
  }
}
