package io.serai.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.simulator.Repeat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Hubs that break a rule on purpose. The books must show it, or what they show of the real one
 * means nothing.
 */
@Tag("long")
class MutantIT {
  @Test
  void aHubThatSaysYesBeforeItCommitsIsCaughtLosing() {
    try (var scene = Scene.ordinary().mutated("early-ack")) {
      scene.start();
      scene.stock(1_000);
      scene.kill();

      scene.dieAt("P2", 2, () -> scene.shop().place(60));
      scene.start();
      scene.becomeQuiet();

      assertThat(scene.books().broken()).anyMatch(sentence -> sentence.startsWith("I1: event"));
    }
  }

  @Test
  void aHubThatSendsAgainWhenItDoesNotKnowIsCaughtDoubling() {
    try (var scene = Scene.whereThePartnerIs(Repeat.BLIND).mutated("blind-resend")) {
      scene.start();
      scene.stock(1_000);
      scene.kill();

      scene.dieAt("P10", 1, () -> scene.shop().place(60));
      scene.start();
      scene.becomeQuiet();

      assertThat(scene.books().broken()).anyMatch(sentence -> sentence.startsWith("I3: the 3PL"));
    }
  }

  @Test
  void aHubThatReadsStockAndThenWritesItIsCaughtOverselling() {
    try (var scene = Scene.withTwoHubs().mutated("naive-stock")) {
      scene.start();
      scene.stock(200);
      for (int i = 0; i < 400; i++) {
        scene.shop().place("MUG-BLU", 1);
      }
      scene.becomeQuiet();

      assertThat(scene.books().broken()).anyMatch(sentence -> sentence.startsWith("I2"));
    }
  }
}
