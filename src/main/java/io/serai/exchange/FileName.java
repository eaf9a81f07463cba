package io.serai.exchange;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How the file of an interchange is called: a text with parts in braces.
 *
 * <p>Guarantee: whatever stands in the parts, the name has only letters, digits, dot, dash and
 * underscore, begins with none of the three, and so leads nowhere but into the folder it is meant
 * for.
 */
final class FileName {
  /** What may stand in braces. */
  static final List<String> PARTS =
      List.of("set", "ours", "theirs", "account", "interchange", "date", "time", "subject");

  private static final Pattern PART = Pattern.compile("\\{([^{}]*)}");
  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyyMMdd");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss");

  private FileName() {}

  /** The first part that stands for nothing, or null. */
  static String unknown(String text) {
    var parts = PART.matcher(text);
    while (parts.find()) {
      if (!PARTS.contains(parts.group(1))) {
        return parts.group(1);
      }
    }
    return null;
  }

  /** Whether two interchanges are never called the same. */
  static boolean distinct(String text) {
    return text.contains("{interchange}");
  }

  static String of(
      String text, Agreement with, String set, String control, String subject, ZonedDateTime at) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("set", set);
    values.put("ours", with.ours().id());
    values.put("theirs", with.theirs().id());
    values.put("account", with.account());
    values.put("interchange", control);
    values.put("date", DATE.format(at));
    values.put("time", TIME.format(at));
    values.put("subject", subject == null ? "" : subject);
    var name =
        PART.matcher(text)
            .replaceAll(part -> values.getOrDefault(part.group(1), "").replaceAll("[\\\\$]", "_"))
            .replaceAll("[^A-Za-z0-9._-]", "_");
    return name.replaceFirst("^[._-]+", "");
  }
}
