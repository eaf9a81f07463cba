package io.serai.catalog;

import io.serai.catalog.ConnectorProfile.Parameter;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/** Turns the text of a setting into its type. */
final class Value {
  // RFC 5321 without quoted names and address literals, whose like nobody means.
  private static final Pattern MAIL =
      Pattern.compile(
          "[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*");

  private Value() {}

  /** What the text is not, as in "which is not …"; null when it is what the parameter wants. */
  static String complaint(Parameter parameter, String text) {
    return switch (parameter.type()) {
      case TEXT -> null;
      case URL -> isUrl(text) ? null : "an http or https address without a trailing slash";
      case BOOLEAN -> isFlag(text) ? null : "true or false";
      case INTEGER -> text.matches("-?[0-9]{1,18}") ? null : "a whole number";
      case DURATION ->
          Section.duration(text) != null ? null : "a duration such as '30s', '15m' or '2h'";
      case CHOICE ->
          parameter.choices().contains(text)
              ? null
              : "one of '" + String.join("', '", parameter.choices()) + "'";
      case PLACE ->
          text.matches("[a-z0-9-]+=[^=\\s]+") ? null : "a node and a place such as 'nj-1=64012345'";
      case MAIL -> MAIL.matcher(text).matches() ? null : "a mail address such as 'ops@example.com'";
    };
  }

  /** The typed value of a text without complaint. */
  static Object of(Parameter parameter, String text) {
    if (parameter.secret()) {
      return Secret.of(text);
    }
    return switch (parameter.type()) {
      case TEXT, CHOICE, PLACE, MAIL -> text;
      case URL -> URI.create(text);
      case BOOLEAN -> Boolean.parseBoolean(text.toLowerCase(Locale.ROOT));
      case INTEGER -> Long.parseLong(text);
      case DURATION -> Section.duration(text);
    };
  }

  private static boolean isFlag(String text) {
    return text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
  }

  private static boolean isUrl(String text) {
    try {
      var uri = new URI(text);
      return uri.getHost() != null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null
          && uri.getRawUserInfo() == null
          && !text.endsWith("/");
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
