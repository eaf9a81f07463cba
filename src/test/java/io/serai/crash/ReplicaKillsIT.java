package io.serai.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.simulator.Mood;
import io.serai.simulator.Repeat;
import io.serai.support.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Three hubs on one database are killed, asked to stop and paused while orders come in. Nothing is
 * lost, doubled or oversold, and what a dead hub had is soon another's. It tells how soon, for the
 * guide; that depends on the machine and is no test.
 */
@Tag("alone")
@Tag("long")
class ReplicaKillsIT {
  private static final int HUBS = 3;
  private static final int ROUNDS = Integer.getInteger("serai.rounds", 100);
  private static final int ORDERS = 20;

  /**
   * Every so many rounds a hub is away for longer than its leases hold, while the rounds go on:
   * asleep, and the next time dead.
   */
  private static final int AWAY = 10;

  private static final Duration PATIENCE = Duration.ofSeconds(240);

  private final Random random = new Random(Long.getLong("serai.seed", 8));
  private final List<Long> takeovers = Collections.synchronizedList(new ArrayList<>());
  private final List<Long> stops = new ArrayList<>();
  private CompletableFuture<Double> away = CompletableFuture.completedFuture(0.0);
  private HubProcess gone;
  private int kills;
  private int pauses;
  private double refused;

  @Test
  void whateverHappensToThreeHubsNothingIsLostDoubledOrOversold() {
    try (var scene = Scene.withHubs(HUBS, Repeat.values())) {
      scene.start();
      scene.stock(20_000);
      for (var round = 1; round <= ROUNDS; round++) {
        var hub = oneThatMayBeHit(scene);
        scene.shop().place(ORDERS);
        settle(random.nextInt(600));
        if (round % AWAY == 0) {
          goAway(scene, hub, round / AWAY % 2 == 1);
        } else {
          hit(scene, hub);
        }
        assertThat(scene.books().brokenEver()).as("round %d", round).isEmpty();
      }
      back();
      for (var no = 0; no < HUBS; no++) {
        assertThat(scene.hub(no).becomesReady(PATIENCE)).isTrue();
      }
      scene.becomeQuiet();

      System.out.printf(
          "REPLICAS rounds %d, kills %d, stops %d, pauses %d, orders %d; after a kill others had all after %s ms, after a stop after %d ms (longest %d); late writes refused %.0f; deliveries %s%n",
          ROUNDS,
          kills,
          stops.size(),
          pauses,
          scene.shop().posted().size(),
          takeovers,
          median(stops),
          stops.isEmpty() ? 0 : Collections.max(stops),
          refused,
          scene.books().rows("SELECT state, count(*) FROM delivery GROUP BY state"));
      assertThat(scene.books().broken()).isEmpty();
      assertThat(scene.shop().acknowledged()).hasSameSizeAs(scene.shop().posted());
      assertThat(scene.shop().refusals()).isZero();
      assertThat(unexpected(scene)).isEmpty();
      assertThat(refused).as("writes of hubs that slept too long").isPositive();
    }
  }

  // One is always left: it is ready, and so is another that is not hit.
  private HubProcess oneThatMayBeHit(Scene scene) {
    var here = new ArrayList<HubProcess>();
    for (var no = 0; no < HUBS; no++) {
      if (away.isDone() || scene.hub(no) != gone) {
        here.add(scene.hub(no));
      }
    }
    Collections.shuffle(here, random);
    assertThat(here.get(0).becomesReady(PATIENCE)).isTrue();
    assertThat(here.get(1).becomesReady(PATIENCE)).isTrue();
    return here.get(0);
  }

  private void hit(Scene scene, HubProcess hub) {
    switch (random.nextInt(4)) {
      case 0 -> {
        kills++;
        hub.kill();
        hub.start();
      }
      case 1 -> {
        hub.terminate();
        stops.add(untilNothingIsHeld(scene, hub));
        hub.awaitEnd("asked to stop", PATIENCE);
        hub.start();
      }
      default -> {
        pauses++;
        hub.freeze();
        settle(500 + random.nextInt(2_500));
        hub.thaw();
      }
    }
  }

  // Calls take so long that it is in the middle of some.
  private void goAway(Scene scene, HubProcess hub, boolean asleep) {
    back();
    var slow = Mood.of(Mood.Kind.SLOW).on("fulfillments.create").lasting(Duration.ofMillis(1_500));
    scene.partners().forEach(partner -> partner.moods().set(slow));
    scene.shop().place(2 * ORDERS);
    Await.until("it is at work", PATIENCE, () -> held(scene, hub) > 0);
    kills++;
    gone = hub;
    if (asleep) {
      pauses++;
      hub.freeze();
      var millis = 65_000 + random.nextInt(5_000);
      away = CompletableFuture.supplyAsync(() -> wakeAfter(hub, millis));
    } else {
      hub.kill();
      away = CompletableFuture.supplyAsync(() -> untilOthersHaveAll(scene, hub));
    }
    scene.partners().forEach(partner -> partner.moods().calm());
  }

  private void back() {
    refused += away.join();
    away = CompletableFuture.completedFuture(0.0);
  }

  // What it counted is read before it is killed and forgets it.
  private static double wakeAfter(HubProcess hub, int millis) {
    settle(millis);
    hub.thaw();
    settle(5_000);
    assertThat(hub.becomesReady(PATIENCE)).isTrue();
    var refused = hub.metric("serai_fence_refused_total");
    hub.kill();
    hub.start();
    return refused;
  }

  private double untilOthersHaveAll(Scene scene, HubProcess hub) {
    takeovers.add(untilNothingIsHeld(scene, hub));
    hub.start();
    return 0;
  }

  /** Milliseconds until no message and no delivery names it. */
  private static long untilNothingIsHeld(Scene scene, HubProcess hub) {
    var begun = System.nanoTime();
    Await.until("others have what it had", PATIENCE, () -> held(scene, hub) == 0);
    return (System.nanoTime() - begun) / 1_000_000;
  }

  private static int held(Scene scene, HubProcess hub) {
    return Integer.parseInt(
        scene
            .books()
            .rows(
                """
                SELECT (SELECT count(*) FROM inbox_message WHERE state = 'RUNNING' AND lease_owner = '%1$s')
                  + (SELECT count(*) FROM delivery WHERE state = 'SENDING' AND lease_owner = '%1$s')"""
                    .formatted(hub.owner()))
            .getFirst()
            .getFirst());
  }

  private static long median(List<Long> all) {
    var sorted = all.stream().sorted().toList();
    return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
  }

  /** What stopped for any other reason than it should: only the blind 3PL cannot be asked. */
  private static List<String> unexpected(Scene scene) {
    return scene.books().stopped().stream()
        .filter(why -> !why.contains("UNKNOWN_OUTCOME") || !why.contains("'blind-3pl'"))
        .filter(why -> !why.contains("is to be collected at"))
        .toList();
  }

  private static void settle(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
