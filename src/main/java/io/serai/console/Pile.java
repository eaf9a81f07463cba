package io.serai.console;

import io.serai.deadletter.DeadLetterGroup;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All dead letters by cause, counted so that a page never waits for a large pile.
 *
 * <p>Guarantee: a pile that is counted within {@link #AT_ONCE} is counted anew for every look. A
 * larger one is counted beside the pages, for at most a {@link #SHARE}th of the time and only while
 * people look; what is shown then says when it was counted. After a verb of this console the next
 * look is counted anew, however long it takes. Gap: the first look after nobody looked for {@link
 * #WATCHED} waits for its count.
 */
final class Pile implements AutoCloseable {
  static final Duration AT_ONCE = Duration.ofMillis(60);
  static final int SHARE = 20;
  static final Duration WATCHED = Duration.ofMinutes(15);

  private static final Logger LOG = LoggerFactory.getLogger(Pile.class);

  private final Supplier<List<DeadLetterGroup>> counting;
  private final Clock clock;
  private final LongSupplier nanos;
  private final ScheduledExecutorService beside;

  private Count last;
  private Duration cost = Duration.ZERO;
  private Instant looked = Instant.EPOCH;
  private boolean touched;
  private boolean awaited;

  Pile(Supplier<List<DeadLetterGroup>> counting, Clock clock) {
    this(
        counting,
        clock,
        System::nanoTime,
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("console-pile").factory()));
  }

  /**
   * @param nanos what a count takes is read from here
   * @param beside where a large pile is counted
   */
  Pile(
      Supplier<List<DeadLetterGroup>> counting,
      Clock clock,
      LongSupplier nanos,
      ScheduledExecutorService beside) {
    this.counting = counting;
    this.clock = clock;
    this.nanos = nanos;
    this.beside = beside;
  }

  /**
   * The pile at an instant.
   *
   * @param groups by cause, the largest first
   * @param at when it was counted
   * @param large whether it is counted beside the pages, so that it may be older than the look
   */
  record Count(List<DeadLetterGroup> groups, Instant at, boolean large) {
    long letters() {
      return groups.stream().mapToLong(DeadLetterGroup::count).sum();
    }
  }

  /** The pile as it is, or as it was when it was counted last. */
  synchronized Count look() {
    looked = clock.instant();
    if (last == null || !last.large() || touched || !awaited) {
      count();
    }
    return last;
  }

  /** Something was done to it here: the next look has to show it. */
  synchronized void touched() {
    touched = true;
  }

  /**
   * Changes when another count of a large pile is there to be looked at; empty when it is small.
   */
  synchronized String mark() {
    return last != null && last.large() ? last.at().toString() : "";
  }

  private void count() {
    touched = false;
    long began = nanos.getAsLong();
    var at = clock.instant();
    var groups = counting.get();
    cost = Duration.ofNanos(nanos.getAsLong() - began);
    last = new Count(groups, at, cost.compareTo(AT_ONCE) > 0);
    if (last.large() && !awaited) {
      await();
    }
  }

  private void await() {
    awaited = true;
    beside.schedule(this::again, cost.multipliedBy(SHARE - 1).toMillis(), TimeUnit.MILLISECONDS);
  }

  // Not while a page waits for the lock: what it counts is put in its place at the end.
  private void again() {
    try {
      long began = nanos.getAsLong();
      var at = clock.instant();
      var groups = counting.get();
      place(groups, at, Duration.ofNanos(nanos.getAsLong() - began));
    } catch (RuntimeException e) {
      LOG.debug("The dead letters could not be counted; the next look counts them.", e);
      forget();
    }
  }

  private synchronized void place(List<DeadLetterGroup> groups, Instant at, Duration took) {
    awaited = false;
    cost = took;
    if (last == null || !at.isBefore(last.at())) {
      last = new Count(groups, at, took.compareTo(AT_ONCE) > 0);
    }
    if (last.large() && looked.isAfter(clock.instant().minus(WATCHED))) {
      await();
    }
  }

  private synchronized void forget() {
    awaited = false;
    last = null;
  }

  @Override
  public void close() {
    beside.shutdownNow();
  }
}
