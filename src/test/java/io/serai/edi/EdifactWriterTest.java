package io.serai.edi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.serai.edi.EdifactEnvelope.Party;
import io.serai.support.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** EDIFACT as we write it: envelope and counts, cleaned values, and what reads back the same. */
class EdifactWriterTest {
  private static final LocalDateTime AT = LocalDateTime.of(2026, 3, 2, 9, 15);

  private static EdifactEnvelope envelope(String syntax, Delimiters delimiters, String lineEnd) {
    return new EdifactEnvelope(
        syntax,
        new Party("4098765000010", "14", ""),
        new Party("4012345000016", "14", "EDI-GATE"),
        "D:96A:UN",
        Map.of("ORDERS", "EAN008"),
        false,
        false,
        delimiters,
        lineEnd,
        false);
  }

  private static EdifactEnvelope envelope(String syntax) {
    return envelope(syntax, Delimiters.EDIFACT, "");
  }

  private static Document order(String name) {
    var tree =
        """
        {"BGM": {"BGM01": ["220"], "BGM02": ["PO-1"], "BGM03": "9"},
         "DTM": [{"DTM01": ["137", "20260301", "102"]}],
         "NADGroup": [{"NAD": {"NAD01": "DP", "NAD04": [%s]}}],
         "LINGroup": [{"LIN": {"LIN01": "1"}, "QTY": [{"QTY01": ["21", "2.5"]}]}],
         "UNS": {"UNS01": "S"}}
        """
            .formatted(Json.MAPPER.valueToTree(name));
    return new Document("ORDERS", SetTree.segments("ORDERS", Json.tree(tree), ':'));
  }

  private static String write(EdifactEnvelope envelope, Document... documents) {
    var charset = Syntax.charset(envelope.syntax().substring(0, 4)).orElseThrow();
    return new String(EdifactWriter.write(envelope, 41, AT, List.of(documents)), charset);
  }

  @Test
  void messagesGetTheirEnvelopeReferencesAndCounts() {
    assertThat(write(envelope("UNOC:3"), order("Rosa"), order("Otto")))
        .isEqualTo(
            "UNA:+.? 'UNB+UNOC:3+4098765000010:14+4012345000016:14:EDI-GATE+260302:0915+000000041'"
                + "UNH+0001+ORDERS:D:96A:UN:EAN008'BGM+220+PO-1+9'DTM+137:20260301:102'NAD+DP+++Rosa'LIN+1'QTY+21:2.5'UNS+S'UNT+8+0001'"
                + "UNH+0002+ORDERS:D:96A:UN:EAN008'BGM+220+PO-1+9'DTM+137:20260301:102'NAD+DP+++Otto'LIN+1'QTY+21:2.5'UNS+S'UNT+8+0002'"
                + "UNZ+2+000000041'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "UNOC:3 | A+B:C'D? | A?+B?:C?'D??",
        "UNOC:3 | Zoë Núñez “x” ń | Zoë Núñez \"x\" n",
        "UNOA:2 | Zoë Müller-ß | Zoe Muller-ss",
        "UNOD:3 | Łódź | Łódź",
        "UNOY:4 | 报文 A*B | 报文 A?*B",
        "UNOC:3 | ` two\nlines\t ` | two lines",
        "UNOC:3 | aaaaaaaaaabbbbbbbbbbccccccccccdddddeeeee | aaaaaaaaaabbbbbbbbbbccccccccccddddd",
      })
  void textIsCleanedOnlyOfWhatThePartnersCharactersLack(
      String syntax, String name, String written) {
    var delimiters =
        syntax.endsWith("4")
            ? new Delimiters(Standard.EDIFACT, '+', ':', '*', '\'', '?', '.')
            : Delimiters.EDIFACT;

    assertThat(write(envelope(syntax, delimiters, ""), order(name)))
        .contains("NAD+DP+++" + written + "'");
  }

  @Test
  void serviceCharactersAndDecimalMarkAreThePartners() {
    var delimiters = new Delimiters(Standard.EDIFACT, '|', ';', (char) 0, '~', '\\', ',');

    assertThat(write(envelope("UNOC:3", delimiters, "\n"), order("A|B")))
        .startsWith("UNA;|,\\ ~\nUNB|UNOC;3|")
        .contains("\nNAD|DP|||A\\|B~\n", "\nQTY|21;2,5~\n");
  }

  @Test
  void syntaxVersionFourHasItsCenturyAndATestItsIndicator() {
    var envelope = envelope("UNOC:4").withTest(true);

    assertThat(write(envelope, order("R"))).contains("+20260302:0915+000000041++++++1'UNH");
  }

