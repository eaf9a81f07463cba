package io.serai.catalog;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an account of a connector may set, as docs/channels.md shows it: one row a parameter, in
 * Markdown. What its transport brings stands in docs/files.md.
 */
public final class ParameterTable {
  private static final String HEAD =
      """
      | parameter | is | type | default |
      |---|---|---|---|
      """;

  private ParameterTable() {}

  /** The parameters of a connector, those that must be set first. */
  public static String markdown(ConnectorProfile profile) {
    return markdown(
        profile.parameters().values().stream()
            .filter(parameter -> !Transports.brings(profile, parameter.name()))
            .toList());
  }

  /** What the accounts of a transport may set. */
  public static String markdown(String transport) {
    return markdown(Transports.of(transport));
  }

  private static String markdown(List<ConnectorProfile.Parameter> all) {
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
