package io.serai.database;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Optional;

/**
 * Reads {@code SERAI_DB_URL} in either form that people have at hand: JDBC's, or the {@code
 * postgres://user:password@host/database} of most clouds.
 */
final class DatabaseUrl {
  private DatabaseUrl() {}

  static DatabaseSettings.External parse(
      String url, Optional<String> user, Optional<String> password) {
    var plain = url.startsWith("jdbc:") ? url.substring(5) : url;
    if (!plain.matches("(?s)postgres(ql)?:.*")) {
      throw refused(url, "it names no PostgreSQL");
    }
    try {
      var parsed = new URI(plain.replaceFirst("^postgres:", "postgresql:"));
      if (parsed.getRawAuthority() == null && plain.contains("//")) {
        throw refused(url, "it names no host");
      }
      var authority = parsed.getRawAuthority() == null ? "" : parsed.getRawAuthority();
      var credentials = authority.contains("@") ? authority.split("@", 2)[0] : "";
      var hosts = authority.substring(credentials.isEmpty() ? 0 : credentials.length() + 1);
      var parts = credentials.split(":", 2);
      var rest = new ArrayList<String>();
      var foundUser = user.or(() -> text(parts[0]));
      var foundPassword = password.or(() -> parts.length > 1 ? text(parts[1]) : Optional.empty());
      for (var pair : Optional.ofNullable(parsed.getRawQuery()).orElse("").split("&")) {
        if (pair.startsWith("user=") && foundUser.isEmpty()) {
          foundUser = text(pair.substring(5));
        } else if (pair.startsWith("password=") && foundPassword.isEmpty()) {
          foundPassword = text(pair.substring(9));
        } else if (!pair.isEmpty() && !pair.startsWith("user=") && !pair.startsWith("password=")) {
          rest.add(pair);
        }
      }
      if (foundUser.isEmpty()) {
        throw new DatabaseRefused(
            "SERAI_DB_URL '%s' comes without a user. Set SERAI_DB_USER and SERAI_DB_PASSWORD."
                .formatted(masked(url)));
      }
      var clean =
          parsed.getRawAuthority() == null
              ? "jdbc:" + plain.replaceFirst("\\?.*$", "")
              : "jdbc:postgresql://" + hosts + parsed.getRawPath();
      return new DatabaseSettings.External(
          rest.isEmpty() ? clean : clean + "?" + String.join("&", rest),
          foundUser.get(),
          foundPassword.orElse(""));
    } catch (URISyntaxException e) {
      throw refused(url, e.getReason().toLowerCase(java.util.Locale.ROOT));
    }
  }

  private static Optional<String> text(String encoded) {
    return encoded.isEmpty()
        ? Optional.empty()
        : Optional.of(URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8));
  }

  private static DatabaseRefused refused(String url, String why) {
    return new DatabaseRefused(
        "SERAI_DB_URL '%s' cannot be used: %s. Write it as jdbc:postgresql://host:5432/database."
            .formatted(masked(url), why));
  }

  private static String masked(String url) {
    return url.replaceAll("(://[^:/@]*):[^@]*@", "$1:***@").replaceAll("(password=)[^&]*", "$1***");
  }
}
