package io.serai.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.simulator.Repeat;
import io.serai.support.CrashPoint;
import io.serai.support.Json;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The hub dies; then everything is counted. Each life that ends is one place between two effects
 * where a careless hub loses or doubles something, and the next life has to cope with what it
 * finds.
 */
@Tag("alone")
class CrashIT {
  /** Nobody sends files here; FilesCrashIT dies at these. */
  private static final Set<String> OF_FILES =
      Set.of(
          CrashPoint.BEFORE_FILE_MOVE,
          CrashPoint.BEFORE_FILE_RENAME,
          CrashPoint.BEFORE_AS2_RECEIPT,
          CrashPoint.AFTER_AS2_POST);

  private static final int GARBLED = 60;

  @Test
  void aHubThatDiesAtEveryPointLosesNothingAndDoublesNothing() {
    dieEverywhere(1, 20);
  }

  @ParameterizedTest(name = "at the {0}. time")
  @ValueSource(ints = {2, 4})
  @Tag("long")
  void soDoesOneThatGetsFurtherBeforeItDies(int hit) {
    dieEverywhere(hit, 60);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  @Tag("long")
  void soDoesOneThatIsKilledAtAnyMoment(long seed) {
    var random = new Random(seed);
    try (var scene = Scene.with(Repeat.values())) {
      scene.start();
      scene.stock(1_000);
      scene.stop();
      for (int life = 0; life < 12; life++) {
        scene.start();
        scene.shop().place(40);
        scene.killAfter(random.nextInt(2_500));
        assertThat(scene.books().brokenEver()).as("life %d", life).isEmpty();
      }
      scene.start();
      scene.becomeQuiet();

      assertThat(scene.books().broken()).isEmpty();
      assertThat(unexpected(scene)).isEmpty();
    }
  }

  private static void dieEverywhere(int hit, int orders) {
    try (var scene = Scene.with(Repeat.values())) {
      scene.forgetSchema();
      scene.dieAt(CrashPoint.IN_MIGRATION, 10 * hit, () -> {});
      scene.start();
      scene.stock(1_000);
      scene.shop().garble(GARBLED);
      scene.becomeQuiet();
      scene.stop();

      for (var point : points()) {
        switch (point) {
          case CrashPoint.IN_MIGRATION -> {}
          case CrashPoint.IN_REPLAY_BATCH -> scene.dieAt(point, 1, () -> replayGarbled(scene));
          // one call tells the shop of everything
          case CrashPoint.BEFORE_PUBLISHED_MARK ->
              scene.dieAt(point, 1, () -> scene.shop().place(orders));
          default -> scene.dieAt(point, hit, () -> scene.shop().place(orders));
        }
        assertThat(scene.books().brokenEver()).as("after %s", point).isEmpty();
      }
      scene.dieWhileItInserts(() -> scene.shop().place(orders));
      assertThat(scene.books().brokenEver()).as("after P2").isEmpty();
      scene.dieBeforeTheAnswer(null, () -> scene.shop().place(orders));
      assertThat(scene.books().brokenEver()).as("after P9").isEmpty();
      scene.start();
      scene.becomeQuiet();

      assertThat(scene.books().broken()).isEmpty();
      assertThat(scene.shop().acknowledged()).hasSameSizeAs(scene.shop().posted());
      assertThat(scene.shop().refusals()).isZero();
      assertThat(scene.books().rows("SELECT state, total, replayed + skipped FROM replay_job"))
          .containsExactly(List.of("DONE", "" + GARBLED, "" + GARBLED));
      assertThat(unexpected(scene)).isEmpty();
      // those it did are settled once it tells of the goods, so none has to be left at the end
      assertThat(scene.books().rows("SELECT sentence FROM failure WHERE kind = 'UNKNOWN_OUTCOME'"))
          .as("what nobody but the blind 3PL can tell was left to a person")
          .anyMatch(sentence -> sentence.getFirst().contains("at 'blind-3pl' happened is unknown"));
    }
  }

  /** What stopped for any other reason than it should. */
  private static List<String> unexpected(Scene scene) {
    return scene.books().stopped().stream()
        .filter(why -> !why.startsWith("order PARKED UNREADABLE"))
        .filter(why -> !why.contains("UNKNOWN_OUTCOME") || !why.contains("'blind-3pl'"))
        .filter(why -> !why.contains("is to be collected at")) // a place that is no node of ours
        .toList();
  }

  private static List<String> points() {
    return Arrays.stream(CrashPoint.class.getFields())
        .filter(field -> Modifier.isStatic(field.getModifiers()))
        .map(
            field -> {
              try {
                return (String) field.get(null);
              } catch (IllegalAccessException e) {
                throw new AssertionError(e);
              }
            })
        .filter(point -> !OF_FILES.contains(point))
        .toList();
  }

  private static void replayGarbled(Scene scene) {
    var request = Json.MAPPER.createObjectNode().put("rate", 1_000).put("reason", "crash test");
    request.putObject("selection").put("kind", "UNREADABLE");
    scene.call("POST", "/api/v1/replays", request);
  }
}
