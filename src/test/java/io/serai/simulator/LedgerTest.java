package io.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-01T10:00:00Z"), ZoneOffset.UTC);

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("shop.ledger.jsonl");
  }

  @Test
  void anEffectIsInTheFileWhenAppendReturns() throws IOException {
    try (var ledger = Ledger.open(file, CLOCK, e -> {})) {
      ledger.append("fulfillment.accepted", "ful_1", "key-1", Jsons.object().put("n", 1));

      assertThat(Files.readString(file))
          .isEqualTo(
              "{\"seq\":1,\"at\":\"2026-03-01T10:00:00Z\",\"operation\":\"fulfillment.accepted\","
                  + "\"subject\":\"ful_1\",\"key\":\"key-1\",\"data\":{\"n\":1}}\n");
    }
  }

  @Test
  void openingAgainShowsEveryEffectInOrderAndGoesOnCounting() {
    try (var ledger = Ledger.open(file, CLOCK, e -> {})) {
      ledger.append("a", "1", null, Jsons.object());
      ledger.append("b", "2", null, Jsons.object());
    }
    var seen = new ArrayList<String>();

    try (var again = Ledger.open(file, CLOCK, e -> seen.add(e.operation()))) {
      assertThat(again.append("c", "3", null, Jsons.object()).seq()).isEqualTo(3);
    }

    assertThat(seen).containsExactly("a", "b");
  }

  @Test
  void aLineCutByADeathIsDroppedAndOverwritten() throws IOException {
    try (var ledger = Ledger.open(file, CLOCK, e -> {})) {
      ledger.append("a", "1", null, Jsons.object());
    }
    Files.writeString(file, "{\"seq\":2,\"at\":\"20", StandardOpenOption.APPEND);

    try (var again = Ledger.open(file, CLOCK, e -> {})) {
      again.append("b", "2", null, Jsons.object());
    }

    assertThat(Ledger.read(file).all()).extracting(Effect::operation).containsExactly("a", "b");
  }

  @Test
  void anUnreadableLineInTheMiddleStopsTheStart() throws IOException {
    Files.writeString(file, "nonsense\n");

    assertThatThrownBy(() -> Ledger.open(file, CLOCK, e -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Ledger '"
                + file
                + "' has an unreadable line at byte 0; use another folder or restore the file.");
  }

  @Test
  void aLedgerIsHeldByOneOnly() {
    try (var first = Ledger.open(file, CLOCK, e -> {})) {
      assertThat(first.file()).isEqualTo(file);

      assertThatThrownBy(() -> Ledger.open(file, CLOCK, e -> {}))
          .hasMessage(
              "Ledger '" + file + "' is held by another simulator; stop it or use another folder.");
    }
  }

  @Test
  void duplicatesAreThingsDoneTwice() {
    try (var ledger = Ledger.open(file, CLOCK, e -> {})) {
      ledger.append("fulfillment.accepted", "ful_1", "k1", Jsons.object());
      ledger.append("fulfillment.accepted", "ful_2", "k2", Jsons.object());
      ledger.append("fulfillment.accepted", "ful_1", "k3", Jsons.object());
      ledger.append("fulfillment.cancelled", "ful_2", "k4", Jsons.object());

      var effects = ledger.effects();

      assertThat(effects.duplicates("fulfillment.accepted")).containsOnlyKeys("ful_1");
      assertThat(effects.of("fulfillment.accepted").subjects()).containsExactly("ful_1", "ful_2");
      assertThat(effects.withKey("k4").all())
          .extracting(Effect::operation)
          .containsExactly("fulfillment.cancelled");
      assertThat(effects.on("ful_2").count()).isEqualTo(2);
    }
  }
}
