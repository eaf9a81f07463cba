package io.serai.simulator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A standard queue as SQS has them: at least once, in no promised order. What is received is hidden
 * for a while and comes again unless it is deleted with the handle of its latest receipt.
 */
final class SqsQueue {

  /** A message as one receipt of it shows it. */
  record Received(String id, String handle, String body, int receipts) {}

  private static final class Held {
    final String id;
    final String body;
    Instant visibleAt;
    int receipts;

    Held(String id, String body, Instant visibleAt) {
      this.id = id;
      this.body = body;
      this.visibleAt = visibleAt;
    }

    String handle() {
      return id + "#" + receipts;
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, Held> messages = new LinkedHashMap<>();
  private final Clock clock;
  private final Consumer<String> gone;
  private boolean closed;

  /**
   * An empty queue.
   *
   * @param gone writes down that a message is deleted, and has it forgotten
   */
  SqsQueue(Clock clock, Consumer<String> gone) {
    this.clock = clock;
    this.gone = gone;
  }

  /** Takes a message in; it is shown after the delay. */
  void put(String id, String body, Duration delay) {
    lock.lock();
    try {
      messages.put(id, new Held(id, body, clock.instant().plus(delay)));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Shows and hides up to so many messages, waiting for the first one as long as asked for. */
  List<Received> receive(int most, Duration wait, Duration hiddenFor) throws InterruptedException {
    var until = System.nanoTime() + wait.toNanos();
    lock.lock();
    try {
      while (true) {
        var received = visible(most, hiddenFor);
        var left = until - System.nanoTime();
        if (!received.isEmpty() || left <= 0 || closed) {
          return received;
        }
        changed.await(Math.min(left, TimeUnit.MILLISECONDS.toNanos(100)), TimeUnit.NANOSECONDS);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Deletes a message by the handle of its latest receipt; an older handle deletes nothing. */
  void delete(String handle) {
    String id = null;
    lock.lock();
    try {
      var held = find(handle);
      id = held == null ? null : held.id;
    } finally {
      lock.unlock();
    }
    if (id != null) {
      gone.accept(id); // takes the lock of the ledger, which others hold when they take ours
    }
  }

  /** Removes a message whose deletion is written down. */
  void forget(String id) {
    lock.lock();
    try {
      messages.remove(id);
    } finally {
      lock.unlock();
    }
  }

  /** Hides a received message for so long from now on; answers whether the handle is its latest. */
  boolean hide(String handle, Duration hiddenFor) {
    lock.lock();
    try {
      var held = find(handle);
      if (held != null) {
        held.visibleAt = clock.instant().plus(hiddenFor);
        changed.signalAll();
      }
      return held != null;
    } finally {
      lock.unlock();
    }
  }

  /** How many messages are there, hidden ones too. */
  int size() {
    lock.lock();
    try {
      return messages.size();
    } finally {
      lock.unlock();
    }
  }

  /** Lets whoever waits go. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private List<Received> visible(int most, Duration hiddenFor) {
    var now = clock.instant();
    var received = new ArrayList<Received>();
    for (var held : messages.values()) {
      if (received.size() < most && !held.visibleAt.isAfter(now)) {
        held.visibleAt = now.plus(hiddenFor);
        held.receipts++;
        received.add(new Received(held.id, held.handle(), held.body, held.receipts));
      }
    }
    return received;
  }

  private Held find(String handle) {
    var at = handle == null ? -1 : handle.lastIndexOf('#');
    var held = at < 0 ? null : messages.get(handle.substring(0, at));
    return held != null && held.handle().equals(handle) ? held : null;
  }
}
