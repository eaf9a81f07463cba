package io.serai.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.schibsted.spt.data.jslt.Function;
import io.serai.catalog.MappingFunctions.Named;
import io.serai.support.Ids;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** The functions that documents between businesses need: local times, short ids, labels. */
final class TradeFunctions {
  static final List<Function> ALL =
      List.of(
          new Named("local-of-instant", 3, 4, TradeFunctions::localOfInstant),
          new Named("short-id", 2, 2, TradeFunctions::shortId),
          new Named("long-id", 3, 3, TradeFunctions::longId),
          new Named("sscc", 2, 2, TradeFunctions::sscc));

  private TradeFunctions() {}

  /**
   * local-of-instant(instant, "zone", "pattern", hours): what a clock there shows, as text; so many
   * hours later where they are given.
   */
  private static JsonNode localOfInstant(JsonNode[] a) {
    if (MappingFunctions.isBlank(a[0])) {
      return NullNode.instance;
    }
    try {
      return TextNode.valueOf(
          DateTimeFormatter.ofPattern(a[2].asText(), Locale.ROOT)
              .format(
                  Instant.parse(a[0].asText())
                      .plus(Duration.ofHours(a.length > 3 ? a[3].asInt() : 0))
                      .atZone(ZoneId.of(a[1].asText()))));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new FieldFault(
          "time",
          MappingFunctions.shown(a[0]),
          "is '%s', which cannot be told as a time of '%s'"
              .formatted(MappingFunctions.shown(a[0]), a[1].asText()));
    }
  }

  /**
   * short-id(id, "path"): one of our ids in 22 letters, digits, dots and hyphens, for partners
   * whose fields are no longer; long-id gives it back.
   */
  private static JsonNode shortId(JsonNode[] a) {
    if (MappingFunctions.isBlank(a[0])) {
      return NullNode.instance;
    }
    String id = a[0].asText();
    try {
      return TextNode.valueOf(ShortIds.of(Ids.uuid(id.substring(0, id.indexOf('_')), id)));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new FieldFault(
          MappingFunctions.path(a[1]),
          MappingFunctions.shown(a[0]),
          "is '%s', which is no id of ours".formatted(MappingFunctions.shown(a[0])));
    }
  }

  /** long-id(text, "prefix", "path"): the id that short-id made the text of. */
  private static JsonNode longId(JsonNode[] a) {
    if (MappingFunctions.isBlank(a[0])) {
      return NullNode.instance;
    }
    try {
      return TextNode.valueOf(Ids.text(a[1].asText(), ShortIds.uuid(a[0].asText().strip())));
    } catch (IllegalArgumentException e) {
      throw new FieldFault(
          MappingFunctions.path(a[2]),
          MappingFunctions.shown(a[0]),
          "is '%s', which is no number that we gave; ask the partner to return ours"
              .formatted(MappingFunctions.shown(a[0])));
    }
  }

  /**
   * sscc(value, "path"): the 18 digits of a label, also written with 00 before; a wrong one fails.
   */
  private static JsonNode sscc(JsonNode[] a) {
    if (MappingFunctions.isBlank(a[0])) {
      return NullNode.instance;
    }
    String text = a[0].asText().strip();
    String digits = text.length() == 20 && text.startsWith("00") ? text.substring(2) : text;
    if (!digits.matches("[0-9]{18}") || !checks(digits)) {
      throw new FieldFault(
          MappingFunctions.path(a[1]),
          MappingFunctions.shown(a[0]),
          "is '%s', which is no SSCC: it has 18 digits, the last of which checks the others"
              .formatted(MappingFunctions.shown(a[0])));
    }
    return TextNode.valueOf(digits);
  }

  private static boolean checks(String digits) {
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      sum += (digits.charAt(digits.length() - 1 - i) - '0') * (i % 2 == 0 ? 1 : 3);
    }
    return sum % 10 == 0;
  }
}
