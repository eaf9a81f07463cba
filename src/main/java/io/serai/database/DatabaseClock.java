package io.serai.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * The database's clock, which every replica shares, carried on between looks by this machine's
 * monotonic one. So leases and due times do not depend on the wall clock of any replica. Instants
 * are whole microseconds, as the database keeps them, and never go back, except when the database's
 * own clock was set back by more than five seconds.
 *
 * <p>The gap: between two looks it drifts as far as the two machines' oscillators do, and a machine
 * that was suspended runs late until its next look. Fences, not clocks, keep two owners apart.
 */
public final class DatabaseClock extends Clock {
  private static final Duration FOLLOWED_STEP = Duration.ofSeconds(5);

  private record Reading(Instant at, long nanos) {}

  private final AtomicReference<Reading> reading = new AtomicReference<>();
  private final AtomicReference<Instant> latest = new AtomicReference<>(Instant.EPOCH);
  private final LongSupplier nanos;

  /** A clock that has to look before it can be read. */
  public DatabaseClock() {
    this(System::nanoTime);
  }

  DatabaseClock(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Reads the database's clock; half of the round trip is taken as the way back. */
  public void look(Connection connection) throws SQLException {
    long asked = nanos.getAsLong();
    try (var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "select (extract(epoch from clock_timestamp()) * 1000000)::bigint")) {
      row.next();
      long answered = nanos.getAsLong();
      set(Instant.EPOCH.plus(row.getLong(1), ChronoUnit.MICROS), asked + (answered - asked) / 2);
    }
  }

  void set(Instant now, long atNanos) {
    var before = latest.get();
    reading.set(new Reading(now, atNanos));
    if (now.isBefore(before.minus(FOLLOWED_STEP))) {
      latest.set(now);
    }
  }

  @Override
  public Instant instant() {
    var last = reading.get();
    if (last == null) {
      throw new IllegalStateException(
          "The database clock was read before the database answered. Open the database first.");
    }
    var now = last.at.plusNanos(nanos.getAsLong() - last.nanos).truncatedTo(ChronoUnit.MICROS);
    return latest.accumulateAndGet(now, (a, b) -> a.isAfter(b) ? a : b);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  /** Instants know no zone, so there is only this one. */
  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
