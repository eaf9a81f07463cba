package io.serai.simulator;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The search syntax of the Admin API's lists, as far as connectors use it: terms {@code
 * field:value} with comparisons and quotes, joined by AND or a blank, by OR, negated by a minus.
 *
 * <p>A term whose field the list does not know is left out of the search and told as a warning, as
 * the real one does; so a misspelt filter finds too much.
 */
final class SearchQuery {

  private static final Pattern TERM =
      Pattern.compile(
          "(-)?(?:([a-z_]+):)?(>=|<=|>|<)?(?:'((?:[^'\\\\]|\\\\.)*)'|\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s()'\"]+))");

  private record Term(boolean negated, String field, String comparison, String value) {}

  private final List<List<Term>> alternatives = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  /** Reads a query; {@code null} and blank find everything. */
  SearchQuery(String text, Set<String> fields) {
    var terms = new ArrayList<Term>();
    Matcher matcher = TERM.matcher(text == null ? "" : text);
    while (matcher.find()) {
      if ("OR".equals(matcher.group()) && !terms.isEmpty()) {
        alternatives.add(List.copyOf(terms));
        terms.clear();
        continue;
      }
      if ("AND".equals(matcher.group())) {
        continue;
      }
      var term = term(matcher);
      if (term.field() != null && !fields.contains(term.field())) {
        warnings.add(term.field());
        continue;
      }
      terms.add(term);
    }
    if (!terms.isEmpty()) {
      alternatives.add(terms);
    }
  }

  private static Term term(Matcher matcher) {
    var value =
        matcher.group(4) != null
            ? matcher.group(4)
            : matcher.group(5) != null ? matcher.group(5) : matcher.group(6);
    return new Term(
        matcher.group(1) != null,
        matcher.group(2),
        matcher.group(3) == null ? "" : matcher.group(3),
        value.replaceAll("\\\\(.)", "$1"));
  }

  /** Fields that the list does not know. */
  List<String> warnings() {
    return warnings;
  }

  /** Whether a thing is found; the function gives its fields. */
  boolean finds(Function<String, Object> fields) {
    return alternatives.isEmpty()
        || alternatives.stream().anyMatch(a -> a.stream().allMatch(t -> finds(t, fields)));
  }

  private static boolean finds(Term term, Function<String, Object> fields) {
    var actual = fields.apply(term.field() == null ? "default" : term.field());
    var found =
        actual instanceof Collection<?> many
            ? many.stream().anyMatch(one -> holds(term, one))
            : holds(term, actual);
    return found != term.negated();
  }

  private static boolean holds(Term term, Object actual) {
    if (actual == null) {
      return false;
    }
    if (actual instanceof Instant instant) {
      return compares(term, instant.compareTo(instant(term.value())));
    }
    if (actual instanceof Long number) {
      try {
        return compares(term, Long.compare(number, Long.parseLong(term.value())));
      } catch (NumberFormatException e) {
        return false;
      }
    }
    var text = actual.toString();
    if (term.value().endsWith("*")) {
      var prefix = term.value().substring(0, term.value().length() - 1);
      return text.regionMatches(true, 0, prefix, 0, prefix.length());
    }
    return text.equalsIgnoreCase(term.value());
  }

  private static boolean compares(Term term, int comparison) {
    return switch (term.comparison()) {
      case ">=" -> comparison >= 0;
      case "<=" -> comparison <= 0;
      case ">" -> comparison > 0;
      case "<" -> comparison < 0;
      default -> comparison == 0;
    };
  }

  private static Instant instant(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      try {
        return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
      } catch (DateTimeParseException stillNot) {
        return Instant.EPOCH;
      }
    }
  }
}
