package io.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.edi.EdiListener;
import io.serai.edi.EdiReader;
import io.serai.edi.ReadOptions;
import io.serai.support.ManualClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class EdiGuideCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int guide(String... arguments) {
    var session =
        new Session(
            new Terminal(
                new PrintWriter(out, true), new PrintWriter(err, true), 0, false, ZoneOffset.UTC),
            name -> null,
            new ManualClock());
    var commands = new CommandLine(new EdiCommand(), CommandLines.factory(session));
    return CommandLines.complete(commands, session).execute(arguments);
  }

  @Test
  void theGuideSaysWhatIsAgreedAndWhatEachDocumentIsMadeOf() {
    assertThat(guide("guide", "walmart-dsv")).isZero();

    assertThat(out.toString())
        .startsWith("# Walmart DSV: X12 005010\n")
        .contains(
            "| sender (ISA05/ISA06) | 08/925485US00 | ZZ/OUR-ID |\n",
            "| 850 | purchase order | you | order | by a 997, at once |\n",
            "| 855 | purchase order acknowledgment | us | answers your 850 within 24 h | by your"
                + " 997 within 24 h |\n",
            "## 850 purchase order: you send it\n",
            "| **BEG** | | beginning of the purchase order | yes | once | |\n",
            "| | BEG01 | purpose | yes | one of 00, 01, 05, 07 | ",
            "| | BEG05 | date | yes | a date as CCYYMMDD, like 20260131 | ",
            "| · **PO1** | | ordered item | yes | opens a loop, any number | |\n",
            "| | PO106 | product identification qualifier | agreed | a code of 2 characters | `IN`",
            "## 856 ship notice: we send it\n");
  }

  @ParameterizedTest
  @CsvSource({"walmart-dsv, 7", "x12-3pl, 6", "edifact-retailer, 4", "edifact-3pl, 3"})
  void everyExampleIsADocumentThatOurReaderTakes(String partner, int examples) throws IOException {
    guide("guide", partner);

    var block = Pattern.compile("```\n(.*?)```", Pattern.DOTALL).matcher(out.toString());
    var found = 0;
    while (block.find()) {
      var report =
          EdiReader.read(
              new ByteArrayInputStream(block.group(1).getBytes(StandardCharsets.ISO_8859_1)),
              ReadOptions.STRICT,
              new EdiListener() {});
      assertThat(report.clean()).as(block.group(1)).isTrue();
      found++;
    }
    assertThat(found).isEqualTo(examples);
  }

  @Test
  void aPartnersOwnProfileHasItsOwnWords(@TempDir Path home) throws IOException {
    write(
        home,
        """
        partner: corner-shop
        title: Corner shop
        description: Orders as 850.
        version: "004010"
        usage: test
        ids: { theirs: { qualifier: "12", id: "2015550142" } }
        writing: { delimiters: { element: "|", segment: lf }, file-name: "{set}-{interchange}.txt" }
        receives: { "850": { document: order, required: [DTM] } }
        acknowledgments: { with: "999", ta1: never }
        translations: { "355": { CS: CA } }
        """);

    assertThat(guide("guide", "corner-shop", "--home", home.toString())).isZero();
    assertThat(out.toString())
        .contains(
            "| sender (ISA05/ISA06) | 12/2015550142 | ZZ/OUR-ID |\n",
            "| usage (ISA15) | T | T |\n",
            "element `\\|`, component `>`, segment `line feed`",
            "by a 999, at once",
            "We send no TA1.\n",
            "Our files are called `{set}-{interchange}.txt`.\n",
            "| 355 | `CS` | `CA` |\n",
            "| **DTM** | | date or time | agreed | up to 10 | |\n");
  }

  @Test
  void examplesAreOnlyOfWhatIsAgreed(@TempDir Path home) throws IOException {
    write(
        home,
        """
        partner: corner-shop
        title: Corner shop
        description: A warehouse.
        version: "004010"
        writing: { capitals: true, first-control-number: 5001 }
        codes: { W0601: [F] }
        receives: { "945": { document: shipment, after: "940", within: 48h } }
        sends: { "940": { acknowledged-within: 2h } }
        """);

    assertThat(guide("guide", "corner-shop", "--home", home.toString())).isZero();

    var guide = out.toString();
    assertThat(guide)
        .contains(
            "| 945 | warehouse shipping advice | you | shipment; answers our 940 within 48 h | by a 997, at once |\n",
            "| one of F | `F` |\n",
            "*000005001*",
            "| TA1 asked for (ISA14) | 1 when you want one | 0 |\n");
    var ours = guide.substring(guide.indexOf("we send it"));
    var examples = Pattern.compile("`([^`]*)`");
    assertThat(
            ours.lines()
                .filter(line -> line.startsWith("|"))
                .flatMap(line -> examples.matcher(line).results().map(found -> found.group(1))))
        .isNotEmpty()
        .noneMatch(example -> example.matches(".*[a-z\u00c0-\u00ff].*"));
    assertThat(guide).doesNotContain("`mdhdj39s15wj5oukvremvt`");
    assertThat(guide.lines().filter(line -> line.startsWith("|")))
        .as("a row is a line")
        .allMatch(line -> line.endsWith("|"));
  }

  @Test
  void whatIsNotThereOrCannotBeReadIsSaid(@TempDir Path home) throws IOException {
    assertThat(guide("guide", "wallmart-dsv")).isNotZero();
    assertThat(err.toString())
        .contains(
            "There is no partner profile 'wallmart-dsv'; there are edifact-3pl, edifact-retailer, walmart-dsv, x12-3pl.");

    write(home, "partner: corner-shop\n");
    assertThat(guide("guide", "corner-shop", "--home", home.toString())).isNotZero();
    assertThat(err.toString()).contains("connectors/corner-shop.partner.yaml");

    assertThat(guide("guide", "corner-shop", "--home", home.resolve("away").toString()))
        .isNotZero();
    assertThat(err.toString()).contains("There is no folder '");
  }

  private static void write(Path home, String profile) throws IOException {
    Files.createDirectories(home.resolve("connectors"));
    Files.writeString(home.resolve("connectors/corner-shop.partner.yaml"), profile);
  }

  @Test
  void theGuideOfAnEdifactPartnerSpeaksItsWords() {
    assertThat(guide("guide", "edifact-retailer")).isZero();

    assertThat(out.toString())
        .startsWith("# EDIFACT retailer: EDIFACT D.96A\n")
        .contains(
            "| sender (UNB02) | 14/YOUR-GLN | 14/OUR-GLN |\n",
            "| acknowledgment request (UNB09) | as you like: a CONTRL comes always | none |\n",
            "| syntax (UNB01) | any of UNOA to UNOK, UNOW and UNOY | UNOC:3 |\n",
            "| ORDERS | purchase order | you | order | by a CONTRL, at once |\n",
            "| ORDRSP | purchase order response | us | answers your ORDERS within 24 h | by your"
                + " CONTRL within 24 h |\n",
            "A CONTRL answers every interchange and names every message in it.\n",
            "| **BGM** | | beginning of message | yes | once | |\n",
            "| · **NAD** | | name and address | | opens a group, up to 99 | |\n",
            "| | NAD02-1 | party identification | yes | ",
            "UNH+0001+DESADV:D:96A:UN:EAN005'");
  }
}
