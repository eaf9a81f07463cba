package io.serai.cli;

import io.serai.edi.EdiFault;
import io.serai.edi.EdiFault.Weight;
import io.serai.edi.FileReport;
import io.serai.edi.GroupReport;
import io.serai.edi.Interchange;
import io.serai.edi.InterchangeReport;
import io.serai.edi.Outcome;
import io.serai.edi.SetReport;
import io.serai.edi.Standard;
import java.io.PrintWriter;
import java.util.List;

/**
 * Prints what became of an X12 or EDIFACT file, for people: what was taken, what was not, and why.
 */
final class EdiReportText {
  private static final int MOST_SETS = 200;

  private final Terminal terminal;
  private final EdiQuotes quotes;
  private final PrintWriter out;
  private Standard standard = Standard.X12;
  private int sets;
  private int left;

  /** Whether an acknowledgment tells of what is printed now: of the file itself none does. */
  private boolean told;

  EdiReportText(Terminal terminal, EdiQuotes quotes) {
    this.terminal = terminal;
    this.quotes = quotes;
    this.out = terminal.out();
  }

  /** Whether nothing in the file is refused. */
  static boolean taken(FileReport report) {
    return report.faults().stream().noneMatch(EdiFault::refuses)
        && !report.interchanges().isEmpty()
        && report.interchanges().stream()
            .allMatch(
                interchange ->
                    interchange.outcome().taken()
                        && interchange.groups().stream()
                            .allMatch(
                                group ->
                                    group.outcome() != Outcome.REFUSED
                                        && group.outcome() != Outcome.PARTLY_ACCEPTED));
  }

  void print(String name, FileReport report) {
    long all = 0;
    long accepted = 0;
    for (var interchange : report.interchanges()) {
      for (var group : interchange.groups()) {
        all += group.sets().size();
        accepted += interchange.outcome().taken() ? group.accepted() : 0;
      }
    }
    out.println(
        terminal.bold(Text.line(name))
            + ": "
            + counted(report.interchanges().size(), "interchange")
            + ", "
            + counted(all, document(report))
            + (all == 0
                ? "."
                : accepted == all
                    ? ", all accepted."
                    : ", " + accepted + " accepted, " + (all - accepted) + " refused."));
    faults(report.faults(), "  ");
    told = true;
    for (var interchange : report.interchanges()) {
      print(interchange);
    }
    if (left > 0) {
      out.println();
      out.println(
          "  "
              + counted(left, document(report))
              + (left == 1 ? " without faults is" : " without faults are")
              + " not listed.");
    }
  }

  private void print(InterchangeReport report) {
    var interchange = report.interchange();
    standard = interchange.delimiters().standard();
    out.println();
    out.println(
        terminal.bold("Interchange " + Text.line(interchange.control()))
            + " from "
            + party(interchange.senderQualifier(), interchange.sender())
            + " to "
            + party(interchange.receiverQualifier(), interchange.receiver())
            + usage(interchange)
            + terminal.faint(" (line " + interchange.line() + ")")
            + ": "
            + outcome(report.outcome()));
    faults(report.faults(), "  ");
    for (var ta1 : report.acknowledgments()) {
      out.println(
          "  TA1: our interchange "
              + Text.line(ta1.element(1))
              + " was "
              + switch (ta1.element(4)) {
                case "A" -> "accepted";
                case "E" -> "accepted with errors";
                case "R" -> "refused";
                default -> "answered with '" + Text.line(ta1.element(4)) + "'";
              }
              + ", code "
              + Text.line(ta1.element(5))
              + ".");
    }
    for (var group : report.groups()) {
      print(group, report.outcome().taken());
    }
  }

  private void print(GroupReport report, boolean interchangeTaken) {
    // messages of EDIFACT may stand in no group
    if (standard == Standard.X12 || !report.group().functionalId().isEmpty()) {
      head(report, interchangeTaken);
    }

    faults(report.faults(), "    ");
    boolean groupTaken = report.faults().stream().noneMatch(EdiFault::refuses);
    for (var set : report.sets()) {
      if (!set.faults().isEmpty() || sets < MOST_SETS) {
        sets++;
        print(set, interchangeTaken && groupTaken);
      } else {
        left++;
      }
    }
  }

