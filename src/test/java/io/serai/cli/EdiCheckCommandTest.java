package io.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.support.Json;
import io.serai.support.ManualClock;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class EdiCheckCommandTest {
  private static final String GOOD = "samples/edi/850-two-lines.edi";
  private static final String BAD = "samples/edi/850-every-kind-of-fault.edi";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int check(int width, String... arguments) {
    var session =
        new Session(
            new Terminal(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                width,
                false,
                ZoneOffset.UTC),
            name -> null,
            new ManualClock());
    var commands = new CommandLine(new EdiCommand(), CommandLines.factory(session));
    return CommandLines.complete(commands, session).execute(arguments);
  }

  @Test
  void aGoodFileIsSaidToBeGood() {
    assertThat(check(0, "check", GOOD)).isZero();
    assertThat(out.toString())
        .isEqualTo(
            """
            850-two-lines.edi: 1 interchange, 1 set, all accepted.

            Interchange 000001201 from 08/RETAILHUB to ZZ/SERAIHUB, test (line 1): accepted
              Group 1201, PO 004010 (line 2): accepted
                Set 850 0001, 20 segments (line 3): accepted
            """);
  }

  @Test
  void everyFaultIsExplainedWithItsPlaceAndWhatWasExpected() {
    assertThat(check(0, "check", BAD)).isEqualTo(1);
    assertThat(out.toString())
        .startsWith("850-every-kind-of-fault.edi: 1 interchange, 3 sets, 1 accepted, 2 refused.\n")
        .contains(
            "      fault: DTM02 (date) is '260304', no date. (line 6, segment 4, AK403 code 8)\n"
                + "             DTM*010*260304\n"
                + "                     ^^^^^^\n"
                + "             Expected: a date as CCYYMMDD, like 20260131.\n"
                + "             Perhaps: DTM*010*20260304\n")
        .contains("Set 850 0002, 5 segments (line 14): accepted\n")
        .contains("fault: SE02 says set '0009', and ST02 says '0003'. (line 25, segment 7,")
        .contains("note: CTT01 (number of line items) says 5, and the set has 1 PO1 segment.");
  }

  @Test
  void theAnswerIsShownWhenItIsAskedFor() {
    check(0, "check", "--acknowledge", BAD);

    assertThat(out.toString())
        .contains("  TA1*000001204*260302*0915*A*000~\n")
        .contains("  AK1*PO*1204~\n")
        .contains("  AK9*P*3*3*1~\n");
  }

  @Test
  void aFileWithoutSetsHasNoAnswer(@TempDir Path folder) throws IOException {
    var file = Files.writeString(folder.resolve("orders.xml"), "<orders/>");

    assertThat(check(0, "check", "--acknowledge", file.toString())).isEqualTo(1);
    assertThat(out.toString())
        .isEqualTo(
            """
            orders.xml: 0 interchanges, 0 sets.
              fault: The file begins with '<orders/>' and is neither X12 nor EDIFACT. (line 1)
                     An X12 file begins with ISA, an EDIFACT file with UNA or UNB, in capitals.

            Answers, with control numbers for show:

              None: nothing in this file is acknowledged.
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "%PDF-1.7 | The file is a PDF document. (line 1)",
        "`` | The file is empty. (line 1)",
        "order;sku;quantity | The file begins with 'order;sku;quantity' and is neither X12 nor EDIFACT. (line 1)",
        "una:+.? ' | The file begins with 'una' in lower case. (line 1)",
        "PK\u0003\u0004 | The file is packed, as a ZIP archive or a spreadsheet is. (line 1)",
        "\u00ff\u00feU\u0000 | The file is written in UTF-16. (line 1)",
        "UNA:+.? 'UNH+1 | The interchange does not begin with an UNB segment. (line 1)"
      })
  void whatIsOfNeitherStandardIsNamedForWhatItIs(String text, String sentence, @TempDir Path folder)
      throws IOException {
    var file = Files.writeString(folder.resolve("file"), text, StandardCharsets.ISO_8859_1);

    assertThat(check(0, "check", file.toString())).isEqualTo(1);
    assertThat(out.toString()).contains("  fault: " + sentence + "\n").doesNotContain("TA105");
  }

  @Test
  void anInterchangeWithoutMessagesIsNotProposed(@TempDir Path folder) throws IOException {
    var file =
        Files.writeString(
            folder.resolve("empty.edi"), "UNB+UNOC:3+A:14+B:14+260302:0915+R1'UNZ+1+R1'");

    check(0, "check", file.toString());

    assertThat(out.toString())
        .contains("UNZ01 claims '1' messages, and there are 0.")
        .doesNotContain("Perhaps");
  }

  @Test
  void aMessageWithoutAReferenceIsShownSo(@TempDir Path folder) throws IOException {
    var text =
        Files.readString(Path.of("samples/edi/orders-two-lines.edi"), StandardCharsets.ISO_8859_1);
    var file =
        Files.writeString(
            folder.resolve("orders.edi"),
            text.replaceFirst("UNH\\+[^+]*", "UNH+"),
            StandardCharsets.ISO_8859_1);

    check(0, "check", file.toString());

    assertThat(out.toString()).contains("Message ORDERS without a number, ");
  }

  @Test
  void partnersWhoAreKnownForSomethingAreReadByOptions(@TempDir Path folder) throws IOException {
    var text = Files.readString(Path.of(GOOD)).replace("RETAILHUB      *ZZ", "RETAILHUB*ZZ");
    var narrow = Files.writeString(folder.resolve("narrow.edi"), text);
    var unit =
        Files.writeString(
            folder.resolve("unit.edi"), Files.readString(Path.of(GOOD)).replace("*EA*", "*EACH*"));

    assertThat(check(0, "check", narrow.toString())).isEqualTo(1);
    assertThat(check(0, "check", "--short-header", narrow.toString())).isZero();
    assertThat(check(0, "check", unit.toString())).isEqualTo(1);
    assertThat(check(0, "check", "--lenient", unit.toString())).isZero();
    assertThat(out.toString()).contains("accepted: PO103 (unit) is 'EACH', 4 characters long.");
  }

  @Test
  void severalFilesAreJudgedAsThoseOfAPartner(@TempDir Path home) throws IOException {
    Files.createDirectories(home.resolve("connectors"));
    Files.writeString(
        home.resolve("connectors/shop.partner.yaml"),
        """
        partner: shop
        title: Shop
        description: Orders in.
        version: "004010"
        usage: test
        ids: { theirs: { qualifier: "08", id: OTHER } }
        codes: { BEG02: [DS] }
        receives: { "850": { document: order, required: [W05] } }
        """
            .replace("W05", "MSG"));

    assertThat(check(0, "check", "--partner", "shop", "--home", home.toString(), GOOD, GOOD))
        .isEqualTo(1);

    assertThat(out.toString().split("850-two-lines.edi: ")).hasSize(3);
    assertThat(out.toString())
        .contains("fault: The sender is '08/RETAILHUB', and 'shop' is '08/OTHER'.", "BEG02", "MSG");
    assertThat(check(0, "check", "--home", home.toString(), GOOD)).isEqualTo(1);
    assertThat(err.toString()).contains("name it with '--partner'");
  }

  @Test
  void aReportIsJsonForPrograms() {
    assertThat(check(0, "check", "--json", BAD)).isEqualTo(1);

    var report = Json.tree(out.toString());
    assertThat(report.at("/interchanges/0/groups/0/sets/0/faults/0/place/segment").textValue())
        .isEqualTo("BEG");
    assertThat(report.at("/interchanges/0/groups/0/sets/1/outcome").textValue())
        .isEqualTo("ACCEPTED");
  }

  @Test
  void linesOfATerminalAreBrokenBetweenWords() {
    check(72, "check", BAD);

    assertThat(out.toString())
        .contains(
            "      fault: N104 (identification code) is missing; N103 and N104 come\n"
                + "             only together. (line 8, segment 6, loop 4000, AK403 code 2)\n");
  }

  @Test
  void aFileThatIsNotThereIsOneSentence() {
    assertThat(check(0, "check", "nowhere.edi")).isEqualTo(1);
    assertThat(err.toString()).isEqualTo("There is no file 'nowhere.edi'; correct the path.\n");
  }

  @Test
  void aFileOfEdifactIsKnownByItsFirstCharactersAndExplained(@TempDir Path folder)
      throws IOException {
    var file = folder.resolve("orders.edi");
    Files.writeString(
        file,
        Files.readString(Path.of("samples/edi/orders-two-lines.edi"), StandardCharsets.ISO_8859_1)
            .replace("20260309:102", "2026-03-09:102")
            .replace("UNT+27", "UNT+28"),
        StandardCharsets.ISO_8859_1);

    assertThat(check(0, "check", "--acknowledge", file.toString())).isEqualTo(1);
    assertThat(out.toString())
        .startsWith(
            """
            orders.edi: 1 interchange, 1 message, 0 accepted, 1 refused.

            Interchange 000001401 from 14/4012345000016 to 14/4098765000010, production (line 1): accepted
                Message ORDERS 1, 27 segments (line 3): refused
                  fault: DTM01-2 (date or period) is '2026-03-09', no date or time of format 102. (line 6, segment 4, 0085 code 12)
                         DTM+2:2026-03-09:102
                             ^^^^^^^^^^^^^^^^
                         Expected: what format 102 says (CCYYMMDD).
                         Perhaps: DTM+2:20260309:102
            """)
        .contains(
            "fault: UNT01 claims '28' segments, and the message has 27, UNH and UNT included.")
        .contains("Answers, with control numbers for show:\n\n  UNA:+.? '\n  UNB+UNOC:3+")
        .contains("  UCM+1+ORDERS:D:96A:UN:EAN008+4+29+UNT+2'\n  UCS+4'\n  UCD+12+2:2'\n");
    assertThat(check(0, "check", "samples/edi/desadv-two-cartons.edi")).isZero();
  }
}
