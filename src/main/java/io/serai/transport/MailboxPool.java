package io.serai.transport;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Keeps connections for a short while, since making one takes longer than sending a file.
 *
 * <p>Guarantee: one that failed is never used again, and one that was kept is asked something
 * before it is handed out, so that a partner who hung up meanwhile costs nobody an attempt.
 */
public final class MailboxPool implements MailboxSource, AutoCloseable {
  private final MailboxSource source;
  private final String probe;
  private final Executor afterAWhile;
  private final Deque<Kept> idle = new ArrayDeque<>();
  private boolean closed;

  /**
   * Over a source.
   *
   * @param probe the folder to look for before a kept connection is handed out
   * @param keep how long one is kept
   */
  public MailboxPool(MailboxSource source, String probe, Duration keep) {
    this(source, probe, CompletableFuture.delayedExecutor(keep.toMillis(), TimeUnit.MILLISECONDS));
  }

  MailboxPool(MailboxSource source, String probe, Executor afterAWhile) {
    this.source = source;
    this.probe = probe;
    this.afterAWhile = afterAWhile;
  }

  @Override
  public Mailbox open() throws IOException {
    for (var kept = take(); kept != null; kept = take()) {
      try {
        kept.look(probe);
        return kept;
      } catch (IOException e) {
        kept.mailbox.close(); // the partner hung up
      }
    }
    return new Kept(source.open());
  }

  private Kept take() {
    synchronized (idle) {
      return idle.pollLast();
    }
  }

  private void giveBack(Kept kept) {
    synchronized (idle) {
      if (!closed && !kept.failed) {
        kept.appointments++;
        idle.addLast(kept);
        afterAWhile.execute(() -> tooOld(kept));
        return;
      }
    }
    kept.mailbox.close();
  }

  // One that was used meanwhile lies there anew, and has another appointment.
  private void tooOld(Kept kept) {
    synchronized (idle) {
      if (--kept.appointments > 0 || !idle.remove(kept)) {
        return;
      }
    }
    kept.mailbox.close();
  }

  @Override
  public void close() {
    List<Kept> all;
    synchronized (idle) {
      closed = true;
      all = new ArrayList<>(idle);
      idle.clear();
    }
    all.forEach(kept -> kept.mailbox.close());
  }

  /** A connection that comes back when it is closed. */
  private final class Kept implements Mailbox {
    final Mailbox mailbox;
    int appointments;
    boolean failed;

    Kept(Mailbox mailbox) {
      this.mailbox = mailbox;
    }

    private <T> T noting(Step<T> step) throws IOException {
      try {
        return step.run();
      } catch (IOException | RuntimeException e) {
        failed = true;
        throw e;
      }
    }

    @Override
    public List<Entry> list(String folder, int most) throws IOException {
      return noting(() -> mailbox.list(folder, most));
    }

    @Override
    public Optional<Entry> look(String path) throws IOException {
      return noting(() -> mailbox.look(path));
    }

    @Override
    public byte[] read(String path, long size, int most) throws IOException {
      return noting(() -> mailbox.read(path, size, most));
    }

    @Override
    public void write(String path, byte[] content) throws IOException {
      noting(
          () -> {
            mailbox.write(path, content);
            return null;
          });
    }

    @Override
    public void move(String from, String to) throws IOException {
      noting(
          () -> {
            mailbox.move(from, to);
            return null;
          });
    }

    @Override
    public void delete(String path) throws IOException {
      noting(
          () -> {
            mailbox.delete(path);
            return null;
          });
    }

    @Override
    public void makeFolder(String folder) throws IOException {
      noting(
          () -> {
            mailbox.makeFolder(folder);
            return null;
          });
    }

    @Override
    public void close() {
      giveBack(this);
    }
  }

  /** Something that is done with a connection. */
  @FunctionalInterface
  private interface Step<T> {
    T run() throws IOException;
  }
}
