package io.serai.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Currency;
import java.util.Locale;
import java.util.Map;

/** Values as people read them. */
final class Show {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Map<String, String> TONES =
      Map.ofEntries(
          Map.entry(
              "good",
              "APPLIED CONFIRMED SHIPPED DELIVERED DONE OK PAID ACCEPTED REPLAYED SAME ACTIVE APPROVED"),
          Map.entry(
              "bad",
              "PARKED REFUSED FAILED UNKNOWN_OUTCOME ABORTED VOIDED REJECTED SUSPENDED REVOKED EXPIRED DECLINED"),
          Map.entry(
              "warn",
              "ON_HOLD PROPOSED WAITING BACKORDERED PARTLY_ACCEPTED ACCEPTED_WITH_ERRORS PAUSED OPEN DEGRADED UNMAPPED UNALLOCATABLE PARTIALLY_ALLOCATED"
                  + " RECOVERING MAINTENANCE HELD SKIPPED KEPT RETURNED DIFFERENT PENDING_PAYMENT TRANSIENT THROTTLED"),
          Map.entry(
              "moving",
              "RECEIVED RUNNING READY SENDING SENT STORED PENDING ALLOCATED RELEASED IN_FULFILLMENT PARTIALLY_SHIPPED NEW RATING BUYING LABELED VOIDING"));

  private Show() {}

  /** A count with separators. */
  static String n(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** "1 order", "2 orders". */
  static String n(long number, String one, String many) {
    return n(number) + " " + (number == 1 ? one : many);
  }

  /** A state in plain letters: IN_FULFILLMENT is "in fulfillment". */
  static String words(String state) {
    return state == null ? "–" : state.toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** The points of a line through these counts, 4 wide each and 20 high; the first at 0. */
  static String spark(int... counts) {
    int most = 1;
    for (int count : counts) {
      most = Math.max(most, count);
    }
    var points = new StringBuilder();
    for (int i = 0; i < counts.length; i++) {
      points.append(i * 4).append(',').append(19 - Math.round(18.0 * counts[i] / most)).append(' ');
    }
    return points.toString().strip();
  }

  /** Bytes by sixteen: where, in hexadecimal, and as text with a dot for what is none. */
  static String hex(byte[] bytes, int most) {
    var lines = new StringBuilder();
    for (int at = 0; at < Math.min(bytes.length, most); at += 16) {
      var text = new StringBuilder();
      lines.append(String.format(Locale.ROOT, "%08x ", at));
      for (int i = at; i < at + 16; i++) {
        if (i % 8 == 0) {
          lines.append(' ');
        }
        if (i < Math.min(bytes.length, most)) {
          lines.append(String.format(Locale.ROOT, "%02x ", bytes[i]));
          text.append(bytes[i] >= ' ' && bytes[i] < 127 ? (char) bytes[i] : '.');
        } else {
          lines.append("   ");
        }
      }
      lines.append(" ").append(text).append('\n');
    }
    return lines.toString();
  }

  /** A name in capitals as people write it in a filter. */
  static String word(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** What replaying from a step does, in a few words. */
  static String step(String step) {
    return switch (step) {
      case "normalize" -> "Read its bytes again";
      case "apply" -> "Decide the order anew";
      case "map" -> "Make what is owed anew";
      default -> "Send it as it was made";
    };
  }

  /** Whether a state is good, bad, wants attention or moves: its color, never its only sign. */
  static String tone(String state) {
    if (state != null) {
      for (var tone : TONES.entrySet()) {
        if ((" " + tone.getValue() + " ").contains(" " + state + " ")) {
          return tone.getKey();
        }
      }
    }
    return "idle";
  }

  /** Text, or a dash when there is none. */
  static String or(String text) {
    return text == null || text.isEmpty() ? "–" : text;
  }

  /** An instant in UTC. */
  static String utc(Instant at) {
    return TIME.format(at);
  }

  /** The day of an instant in UTC. */
  static String day(Instant at) {
    return utc(at).substring(0, 10);
  }

  /** How long ago, or how long until, in its two greatest units at most. */
  static String ago(Instant at, Instant now) {
    var span = Duration.between(at, now);
    return span.isNegative() ? "in " + span(span.negated()) : span(span) + " ago";
  }

  /** How long something took, exactly where it was short. */
  static String took(Instant from, Instant to) {
    var span = Duration.between(from, to);
    return span.isNegative()
        ? "–"
        : span.toSeconds() < 10 ? n(span.toMillis()) + " ms" : span(span);
  }

  /** A duration in its greatest unit, or two. */
  static String span(Duration span) {
    long seconds = span.toSeconds();
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return seconds / 60 + " min";
    }
    if (seconds < 48 * 3600) {
      long minutes = seconds % 3600 / 60;
      return seconds / 3600 + " h" + (minutes == 0 ? "" : " " + minutes + " min");
    }
    return seconds / 86_400 + " days";
  }

  /** An amount with its currency. */
  static String money(String amount, String currency) {
    return amount == null ? "–" : amount + (currency == null ? "" : " " + currency);
  }

  /** An amount with as many digits as its currency has, and separators. */
  static String money(BigDecimal amount, String currency) {
    int digits;
    try {
      digits = Math.max(0, Currency.getInstance(currency).getDefaultFractionDigits());
    } catch (IllegalArgumentException unknown) {
      digits = amount.scale();
    }
    return String.format(Locale.ROOT, "%,." + Math.max(0, digits) + "f", amount) + " " + currency;
  }

  /** JSON on lines of its own. */
  static String json(JsonNode node) {
    return node == null || node.isNull() || node.isMissingNode() ? "" : node.toPrettyString();
  }

  /** A payload on lines of its own when it is JSON, else as it is. */
  static String pretty(String text) {
    if (text == null) {
      return "";
    }
    var start = text.stripLeading();
    if (!start.startsWith("{") && !start.startsWith("[")) {
      return text;
    }
    try {
      return JSON.readTree(text).toPrettyString();
    } catch (JsonProcessingException notJson) {
      return text;
    }
  }

  /** A part of an address. */
  static String part(String text) {
    return text == null ? "" : URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Where a thing of this id is shown, or null when it has no page. */
  static String link(String id) {
    if (id == null) {
      return null;
    }
    return id.startsWith("msg_")
        ? "/console/messages/" + id
        : id.startsWith("dlv_")
            ? "/console/deliveries/" + id
            : id.startsWith("ord_")
                ? "/console/orders/" + id
                : id.startsWith("pcl_")
                    ? "/console/parcels/" + id
                    : id.startsWith("ret_")
                        ? "/console/returns/" + id
                        : id.startsWith("rpl_")
                            ? "/console/jobs/" + id
                            : id.startsWith("itc_")
                                ? "/console/interchanges/" + id
                                : id.startsWith("mnt_") ? "/console/maintenance" : null;
  }

  /** The first so many letters. */
  static String cut(String text, int most) {
    return text == null ? "" : text.length() <= most ? text : text.substring(0, most) + "…";
  }

  /** A word in single quotes for a shell. */
  static String quoted(String text) {
    return "'" + (text == null ? "" : text.replace("'", "'\\''")) + "'";
  }
}
