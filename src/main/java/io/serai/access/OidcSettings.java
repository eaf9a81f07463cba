package io.serai.access;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * People log in at an identity provider (OpenID Connect), and a claim says which role they have, as
 * {@code serai.access.oidc} says.
 *
 * @param issuer the provider's issuer, as its tokens bear it
 * @param consoleUrl where people reach the console, without a last slash
 * @param nameClaim which claim names a person
 * @param roleClaim which claim says what they may, parts of a path separated by dots
 * @param roles for each role the values of that claim which give it
 */
public record OidcSettings(
    String issuer,
    String clientId,
    String clientSecret,
    String consoleUrl,
    List<String> scopes,
    String nameClaim,
    String roleClaim,
    Map<Role, Set<String>> roles) {
  private static final String ROOT = "serai.access.oidc.";
  private static final int LONGEST_NAME = 100;

  /**
   * Reads and judges; empty when nobody logs in so.
   *
   * @throws AccessRefused with one sentence a fault
   */
  public static Optional<OidcSettings> from(Environment environment) {
    var binder = Binder.get(environment);
    var issuer = text(environment, "issuer", null);
    if (issuer == null) {
      return Optional.empty();
    }
    var faults = new ArrayList<String>();
    judgeUrl(faults, "issuer", issuer);
    var consoleUrl = required(faults, environment, "console-url");
    judgeUrl(faults, "console-url", consoleUrl);
    var roles = new TreeMap<Role, Set<String>>();
    binder
        .bind(ROOT + "roles", Bindable.mapOf(String.class, String[].class))
        .orElse(Map.of())
        .forEach(
            (word, values) -> {
              var role = Role.of(word);
              if (role == null) {
                faults.add(
                    "'%sroles.%s' names no role; give %s.".formatted(ROOT, word, Role.words()));
              } else {
                roles.put(role, Set.of(values));
              }
            });
    if (roles.isEmpty()) {
      faults.add(
          "'%sroles' gives nobody a role; say which values of the claim give which, as %sroles.operator: [ops]."
              .formatted(ROOT, ROOT));
    }
    var settings =
        new OidcSettings(
            issuer,
            required(faults, environment, "client-id"),
            required(faults, environment, "client-secret"),
            consoleUrl,
            binder
                .bind(ROOT + "scopes", Bindable.listOf(String.class))
                .orElse(List.of("openid", "profile")),
            text(environment, "name-claim", "preferred_username"),
            text(environment, "role-claim", "groups"),
            Map.copyOf(roles));
    if (!faults.isEmpty()) {
      throw new AccessRefused(String.join("\n", faults));
    }
    return Optional.of(settings);
  }

  private static String text(Environment environment, String key, String usual) {
    var text = environment.getProperty(ROOT + key);
    return text == null || text.isBlank() ? usual : text.strip();
  }

  private static String required(List<String> faults, Environment environment, String key) {
    var text = text(environment, key, null);
    if (text == null) {
      faults.add("'%s%s' is missing; set it, or remove '%sissuer'.".formatted(ROOT, key, ROOT));
    }
    return text;
  }

  private static void judgeUrl(List<String> faults, String key, String url) {
    if (url == null) {
      return;
    }
    try {
      var uri = URI.create(url);
      boolean near = "localhost".equals(uri.getHost()) || "127.0.0.1".equals(uri.getHost());
      if (uri.getHost() != null
          && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()) && near)
          && !url.endsWith("/")) {
        return;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    faults.add(
        "'%s%s' is '%s', which is no https address without a last slash; write it as https://sso.example."
            .formatted(ROOT, key, url));
  }

  /**
   * Who these claims are about, with the last role of the list of all that they give; empty when
   * they give none.
   */
  public Optional<Caller> caller(Map<String, Object> claims) {
    var values = values(claims);
    Role found = null;
    for (var role : Role.values()) {
      if (roles.getOrDefault(role, Set.of()).stream().anyMatch(values::contains)) {
        found = role;
      }
    }
    return found == null
        ? Optional.empty()
        : Optional.of(new Caller(name(claims), found, Scope.ALL, person(claims)));
  }

  // A name may change at the provider, and the subject never does.
  private Set<String> person(Map<String, Object> claims) {
    var named = Person.named(name(claims));
    return claims.get("sub") instanceof String subject && !subject.isBlank()
        ? Person.and(named, Set.of(Person.subject(subject)))
        : named;
  }

  /** The actor as the audit names it. */
  public String name(Map<String, Object> claims) {
    var name = claims.get(nameClaim) instanceof String text ? text : "";
    if (name.isBlank()) {
      name = String.valueOf(claims.get("sub"));
    }
    var line = name.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "·").strip();
    return "sso:" + line.substring(0, Math.min(LONGEST_NAME, line.length()));
  }

  private Set<String> values(Map<String, Object> claims) {
    Object at = claims;
    for (var part : roleClaim.split("\\.")) {
      at = at instanceof Map<?, ?> map ? map.get(part) : null;
    }
    if (at instanceof Collection<?> many) {
      return Set.copyOf(
          many.stream().filter(String.class::isInstance).map(String.class::cast).toList());
    }
    return at instanceof String one ? Set.of(one) : Set.of();
  }

  @Override
  public String toString() {
    return "OidcSettings[issuer=%s, clientId=%s, clientSecret=***]".formatted(issuer, clientId);
  }
}
