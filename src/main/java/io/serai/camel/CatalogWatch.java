package io.serai.camel;

import io.serai.catalog.Sources;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls for a refresh when a file of a home changes: within half a second where the file system
 * tells us, within one second where it does not (network mounts, exhausted watches), because every
 * file is looked at once a second as well. A file saved in several steps is read when it has been
 * quiet for {@value #QUIET_MILLIS} ms.
 */
public final class CatalogWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CatalogWatch.class);
  private static final long QUIET_MILLIS = 150;
  private static final long LOOK_MILLIS = 1_000;
  private static final WatchEvent.Kind<?>[] KINDS = {
    StandardWatchEventKinds.ENTRY_CREATE,
    StandardWatchEventKinds.ENTRY_MODIFY,
    StandardWatchEventKinds.ENTRY_DELETE
  };

  private final Sources sources;
  private final RouteLoader loader;
  private final WatchService events;
  private final Thread thread;
  private volatile boolean open = true;

  private CatalogWatch(Sources sources, RouteLoader loader) {
    this.sources = sources;
    this.loader = loader;
    this.events = events();
    this.thread = new Thread(this::watch, "catalog-watch");
    this.thread.setDaemon(true);
  }

  /** Starts watching; without a home there is nothing to watch and nothing runs. */
  public static CatalogWatch start(Sources sources, RouteLoader loader) {
    var watch = new CatalogWatch(sources, loader);
    if (!sources.homes().isEmpty()) {
      watch.thread.start();
    }
    return watch;
  }

  /** Stops; a refresh that is under way is finished first. */
  @Override
  public void close() {
    open = false;
    try {
      if (events != null) {
        events.close();
      }
      thread.join(TimeUnit.SECONDS.toMillis(30));
    } catch (IOException e) {
      LOG.debug("The watch of the catalogue did not close quietly", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch() {
    register();
    loader.rehearse();
    var seen = "";
    while (open) {
      try {
        var told = await(LOOK_MILLIS);
        while (told && await(QUIET_MILLIS)) {
          // more is being written
        }
        var now = sources.fingerprint();
        if (open && (told || !now.equals(seen) || loader.waiting())) {
          loader.refresh();
          register();
          seen = now;
        }
      } catch (InterruptedException | ClosedWatchServiceException e) {
        return;
      } catch (RuntimeException e) {
        LOG.error("The catalogue could not be refreshed; it is tried again: {}", e.getMessage(), e);
      }
    }
  }

  /** Waits for an event; false when none came. */
  private boolean await(long millis) throws InterruptedException {
    if (events == null) {
      TimeUnit.MILLISECONDS.sleep(millis);
      return false;
    }
    var key = events.poll(millis, TimeUnit.MILLISECONDS);
    if (key == null) {
      return false;
    }
    key.pollEvents();
    key.reset();
    return true;
  }

  private static WatchService events() {
    try {
      return FileSystems.getDefault().newWatchService();
    } catch (IOException | UnsupportedOperationException e) {
      LOG.info("The file system tells of no changes; files are looked at every second instead");
      return null;
    }
  }

  private void register() {
    if (events == null) {
      return;
    }
    for (var home : sources.homes()) {
      register(home);
      for (var folder : Sources.FOLDERS) {
        try {
          if (Files.isDirectory(home.resolve(folder))) {
            Files.walkFileTree(
                home.resolve(folder),
                new SimpleFileVisitor<>() {
                  @Override
                  public FileVisitResult preVisitDirectory(
                      Path directory, BasicFileAttributes attributes) {
                    register(directory);
                    return FileVisitResult.CONTINUE;
                  }

                  @Override
                  public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE;
                  }
                });
          }
        } catch (IOException e) {
          LOG.debug("Folder '{}' is not watched; it is looked at every second", folder, e);
        }
      }
    }
  }

  private void register(Path directory) {
    try {
      directory.register(events, KINDS);
    } catch (IOException e) {
      LOG.debug("Folder '{}' is not watched; it is looked at every second", directory, e);
    }
  }
}
