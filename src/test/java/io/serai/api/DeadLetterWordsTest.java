package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.deadletter.Selection;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadLetterWordsTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void allWordsOfALineMustHold() {
    var read =
        DeadLetterWords.of(
            "kind:unmapped  partner:northwind step:\"a b\" sku:MUG needs:answer age:>2h K-1", NOON);

    assertThat(read)
        .isEqualTo(
            new Selection(
                null,
                null,
                null,
                "UNMAPPED",
                "northwind",
                null,
                null,
                null,
                Instant.parse("2026-03-01T10:00:00Z"),
                true,
                null,
                new Selection.Where(null, null, "a b", "MUG", "K-1")));
  }

  @Test
  void timesNarrowEachOther() {
    var read = DeadLetterWords.of("day:2026-03-01 age:<1h until:2026-03-01T11:30:00Z", NOON);

    assertThat(read.since()).isEqualTo("2026-03-01T11:00:00Z");
    assertThat(read.until()).isEqualTo("2026-03-01T11:30:00Z");
  }

  @Test
  void noWordsMeanEverything() {
    assertThat(DeadLetterWords.of(" ", NOON)).isEqualTo(Selection.everything());
    assertThat(DeadLetterWords.of(null, NOON)).isEqualTo(Selection.everything());
  }

  @Test
  void whatIsSaidIsReadAgain() {
    assertThat(DeadLetterWords.of(DeadLetterWords.say("step", "a \"b\""), NOON).where().step())
        .isEqualTo("a b");
    assertThat(DeadLetterWords.say("sku", "MUG-1")).isEqualTo("sku:MUG-1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "color:red | 'color' is no word to filter by; use one of kind, account, channel, document, type, group, route, step, sku, order, key, age, day, since, until, needs.",
        "age:2h | 'age:2h' is no age; write age:>2h or age:<30m (m, h or d).",
        "sku:a sku:b | 'sku' is said twice, and nothing is both; leave one out.",
        "needs:money | 'needs:money' is nothing to filter by; write needs:answer.",
        "day:monday | 'day:monday' is no day; write day:2026-01-31.",
        "since:noon | 'since:noon' is no time; write 2026-01-31 or 2026-01-31T12:00:00Z.",
      })
  void whatIsNoWordIsRefusedInOneSentence(String line, String sentence) {
    assertThatThrownBy(() -> DeadLetterWords.of(line, NOON)).hasMessage(sentence);
  }

  @Test
  void aLineWithoutEndIsRefused() {
    assertThatThrownBy(() -> DeadLetterWords.of("x".repeat(2_001), NOON))
        .hasMessage("The filter has 2001 characters, and 2000 at most are read; shorten it.");
  }
}