  @Test
  void whatCannotBeWrittenIsRefusedByName() {
    assertThatThrownBy(() -> write(envelope("UNOC:3"), order("ROSA ☃")))
        .isInstanceOf(Unwritable.class)
        .hasMessage(
            "The character '☃' after '1:102'NAD+DP+++ROSA ' cannot be written in UNOC (ISO-8859-1).");
    assertThatThrownBy(() -> write(envelope("UNOC:3"), new Document("ORDERS", List.of())))
        .hasMessage(
            "Document 1 of 1 (ORDERS) cannot be written: Segment BGM (beginning of message) is missing; it must come before UNT here.");
    assertThatThrownBy(() -> write(envelope("UNOC:3"), new Document("IFTMIN", List.of())))
        .hasMessage("Message 'IFTMIN' is not one that Serai writes.");
    assertThatThrownBy(() -> write(envelope("UNOC:3")))
        .hasMessage("There is no document to write.");
    assertThatThrownBy(
            () ->
                EdifactWriter.write(
                    EdifactEnvelope.between(new Party("", "14", ""), new Party("B", "14", "")),
                    1,
                    AT,
                    List.of(order("R"))))
        .hasMessage("The sender '' does not fit into 35 characters.");
  }

  static Stream<Path> samples() {
    return AFile.edifactSamples();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aMessageReadAndWrittenAgainIsTheSameBytes(Path file) {
    var heard = AFile.read(AFile.bytes(file), ReadOptions.STRICT);
    var set = heard.sets().get(0);
    var tree = Json.tree(SetTree.of(set).toString());
    var type = set.report().id();

    var written =
        new String(
            EdifactWriter.write(
                envelope("UNOC:3", Delimiters.EDIFACT, "\n"),
                41,
                AT,
                List.of(new Document(type, SetTree.segments(type, tree, ':')))),
            StandardCharsets.ISO_8859_1);

    var before = new String(AFile.bytes(file), StandardCharsets.ISO_8859_1);
    assertThat(body(written)).isEqualTo(body(before));
  }

  private static String body(String text) {
    return text.substring(text.indexOf("BGM"), text.lastIndexOf("UNT"));
  }

  static Stream<Path> trees() throws IOException {
    return Stream.of("edifact-retailer", "edifact-3pl")
        .flatMap(connector -> files(Path.of("samples/payloads", connector)))
        .filter(file -> file.toString().endsWith(".json"))
        .filter(file -> !file.toString().matches(".*\\.(canonical|variables)\\.json"))
        .sorted();
  }

  @ParameterizedTest
  @MethodSource("trees")
  void aTreeWrittenAndReadAgainIsTheSameAndSoAreItsBytes(Path file) {
    var sample = Json.tree(AFile.bytes(file));
    var ours = sample.has("set");
    var type = ours ? sample.get("set").asText() : sample.at("/envelope/set").asText();
    var body = ours ? sample.get("body") : sample;
    var bytes = bytes(type, body);

    var heard = AFile.read(bytes, ReadOptions.STRICT);

    assertThat(heard.words()).isEmpty();
    var tree = SetTree.of(heard.sets().get(0));
    assertThat(bytes(type, tree)).isEqualTo(bytes);
    assertThat(bare(tree)).isEqualTo(asText(bare(body)));
  }

  private static byte[] bytes(String type, JsonNode tree) {
    return EdifactWriter.write(
        envelope("UNOC:3", Delimiters.EDIFACT, "\n"),
        41,
        AT,
        List.of(new Document(type, SetTree.segments(type, tree, ':'))));
  }

  private static JsonNode bare(JsonNode tree) {
    var bare = ((ObjectNode) tree).deepCopy();
    bare.remove("envelope");
    return bare;
  }

  /** What EDIFACT can say of a tree: texts, cleaned as the writer cleans them. */
  private static JsonNode asText(JsonNode node) {
    if (node.isObject()) {
      var object = Json.MAPPER.createObjectNode();
      node.properties().forEach(entry -> object.set(entry.getKey(), asText(entry.getValue())));
      return object;
    }
    if (node.isArray()) {
      var list = Json.MAPPER.createArrayNode();
      node.forEach(one -> list.add(asText(one)));
      return list;
    }
    return TextNode.valueOf(
        node.asText().replaceAll("[“”]", "\"").replace("—", "-").replace("\n", " "));
  }

  private static Stream<Path> files(Path folder) {
    try (var all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
