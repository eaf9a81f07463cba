package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.inbox.Arrival;
import io.serai.support.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvPartsTest {
  private static CsvParts parts(String file, String text, boolean together, boolean anew) {
    return new CsvParts(
        new CsvParts.Plan(
            "wholesale",
            together ? "order" : "stock",
            file,
            "msg_" + file,
            List.of("id", "sku"),
            together ? List.of("id") : List.of("node", "sku"),
            together,
            anew,
            true),
        text.getBytes(StandardCharsets.UTF_8),
        StandardCharsets.UTF_8);
  }

  private static List<Arrival> all(CsvParts parts) {
    var all = new ArrayList<Arrival>();
    parts.forEachRemaining(all::add);
    return all;
  }

  private static List<Arrival> orders(String text) {
    return all(parts("a.csv", text, true, false));
  }

  private static List<String> faults(List<Arrival> parts) {
    return parts.stream().map(part -> body(part).path("fault").asText(null)).toList();
  }

  private static JsonNode body(Arrival part) {
    return Json.tree(part.body());
  }

  @Test
  void rowsOfOneThingThatFollowEachOtherAreOneMessage() {
    var parts = orders("ID,Sku,Unit price\n1,MUG,2\n1,CUP,\n2,MUG,3\n");

    assertThat(parts).extracting(Arrival::messageKey).containsExactly("1", "2");
    assertThat(body(parts.getFirst()))
        .isEqualTo(
            Json.tree(
                """
                {"file":"a.csv","row":2,"rows":[
                  {"row":2,"values":{"id":"1","sku":"MUG","unit_price":"2"}},
                  {"row":3,"values":{"id":"1","sku":"CUP"}}]}"""));
    assertThat(parts.get(1).eventType()).isEqualTo("a.csv:4");
  }

  @Test
  void aFileWhoseRowsBeginAtOnceHasTheColumnsThatItIsSaidToHave() {
    var plan =
        new CsvParts.Plan(
            "wholesale",
            "stock",
            "a.txt",
            "msg_a",
            List.of("id", "sku"),
            List.of("id"),
            true,
            false,
            false);
    var parts = new ArrayList<Arrival>();
    new CsvParts(
            plan,
            "\n1,MUG\n1,CUP\n2,MUG,3\n".getBytes(StandardCharsets.UTF_8),
            StandardCharsets.UTF_8)
        .forEachRemaining(parts::add);

    assertThat(parts).extracting(Arrival::eventType).containsExactly("a.txt:2", "a.txt:4");
    assertThat(faults(parts)).containsExactly(null, "Row 4 has 3 values, and there are 2 columns.");
  }

  @Test
  void rowsThatDoNotStandTogetherAreNeverTakenForTheWhole() {
    var parts = orders("id,sku\n1,MUG\n2,MUG\n1,CUP\n3,MUG\n");

    assertThat(faults(parts))
        .containsExactly(
            "The rows of '1' do not stand together, so none of them is the whole; sort the file.",
            null,
            "The rows of '1' do not stand together, so none of them is the whole; sort the file.",
            null);
  }

  @Test
  void aBadRowStopsItsOwnOrderOnly() {
    var parts = orders("id,sku\n1,MUG\n2,MUG,3,4\n2,CUP\n3,MUG\n");

    assertThat(parts).extracting(Arrival::messageKey).containsExactly("1", "2", "3");
    assertThat(faults(parts))
        .containsExactly(null, "Row 3 has 4 values, and there are 2 columns.", null);
  }

  @Test
  void aRowOfWhichNobodyKnowsWhereItBelongsStopsTheOrdersAroundIt() {
    var parts = orders("id,sku\n1,MUG\n2,MUG\n\"x,CUP\n3,MUG\n4,MUG\n");

    assertThat(parts).extracting(Arrival::messageKey).containsExactly("1", "2", "3", "4");
    var fault = "Row 4 opens a quote at its value 1 and does not close it.";
    assertThat(faults(parts)).containsExactly(null, fault, fault, null);
    assertThat(body(parts.get(1)).at("/rows/1/text").asText()).isEqualTo("\"x,CUP");
  }

  @Test
  void aRowWithoutAKeyIsNotGuessedToBelongToTheOneBefore() {
    var parts = orders("id,sku\n1,MUG\n,CUP\n2,MUG\n3,MUG\n");

    var fault = "Row 3 does not say what it is about.";
    assertThat(faults(parts)).containsExactly(fault, fault, null);
  }

  @Test
  void equalRowsAreKnownByWhatTheySayAndByTheirFile() {
    var first = all(parts("a.csv", "id,sku,qty\n1,MUG,2\n", true, false)).getFirst();
    var again = all(parts("b.csv", "sku,id,qty\n,,\nMUG,1,2\n", true, false)).getFirst();
    var changed = all(parts("c.csv", "id,sku,qty\n1,MUG,3\n", true, false)).getFirst();

    assertThat(first.dedupeKey()).matches("sha256:[0-9a-f]{64}@msg_a.csv");
    assertThat(again.dedupeKey()).isEqualTo(first.dedupeKey().replace("@msg_a", "@msg_b"));
    assertThat(changed.dedupeKey()).doesNotStartWith(first.dedupeKey().substring(0, 71));
  }

  @Test
  void aCountOfEachFileCountsAnew() {
    var text = "id,node,sku\n1,nj-1,MUG\n1,,CUP\n";

    var first = all(parts("a.csv", text, false, true));
    var next = all(parts("b.csv", text, false, true));

    assertThat(first).extracting(Arrival::messageKey).containsExactly("nj-1/MUG", "CUP");
    assertThat(first).extracting(Arrival::dedupeKey).containsExactly("msg_a.csv#2", "msg_a.csv#3");
    assertThat(next).extracting(Arrival::dedupeKey).containsExactly("msg_b.csv#2", "msg_b.csv#3");
  }

  @Test
  void aFileWithoutAColumnItNeedsIsRefusedAsAWhole() {
    assertThatThrownBy(() -> orders("id;titel\n1;Mug\n"))
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> assertThat(e.failure().kind()).isEqualTo(FailureKind.INVALID))
        .hasMessageContaining(
            "File 'a.csv' has no column 'sku'; its columns are 'id', 'titel'. Correct the file and send it again; nothing of it was taken.");
    assertThatThrownBy(() -> orders("\n \n"))
        .hasMessageContaining("File 'a.csv' is empty; its first row has to name the columns.");
    assertThatThrownBy(() -> orders("id,sku,SKU\n"))
        .hasMessageContaining("File 'a.csv' has two columns 'sku'; name each once.");
  }

  @Test
  void theSummaryCountsRowsMessagesAndFaults() {
    var parts = parts("a.csv", "id,sku\n1,MUG\n1,CUP\n2,MUG,1\n", true, false);
    all(parts);

    assertThat(parts.summary())
        .isEqualTo("3 rows of 'a.csv' became 2 messages, 1 of them at fault.");
  }
}
