package io.serai.intake;

import io.serai.inbox.Accepted;
import io.serai.inbox.Arrival;
import io.serai.inbox.Intake;
import io.serai.inbox.IntakeRefused;
import io.serai.topic.TopicWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * Accepts documents into a topic: the answer comes when every replica that is in step has them.
 *
 * <p>Guarantee: nothing is answered yes that brokers have not acknowledged, and what waits for them
 * is bounded in bytes and in time. Gap: a document whose acknowledgment was lost may stand in the
 * topic, and stands there twice when it is sent again; the inbox knows it by its event key. One
 * that is larger than the topic takes goes to the inbox, so not while the database is away.
 */
final class TopicIntake implements Intake {
  /** Bytes of documents that may wait; half of what the producer has room for. */
  static final long MOST_BYTES = 32L << 20;

  /** Room of the producer, which also holds what is beside the bodies. */
  static final int BUFFER = 64 << 20;

  /** Bytes of a record that is written, whatever the topic takes. */
  static final int LARGEST = 16 << 20;

  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration LATER = Duration.ofSeconds(5);

  private final String topic;
  private final TopicWriter writer;
  private final TopicGuard guard;
  private final Intake inbox;
  private final Clock clock;
  private final AtomicLong bytes = new AtomicLong();

  TopicIntake(String topic, TopicWriter writer, TopicGuard guard, Intake inbox, Clock clock) {
    this.topic = topic;
    this.writer = writer;
    this.guard = guard;
    this.inbox = inbox;
    this.clock = clock;
  }

  @Override
  public void accept(Arrival arrival, BiConsumer<Accepted, RuntimeException> answer) {
    var refusal = guard.refusal();
    if (refusal.isPresent()) {
      throw new IntakeRefused(refusal.get(), LATER);
    }
    if (arrival.body().length > guard.largest()) {
      inbox.accept(arrival, answer);
      return;
    }
    // a small body takes room, too: its headers
    var size = arrival.body().length + 1024;
    if (bytes.addAndGet(size) > MOST_BYTES) {
      bytes.addAndGet(-size);
      throw new IntakeRefused(
          "Too many bytes wait for the brokers; the document was not taken. Send it again later.",
          SOON);
    }
    writer.post(
        RecordForm.written(topic, arrival, clock.instant()),
        (place, failure) -> {
          bytes.addAndGet(-size);
          if (failure == null) {
            answer.accept(Accepted.keptAt(place), null);
          } else {
            guard.doubt();
            answer.accept(
                null,
                new IntakeRefused(
                    "The brokers did not say whether they have the document. Send it again: it is taken once.",
                    LATER));
          }
        });
  }
}
