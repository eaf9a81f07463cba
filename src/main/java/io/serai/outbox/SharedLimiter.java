package io.serai.outbox;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.distributed.jdbc.PrimaryKeyMapper;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps declared rates over all replicas: one token bucket a destination in the table {@code
 * rate_bucket}, with which each replica settles on a thread of its own, a slice of a tenth of a
 * second's worth at a time. So nobody who sends waits for it, a busy destination costs some twenty
 * small transactions a second however much is sent, and an idle one and one without a rate none.
 *
 * <p>Guarantee: over time all replicas send what the bucket gives. Gap: each may be one slice ahead
 * of it, or the batch that it hands on at once; the bucket is one slice smaller than the declared
 * burst for that. What a replica owed when it died is forgotten.
 */
public final class SharedLimiter implements Limiter, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SharedLimiter.class);
  private static final Duration WORTH = Duration.ofMillis(100);
  private static final Duration KEPT = Duration.ofSeconds(10);

  /** What this replica holds of a destination's bucket; below zero it owes. */
  private static final class Slice {
    final Destination.Rate rate;
    final int size;
    final Duration refill;
    final BucketConfiguration configuration;
    Bucket bucket;
    int tokens;
    Instant usedAt = Instant.EPOCH;
    boolean wanted;
    boolean starved;

    Slice(Destination.Rate rate) {
      this.rate = rate;
      this.size =
          (int) Math.max(1, Math.min(rate.burst(), rate.perSecond() * WORTH.toMillis() / 1_000));
      this.refill =
          Duration.ofMillis(
              (long) Math.min(1_000, Math.max(WORTH.toMillis(), 1_000 / rate.perSecond())));
      this.configuration =
          BucketConfiguration.builder()
              .addLimit(
                  Bandwidth.builder()
                      .capacity(Math.max(1, rate.burst() - size))
                      .refillGreedy(rate.calls(), rate.per())
                      .build())
              .build();
    }

    int free() {
      return tokens + size;
    }
  }

  private final ProxyManager<String> buckets;
  private final Clock clock;
  private final Map<String, Slice> slices = new ConcurrentHashMap<>();
  private final Semaphore wishes = new Semaphore(0);
  private final Thread thread;
  private volatile Runnable available = () -> {};
  private volatile boolean closed;

  /**
   * Limits by the buckets in this database.
   *
   * @param clock the database's, so that replicas agree on what has been refilled
   */
  public SharedLimiter(DataSource database, Clock clock) {
    this.clock = clock;
    this.buckets =
        Bucket4jPostgreSQL.selectForUpdateBasedBuilder(database)
            .primaryKeyMapper(PrimaryKeyMapper.STRING)
            .table("rate_bucket")
            .idColumn("name")
            .stateColumn("state")
            .clientClock(meter(clock))
            .build();
    this.thread = Thread.ofPlatform().daemon().name("serai-limiter").start(this::settle);
  }

  private static TimeMeter meter(Clock clock) {
    return new TimeMeter() {
      @Override
      public long currentTimeNanos() {
        var now = clock.instant();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
      }

      @Override
      public boolean isWallClockBased() {
        return true;
      }
    };
  }

  @Override
  public void describe(Destination destination) {
    slices.compute(
        destination.name(),
        (name, slice) ->
            destination.rate() == null
                ? null
                : slice != null && slice.rate.equals(destination.rate())
                    ? slice
                    : new Slice(destination.rate()));
  }

  @Override
  public boolean has(String destination, int wanted) {
    var slice = slices.get(destination);
    if (slice == null) {
      return true;
    }
    synchronized (slice) {
      return slice.free() >= wanted;
    }
  }

  @Override
  public void charge(String destination, int taken) {
    var slice = slices.get(destination);
    if (slice != null) {
      synchronized (slice) {
        slice.tokens -= taken;
        slice.usedAt = clock.instant();
        wish(slice);
      }
    }
  }

  @Override
  public int take(String destination, int wanted) {
    var slice = slices.get(destination);
    if (slice == null) {
      return wanted;
    }
    synchronized (slice) {
      var taken = Math.max(0, Math.min(wanted, slice.free()));
      slice.tokens -= taken;
      slice.starved |= taken == 0;
      return taken;
    }
  }

  @Override
  public void used(String destination, int taken, int used) {
    var slice = slices.get(destination);
    if (slice != null) {
      synchronized (slice) {
        slice.tokens = Math.min(slice.size, slice.tokens + taken - used);
        if (used > 0) {
          slice.usedAt = clock.instant();
          wish(slice);
        }
      }
    }
  }

  @Override
  public void whenAvailable(Runnable available) {
    this.available = available;
  }

  // Every half slice, not every time.
  private void wish(Slice slice) {
    if (!slice.wanted && slice.tokens < (slice.size + 1) / 2) {
      slice.wanted = true;
      wishes.release();
    }
  }

  private void settle() {
    while (!closed) {
      try {
        wishes.tryAcquire(1, TimeUnit.SECONDS);
        wishes.drainPermits();
        var came = false;
        Duration again = null;
        for (var entry : slices.entrySet()) {
          var slice = entry.getValue();
          boolean wanted;
          synchronized (slice) {
            wanted = slice.wanted;
          }
          if (!wanted) {
            returnUnused(entry.getKey(), slice);
            continue;
          }
          draw(entry.getKey(), slice);
          synchronized (slice) {
            slice.wanted = slice.tokens < 0;
            if (slice.starved && slice.free() > 0) {
              slice.starved = false;
              came = true;
            }
            if (slice.wanted && (again == null || slice.refill.compareTo(again) < 0)) {
              again = slice.refill;
            }
          }
        }
        if (came) {
          available.run();
        }
        if (again != null) {
          // The bucket is empty: what it is refilled with in the meantime is the next slice.
          TimeUnit.NANOSECONDS.sleep(again.toNanos());
          wishes.release();
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.warn("Rates cannot be settled, so destinations that have one wait: {}", e.getMessage());
        try {
          TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException interrupted) {
          return;
        }
        wishes.release();
      }
    }
  }

  // Pays what is owed and takes a slice in hand, as far as the bucket has it.
  private void draw(String name, Slice slice) {
    int missing;
    synchronized (slice) {
      missing = slice.size - slice.tokens;
    }
    var got = missing <= 0 ? 0 : (int) bucket(name, slice).tryConsumeAsMuchAsPossible(missing);
    synchronized (slice) {
      slice.tokens += got;
    }
  }

  private void returnUnused(String name, Slice slice) {
    int unused;
    synchronized (slice) {
      if (slice.tokens <= 0 || clock.instant().isBefore(slice.usedAt.plus(KEPT))) {
        return;
      }
      unused = slice.tokens;
      slice.tokens = 0;
    }
    bucket(name, slice).addTokens(unused);
  }

  private Bucket bucket(String name, Slice slice) {
    if (slice.bucket == null) {
      var bucket = buckets.builder().build(name, () -> slice.configuration);
      bucket.replaceConfiguration(slice.configuration, TokensInheritanceStrategy.PROPORTIONALLY);
      slice.bucket = bucket;
    }
    return slice.bucket;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
