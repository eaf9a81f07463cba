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
 * rate_bucket}, of which each replica takes a tenth of a second's worth at a time. So a busy
 * destination costs about ten small transactions a second, an idle one and one without a rate none.
 *
 * <p>Guarantee: what all replicas take is what the bucket gives. Gap: a replica may use a slice up
 * to a second after it took it, and handing on in memory may overdraw one by a batch, which is paid
 * back before the next. What a replica does not use it gives back; what it holds when it dies is
 * lost, never doubled.
 */
public final class SharedLimiter implements Limiter, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SharedLimiter.class);
  private static final Duration SLICE = Duration.ofMillis(100);
  private static final Duration KEPT = Duration.ofSeconds(1);

  private static final class Slice {
    final Destination.Rate rate;
    final int size;
    final Duration refill;
    final BucketConfiguration configuration;
    Bucket bucket;
    int tokens;
    Instant voidAt = Instant.EPOCH;
    boolean wanted;

    Slice(Destination.Rate rate) {
      this.rate = rate;
      this.size =
          (int) Math.max(1, Math.min(rate.burst(), rate.perSecond() * SLICE.toMillis() / 1_000));
      this.refill =
          Duration.ofMillis(
              (long) Math.min(1_000, Math.max(SLICE.toMillis(), 1_000 / rate.perSecond())));
      this.configuration =
          BucketConfiguration.builder()
              .addLimit(
                  Bandwidth.builder()
                      .capacity(rate.burst())
                      .refillGreedy(rate.calls(), rate.per())
                      .build())
              .build();
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
    this.thread = Thread.ofPlatform().daemon().name("serai-limiter").start(this::fill);
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
      var held = held(slice);
      if (held < Math.max(wanted, slice.size / 2)) {
        wish(slice);
      }
      return held >= wanted;
    }
  }

  @Override
  public void charge(String destination, int taken) {
    var slice = slices.get(destination);
    if (slice != null) {
      synchronized (slice) {
        slice.tokens -= taken;
        if (slice.tokens < slice.size / 2) {
          wish(slice);
        }
      }
    }
  }

  @Override
  public int take(String destination, int wanted) {
    var slice = slices.get(destination);
    if (slice == null) {
      return wanted;
    }
    lease(destination, slice, wanted);
    synchronized (slice) {
      var taken = Math.max(0, Math.min(wanted, held(slice)));
      slice.tokens -= taken;
      if (taken == 0) {
        wish(slice);
      }
      return taken;
    }
  }

  @Override
  public void giveBack(String destination, int unused) {
    var slice = slices.get(destination);
    if (slice != null) {
      synchronized (slice) {
        slice.tokens = Math.min(slice.size, slice.tokens + unused);
      }
    }
  }

  @Override
  public void whenAvailable(Runnable available) {
    this.available = available;
  }

  // What was taken long ago counts for nothing, lest it adds to a burst; it goes back. A debt
  // stays.
  private int held(Slice slice) {
    return isVoid(slice) ? 0 : slice.tokens;
  }

  private boolean isVoid(Slice slice) {
    return slice.tokens > 0 && !clock.instant().isBefore(slice.voidAt);
  }

  private void returnVoid(String name, Slice slice) {
    int unused;
    synchronized (slice) {
      if (!isVoid(slice)) {
        return;
      }
      unused = slice.tokens;
      slice.tokens = 0;
    }
    bucket(name, slice).addTokens(unused);
  }

  private void wish(Slice slice) {
    if (!slice.wanted) {
      slice.wanted = true;
      wishes.release();
    }
  }

  // Takes from the bucket what is missing, a slice at most. One transaction, none when nothing is.
  private boolean lease(String name, Slice slice, int wanted) {
    returnVoid(name, slice);
    int missing;
    synchronized (slice) {
      missing = Math.min(wanted, slice.size) - held(slice);
    }
    if (missing <= 0) {
      return true;
    }
    var got = bucket(name, slice).tryConsumeAsMuchAsPossible(missing);
    synchronized (slice) {
      slice.tokens += (int) got;
      slice.voidAt = clock.instant().plus(KEPT);
      return slice.tokens > 0;
    }
  }

  // Two threads may both make it: the same bucket, and the same configuration.
  private Bucket bucket(String name, Slice slice) {
    synchronized (slice) {
      if (slice.bucket != null) {
        return slice.bucket;
      }
    }
    var bucket = buckets.builder().build(name, () -> slice.configuration);
    bucket.replaceConfiguration(slice.configuration, TokensInheritanceStrategy.PROPORTIONALLY);
    synchronized (slice) {
      slice.bucket = bucket;
    }
    return bucket;
  }

  private void fill() {
    while (!closed) {
      try {
        wishes.tryAcquire(1, TimeUnit.SECONDS);
        wishes.drainPermits();
        var came = false;
        Duration next = null;
        for (var entry : slices.entrySet()) {
          var slice = entry.getValue();
          boolean wanted;
          synchronized (slice) {
            wanted = slice.wanted;
          }
          if (!wanted) {
            returnVoid(entry.getKey(), slice);
            continue;
          }
          var got = lease(entry.getKey(), slice, slice.size);
          synchronized (slice) {
            slice.wanted = !got;
          }
          came |= got;
          if (!got && (next == null || slice.refill.compareTo(next) < 0)) {
            next = slice.refill;
          }
        }
        if (came) {
          available.run();
        }
        if (next != null) {
          // The bucket is empty: what it is refilled with in the meantime is the next slice.
          TimeUnit.NANOSECONDS.sleep(next.toNanos());
          wishes.release();
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.warn("Rates cannot be kept, so destinations that have one wait: {}", e.getMessage());
        try {
          TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException interrupted) {
          return;
        }
        wishes.release();
      }
    }
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
