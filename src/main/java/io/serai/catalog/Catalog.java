package io.serai.catalog;

import java.nio.file.Path;
import java.util.List;

/**
 * What may run: connectors, kamelets, routes and mappings, built in and overlaid file by file by
 * {@code SERAI_HOME}. {@link #edition} is always one consistent reading; {@link #reload} makes the
 * next. Reading judges each file by itself; whether its routes can start is the route loader's
 * answer.
 */
public final class Catalog {
  private final Sources sources;
  private volatile Edition edition;

  private Catalog(Sources sources) {
    this.sources = sources;
    this.edition = Edition.of(sources.read(), null);
  }

  /** Reads what came with the hub, overlaid by the home, which may be null. */
  public static Catalog open(ClassLoader loader, Path home) {
    return of(Sources.of(loader, home == null ? List.of() : List.of(home)));
  }

  /** Reads these sources. */
  public static Catalog of(Sources sources) {
    return new Catalog(sources);
  }

  /** The newest reading. */
  public Edition edition() {
    return edition;
  }

  /** Where the files come from. */
  public Sources sources() {
    return sources;
  }

  /** Reads the homes again. Called by one thread at a time. */
  public synchronized Edition reload() {
    var before = edition;
    var files = sources.read();
    if (!files.equals(before.files())) {
      edition = Edition.of(files, before);
    }
    return edition;
  }
}
