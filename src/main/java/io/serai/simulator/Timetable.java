package io.serai.simulator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Things to do later, each on a virtual thread of its own when its time has come.
 *
 * <p>What is due is told by the clock given; a test that moves its clock calls {@link #runDue()}.
 * Nothing survives the process: what must be done after a restart is planned again from the ledger.
 */
final class Timetable implements AutoCloseable {

  private record Entry(Instant at, long order, Runnable task) {}

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final PriorityQueue<Entry> entries =
      new PriorityQueue<>(
          (a, b) -> {
            var byTime = a.at().compareTo(b.at());
            return byTime != 0 ? byTime : Long.compare(a.order(), b.order());
          });
  private long order;
  private boolean closed;

  Timetable(Clock clock, String name) {
    this.clock = clock;
    Thread.ofVirtual().name(name + "-timetable").start(this::run);
  }

  /** Does the task once the clock has reached the instant. */
  void at(Instant instant, Runnable task) {
    lock.lock();
    try {
      entries.add(new Entry(instant, order++, task));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Does the task after this long. */
  void in(Duration delay, Runnable task) {
    at(clock.instant().plus(delay), task);
  }

  /** Starts everything that is due now and answers how many there were. */
  int runDue() {
    var due = new ArrayList<Runnable>();
    lock.lock();
    try {
      var now = clock.instant();
      while (!entries.isEmpty() && !entries.peek().at().isAfter(now)) {
        due.add(entries.poll().task());
      }
    } finally {
      lock.unlock();
    }
    due.forEach(task -> Thread.ofVirtual().start(task));
    return due.size();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      entries.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (true) {
      lock.lock();
      try {
        if (closed) {
          return;
        }
        if (entries.isEmpty()) {
          changed.await();
        } else {
          var wait = Duration.between(clock.instant(), entries.peek().at());
          if (wait.isPositive()) {
            changed.await(wait.toNanos(), TimeUnit.NANOSECONDS);
          }
        }
      } catch (InterruptedException e) {
        return;
      } finally {
        lock.unlock();
      }
      runDue();
    }
  }
}
