package io.serai.api;

import io.serai.deadletter.Selection;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads which dead letters a line of words means, as {@code channel:amazon kind:unmapped age:>2h}.
 * All words must hold; one that is unknown, or said twice, is refused and never ignored.
 */
public final class DeadLetterWords {
  /** The words, as people are offered them. */
  public static final List<String> WORDS =
      List.of(
          "kind:",
          "account:",
          "channel:",
          "document:",
          "type:",
          "group:",
          "route:",
          "step:",
          "sku:",
          "order:",
          "key:",
          "age:>",
          "age:<",
          "day:",
          "since:",
          "until:",
          "needs:answer");

  private static final Map<String, String> OTHERS =
      Map.of("partner", "account", "destination", "account", "class", "kind", "cause", "group");
  private static final Pattern TOKEN =
      Pattern.compile("([a-z-]+):(\"[^\"]*\"|\\S+)|\"[^\"]*\"|\\S+");
  private static final Pattern AGE = Pattern.compile("([<>])([0-9]{1,6})(m|h|d)");
  private static final int LONGEST = 2_000;

  private DeadLetterWords() {}

  /**
   * @param now what ages are counted from
   * @throws Problem 400 with the sentence when a word is none or its value is none
   */
  public static Selection of(String q, Instant now) {
    var line = Words.present(q);
    if (line == null) {
      return Selection.everything();
    }
    if (line.length() > LONGEST) {
      throw Problem.badRequest(
          "The filter has %d characters, and %d at most are read; shorten it."
              .formatted(line.length(), LONGEST));
    }
    var said = new LinkedHashMap<String, String>();
    Instant since = null;
    Instant until = null;
    var tokens = TOKEN.matcher(line);
    while (tokens.find()) {
      var word = tokens.group(1) == null ? "key" : tokens.group(1).toLowerCase(Locale.ROOT);
      word = OTHERS.getOrDefault(word, word);
      var value = bare(tokens.group(1) == null ? tokens.group() : tokens.group(2));
      switch (word) {
        case "age" -> {
          var age = AGE.matcher(value);
          if (!age.matches()) {
            throw Problem.badRequest(
                "'age:%s' is no age; write age:>2h or age:<30m (m, h or d)."
                    .formatted(Words.cut(value)));
          }
          var at = now.minus(span(Long.parseLong(age.group(2)), age.group(3)));
          if (age.group(1).equals(">")) {
            until = earlier(until, at);
          } else {
            since = later(since, at);
          }
        }
        case "day" -> {
          var day = day(value);
          since = later(since, day);
          until = earlier(until, day.plus(Duration.ofDays(1)));
        }
        case "since" -> since = later(since, instant(word, value));
        case "until" -> until = earlier(until, instant(word, value));
        default -> {
          if (!WORDS.contains(word + ":") && !word.equals("needs")) {
            throw Problem.badRequest(
                "'%s' is no word to filter by; use one of %s.".formatted(Words.cut(word), words()));
          }
          if (said.put(word, value) != null) {
            throw Problem.badRequest(
                "'%s' is said twice, and nothing is both; leave one out.".formatted(word));
          }
        }
      }
    }
    if (said.containsKey("needs") && !said.get("needs").equals("answer")) {
      throw Problem.badRequest(
          "'needs:%s' is nothing to filter by; write needs:answer."
              .formatted(Words.cut(said.get("needs"))));
    }
    return Selections.of(
            null,
            said.get("type"),
            said.get("group"),
            said.get("kind"),
            said.get("account"),
            said.get("document"),
            said.get("order"),
            since,
            until,
            said.containsKey("needs") ? true : null)
        .at(
            new Selection.Where(
                said.get("channel"),
                said.get("route"),
                said.get("step"),
                said.get("sku"),
                said.get("key")));
  }

  /** A word with its value, as it is read again; quoted when it has to be. */
  public static String say(String word, String value) {
    return word + ":" + (value.matches("[^\\s\"]+") ? value : '"' + value.replace("\"", "") + '"');
  }

  private static String bare(String value) {
    return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1)
        : value;
  }

  private static String words() {
    var words = new ArrayList<String>();
    for (var word : WORDS) {
      var name = word.substring(0, word.indexOf(':'));
      if (!words.contains(name)) {
        words.add(name);
      }
    }
    return String.join(", ", words);
  }

  private static Duration span(long count, String unit) {
    return switch (unit) {
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  private static Instant day(String value) {
    try {
      return LocalDate.parse(value).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeException e) {
      throw Problem.badRequest(
          "'day:%s' is no day; write day:2026-01-31.".formatted(Words.cut(value)));
    }
  }

  private static Instant instant(String word, String value) {
    try {
      return value.length() == 10 ? day(value) : OffsetDateTime.parse(value).toInstant();
    } catch (DateTimeException e) {
      throw Problem.badRequest(
          "'%s:%s' is no time; write 2026-01-31 or 2026-01-31T12:00:00Z."
              .formatted(word, Words.cut(value)));
    }
  }

  private static Instant earlier(Instant one, Instant other) {
    return one == null || other.isBefore(one) ? other : one;
  }

  private static Instant later(Instant one, Instant other) {
    return one == null || other.isAfter(one) ? other : one;
  }
}
