package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.edi.Document;
import io.serai.edi.EdiListener;
import io.serai.edi.EdiReader;
import io.serai.edi.EdifactEnvelope;
import io.serai.edi.EdifactEnvelope.Party;
import io.serai.edi.EdifactWriter;
import io.serai.edi.Envelope;
import io.serai.edi.ReadOptions;
import io.serai.edi.SetGuide;
import io.serai.edi.SetTree;
import io.serai.edi.Standard;
import io.serai.edi.Syntax;
import io.serai.edi.TransactionSet;
import io.serai.edi.X12Writer;
import io.serai.exchange.PartnerProfile;
import io.serai.exchange.PartnerProfile.Identity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The implementation guide for one partner, in Markdown: what is agreed, and for each set the
 * segments, elements and codes that are used, with a document as an example.
 *
 * <p>Guarantee: examples were written and judged as any document of ours is. Gap: the sets' tables
 * show what the samples use and what must be there; whatever else the standard allows is taken as
 * well.
 */
final class EdiGuide {
  private static final LocalDateTime AT = LocalDateTime.of(2026, 3, 2, 9, 15);
  private static final Identity NOBODY = new Identity("ZZ", "YOUR-ID", null);
  private static final Identity US = new Identity("ZZ", "OUR-ID", null);
  private static final Identity NO_GLN = new Identity("14", "YOUR-GLN", null);
  private static final Identity OUR_GLN = new Identity("14", "OUR-GLN", null);

  private final PartnerProfile partner;
  private final Map<String, List<JsonNode>> samples;
  private final StringBuilder out = new StringBuilder();

  private EdiGuide(PartnerProfile partner, Map<String, List<JsonNode>> samples) {
    this.partner = partner;
    this.samples = samples;
  }

  /**
   * The guide.
   *
   * @param samples trees of documents, by {@link #key}
   */
  static String of(PartnerProfile partner, Map<String, List<JsonNode>> samples) {
    var guide = new EdiGuide(partner, samples);
    guide.write();
    return guide.out.toString();
  }

  /** What documents of a set are found by: the same set may go both ways. */
  static String key(String set, boolean theirs) {
    return set + (theirs ? " in" : " out");
  }

  private void write() {
    line("# %s: %s".formatted(partner.title(), standard()));
    line("");
    line(partner.description());
    line("");
    envelopes();
    sets();
    translations();
    for (var received : partner.receives().values()) {
      if (received.document() != null) {
        set(received.set(), "you send it", received.required(), true);
      }
    }
    for (var sent : partner.sends().values()) {
      set(sent.set(), "we send it", Set.of(), false);
    }
  }

  private boolean x12() {
    return partner.standard() == Standard.X12;
  }

  private String standard() {
    return partner.standard().title() + ' ' + partner.version();
  }

  private void envelopes() {
    line("## Envelopes");
    line("");
    table("", "you send", "we send");
    if (x12()) {
      isa();
    } else {
      unb();
    }
    row("times", "of " + partner.timeZone(), "of " + partner.timeZone());
    line("");
  }

  private void unb() {
    row("syntax (UNB01)", "any of UNOA to UNOK, UNOW and UNOY", partner.edifact().syntax());
    row("sender (UNB02)", named(partner.theirs(), NO_GLN), named(partner.ours(), OUR_GLN));
    row("recipient (UNB03)", named(partner.ours(), OUR_GLN), named(partner.theirs(), NO_GLN));
    row("directory (UNH02)", "D.93A or later, judged as D.96A", partner.version());
    row("test indicator (UNB11)", test(), test());
    row(
        "acknowledgment request (UNB09)",
        "as you like: a CONTRL comes always",
        partner.answers().ask() ? "1: we ask for a CONTRL" : "none");
    var delimiters = partner.delimiters();
    row(
        "service characters",
        "yours: they are read from the UNA",
        "element `%s`, component `%s`, decimal mark `%s`, release `%s`, segment `%s`%s"
            .formatted(
                shown(delimiters.element()),
                shown(delimiters.component()),
                shown(delimiters.decimal()),
                shown(delimiters.release()),
                shown(delimiters.segment()),
                partner.lineEnd().isEmpty() ? "" : ", a line each"));
    row(
        "references",
        "never the same UNB05 twice",
        "nine digits from %d, without a gap that is not explained"
            .formatted(partner.firstNumber()));
  }

