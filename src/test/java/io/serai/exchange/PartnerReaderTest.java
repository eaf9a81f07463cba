package io.serai.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.catalog.Catalog;
import io.serai.catalog.Faults;
import io.serai.catalog.Sources;
import io.serai.edi.Acknowledgment;
import io.serai.edi.Delimiters;
import io.serai.edi.EdifactEnvelope.Party;
import io.serai.edi.Standard;
import io.serai.exchange.PartnerProfile.EnvelopeAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a partner's file may say, and what is said of one that says something else. */
class PartnerReaderTest {
  private static final String FILE = "connectors/acme.partner.yaml";
  private static final String HEAD =
      """
      partner: acme
      title: Acme
      description: A partner.
      version: "004010"
      """;

  private static List<String> faults(String text) {
    var faults = new Faults(FILE);
    var read = PartnerReader.read(FILE, text, faults);
    assertThat(read == null).isEqualTo(!faults.none());
    return faults.list().stream().map(f -> f.toString().substring(FILE.length() + 1)).toList();
  }

  private static PartnerProfile read(String text) {
    var faults = new Faults(FILE);
    var read = PartnerReader.read(FILE, text, faults);
    assertThat(faults.list()).isEmpty();
    return read;
  }

  @Test
  void everythingThatWasAgreedIsRead() {
    var profile =
        read(
            """
            partner: acme
            title: Acme
            description: A partner.
            version: "005010UCS"
            usage: test
            character-set: utf-8
            ids:
              ours: { qualifier: ZZ, id: HUB, group: HUBGS }
              theirs: { qualifier: "01", id: ACME }
            writing:
              delimiters: { element: "|", component: ":", repetition: "!", segment: lf }
              line-end: crlf
              capitals: true
              time-zone: America/Chicago
              file-name: "out_{interchange}.txt"
              first-control-number: 7001
            reading: { lenient: true, short-headers: true, longest-segment: 8KB, longest-set: 2MB, group-numbers: ever }
            codes: { BEG02: [SA, DS] }
            receives:
              "850": { document: order, required: [REF, BEG05] }
              "945": { document: shipment, after: "940", within: 2d }
              "997": {}
            acknowledgments: { with: "999", ta1: always, ask-for-ta1: true }
            sends:
              "940": {}
              "855": { acknowledged-within: 24h, file-name: "po_{subject}_{interchange}.txt", after: "850", within: 4h }
            translations: { "355": { CS: CA } }
            values: { department: "0042" }
            """);

    assertThat(profile.test()).isTrue();
    assertThat(profile.ours().group()).isEqualTo("HUBGS");
    assertThat(profile.theirs().text()).isEqualTo("01/ACME");
    assertThat(profile.delimiters().segment()).isEqualTo('\n');
    assertThat(profile.lineEnd()).isEqualTo("\r\n");
    assertThat(profile.capitals()).isTrue();
    assertThat(profile.charset()).hasToString("UTF-8");
    assertThat(profile.firstNumber()).isEqualTo(7001);
    assertThat(profile.reading().lenient()).isTrue();
    assertThat(profile.reading().longestSegment()).isEqualTo(8192);
    assertThat(profile.reading().longestSet()).isEqualTo(2 << 20);
    assertThat(profile.reading().groupNumbersOnce()).isTrue();
    assertThat(profile.reading().codes()).containsEntry("BEG02", Set.of("SA", "DS"));
    assertThat(profile.receives().get("850").required()).containsOnly("REF", "BEG05");
    assertThat(profile.answers().kind()).isEqualTo(Acknowledgment.Kind.IMPLEMENTATION);
    assertThat(profile.answers().envelope()).isEqualTo(EnvelopeAnswer.ALWAYS);
    assertThat(profile.answers().ask()).isTrue();
    assertThat(profile.clocks())
        .containsExactlyInAnyOrder(
            new PartnerProfile.Clock("850", "855", true, Duration.ofHours(4)),
            new PartnerProfile.Clock("940", "945", false, Duration.ofDays(2)));
    assertThat(profile.translations().at("/355/CS").asText()).isEqualTo("CA");
    assertThat(profile.values().path("department").asText()).isEqualTo("0042");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "colour: red | 5: 'partner file' has a key 'colour', which means nothing there.",
        "usage: maybe | 5: 'partner file.usage' is 'maybe', which is not known.",
        "ids: { theirs: { qualifier: \"8\" } } | 5: 'partner file.ids.theirs.qualifier' is '8', which does not fit an envelope. Write 2 characters, in quotes.",
        "ids: { ours: { id: \"12345678901234567\" } } | which does not fit an envelope. Write 1 to 15 characters, in quotes.",
        "writing: { delimiters: { element: \"A\" } } | 5: 'partner file.writing.delimiters.element' is 'A', which parts nothing.",
        "writing: { delimiters: { element: \">\" } } | 5: 'partner file.writing.delimiters' names '>' twice.",
        "writing: { time-zone: Chicago } | 5: 'writing.time-zone' is 'Chicago', which is no time zone.",
        "writing: { file-name: \"{set}.edi\" } | 5: 'partner file.writing.file-name' gives two files one name. Add '{interchange}'.",
        "writing: { file-name: \"{sett}_{interchange}\" } | 5: 'partner file.writing.file-name' has '{sett}', which stands for nothing. Nearest name: 'set'.",
        "writing: { first-control-number: 0 } | 5: 'partner file.writing.first-control-number' is '0', which is no whole number from 1.",
        "reading: { longest-set: 2GB } | 5: 'partner file.reading.longest-set' is '2GB', which is no size up to 64MB.",
        "codes: { BEG99: [A] } | 5: 'codes' names 'BEG99', which is no element of a segment Serai knows.",
        "receives: { \"851\": { document: order } } | 5: 'partner file.receives' names set '851', which Serai does not know.",
        "receives: { \"850\": {} } | 5: Set '850' does not say which document it becomes.",
        "receives: { \"850\": { document: ordr } } | 5: There is no document 'ordr'. Nearest name: 'order'.",
        "receives: { \"850\": { document: batch } } | 5: There is no document 'batch'.",
        "receives: { \"997\": { document: order } } | 5: Set '997' answers what we sent and becomes no document.",
        "receives: { \"850\": { document: order, required: [W05] } } | 5: Set '850' has no 'W05'.",
        "sends: { \"997\": {} } | 5: Set '997' acknowledges and is sent by itself.",
        "sends: { \"855\": { after: \"850\" } } | 5: Set '855' has one of 'after' and 'within' without the other. Write both: after which set of theirs it is owed, and within how long.",
        "sends: { \"855\": { acknowledged-within: soon } } | 5: 'partner file.sends.855.acknowledged-within' is 'soon', which is no duration.",
        "sends: { \"855\": { after: \"850\", within: 4h } } | 5: Set '855' comes after '850', which is not among what this partner sends. Add it under 'receives', or remove 'after' and 'within'.",
        "receives: { \"945\": { document: shipment, after: \"940\", within: 2d } } | 5: Set '945' comes after '940', which is not among what this partner is sent. Add it under 'sends'",
        "receives: { \"944\": { document: stock, becomes: { return: \"N9\" } } } | 5: 'partner file.receives.944.becomes.return' is 'N9', which names no element of set '944' and a value of it. Write both, as in 'N901=RZ'.",
        "receives: { \"944\": { document: stock, becomes: { return: \"BEG01=00\" } } } | 5: 'partner file.receives.944.becomes.return' is 'BEG01=00', which names no element of set '944' and a value of it.",
        "receives: { \"944\": { document: stock, becomes: { retrun: \"N901=RZ\" } } } | 5: There is no document 'retrun'. Nearest name: 'return'.",
        "receives: { \"945\": { document: shipment, becomes: { return: \"N901=RZ\" } } } | 5: Set '945' (warehouse shipping advice) holds no 'return'. Write the document that it becomes; 'return' is made of 944.",
        "receives: { \"997\": { becomes: { return: \"N901=RZ\" } } } | 5: 'partner file.receives.997' has a key 'becomes', which means nothing there.",
        "receives: { \"945\": { document: order } } | 5: Set '945' (warehouse shipping advice) holds no 'order'. Write the document that it becomes; 'order' is made of 850, 940.",
        "acknowledgments: { with: \"998\" } | 5: 'partner file.acknowledgments.with' is '998', which is not known.",
        "values: [1] | 5: 'values' is not a mapping."
      })
  void whatNobodyAgreedOnIsNamed(String line, String fault) {
    assertThat(faults(HEAD + line + "\n")).hasSize(1).first().asString().contains(fault);
  }

  @Test
  void aFileSaysWhoItIsFor() {
    assertThat(faults("partner: other\ntitle: A\ndescription: B\nversion: \"003040\"\n"))
        .containsExactly(
            "1: Partner 'other' stands in file 'acme.partner.yaml'. Name the file 'other.partner.yaml'.",
            "4: 'version' is '003040', which Serai neither reads nor writes. Write 004010 or 005010 in quotes, with the partner's suffix behind it.");
    assertThat(faults("partner: acme\n"))
        .containsExactly(
            "1: 'partner file' has no 'description'. Add 'description: …'.",
            "1: 'partner file' has no 'title'. Add 'title: …'.",
            "1: 'partner file' has no 'version'. Add 'version: …'.");
  }

  @Test
  void aFileOfEdifactThatDoesNotSayItIsToldThatAlone() {
    assertThat(
            faults(
                EDIFACT_HEAD.replace("standard: edifact\n", "")
                    + "syntax: \"UNOC:3\"\nreceives: { ORDERS: { document: order } }\nsends: { DESADV: { association: EAN005 } }\n"))
        .containsExactly(
            "1: The messages of this file are those of EDIFACT, and it does not say so. Add 'standard: edifact'.");
  }

  @Test
  void aNameLeadsNowhereButIntoItsFolder() {
    var with = AnExchange.agreement(AnExchange.PROFILE);
    var at = Instant.parse("2026-03-02T10:00:00Z").atZone(with.profile().timeZone());

    assertThat(
            FileName.of(
                "../{set}/{subject}_{date}-{time}_{interchange}.edi",
                with,
                "855",
                "000000007",
                "../../etc/pass\\wd$1",
                at))
        .isEqualTo("855_.._.._etc_pass_wd_1_20260302-100000_000000007.edi");
  }

  @Test
  void aChangedFileHoldsAtOnceAndABrokenOneLeavesWhatWas(@TempDir Path home) throws IOException {
    Files.createDirectories(home.resolve("connectors"));
    var file = home.resolve("connectors/acme.partner.yaml");
    Files.writeString(file, HEAD);
    var catalog = Catalog.of(Sources.of(List.of(home)));
    var partners = Partners.of(catalog.edition());
    assertThat(partners.profiles().get("acme").capitals()).isFalse();

    Files.writeString(file, HEAD + "writing: { capitals: true }\n");
    assertThat(partners.follow(catalog.reload())).isEmpty();
    assertThat(partners.profiles().get("acme").capitals()).isTrue();

    Files.writeString(file, HEAD + "writing: { capitals: perhaps }\n");
    assertThat(partners.follow(catalog.reload()))
        .singleElement()
        .asString()
        .startsWith(FILE + ":5: 'partner file.writing.capitals' is 'perhaps'");
    assertThat(partners.profiles().get("acme").capitals()).isTrue();
    assertThat(partners.inEffect(FILE)).isTrue();
  }

  private static final String EDIFACT_HEAD =
      """
      partner: acme
      title: Acme
      description: A partner.
      standard: edifact
      version: D.96A
      """;

  @Test
  void everythingThatWasAgreedOverEdifactIsRead() {
    var profile =
        read(
            EDIFACT_HEAD
                + """
                  syntax: "UNOD:4"
                  ids:
                    ours: { id: "4098765000010", routing: GATE }
                    theirs: { qualifier: ZZ, id: ACME-OF-THE-NORTH-AND-THE-SOUTH }
                  writing:
                    delimiters: { element: "|", decimal: ",", release: "!" }
                  codes: { BGM03: ["9", "7"] }
                  receives:
                    ORDERS: { document: order, required: [BGM02, CUX] }
                    CONTRL: {}
                  sends:
                    DESADV: { acknowledged-within: 2h, association: EAN005 }
                  acknowledgments: { ask-for-contrl: true }
                  """);

    assertThat(profile.standard()).isEqualTo(Standard.EDIFACT);
    assertThat(profile.acknowledgment()).isEqualTo("CONTRL");
    var envelope =
        new Agreement("acme", profile, profile.ours(), profile.theirs(), true).edifactEnvelope();
    assertThat(envelope.syntax()).isEqualTo("UNOD:4");
    assertThat(envelope.directory()).isEqualTo("D:96A:UN");
    assertThat(envelope.sender()).isEqualTo(new Party("4098765000010", "14", "GATE"));
    assertThat(envelope.receiver().qualifier()).isEqualTo("ZZ");
    assertThat(envelope.associations()).containsEntry("DESADV", "EAN005");
    assertThat(envelope.delimiters())
        .isEqualTo(new Delimiters(Standard.EDIFACT, '|', ':', (char) 0, '\'', '!', ','));
    assertThat(envelope.test()).isTrue();
    assertThat(envelope.acknowledgmentRequested()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "syntax: UNOZ:3 | 'syntax' is 'UNOZ:3', which Serai does not write. Write identifier and version in quotes, as in 'UNOC:3'; UNOA to UNOK, UNOW or UNOY, and 1 to 4.",
        "ids: { theirs: { qualifier: ABCDE, id: A } } | ids.theirs.qualifier' is 'ABCDE', which does not fit an envelope. Write 0 to 4 characters, in quotes.",
        "receives: { `850`: { document: order } } | receives' names set '850', which Serai does not know.",
        "sends: { CONTRL: {} } | Set 'CONTRL' acknowledges and is sent by itself. Remove it; say under 'acknowledgments' how.",
        "sends: { DESADV: { association: EAN0055 } } | sends.DESADV.association' is 'EAN0055', which does not fit an envelope. Write 1 to 6 characters, in quotes.",
        "receives: { DESADV: { document: order } } | Set 'DESADV' (despatch advice) holds no 'order'. Write the document that it becomes; 'order' is made of ORDERS.",
        "codes: { BEG02: [`9`] } | 'codes' names 'BEG02', which is no element of a segment Serai knows. Write segment and place, as in 'BEG02'.",
        "acknowledgments: { with: `997` } | acknowledgments' has a key 'with', which means nothing there.",
      })
  void whatEdifactDoesNotHaveIsNamed(String line, String fault) {
    assertThat(faults(EDIFACT_HEAD + line.replace('`', '"') + "\n"))
        .singleElement()
        .asString()
        .contains(fault);
  }

  @Test
  void aDirectoryIsNoVersionOfX12AndTheOtherWayRound() {
    assertThat(faults(EDIFACT_HEAD.replace("D.96A", "\"004010\"")))
        .singleElement()
        .asString()
        .contains(
            "'version' is '004010', which Serai neither reads nor writes. Write a directory, as in D.96A.");
    assertThat(faults(HEAD.replace("\"004010\"", "D.96A")))
        .singleElement()
        .asString()
        .contains("'version' is 'D.96A'");
  }
}
