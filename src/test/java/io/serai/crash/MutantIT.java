package io.serai.crash;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * Hubs that break a rule on purpose. The books must show it, or what they show of the real one
 * means nothing.
 */
@Tag("alone")
class MutantIT {
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "EARLY_ACK, SAYS_YES_AND_DIES, I1: event",
    "BLIND_RESEND, NEVER_HEARS_THE_ANSWER, I3: a 3PL took fulfillment",
    "NAIVE_STOCK, SELLS_OUT, I2: of 'MUG-BLU'"
  })
  void aHubThatBreaksARuleIsCaught(Mutant mutant, Story story, String sentence) {
    try (var scene = story.scene()) {
      assertThat(story.tell(scene, mutant)).anyMatch(broken -> broken.startsWith(sentence));
    }
  }

  @Test
  void twoHubsAsTheyAreNeverSellMoreThanThereIs() {
    breaksNone(Story.SELLS_OUT);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "SELLS_OUT")
  @Tag("long") // CrashIT tells these stories too, among others
  void theHubAsItIsBreaksNone(Story story) {
    breaksNone(story);
  }

  private static void breaksNone(Story story) {
    try (var scene = story.scene()) {
      assertThat(story.tell(scene, null)).isEmpty();
    }
  }
}