  private String test() {
    return partner.test() ? "1" : "none; what says 1 is kept and sent nowhere";
  }

  private void isa() {
    row("sender (ISA05/ISA06)", named(partner.theirs(), NOBODY), named(partner.ours(), US));
    row("receiver (ISA07/ISA08)", named(partner.ours(), US), named(partner.theirs(), NOBODY));
    row("GS02, GS03", groups(true), groups(false));
    row("version (GS08)", partner.version(), partner.version());
    row("usage (ISA15)", usage(), usage());
    row(
        "TA1 asked for (ISA14)",
        partner.answers().envelope() == PartnerProfile.EnvelopeAnswer.ASKED
            ? "1 when you want one"
            : "0",
        partner.answers().ask() ? "1: we ask for a TA1" : "0");
    row(
        "delimiters",
        "yours: they are read from the ISA",
        "element `%s`, component `%s`, segment `%s`%s"
            .formatted(
                shown(partner.delimiters().element()),
                shown(partner.delimiters().component()),
                shown(partner.delimiters().segment()),
                partner.lineEnd().isEmpty() ? "" : ", a line each"));
    row(
        "characters",
        partner.charset().name(),
        partner.capitals() ? "ISO-8859-1, capitals only" : "ISO-8859-1");
    row(
        "numbers",
        "never the same ISA13 twice"
            + (partner.reading().groupNumbersOnce() ? ", never the same GS06 twice" : ""),
        "from %d, without a gap that is not explained".formatted(partner.firstNumber()));
  }

  private static String documents(PartnerProfile.Received received) {
    var text = new StringBuilder(received.document().replace('-', ' '));
    received
        .cases()
        .forEach(
            one ->
                text.append(
                    ", with `%s` %s".formatted(one.text(), one.document().replace('-', ' '))));
    return text.toString();
  }

  private void sets() {
    line("## Documents");
    line("");
    table(partner.standard().document(), "", "from", "what becomes of it", "answered");
    for (var received : partner.receives().values()) {
      row(
          received.set(),
          name(received.set()),
          "you",
          received.document() == null
              ? "tells us what became of ours"
              : documents(received)
                  + (received.after() == null
                      ? ""
                      : "; answers our %s within %s"
                          .formatted(received.after(), shown(received.within()))),
          received.document() == null
              ? ""
              : "by a %s, at once".formatted(partner.acknowledgment()));
    }
    for (var sent : partner.sends().values()) {
      row(
          sent.set(),
          name(sent.set()),
          "us",
          sent.after() == null
              ? ""
              : "answers your %s within %s".formatted(sent.after(), shown(sent.within())),
          sent.acknowledgedWithin() == null
              ? "not expected"
              : "by your %s within %s"
                  .formatted(x12() ? "997" : "CONTRL", shown(sent.acknowledgedWithin())));
    }
    line("");
    if (x12()) {
      line(ta1());
      line(
          partner.reading().lenient()
              ? "What leaves no doubt is taken and noted (AK501 `E`); a set with another fault is"
                  + " refused (`R`), and its neighbors are taken."
              : "A set with a fault is refused (AK501 `R`) and its neighbors are taken.");
    } else {
      line("A CONTRL answers every interchange and names every message in it.");
      line(
          (partner.reading().lenient() ? "What leaves no doubt is taken. " : "")
              + "A message with a fault is refused (UCM03 `4`) and its neighbors are taken.");
    }
    line(
        "Our files are called `%s`%s."
            .formatted(
                partner.answers().fileName(),
                partner.sends().values().stream().anyMatch(sent -> sent.fileName() != null)
                    ? " unless their set says otherwise"
                    : ""));
    for (var sent : partner.sends().values()) {
      if (sent.fileName() != null) {
        line("A file of %s is called `%s`.".formatted(sent.set(), sent.fileName()));
      }
    }
    line("");
  }