  private void head(GroupReport report, boolean interchangeTaken) {
    var group = report.group();
    out.println(
        "  Group "
            + Text.line(group.control())
            + ", "
            + Text.line(group.functionalId())
            + " "
            + Text.line(group.version())
            + terminal.faint(" (line " + group.line() + ")")
            + ": "
            + (interchangeTaken ? outcome(report.outcome()) : "refused with its interchange"));
  }

  private static String document(FileReport report) {
    return report.interchanges().isEmpty()
        ? "set"
        : report.interchanges().getFirst().interchange().delimiters().standard().document();
  }

  private void print(SetReport set, boolean aroundTaken) {
    out.println(
        (standard == Standard.X12 ? "    Set " : "    Message ")
            + Text.line(set.id())
            + " "
            + (set.control().isEmpty() ? "without a number" : Text.line(set.control()))
            + ", "
            + counted(set.segments(), "segment")
            + terminal.faint(" (line " + set.line() + ")")
            + ": "
            + (aroundTaken || !set.outcome().taken()
                ? outcome(set.outcome())
                : "well-formed, refused with what is around it"));
    faults(set.faults(), "      ");
  }

  private void faults(List<EdiFault> faults, String indent) {
    for (var fault : faults) {
      var mark =
          fault.weight() == Weight.NOTE ? "note: " : fault.refuses() ? "fault: " : "accepted: ";
      paragraph(indent, mark, Text.line(fault.what()) + where(fault));
      var quote = quotes.of(fault);
      var deeper = indent + " ".repeat(mark.length());
      if (quote != null) {
        out.println(deeper + Text.line(quote.text()));
        if (fault.place().element() > 0) {
          out.println(deeper + " ".repeat(quote.from()) + "^".repeat(Math.max(1, quote.length())));
        }
      }
      if (!fault.expected().isEmpty()) {
        paragraph(deeper, "", Text.line(fault.expected()));
      }
      if (!fault.corrected().isEmpty()) {
        out.println(deeper + "Perhaps: " + Text.line(fault.corrected()));
      }
    }
  }

  private String where(EdiFault fault) {
    var place = fault.place();
    var where = new StringBuilder(" (line ").append(place.line());
    if (place.position() > 0) {
      where.append(", segment ").append(place.position());
    }
    if (!place.loop().isEmpty()) {
      where.append(standard == Standard.X12 ? ", loop " : ", group ").append(place.loop());
    }
    if (told && fault.counts() && !fault.code().isEmpty()) {
      where
          .append(", ")
          .append(standard == Standard.X12 ? element(fault.level()) : "0085")
          .append(" code ")
          .append(fault.code());
    }
    return terminal.faint(where.append(')').toString());
  }

  /** The element of the acknowledgment that bears the code. */
  private static String element(EdiFault.Level level) {
    return switch (level) {
      case FILE, INTERCHANGE -> "TA105";
      case GROUP -> "AK905";
      case SET -> "AK502";
      case SEGMENT -> "AK304";
      case ELEMENT -> "AK403";
    };
  }

  // Lines of a terminal are broken between words; a file keeps them whole.
  private void paragraph(String indent, String mark, String text) {
    int width = terminal.width() - indent.length() - mark.length();
    var line = new StringBuilder(indent).append(mark);
    int used = 0;
    for (var word : text.split(" ")) {
      int length = Text.width(word);
      if (terminal.width() > 0 && used > 0 && used + 1 + length > width) {
        out.println(line);
        line = new StringBuilder(indent).append(" ".repeat(mark.length()));
        used = 0;
      }
      line.append(used > 0 ? " " : "").append(word);
      used += length + (used > 0 ? 1 : 0);
    }
    out.println(line);
  }

  private static String usage(Interchange interchange) {
    return switch (interchange.usage()) {
      case "P" -> ", production";
      case "T" -> ", test";
      default -> "";
    };
  }

  private static String party(String qualifier, String id) {
    return Text.line(qualifier) + "/" + Text.line(id);
  }

  private String outcome(Outcome outcome) {
    return switch (outcome) {
      case ACCEPTED -> "accepted";
      case ACCEPTED_WITH_ERRORS -> "accepted with errors";
      case PARTLY_ACCEPTED -> "partly accepted";
      case REFUSED -> terminal.bold("refused");
    };
  }

  private static String counted(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }
}
