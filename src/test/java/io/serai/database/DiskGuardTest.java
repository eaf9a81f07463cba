package io.serai.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskGuardTest {
  private static final long MB = 1L << 20;

  @TempDir Path folder;
  private final AtomicLong free = new AtomicLong(50_000 * MB);
  private DiskGuard guard;

  @BeforeEach
  void aVolumeOf100Gigabytes() {
    guard =
        new DiskGuard(
            folder,
            folder.resolve("ballast"),
            new DiskMarks(512 * MB, 5, 2 * MB),
            any -> new DiskGuard.Volumes.Room(free.get(), 100_000 * MB));
    guard.look();
  }

  @Test
  void belowTheLowMarkIntakeStopsWithASentence() {
    free.set(500 * MB);

    guard.look();

    assertThat(guard.refusal())
        .contains(
            new Refusal(
                Refusal.Reason.LOW_DISK,
                "The volume of '%s' has 500 MB left, so nothing new is accepted. Free 268 MB or more; intake goes on by itself."
                    .formatted(folder)));
  }

  @Test
  void itGoesOnAboveTheHighMarkAndNotBefore() {
    free.set(500 * MB);
    guard.look();

    free.set(600 * MB);
    guard.look();
    assertThat(guard.refusal()).isPresent();

    free.set(800 * MB);
    guard.look();
    assertThat(guard.refusal()).isEmpty();
  }

  @Test
  void onASmallVolumeAShareCounts() {
    var marks = DiskMarks.standard();

    assertThat(marks.low(1_000 * MB)).isEqualTo(50 * MB);
    assertThat(marks.low(1_000_000 * MB)).isEqualTo(512 * MB);
  }

  @Test
  void theBallastIsKeptWhileThereIsRoomAndGivenUpWhenThereIsNone() throws IOException {
    guard.keepBallast();
    assertThat(Files.size(folder.resolve("ballast"))).isEqualTo(2 * MB);

    free.set(MB);
    assertThat(guard.full()).isTrue();
    guard.dropBallast();
    guard.keepBallast();

    assertThat(folder.resolve("ballast")).doesNotExist();
  }
}
