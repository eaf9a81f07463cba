package io.serai.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * A very bad day: moods that change, simulators that crash, one death of the database server, and
 * people who make mistakes. Everything it does it says.
 */
final class Chaos {
  private static final long EVERY = 8_000_000_000L;
  private static final List<String> DAYS =
      List.of(
          MoodsOption.USUAL,
          "3pl:answer-lost=0.3",
          "shop:throttling=0.5,shop:flaky=0.2",
          "3pl:flaky=0.6",
          "3pl:half-answer=0.2,3pl:garbage=0.1,shop:html=0.1",
          "shop:dropping=0.3,3pl:dropping=0.3",
          "shop:duplicating=0.5,shop:out-of-order=0.5,3pl:duplicating=0.5,3pl:out-of-order=0.5",
          "3pl:slow=0.3,shop:slow=0.3");

  private final Stage stage;
  private final Path database;
  private final Screen screen;
  private final Runnable mistakes;
  private final Random random = new Random(7);
  private long nextAt = System.nanoTime() + EVERY / 2;
  private int step;
  private boolean over;

  /**
   * Chaos among these.
   *
   * @param database the data folder of the embedded PostgreSQL
   * @param mistakes what people get wrong in the middle of it
   */
  Chaos(Stage stage, Path database, Screen screen, Runnable mistakes) {
    this.stage = stage;
    this.database = database;
    this.screen = screen;
    this.mistakes = mistakes;
  }

  /** Does the next bad thing when it is time; calms down once all orders are placed. */
  void run(boolean allPlaced) {
    if (over) {
      return;
    }
    if (allPlaced && step >= 5) {
      over = true;
      stage.moods(MoodsOption.CALM);
      screen.line("  # chaos: everybody calms down");
      return;
    }
    if (System.nanoTime() < nextAt) {
      return;
    }
    nextAt = System.nanoTime() + EVERY;
    switch (step++) {
      case 1 -> crash(Stage.SUMMIT);
      case 2 -> killDatabase();
      case 3 -> crash(Stage.NORTHWIND);
      case 4 -> mistakes.run();
      default -> {
        var day = DAYS.get(random.nextInt(DAYS.size()));
        stage.moods(MoodsOption.parse(day));
        screen.line("  # chaos: " + day);
      }
    }
  }

  /** Whether it has calmed down for good. */
  boolean over() {
    return over;
  }

  private void crash(String partner) {
    stage.partners().get(partner).crash();
    screen.line(
        "  # chaos: the simulators of '%s' were killed and started again".formatted(partner));
  }

  private void killDatabase() {
    try {
      var pid = Files.readString(database.resolve("postmaster.pid")).lines().findFirst().orElse("");
      ProcessHandle.of(Long.parseLong(pid.strip())).ifPresent(ProcessHandle::destroyForcibly);
      screen.line("  # chaos: the database server, process %s, was killed".formatted(pid.strip()));
    } catch (IOException | NumberFormatException e) {
      screen.line("  # chaos: the database server could not be killed: " + e.getMessage());
    }
  }
}
