package io.serai.edi;

import io.serai.edi.EdiFault.Level;
import io.serai.edi.EdiFault.Place;
import io.serai.edi.EdiFault.Weight;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Compares what the CNT segments of an EDIFACT message claim with what is in it: the number of its
 * lines (qualifier 2) and the sum of their quantities (qualifier 1).
 *
 * <p>Guarantee: a claim is told as wrong only when no usual way of counting gives it: lines with
 * and without sub-lines; quantities of all kinds, of any one kind, or the first of each line. Gap:
 * other qualifiers (weights, packages, amounts) are not compared.
 */
final class ControlTotals {
  private static final String QUANTITIES = "1";
  private static final String LINES = "2";
  private static final int LONGEST = 35;

  private final Delimiters delimiters;
  private final List<Segment> claims = new ArrayList<>();
  private final Map<String, BigDecimal> byKind = new HashMap<>();
  private BigDecimal all = BigDecimal.ZERO;
  private BigDecimal firsts = BigDecimal.ZERO;
  private boolean first;
  private int lines;
  private int subLines;

  ControlTotals(Delimiters delimiters) {
    this.delimiters = delimiters;
  }

  /** Counts a segment of the message. */
  void segment(Segment segment) {
    switch (segment.id()) {
      case "LIN" -> {
        lines++;
        subLines += segment.component(4, 2, delimiters).isBlank() ? 0 : 1;
        first = true;
      }
      case "QTY" -> quantity(segment);
      case "CNT" -> claims.add(segment);
      default -> {
        // nothing that is totaled
      }
    }
  }

  // What stands before the first line is no line's.
  private void quantity(Segment segment) {
    var value = number(segment.component(1, 2, delimiters));
    if (lines == 0 || value == null) {
      return;
    }
    all = all.add(value);
    byKind.merge(segment.component(1, 1, delimiters), value, BigDecimal::add);
    if (first) {
      firsts = firsts.add(value);
      first = false;
    }
  }

  /** Tells the claims that do not match, when the message has ended. */
  void end(Consumer<EdiFault> faults) {
    for (var claim : claims) {
      var said = number(claim.component(1, 2, delimiters));
      var qualifier = claim.component(1, 1, delimiters);
      if (said == null) {
        continue; // told already, as no number
      }
      if (LINES.equals(qualifier) && !isCount(said, lines) && !isCount(said, lines - subLines)) {
        faults.accept(
            fault(
                claim,
                "number of lines",
                lines == 1 ? "1 LIN segment" : lines + " LIN segments",
                Integer.toString(lines)));
      } else if (QUANTITIES.equals(qualifier) && !isSum(said)) {
        faults.accept(
            fault(
                claim,
                "sum of quantities",
                "quantities that add up to " + firsts.toPlainString(),
                null));
      }
    }
  }

  private static boolean isCount(BigDecimal said, int counted) {
    return said.compareTo(BigDecimal.valueOf(counted)) == 0;
  }

  private boolean isSum(BigDecimal said) {
    return said.compareTo(all) == 0
        || said.compareTo(firsts) == 0
        || byKind.values().stream().anyMatch(sum -> said.compareTo(sum) == 0);
  }

  private static BigDecimal number(String text) {
    return text.length() <= LONGEST && Values.decimal(text) == null
        ? new BigDecimal(text.replace(',', '.'))
        : null;
  }

  // Which quantities were to be added is not known for sure, so of a sum nothing is proposed.
  private EdiFault fault(Segment claim, String what, String counted, String instead) {
    var value = claim.component(1, 2, delimiters);
    return new EdiFault(
        Level.ELEMENT,
        Weight.BLEMISH,
        SyntaxErrors.COUNT,
        new Place("CNT", claim.position(), "", 1, 2, "6066", claim.line(), claim.offset()),
        value,
        "CNT01-2 (%s) says '%s', and the message has %s."
            .formatted(what, Values.shown(value), counted),
        "Expected: what is in the message; perhaps a line was lost before it was sent.",
        instead == null ? "" : with(claim, instead));
  }

  private String with(Segment claim, String value) {
    var separator = String.valueOf(delimiters.components());
    var parts = claim.element(1).split(Pattern.quote(separator), -1);
    parts[1] = value;
    return new Segment("CNT", List.of(String.join(separator, parts)), 0, 0, 0).text(delimiters);
  }
}
