package io.serai.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.serai.simulator.Repeat;
import io.serai.support.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The version before this one and this one on one database, while orders come in: the new one
 * brings the tables forward under the old one's hands, both work, the old one goes. Nothing is
 * lost, doubled or oversold, and no order is refused or stopped for its version. {@code
 * .ci/upgrade} makes the program of the version before and runs this.
 */
@Tag("alone")
@Tag("long")
class UpgradeIT {
  private static final Duration PATIENCE = Duration.ofSeconds(240);
  private static final int ORDERS = 60;

  @Test
  void aVersionReplacesTheOneBeforeItWhileOrdersComeIn() {
    var before = previous();
    try (var scene = Scene.withTwoHubsAnd(Repeat.values())) {
      var old = scene.hub(0);
      var next = scene.hub(1);
      scene.forgetSchema(); // the old one makes its own
      old.start(before);
      ready(old);
      scene.stock(20_000);
      scene.shop().place(ORDERS);
      Await.until("the old one takes orders", PATIENCE, () -> acknowledged(scene) > ORDERS / 3);
      var tables = tables(scene);

      scene.shop().place(ORDERS);
      next.start();
      scene.shop().place(ORDERS);
      ready(next);
      assertThat(tables(scene)).as("the tables never go back").isGreaterThanOrEqualTo(tables);
      var known = acknowledged(scene);
      scene.shop().place(2 * ORDERS);
      Await.until("both work", PATIENCE, () -> acknowledged(scene) > known + ORDERS);
      assertThat(old.isAlive()).as("the old one bears the new tables\n" + old.tail()).isTrue();

      scene.shop().place(ORDERS);
      old.terminate();
      old.awaitEnd("asked to stop", PATIENCE);
      scene.shop().place(ORDERS);

      // back once, as when the new one disappoints, and forward again
      old.start(before);
      ready(old);
      scene.shop().place(ORDERS);
      old.stop();
      old.start();
      ready(old);
      scene.becomeQuiet();

      System.out.printf(
          "UPGRADE tables %d to %d, orders %d; deliveries %s%n",
          tables,
          tables(scene),
          scene.shop().posted().size(),
          scene.books().rows("SELECT state, count(*) FROM delivery GROUP BY state"));
      assertThat(scene.books().broken()).isEmpty();
      assertThat(scene.shop().acknowledged()).hasSameSizeAs(scene.shop().posted());
      assertThat(scene.shop().refusals()).isZero();
      assertThat(unexpected(scene)).isEmpty();
    }
  }

  private static Path previous() {
    var named = System.getProperty("serai.previous", "");
    if (named.isEmpty()) {
      var sentence =
          "UPGRADE SKIPPED: no program of the version before is named. Run .ci/upgrade, or name its jar with -Dserai.previous=JAR.";
      System.err.println(sentence);
      abort(sentence);
    }
    var jar = Path.of(named).toAbsolutePath();
    assertThat(Files.isRegularFile(jar)).as("-Dserai.previous=" + named + " is a file").isTrue();
    return jar;
  }

  private static void ready(HubProcess hub) {
    assertThat(hub.becomesReady(PATIENCE)).as(hub.tail()).isTrue();
  }

  private static int acknowledged(Scene scene) {
    return scene.shop().acknowledged().size();
  }

  private static int tables(Scene scene) {
    return Integer.parseInt(
        scene
            .books()
            .rows("SELECT max(version::int) FROM flyway_schema_history WHERE success")
            .getFirst()
            .getFirst());
  }

  /** What stopped for any other reason than it should: only the blind 3PL cannot be asked. */
  private static List<String> unexpected(Scene scene) {
    return scene.books().stopped().stream()
        .filter(why -> !why.contains("UNKNOWN_OUTCOME") || !why.contains("'blind-3pl'"))
        .filter(why -> !why.contains("is to be collected at"))
        .toList();
  }
}