  private String ta1() {
    return switch (partner.answers().envelope()) {
      case NEVER -> "We send no TA1.";
      case ASKED -> "We send a TA1 when ISA14 asks for it, or when the envelope is wrong.";
      case ALWAYS -> "We send a TA1 for every interchange.";
    };
  }

  private void translations() {
    if (partner.translations().isEmpty()) {
      return;
    }
    line("## Your words");
    line("");
    table("element", "your code", "means");
    for (var element : partner.translations().properties()) {
      for (var code : element.getValue().properties()) {
        row(element.getKey(), "`" + code.getKey() + "`", "`" + code.getValue().asText() + "`");
      }
    }
    line("");
  }

  private void set(String set, String who, Set<String> required, boolean theirs) {
    line("## %s %s: %s".formatted(set, name(set), who));
    line("");
    var trees =
        samples.getOrDefault(key(set, theirs), List.of()).stream()
            .map(tree -> written(set, tree, theirs))
            .toList();
    table("segment", "element", "", "must", "value", "as in");
    for (var row : SetGuide.of(set, partner.version(), trees, required)) {
      var segment = "· ".repeat(row.depth()) + "**" + row.segment() + "**";
      row(
          segment,
          "",
          row.name(),
          must(row.mandatory(), required.contains(row.segment())),
          "%s%s"
              .formatted(
                  row.opens() ? x12() ? "opens a loop, " : "opens a group, " : "",
                  row.max() == 1
                      ? "once"
                      : row.max() > 100_000 ? "any number" : "up to " + row.max()),
          "");
      for (var element : row.elements()) {
        var codes = theirs ? partner.reading().codes().get(element.name()) : null;
        row(
            "",
            element.name(),
            element.what(),
            must(element.mandatory(), required.contains(element.name())),
            codes == null ? element.expected() : "one of " + String.join(", ", codes),
            examples(element.examples(), codes));
      }
    }
    line("");
    if (theirs) {
      line("Whatever else %s allows is taken and not read.".formatted(standard()));
      line("");
    }
    example(set, trees, theirs);
  }

  // Only what was agreed; of a value in two spellings the one in capitals.
  private static String examples(List<String> examples, Set<String> codes) {
    var shown = new LinkedHashMap<String, String>();
    for (var example : examples) {
      var line = example.replaceAll("\\s+", " ").replace('`', '\'');
      var capitals = line.toUpperCase(Locale.ROOT);
      if (codes == null || codes.contains(example)) {
        shown.merge(capitals, '`' + line + '`', (a, b) -> '`' + capitals + '`');
      }
    }
    return String.join(", ", shown.values());
  }

  private void example(String set, List<JsonNode> trees, boolean theirs) {
    var fullest = trees.stream().max(Comparator.comparingInt(tree -> tree.toString().length()));
    if (fullest.isEmpty()) {
      return;
    }
    line("```");
    line(new String(file(set, fullest.get(), theirs), charset()).strip());
    line("```");
    line("");
  }

