package io.serai.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Who is known, as configured: the two bootstrap secrets from the environment, and named users and
 * tokens under {@code serai.access}. Judged once at start.
 *
 * @param apiToken {@code SERAI_API_TOKEN}, an admin's bearer token, or null
 * @param adminPassword {@code SERAI_ADMIN_PASSWORD}, or null: one is generated
 * @param users {@code serai.access.users.<name>: {password, role, subject}}
 * @param tokens {@code serai.access.tokens.<name>: {token, role, owner}}
 * @param operatorRefunds {@code serai.access.operator-refunds.<currency>}: how much operators may
 *     have given back of one order, as decimal text; empty when as much as admins
 */
public record AccessSettings(
    String apiToken,
    String adminPassword,
    Map<String, User> users,
    Map<String, Token> tokens,
    Map<String, String> operatorRefunds) {
  /** Shorter tokens are refused. */
  public static final int SHORTEST_TOKEN = 16;

  /** Shorter passwords are refused. */
  public static final int SHORTEST_PASSWORD = 8;

  /**
   * A named person: password and role name.
   *
   * @param subject what the identity provider knows the same person by, or null
   */
  public record User(String password, String role, String subject) {
    @Override
    public String toString() {
      return "User[password=***, role=" + role + "]";
    }
  }

  /**
   * A named program: bearer token and role name.
   *
   * @param owner the user who holds it, or null
   */
  public record Token(String token, String role, String owner) {
    @Override
    public String toString() {
      return "Token[token=***, role=" + role + "]";
    }
  }

  /** Reads the settings; judges nothing yet. */
  public static AccessSettings from(Environment environment) {
    var binder = Binder.get(environment);
    return new AccessSettings(
        blankAsNull(environment.getProperty("SERAI_API_TOKEN")),
        blankAsNull(environment.getProperty("SERAI_ADMIN_PASSWORD")),
        binder
            .bind("serai.access.users", Bindable.mapOf(String.class, User.class))
            .orElse(Map.of()),
        binder
            .bind("serai.access.tokens", Bindable.mapOf(String.class, Token.class))
            .orElse(Map.of()),
        binder
            .bind("serai.access.operator-refunds", Bindable.mapOf(String.class, String.class))
            .orElse(Map.of()));
  }

  /** One sentence a fault, naming key, masked value and remedy; empty when all is well. */
  List<String> faults() {
    var faults = new ArrayList<String>();
    judgeToken(faults, "SERAI_API_TOKEN", apiToken);
    judgePassword(faults, "SERAI_ADMIN_PASSWORD", adminPassword);
    users.forEach(
        (name, user) -> {
          var key = "serai.access.users." + name;
          if (user.password() == null) {
            faults.add("'%s.password' is missing; give one or remove the user.".formatted(key));
          }
          judgePassword(faults, key + ".password", user.password());
          judgeRole(faults, key + ".role", user.role());
          if (name.equals(Callers.ADMIN)) {
            faults.add(
                "'%s' is configured twice; set the password of 'admin' by SERAI_ADMIN_PASSWORD."
                    .formatted(key));
          }
        });
    users.values().stream()
        .map(User::subject)
        .filter(Objects::nonNull)
        .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()))
        .forEach(
            (subject, times) -> {
              if (times > 1) {
                faults.add(
                    "'%s' is the subject of several users under 'serai.access.users'; one person is one user."
                        .formatted(subject));
              }
            });
    tokens.forEach(
        (name, token) -> {
          var key = "serai.access.tokens." + name;
          if (token.token() == null) {
            faults.add("'%s.token' is missing; give one or remove the entry.".formatted(key));
          }
          judgeToken(faults, key + ".token", token.token());
          judgeRole(faults, key + ".role", token.role());
          var owner = token.owner();
          if (owner != null && !owner.equals(Callers.ADMIN) && !users.containsKey(owner)) {
            faults.add(
                "'%s.owner' is '%s', which is no user; name one under 'serai.access.users'."
                    .formatted(key, owner));
          }
        });
    operatorRefunds.forEach(
        (currency, amount) -> {
          var key = "serai.access.operator-refunds." + currency;
          if (!currency.matches("[A-Za-z]{3}")) {
            faults.add("'%s' names no currency; write it as EUR.".formatted(key));
          } else if (!amount.strip().matches("[0-9]{1,15}(\\.[0-9]{1,6})?")) {
            faults.add(
                "'%s' is '%s', which is no amount; give decimal text as 100.00."
                    .formatted(key, amount));
          }
        });
    return faults;
  }

  private static void judgeToken(List<String> faults, String key, String token) {
    if (token != null && token.length() < SHORTEST_TOKEN) {
      faults.add(
          "%s ('%s') has %d characters; give at least %d random ones."
              .formatted(quoted(key), masked(token), token.length(), SHORTEST_TOKEN));
    }
  }

  private static void judgePassword(List<String> faults, String key, String password) {
    if (password != null && password.length() < SHORTEST_PASSWORD) {
      faults.add(
          "%s ('%s') has %d characters; give at least %d."
              .formatted(quoted(key), masked(password), password.length(), SHORTEST_PASSWORD));
    }
  }

  private static void judgeRole(List<String> faults, String key, String role) {
    if (Role.of(role) == null) {
      faults.add("'%s' is '%s', which is no role; give %s.".formatted(key, role, Role.words()));
    }
  }

  private static String quoted(String key) {
    return key.startsWith("serai.") ? "'" + key + "'" : key;
  }

  private static String masked(String secret) {
    return secret.isEmpty() ? "" : secret.charAt(0) + "***";
  }

  private static String blankAsNull(String value) {
    return value == null || value.isBlank() ? null : value.strip();
  }

  @Override
  public String toString() {
    return "AccessSettings[apiToken=***, adminPassword=***, users=%s, tokens=%s, operatorRefunds=%s]"
        .formatted(users, tokens, operatorRefunds);
  }
}
