package io.serai.catalog;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an account of a connector may set, as docs/channels.md shows it: one row a parameter, in
 * Markdown.
 */
public final class ParameterTable {
  private static final String HEAD =
      """
      | parameter | is | type | default |
      |---|---|---|---|
      """;

  private ParameterTable() {}

  /** All parameters of a connector, those that must be set first. */
  public static String markdown(ConnectorProfile profile) {
    var all = profile.parameters().values();
    return Stream.concat(
            all.stream().filter(ConnectorProfile.Parameter::required),
            all.stream().filter(parameter -> !parameter.required()))
        .map(ParameterTable::row)
        .collect(Collectors.joining("", HEAD, ""));
  }

  private static String row(ConnectorProfile.Parameter parameter) {
    var fallback =
        parameter.required()
            ? "must be set"
            : parameter.fallback() == null ? "–" : "`" + parameter.fallback() + "`";
    return "| `%s` | %s | %s | %s |\n"
        .formatted(
            parameter.name(), cell(parameter.description()), type(parameter), cell(fallback));
  }

  private static String type(ConnectorProfile.Parameter parameter) {
    var type =
        parameter.choices().isEmpty()
            ? parameter.type().name().toLowerCase(Locale.ROOT)
            : parameter.choices().stream().collect(Collectors.joining("`, `", "`", "`"));
    return (parameter.secret() ? "secret " : "") + type + (parameter.list() ? ", a list" : "");
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