  /** A document as it is when it was written as agreed: in capitals, in characters that may go. */
  private JsonNode written(String set, JsonNode tree, boolean theirs) {
    var found = new ArrayList<JsonNode>();
    var options = x12() ? ReadOptions.STRICT.withCharset(charset()) : ReadOptions.STRICT;
    try {
      EdiReader.read(
          partner.standard(),
          new ByteArrayInputStream(file(set, tree, theirs)),
          options,
          new EdiListener() {
            @Override
            public void set(TransactionSet one) {
              found.add(SetTree.of(one));
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found.getFirst();
  }

  private byte[] file(String set, JsonNode tree, boolean theirs) {
    var documents =
        List.of(new Document(set, SetTree.segments(set, tree, partner.delimiters().component())));
    return x12() ? x12(documents, theirs) : edifact(documents, theirs);
  }

  /** Ours begin where the profile says, theirs are their own. */
  private int number(boolean theirs) {
    return theirs ? 1 : partner.firstNumber();
  }

  private byte[] edifact(List<Document> documents, boolean theirs) {
    var from = or(theirs ? partner.theirs() : partner.ours(), theirs ? NO_GLN : OUR_GLN);
    var to = or(theirs ? partner.ours() : partner.theirs(), theirs ? OUR_GLN : NO_GLN);
    var envelope =
        new EdifactEnvelope(
            partner.edifact().syntax(),
            new Party(from.id(), from.qualifier(), ""),
            new Party(to.id(), to.qualifier(), ""),
            partner.version().replace('.', ':') + ":UN",
            partner.edifact().associations(),
            partner.test(),
            partner.answers().ask(),
            partner.delimiters(),
            "\n",
            partner.capitals());
    return EdifactWriter.write(envelope, number(theirs), AT, documents);
  }

  private Charset charset() {
    if (x12()) {
      return StandardCharsets.ISO_8859_1;
    }
    return Syntax.charset(partner.edifact().syntax().substring(0, 4))
        .orElse(StandardCharsets.ISO_8859_1);
  }

  private byte[] x12(List<Document> documents, boolean theirs) {
    var from = or(theirs ? partner.theirs() : partner.ours(), theirs ? NOBODY : US);
    var to = or(theirs ? partner.ours() : partner.theirs(), theirs ? US : NOBODY);
    var envelope =
        new Envelope(
            from.qualifier(),
            from.id(),
            to.qualifier(),
            to.id(),
            from.group(),
            to.group(),
            partner.version(),
            partner.test() ? "T" : "P",
            partner.answers().ask(),
            partner.delimiters(),
            "\n",
            partner.capitals());
    var numbers = new X12Writer.Numbers(number(theirs), number(theirs));
    return X12Writer.write(envelope, numbers, AT, documents);
  }

  private static String must(boolean mandatory, boolean agreed) {
    return mandatory ? "yes" : agreed ? "agreed" : "";
  }

  private String groups(boolean theirs) {
    var from = or(theirs ? partner.theirs() : partner.ours(), theirs ? NOBODY : US);
    var to = or(theirs ? partner.ours() : partner.theirs(), theirs ? US : NOBODY);
    return from.group() + ", " + to.group();
  }

  private static String named(Identity who, Identity otherwise) {
    var known = or(who, otherwise);
    return known.qualifier() + "/" + known.id();
  }

  private static Identity or(Identity who, Identity otherwise) {
    var id = who.id() == null ? otherwise.id() : who.id();
    return new Identity(
        who.qualifier() == null ? otherwise.qualifier() : who.qualifier(),
        id,
        who.group() == null ? id : who.group());
  }

  private String usage() {
    return partner.test() ? "T" : "P; what says T is kept and sent nowhere";
  }

  private static String name(String set) {
    return Standard.name(set);
  }

  private static String shown(char delimiter) {
    return delimiter == '\n' ? "line feed" : String.valueOf(delimiter);
  }

  private static String shown(Duration duration) {
    return duration.toMinutes() % 60 == 0
        ? duration.toHours() + " h"
        : duration.toMinutes() + " min";
  }

  private void table(String... heads) {
    row(heads);
    line("|" + "---|".repeat(heads.length));
  }

  private void row(String... cells) {
    var row = new StringBuilder("|");
    for (var cell : cells) {
      var line = cell.replaceAll("\\R", " ").replace("|", "\\|");
      row.append(line.isEmpty() ? " |" : ' ' + line + " |");
    }
    line(row.toString());
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
