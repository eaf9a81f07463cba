package io.serai.database;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops intake before a volume of the database is full, and keeps a ballast file that is given up
 * when it filled all the same, so that the server has room to recover. Looks once a second: what is
 * written within that second is not seen, which is what the distance between mark and zero is for.
 * The ballast lies beside the data and helps the log only while both are on one volume.
 */
final class DiskGuard implements Readiness {
  private static final Logger LOG = LoggerFactory.getLogger(DiskGuard.class);

  /** What is left on the volume of a folder, and how large that is. */
  interface Volumes {
    Room of(Path folder) throws IOException;

    /** In bytes. */
    record Room(long free, long size) {}
  }

  private final Path data;
  private final Path ballast;
  private final DiskMarks marks;
  private final Volumes volumes;
  private volatile Refusal refusal;

  DiskGuard(Path data, Path ballast, DiskMarks marks) {
    this(data, ballast, marks, DiskGuard::room);
  }

  DiskGuard(Path data, Path ballast, DiskMarks marks, Volumes volumes) {
    this.data = data;
    this.ballast = ballast;
    this.marks = marks;
    this.volumes = volumes;
  }

  private static Volumes.Room room(Path folder) throws IOException {
    var volume = Files.getFileStore(folder.toRealPath());
    return new Volumes.Room(volume.getUsableSpace(), volume.getTotalSpace());
  }

  @Override
  public Optional<Refusal> refusal() {
    return Optional.ofNullable(refusal);
  }

  /** Reads the free room of the data's and the log's volume and moves between the marks. */
  void look() {
    Refusal now = null;
    for (var folder : new Path[] {data, data.resolve("pg_wal")}) {
      try {
        long free = volumes.of(folder).free();
        long size = volumes.of(folder).size();
        long mark = refusal == null ? marks.low(size) : marks.high(size);
        if (free < mark && now == null) {
          now =
              new Refusal(
                  Refusal.Reason.LOW_DISK,
                  "The volume of '%s' has %d MB left, so nothing new is accepted. Free %d MB or more; intake goes on by itself."
                      .formatted(folder, free >> 20, Math.max(1, marks.high(size) - free >> 20)));
        }
      } catch (IOException e) {
        LOG.debug("the room of '{}' cannot be read: {}", folder, e.getMessage());
      }
    }
    if (now != null && refusal == null) {
      LOG.error(now.sentence());
    } else if (now == null && refusal != null) {
      LOG.info("the volume of '{}' has room again, intake goes on", data);
    }
    refusal = now;
  }

  /** Makes the ballast when there is none and ample room for it. */
  void keepBallast() {
    try {
      var room = volumes.of(data);
      if (marks.ballastBytes() > 0
          && !Files.exists(ballast)
          && room.free() > marks.high(room.size()) + 2 * marks.ballastBytes()) {
        makeBallast();
      }
    } catch (IOException e) {
      LOG.warn("the ballast '{}' cannot be made: {}", ballast, e.getMessage());
    }
  }

  /** Whether so little is left that the server cannot even recover. */
  boolean full() {
    try {
      return volumes.of(data).free() < marks.ballastBytes();
    } catch (IOException e) {
      return false;
    }
  }

  void dropBallast() {
    try {
      if (Files.deleteIfExists(ballast)) {
        LOG.warn("the volume of '{}' is full: the ballast file is given up for recovery", data);
      }
    } catch (IOException e) {
      LOG.error("the ballast '{}' cannot be given up: {}", ballast, e.getMessage());
    }
  }

  private void makeBallast() throws IOException {
    var fresh = ballast.resolveSibling("ballast.new");
    // Random bytes: a file system that compresses would keep no room for zeros.
    var block = new byte[1 << 20];
    RandomGenerator.getDefault().nextBytes(block);
    try (var file =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      for (long left = marks.ballastBytes(); left > 0; left -= block.length) {
        var part = ByteBuffer.wrap(block, 0, (int) Math.min(left, block.length));
        while (part.hasRemaining()) {
          file.write(part);
        }
      }
    } catch (IOException e) {
      Files.deleteIfExists(fresh);
      throw e;
    }
    Files.move(fresh, ballast);
  }
}
