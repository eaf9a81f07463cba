package io.serai.intake;

import io.serai.failure.FailureException;
import io.serai.topic.TopicWriter;
import io.serai.topic.TopicWriter.Standing;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the topic from time to time and says whether documents may be accepted into it.
 *
 * <p>Gap: what changes at the brokers is seen at the next look; a write that fails brings it about.
 */
final class TopicGuard implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicGuard.class);
  private static final Duration EVERY = Duration.ofSeconds(10);
  private static final Duration SOON = Duration.ofSeconds(1);

  private final TransportSettings settings;
  private final TopicWriter writer;
  private final Semaphore doubts = new Semaphore(0);
  private final Thread thread = new Thread(this::run, "serai-transport");
  private volatile String refusal;
  private volatile Standing standing;
  private volatile boolean closed;

  TopicGuard(TransportSettings settings, TopicWriter writer) {
    this.settings = settings;
    this.writer = writer;
    this.refusal = "Topic '%s' was not looked at yet. Wait for it.".formatted(settings.topic());
    thread.setDaemon(true);
  }

  /** Looks for the first time and goes on to. */
  void start() {
    look();
    thread.start();
  }

  /** Why nothing may be accepted now. */
  Optional<String> refusal() {
    return Optional.ofNullable(refusal);
  }

  /** How the topic stood when it was last seen, or null. */
  Standing standing() {
    return standing;
  }

  /** Bytes of the largest body that is written to the topic. */
  int largest() {
    var seen = standing;
    return seen == null ? 0 : Math.min(seen.largest(), TopicIntake.LARGEST) - RecordForm.BESIDE;
  }

  /** Has it look now. */
  void doubt() {
    if (doubts.availablePermits() == 0) {
      doubts.release();
    }
  }

  private void run() {
    while (!closed) {
      try {
        var wait = refusal == null ? EVERY : SOON;
        if (doubts.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
          doubts.drainPermits();
        }
      } catch (InterruptedException e) {
        return;
      }
      if (!closed) {
        look();
      }
    }
  }

  private void look() {
    var before = refusal;
    var now = judge();
    if (closed) {
      return;
    }
    refusal = now;
    if (now != null && !now.equals(before)) {
      LOG.error("{}", now);
    } else if (now == null && before != null) {
      LOG.info("Documents are accepted into topic '{}'.", settings.topic());
    }
  }

  private String judge() {
    try {
      var seen = writer.look(settings.topic());
      standing = seen;
      if (!settings.allowSingleBroker() && !seen.isSafe()) {
        return "Topic '%s' has %d replicas of which %d must have a record, so one broker that dies could take accepted documents with it, and none is accepted. Give it 3 and 'min.insync.replicas' 2, or set 'serai.kafka.allow-single-broker'; intake goes on by itself."
            .formatted(settings.topic(), seen.replicas(), seen.needed());
      }
      if (seen.isBehind()) {
        return "Topic '%s' takes nothing: %d of its replicas are in step and %d must be, so nothing is accepted. Bring its brokers back; intake goes on by itself."
            .formatted(settings.topic(), seen.inStep(), seen.needed());
      }
      writer.learn(settings.topic());
      return null;
    } catch (FailureException e) {
      return "Nothing is accepted: " + e.failure().sentence();
    } catch (RuntimeException e) {
      LOG.debug("Topic '{}' could not be looked at.", settings.topic(), e);
      return "Nothing is accepted: topic '%s' could not be looked at (%s). Look at the brokers; intake goes on by itself."
          .formatted(settings.topic(), e.getMessage());
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
