package io.serai.support;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that is moved by the test and stands still otherwise. */
public final class ManualClock extends Clock {
  /** Where a clock stands that nobody set: a dull Monday. */
  public static final Instant START = Instant.parse("2026-03-02T10:00:00Z");

  private final AtomicReference<Instant> now;

  /** Stands at {@link #START}. */
  public ManualClock() {
    this(START);
  }

  /** Stands at this instant. */
  public ManualClock(Instant now) {
    this.now = new AtomicReference<>(now);
  }

  /** Moves on. */
  public void advance(Duration by) {
    now.updateAndGet(instant -> instant.plus(by));
  }

  /** Moves to an instant, back as well. */
  public void set(Instant to) {
    now.set(to);
  }

  @Override
  public Instant instant() {
    return now.get();
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
