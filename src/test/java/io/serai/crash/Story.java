package io.serai.crash;

import io.serai.simulator.Repeat;
import io.serai.support.Await;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** What happens to a hub that is as it should be, and to one that breaks a rule. */
enum Story {
  /** Five orders hear yes, and the hub is killed the moment they have. */
  SAYS_YES_AND_DIES(() -> Scene.with(Repeat.IDEMPOTENT)) {
    @Override
    List<String> tell(Scene scene, Mutant mutant) {
      scene.start(mutant);
      scene.shop().place(5);
      Await.until("five orders are heard", Duration.ofSeconds(120), scene.shop()::isHeard);
      scene.kill();
      scene.start();
      scene.becomeQuiet();
      return scene.books().broken();
    }
  },

  /** A 3PL that knows no keys and cannot be asked does what it is asked, and the hub dies first. */
  NEVER_HEARS_THE_ANSWER(() -> Scene.with(Repeat.BLIND)) {
    @Override
    List<String> tell(Scene scene, Mutant mutant) {
      scene.dieBeforeTheAnswer(
          mutant,
          () -> {
            scene.stock(1_000);
            scene.shop().place(10);
          });
      scene.start(mutant);
      scene.becomeQuiet();
      return scene.books().broken();
    }
  },

  /** Two hubs sell a hundred of an article of which there are sixty. */
  SELLS_OUT(() -> Scene.withTwoHubsAnd(Repeat.IDEMPOTENT)) {
    @Override
    List<String> tell(Scene scene, Mutant mutant) {
      scene.start(mutant);
      scene.stock("MUG-BLU", 60);
      for (int i = 0; i < 100; i++) {
        scene.shop().place("MUG-BLU", 1);
      }
      scene.becomeQuiet();
      return scene.books().brokenEver();
    }
  };

  private final Supplier<Scene> scene;

  Story(Supplier<Scene> scene) {
    this.scene = scene;
  }

  /** Where it happens; to be closed. */
  Scene scene() {
    return scene.get();
  }

  /** Lets it happen, and answers what the books say then. */
  abstract List<String> tell(Scene scene, Mutant mutant);
}
