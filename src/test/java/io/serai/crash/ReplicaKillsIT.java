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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Three hubs on one database are killed, asked to stop and paused, one at a time and while orders
 * come in. Nothing is lost, doubled or oversold, and what a dead hub had is soon another's. It
 * tells how soon, for the guide; that depends on the machine and is no test.
 */
@Tag("alone")
@Tag("long")
class ReplicaKillsIT {
  private static final int HUBS = 3;
  private static final int ROUNDS = Integer.getInteger("serai.rounds", 100);
  private static final int ORDERS = 20;

  /** Every so many rounds a hub is paused for longer than its leases hold. */
  private static final int LONG_PAUSE = 20;

  /** Every so many rounds a hub that was killed stays dead until others have what it had. */
  private static final int LEFT_DEAD = 25;

  private static final Duration PATIENCE = Duration.ofSeconds(240);

  private final Random random = new Random(Long.getLong("serai.seed", 8));
  private final List<Long> takeovers = new ArrayList<>();
  private final List<Long> stops = new ArrayList<>();
  private int kills;
  private int pauses;
  private double refused;

  @Test
  void whateverHappensToThreeHubsNothingIsLostDoubledOrOversold() {
    try (var scene = Scene.withHubs(HUBS, Repeat.values())) {
      scene.start();
      scene.stock(20_000);
      for (var round = 1; round <= ROUNDS; round++) {
        var hub = scene.hub(random.nextInt(HUBS));
        othersAreReady(scene);
        scene.shop().place(ORDERS);
        settle(random.nextInt(600));
        if (round % LONG_PAUSE == 0) {
          pauseLong(scene, hub);
        } else if (round % LEFT_DEAD == 5) {
          leaveDead(scene, hub);
        } else {
          switch (random.nextInt(3)) {
            case 0 -> {
              kills++;
              hub.kill();
              hub.start();
            }
            case 1 -> stop(scene, hub);
            default -> pause(hub, 500 + random.nextInt(2_500));
          }
        }
        assertThat(scene.books().brokenEver()).as("round %d", round).isEmpty();
      }
      othersAreReady(scene);
      scene.becomeQuiet();

      for (var no = 0; no < HUBS; no++) {
        refused += scene.hub(no).metric("serai_fence_refused_total");
      }
      System.out.printf(
          "REPLICAS rounds %d, kills %d, stops %d, pauses %d, orders %d; after a kill another had all after %s ms, after a stop after %s ms (longest %d); late writes refused %.0f; parked %s%n",
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

  // Whoever was killed starts while the next round begins; all three live when it happens.
  private static void othersAreReady(Scene scene) {
    for (var no = 0; no < HUBS; no++) {
      assertThat(scene.hub(no).becomesReady(PATIENCE)).as("hub %d is ready", no).isTrue();
    }
  }

  // Calls take so long that it sleeps in the middle of some.
  private void pauseLong(Scene scene, HubProcess hub) {
    var slow = Mood.of(Mood.Kind.SLOW).on("fulfillments.create").lasting(Duration.ofMillis(1_500));
    scene.partners().forEach(partner -> partner.moods().set(slow));
    scene.shop().place(2 * ORDERS);
    Await.until("it is at work", PATIENCE, () -> held(scene, hub) > 0);
    pause(hub, 65_000 + random.nextInt(5_000));
    scene.partners().forEach(partner -> partner.moods().calm());
    assertThat(hub.becomesReady(PATIENCE)).isTrue();
    refused += hub.metric("serai_fence_refused_total");
    hub.kill(); // what it counted is counted
    hub.start();
    kills++;
  }

  private void pause(HubProcess hub, int millis) {
    pauses++;
    hub.freeze();
    settle(millis);
    hub.thaw();
  }

  private void leaveDead(Scene scene, HubProcess hub) {
    kills++;
    scene.shop().place(ORDERS);
    Await.until("it is at work", PATIENCE, () -> held(scene, hub) > 0);
    hub.kill();
    takeovers.add(untilNothingIsHeld(scene, hub));
    hub.start();
  }

  private void stop(Scene scene, HubProcess hub) {
    hub.terminate();
    stops.add(untilNothingIsHeld(scene, hub));
    hub.awaitEnd("asked to stop", PATIENCE);
    hub.start();
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
