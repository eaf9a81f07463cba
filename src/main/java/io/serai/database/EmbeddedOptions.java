package io.serai.database;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * How the embedded server is run.
 *
 * @param folder Serai's data folder; the server lives in {@code postgres/} below it
 * @param binaries where the server's programs are unpacked, shared by any number of data folders
 * @param disk the marks at which intake stops and goes on
 * @param stopTimeout how long a fast stop may take before the server is stopped at once, which
 *     costs a recovery at the next start and no data
 * @param progress told, in sentences, what a start that takes long is doing
 */
public record EmbeddedOptions(
    Path folder, Path binaries, DiskMarks disk, Duration stopTimeout, Consumer<String> progress) {

  /** Nothing may be absent. */
  public EmbeddedOptions {
    Objects.requireNonNull(folder, "folder");
    Objects.requireNonNull(binaries, "binaries");
    Objects.requireNonNull(disk, "disk");
    Objects.requireNonNull(stopTimeout, "stopTimeout");
    Objects.requireNonNull(progress, "progress");
  }

  /** What a data folder gets when nothing is said. */
  public static EmbeddedOptions in(Path folder) {
    return new EmbeddedOptions(
        folder,
        folder.resolve("postgres"),
        DiskMarks.standard(),
        Duration.ofSeconds(30),
        sentence -> {});
  }

  /** The same, with the programs unpacked in another folder. */
  public EmbeddedOptions withBinaries(Path folder) {
    return new EmbeddedOptions(this.folder, folder, disk, stopTimeout, progress);
  }

  /** The same, with other marks. */
  public EmbeddedOptions withDisk(DiskMarks marks) {
    return new EmbeddedOptions(folder, binaries, marks, stopTimeout, progress);
  }

  /** The same, telling its progress. */
  public EmbeddedOptions withProgress(Consumer<String> listener) {
    return new EmbeddedOptions(folder, binaries, disk, stopTimeout, listener);
  }
}
