package io.serai.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Material to compare with that is not part of this repository: the folder that the system property
 * {@code serai.reference} names. Without it the checks that ask for it are skipped, and counted.
 */
public final class Reference {
  private static final Path COUNT = Path.of("target", "reference-checks.txt");

  private Reference() {}

  /** A file or folder of the reference; skips the test that asks when it is not there. */
  public static Path path(String name) {
    var folder = System.getProperty("serai.reference", "");
    var path = Path.of(folder, name);
    var there = !folder.isBlank() && Files.exists(path);
    count((there ? "ran " : "skipped ") + name);
    assumeTrue(
        there,
        () ->
            folder.isBlank()
                ? "skipped: the property serai.reference names no folder"
                : "skipped: '" + path + "' of serai.reference is not there");
    return path;
  }

  private static synchronized void count(String line) {
    try {
      Files.createDirectories(COUNT.getParent());
      Files.writeString(COUNT, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
