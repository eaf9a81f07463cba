package io.serai.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.simulator.Repeat;
import io.serai.support.Json;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The hub dies; then everything is counted. Each life that ends is one place between two effects
 * where a careless hub loses or doubles something.
 */
@Tag("long")
class CrashIT {
  private static final int ORDERS = 25;

  @Test
  void aHubThatDiesAgainAndAgainLosesNothingAndDoublesNothing() {
    try (var scene = Scene.ordinary()) {
      scene.start();
      scene.stock(1_000);
      scene.kill();

      for (var point : List.of("P2", "P3", "P7", "P9", "P10")) {
        scene.dieAt(point, 1, () -> scene.shop().place(ORDERS));
      }
      scene.start();
      scene.becomeQuiet();

      assertThat(scene.books().broken()).isEmpty();
      assertThat(scene.shop().acknowledged()).hasSize(5 * ORDERS);
      assertThat(scene.shop().refusals()).isZero();
      assertThat(scene.books().stopped()).isEmpty();
    }
  }

  @Test
  void aReplayThatDiesGoesOnAndCountsEachItemOnce() {
    try (var scene = Scene.ordinary()) {
      scene.start();
      scene.shop().garble(60);
      scene.becomeQuiet();
      scene.kill();

      scene.dieAt("P16", 1, () -> replayUnreadable(scene));
      scene.start();
      scene.becomeQuiet();

      assertThat(scene.books().rows("SELECT state, total, replayed + skipped FROM replay_job"))
          .containsExactly(List.of("DONE", "60", "60"));
      assertThat(scene.books().stopped()).filteredOn(why -> why.contains("UNREADABLE")).hasSize(60);
      assertThat(scene.books().broken()).isEmpty();
    }
  }

  @Test
  void aMigrationThatDiesIsDoneByTheNextStart() {
    try (var scene = Scene.ordinary()) {
      scene.forgetSchema();

      scene.dieAt("P17", 3, () -> {});
      scene.start();
      scene.stock(1_000);
      scene.shop().place(ORDERS);
      scene.becomeQuiet();

      assertThat(scene.books().broken()).isEmpty();
      assertThat(scene.shop().acknowledged()).hasSize(ORDERS);
    }
  }

  @ParameterizedTest(name = "{0} at its hit {1}")
  @CsvSource({
    "P1,1", "P1,2", "P1,5", "P2,1", "P2,2", "P2,5", "P3,1", "P3,2", "P3,5", "P4,1", "P4,2", "P4,5",
    "P5,1", "P5,3", "P5,20", "P6,1", "P6,2", "P6,5", "P7,1", "P7,2", "P7,5", "P8,1", "P8,3",
    "P8,20", "P9,1", "P9,3", "P9,20", "P10,1", "P10,2", "P10,5", "P11,1", "P11,2", "P11,5", "P12,1",
    "P12,2", "P12,5", "P13,1", "P13,2", "P13,3"
  })
  @Tag("long")
  void aHubThatDiesHereLosesNothingAndDoublesNothing(String point, int hit) {
    try (var scene = Scene.ordinary()) {
      scene.start();
      scene.stock(1_000);
      scene.kill();

      scene.dieAt(point, hit, () -> scene.shop().place(60));
      scene.start();
      scene.becomeQuiet();

      assertThat(scene.books().broken()).isEmpty();
      assertThat(scene.shop().acknowledged()).hasSize(60);
    }
  }

  @ParameterizedTest(name = "a {0} partner")
  @EnumSource(Repeat.class)
  @Tag("long")
  void aPartnerThatHeardOfItIsNeverAskedBlindly(Repeat repeat) {
    try (var scene = Scene.whereThePartnerIs(repeat)) {
      scene.start();
      scene.stock(1_000);
      scene.kill();

      for (var point : List.of("P8", "P9", "P10")) {
        scene.dieAt(point, 1, () -> scene.shop().place(ORDERS));
      }
      scene.start();
      scene.becomeQuiet();

      assertThat(scene.books().broken()).isEmpty();
      if (repeat != Repeat.BLIND) {
        assertThat(scene.books().rows("SELECT id FROM delivery WHERE state = 'PARKED'"))
            .as("deliveries left for review")
            .isEmpty();
      }
    }
  }

  private static void replayUnreadable(Scene scene) {
    var request = Json.MAPPER.createObjectNode().put("rate", 1_000).put("reason", "crash test");
    request.putObject("selection").put("kind", "UNREADABLE");
    scene.call("POST", "/api/v1/replays", request);
  }
}
