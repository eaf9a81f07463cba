package io.serai.access;

import io.serai.support.Sha256;
import java.math.BigDecimal;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Knows callers by bearer token or by name and password.
 *
 * <p>Guarantee: secrets are kept as SHA-256 only, and every known one is compared in constant time
 * whatever matched before it, so an answer's duration tells nothing. Gap: a user's name may be
 * guessed from the configuration, not from here; a generated admin password lives as long as the
 * process and differs between replicas.
 */
public final class Callers {
  /** The user that always exists. */
  public static final String ADMIN = "admin";

  private record Known(String name, byte[] hash, Caller caller) {}

  private final List<Known> tokens = new ArrayList<>();
  private final List<Known> logins = new ArrayList<>();
  private final Map<String, BigDecimal> operatorRefunds = new HashMap<>();

  /**
   * Judges the settings and makes the admin's password when none is given.
   *
   * @param announce gets the generated password once, in a sentence
   * @throws AccessRefused with one sentence a fault
   */
  public Callers(AccessSettings settings, Consumer<String> announce) {
    var faults = settings.faults();
    if (!faults.isEmpty()) {
      throw new AccessRefused(String.join("\n", faults));
    }
    if (settings.apiToken() != null) {
      tokens.add(
          known(
              "SERAI_API_TOKEN",
              settings.apiToken(),
              new Caller( // whoever starts the hub has both it and the admin's password
                  "token:api",
                  Role.ADMIN,
                  Scope.ALL,
                  Person.and(Person.named("token:api"), Person.named(ADMIN)))));
    }
    settings
        .tokens()
        .forEach(
            (name, token) ->
                tokens.add(known(name, token.token(), program(settings, name, token))));
    settings
        .users()
        .forEach(
            (name, user) ->
                logins.add(
                    known(
                        name,
                        user.password(),
                        new Caller(
                            name, Role.of(user.role()), Scope.ALL, person(settings, name)))));
    settings
        .operatorRefunds()
        .forEach(
            (currency, amount) ->
                operatorRefunds.put(
                    currency.toUpperCase(Locale.ROOT), new BigDecimal(amount.strip())));
    var password = settings.adminPassword();
    if (password == null) {
      password = generated();
      announce.accept(
          "The password of user 'admin' for this start is '%s'; set SERAI_ADMIN_PASSWORD to choose it."
              .formatted(password));
    }
    logins.add(known(ADMIN, password, new Caller(ADMIN, Role.ADMIN)));
  }

  /** The caller this bearer token belongs to. */
  public Optional<Caller> byToken(String token) {
    var given = Sha256.of(token);
    Caller found = null;
    for (var known : tokens) {
      if (MessageDigest.isEqual(known.hash(), given)) {
        found = known.caller();
      }
    }
    return Optional.ofNullable(found);
  }

  /** The caller of this name, when the password is theirs. */
  public Optional<Caller> byLogin(String name, String password) {
    var given = Sha256.of(password);
    Caller found = null;
    for (var known : logins) {
      boolean same = MessageDigest.isEqual(known.hash(), given);
      if (known.name().equals(name) & same) {
        found = known.caller();
      }
    }
    return Optional.ofNullable(found);
  }

  /** Everybody with a password, by name. */
  public List<Caller> users() {
    return logins.stream().map(Known::caller).sorted(Comparator.comparing(Caller::name)).toList();
  }

  /** Whether the configuration has a token of this name. */
  public boolean isToken(String name) {
    return tokens.stream().anyMatch(known -> known.caller().name().equals("token:" + name));
  }

  /**
   * How much a caller may have given back of one order, by currency, and nothing in any other;
   * empty when nobody set that.
   */
  public Optional<Map<String, BigDecimal>> mostRefunded(Caller caller) {
    return caller.role().covers(Role.ADMIN) || operatorRefunds.isEmpty()
        ? Optional.empty()
        : Optional.of(Map.copyOf(operatorRefunds));
  }

  private static Known known(String key, String secret, Caller caller) {
    return new Known(key, Sha256.of(secret), caller);
  }

  private static Set<String> person(AccessSettings settings, String name) {
    var user = settings.users().get(name);
    var named = Person.named(name);
    return user == null || user.subject() == null
        ? named
        : Person.and(named, Set.of(Person.subject(user.subject())));
  }

  private static Caller program(AccessSettings settings, String name, AccessSettings.Token token) {
    var actor = ApiTokens.ACTOR + name;
    var marks = Person.named(actor);
    return new Caller(
        actor,
        Role.of(token.role()),
        Scope.ALL,
        token.owner() == null ? marks : Person.and(marks, person(settings, token.owner())));
  }

  /** These marks and those of the users that share one: what is configured now ties them. */
  Set<String> person(Set<String> marks) {
    var all = marks;
    for (var user : logins) {
      if (Person.same(all, user.caller().person())) {
        all = Person.and(all, user.caller().person());
      }
    }
    return all;
  }

  private static String generated() {
    var bytes = new byte[15];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
