package io.serai.support;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * One thread that takes what is there, up to a limit, and works it as one batch. An idle batcher
 * works a single item at once, a busy one works whatever queued during the last batch; one to which
 * items come faster than it may linger lingers, because a commit costs more than an item.
 *
 * <p>Guarantee: every item that {@link #offer} took is given to the work exactly once, in order of
 * offering by one thread, unless the process dies. Gap: what the work throws is handed to the
 * uncaught handler and the batcher goes on, so the work must settle its own items.
 */
public final class Batcher<T> implements AutoCloseable {
  /** Items that must be expected meanwhile to be waited for. */
  private static final int EXPECTED = 2;

  private final BlockingQueue<T> queue;
  private final int maxBatch;
  private final Consumer<List<T>> work;
  private final Runnable before;
  private final long linger;
  private final Thread thread;
  private final Object idling = new Object();
  private boolean idle;
  private volatile boolean closed;

  /**
   * Starts the thread.
   *
   * @param capacity items that may queue; beyond it {@link #offer} answers false
   * @param maxBatch the most items a batch holds
   * @param linger how long a batch may wait for items that are expected within that time, going by
   *     those before; zero for never
   * @param work called on the batcher's own thread
   */
  public Batcher(String name, int capacity, int maxBatch, Duration linger, Consumer<List<T>> work) {
    this(name, capacity, maxBatch, linger, () -> {}, work);
  }

  /**
   * Starts the thread.
   *
   * @param before called when there is a first item and before others are taken with it: what it
   *     waits makes the batch larger
   */
  public Batcher(
      String name,
      int capacity,
      int maxBatch,
      Duration linger,
      Runnable before,
      Consumer<List<T>> work) {
    this.before = before;
    this.linger = linger.toNanos();
    this.queue = new ArrayBlockingQueue<>(capacity);
    this.maxBatch = maxBatch;
    this.work = work;
    this.thread = new Thread(this::run, name);
    this.thread.setDaemon(true);
    this.thread.start();
  }

  /** Takes an item unless the queue is full or the batcher is closed. */
  public boolean offer(T item) {
    return !closed && queue.offer(item) && !tooLate(item);
  }

  // The thread may have ended between the look and the offer; what it did not take is not taken.
  private boolean tooLate(T item) {
    return closed && queue.removeIf(one -> one == item);
  }

  /** Takes an item, waiting for room; answers false when closed or interrupted meanwhile. */
  public boolean put(T item) {
    try {
      while (!closed) {
        if (queue.offer(item, 100, TimeUnit.MILLISECONDS)) {
          return !tooLate(item);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  /** Items waiting now. */
  public int waiting() {
    return queue.size();
  }

  private void run() {
    var batch = new ArrayList<T>(maxBatch);
    var begun = System.nanoTime() - linger;
    var taken = 1;
    while (true) {
      try {
        var first = next();
        if (first == null) {
          if (closed) {
            return;
          }
          continue;
        }
        batch.add(first);
        var now = System.nanoTime();
        var apart = (now - begun) / taken;
        before.run();
        if (apart < linger / EXPECTED && queue.size() < maxBatch / 2) {
          LockSupport.parkNanos(linger);
        }
        queue.drainTo(batch, maxBatch - 1);
        begun = now;
        taken = batch.size();
        work.accept(List.copyOf(batch));
      } catch (InterruptedException e) {
        if (!closed) {
          return;
        }
      } catch (Throwable e) {
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
      } finally {
        batch.clear();
      }
    }
  }

  // Who closes wakes a thread that waits for an item, and never one that is at work.
  private T next() throws InterruptedException {
    if (closed) {
      return queue.poll();
    }
    synchronized (idling) {
      idle = true;
    }
    try {
      return queue.poll(100, TimeUnit.MILLISECONDS);
    } finally {
      synchronized (idling) {
        idle = false;
        if (closed) {
          Thread.interrupted();
        }
      }
    }
  }

  /** Takes no more, works what is queued and ends; waits up to ten seconds for it. */
  @Override
  public void close() {
    closed = true;
    synchronized (idling) {
      if (idle) {
        thread.interrupt();
      }
    }
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
