package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.support.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What operators do to stock from a terminal, and what they are shown of it. */
@ResourceLock(ApiHub.SHARED)
class StockCommandsIT {
  private final ApiHub hub = ApiHub.running();
  private final OnTerminal terminal = new OnTerminal(hub);
  private final String sku = "CLI-" + UUID.randomUUID();
  @TempDir Path folder;

  private void serai(String... arguments) {
    assertThat(terminal.serai(arguments)).as(terminal.err() + terminal.out()).isZero();
  }

  private void refused(String sentence, String... arguments) {
    assertThat(terminal.serai(arguments)).isEqualTo(1);
    assertThat(terminal.out() + terminal.err()).contains(sentence);
  }

  @BeforeEach
  void tenAreThere() {
    hub.node("nj-1");
    serai("stock", "set", "--node", "nj-1", sku + "=10");
    assertThat(terminal.out()).contains("Node 'nj-1': 1 of 1 applied, 0 older than what is known");
  }

  @Test
  void whatIsSetIsListedAndShownWithItsMovements() {
    serai("stock", "list", "--sku", sku);
    assertThat(terminal.out()).containsPattern(sku + " +nj-1 +10 +10 +0 +0 +0 +0");

    serai("stock", "show", sku);
    assertThat(terminal.out())
        .contains(sku + "  10 available, 10 on hand, 0 allocated")
        .contains("Newest movements")
        .containsPattern("nj-1 +10 +outside +available +report");

    assertThat(terminal.serai("--json", "stock", "list", "--sku", sku)).isIn(0, 2);
    serai("stock", "list", "--sku", sku, "--json");
    assertThat(Json.tree(terminal.out()).at("/items/0/onHand").asInt()).isEqualTo(10);
  }

  @Test
  void countsComeFromAFileToo() throws Exception {
    var csv = folder.resolve("counts.csv");
    Files.writeString(csv, "\ufeffsku,count\n" + sku + ",7\n\n");
    serai("stock", "set", "--node", "nj-1", "--file", csv.toString());
    serai("stock", "list", "--sku", sku);
    assertThat(terminal.out()).containsPattern(sku + " +nj-1 +7 +7");

    Files.writeString(csv, sku + ";7\n");
    refused(
        "Line 1 of '" + csv + "' '" + sku + ";7' is no count; write SKU=12, or SKU,12 in a file.",
        "stock",
        "set",
        "--node",
        "nj-1",
        "--file",
        csv.toString());
  }

  @Test
  void unitsAreAdjustedReceivedMovedFrozenAndCounted() {
    serai("stock", "adjust", "--node", "nj-1", "--reason", "Broken on the way", sku + "=-2");
    assertThat(terminal.out()).containsPattern(sku + " +10 +8 +10 +8");
    serai("stock", "move", "--node", "nj-1", "--from", "sellable", "--to", "damaged", sku + "=3");
    assertThat(terminal.out()).containsPattern(sku + " +8 +8 +8 +5");
    serai("stock", "freeze", "--node", "nj-1", sku);
    assertThat(terminal.out()).containsPattern(sku + " +8 +8 +5 +0");
    serai("stock", "unfreeze", "--node", "nj-1", sku);
    assertThat(terminal.out()).containsPattern(sku + " +8 +8 +0 +5");
    serai("stock", "count", "--node", "nj-1", sku + "=12");
    assertThat(terminal.out()).containsPattern(sku + " +8 +12 +5 +9");

    serai("stock", "movements", sku, "--node", "nj-1", "--cause", "adjustment");
    assertThat(terminal.out())
        .containsPattern("nj-1 +2 +available +outside +adjustment .*Broken on the way");
    serai("stock", "at", sku, java.time.Instant.now().plusSeconds(60).toString());
    assertThat(terminal.out()).containsPattern("nj-1 +9 +12 +0 +0 +3");
  }

  @Test
  void whatASupplierBringsIsAnnouncedAndReceivedOnce() {
    var advice = "PO-" + sku;
    serai(
        "stock",
        "expect",
        "--node",
        "nj-1",
        "--advice",
        advice,
        "--by",
        "2036-06-01T08:00:00Z",
        sku + "=40");
    serai("stock", "incoming", "--sku", sku);
    assertThat(terminal.out()).containsPattern(sku + " +nj-1 +" + advice + " +40 +40");

    serai(
        "stock",
        "receive",
        "--node",
        "nj-1",
        "--advice",
        advice,
        "--reference",
        advice,
        sku + "=38");
    assertThat(terminal.out()).containsPattern(sku + " +10 +48 +10 +48");
    serai(
        "stock",
        "receive",
        "--node",
        "nj-1",
        "--advice",
        advice,
        "--reference",
        advice,
        sku + "=38");
    assertThat(terminal.out())
        .contains(
            "Reference '" + advice + "' was used before for the same; nothing was done again.");
    serai("stock", "incoming", "--sku", sku);
    assertThat(terminal.out()).containsPattern(advice + " +2 +40");
  }

  @Test
  void unitsAreKeptBackAndGivenFree() {
    serai("stock", "buffer", "--sku", sku, "--node", "nj-1", "25%");
    assertThat(terminal.out()).contains("25% kept back.");
    serai("stock", "buffers", "--sku", sku);
    assertThat(terminal.out()).containsPattern(sku + " +nj-1 +any +25 %");
    serai("stock", "list", "--sku", sku);
    assertThat(terminal.out()).containsPattern(sku + " +nj-1 +7 +10 +0 +0 +3");

    serai("stock", "buffer", "--sku", sku, "--node", "nj-1", "none");
    assertThat(terminal.out()).contains("The buffer is removed.");
    serai("stock", "list", "--sku", sku);
    assertThat(terminal.out()).containsPattern(sku + " +nj-1 +10 +10");
    refused("'some' is no buffer; write 3, 10% or none.", "stock", "buffer", "--sku", sku, "some");
  }

  @Test
  void aShortageIsACaseThatCanBeRelieved() {
    hub.jdbc
        .sql("UPDATE stock_level SET allocated = 6 WHERE sku = :sku")
        .param("sku", sku)
        .update();
    assertThat(terminal.serai("stock", "set", "--node", "nj-1", sku + "=4")).isZero();
    assertThat(terminal.out()).contains("SKU '" + sku + "' is short by 2: 6 allocated, 4 there.");

    serai("stock", "cases", "--sku", sku);
    assertThat(terminal.out()).containsPattern("stc_[0-9]+ +SHORTAGE +operations");
    var id = terminal.out().replaceFirst("(?s).*(stc_[0-9]+).*", "$1");
    serai("stock", "relieve", id);
    assertThat(terminal.out())
        .contains("The newest promises of 2 of SKU '" + sku + "' at node 'nj-1' are being moved.");
    hub.jdbc
        .sql("UPDATE stock_level SET allocated = 0 WHERE sku = :sku")
        .param("sku", sku)
        .update();
  }

  @Test
  void whatIsDueToBeCountedIsListedByClass() {
    serai("stock", "describe", sku, "--class", "C");
    hub.jdbc
        .sql("UPDATE stock_level SET counted_at = '2020-01-01T00:00:00Z' WHERE sku = :sku")
        .param("sku", sku)
        .update();

    serai("stock", "due", "--node", "nj-1", "--class", "C");
    assertThat(terminal.out()).containsPattern(sku + " +nj-1 +C +10 +2020-01-01");
    serai("stock", "classes", "C", "--every", "90", "--alarm", "20");
    assertThat(terminal.out()).containsPattern("C +90 +20").containsPattern("A +7 +5");
    refused("Class 'A' needs --every and --alarm; give both.", "stock", "classes", "A");
    refused("No class is named; give A, B or C.", "stock", "classes", "--alarm", "5");
    refused(
        "Class 'D' is not known; there are A, B and C.",
        "stock",
        "classes",
        "D",
        "--every",
        "1",
        "--alarm",
        "5");
  }

  @Test
  void aRowThatCannotBeDoneIsNamedAndTheExitCodeSaysSo() {
    refused(
        "SKU '" + sku + "' has 10 units at node 'nj-1', so 11 cannot be taken off; count it.",
        "stock",
        "adjust",
        "--node",
        "nj-1",
        sku + "=-11");
    refused("'" + sku + "' is no row; write SKU=3.", "stock", "count", "--node", "nj-1", sku);
    refused(
        "'" + sku + "=x' is no row: 'x' is no number.",
        "stock",
        "count",
        "--node",
        "nj-1",
        sku + "=x");
    refused("No node is named; give --node.", "stock", "set", sku + "=1");
    refused("No counts are given; give SKU=COUNT or --file.", "stock", "set", "--node", "nj-1");
    assertThat(terminal.serai("stock", "move", "--node", "nj-1", sku + "=1"))
        .as("a verb that is used wrongly")
        .isEqualTo(2);
  }

  @Test
  void whatAMappingDoesNotListIsShownAsDrift() {
    hub.jdbc
        .sql(
            """
            INSERT INTO drift (account, mapping, field, value, count, first_seen_at, last_seen_at)
            VALUES ('shopify-main', 'shopify/order.in.jslt', 'cancel_reason', :value, 3, now(), now())""")
        .param("value", sku)
        .update();

    serai("channels", "drift", "shopify-main", "--limit", "500");

    assertThat(terminal.out())
        .containsPattern("shopify-main +shopify/order.in.jslt +cancel_reason +" + sku + " +3");
    serai("channels", "drift", "nobody");
    assertThat(terminal.out()).contains("Nothing was said that a mapping does not list.");
  }
}
