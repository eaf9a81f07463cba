package io.serai.intake;

import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.inbox.IntakeRefused;
import io.serai.inbox.Latecomers;
import io.serai.inbox.Latecomers.Late;
import io.serai.topic.TopicReader;
import io.serai.topic.TopicRecord;
import java.time.Clock;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what stands in the topic into the inbox, in its order.
 *
 * <p>Guarantee: it returns when every record of the batch is a message: stored, known already, or
 * parked because nothing can be made of it. What cannot be stored now comes again. A record that is
 * read twice is one message.
 */
final class IntakeKeeper implements TopicReader.Keeper {
  private static final Logger LOG = LoggerFactory.getLogger(IntakeKeeper.class);

  private final Latecomers inbox;
  private final Clock clock;

  IntakeKeeper(Latecomers inbox, Clock clock) {
    this.inbox = inbox;
    this.clock = clock;
  }

  @Override
  public void keep(List<TopicRecord> batch) {
    try {
      var readable = new ArrayList<Late>(batch.size());
      var from = new IdentityHashMap<Late, TopicRecord>();
      for (var record : batch) {
        try {
          var late = RecordForm.read(record, clock);
          readable.add(late);
          from.put(late, record);
        } catch (RecordForm.Unreadable e) {
          park(record, e.getMessage());
        }
      }
      store(readable, from);
    } catch (IntakeRefused e) {
      throw new FailureException(
          Failure.of(FailureKind.TRANSIENT, e.getMessage(), Place.of("serai.kafka")), e);
    }
  }

  private void store(List<Late> readable, Map<Late, TopicRecord> from) {
    if (readable.isEmpty()) {
      return;
    }
    for (var one : inbox.keep(readable)) {
      LOG.warn("The database refuses a record: {}", one.why());
      park(from.get(one.late()), "is one that the database does not store");
    }
  }

  private void park(TopicRecord record, String what) {
    var late = RecordForm.asItIs(record, clock);
    var sentence =
        "Record '%s-%s' %s. Find out who wrote it and have it sent again, then discard this."
            .formatted(record.topic(), record.place(), what);
    LOG.warn("{}", sentence);
    inbox.park(
        late,
        new Failure(
            FailureKind.UNREADABLE,
            sentence,
            Place.of(late.document().account()),
            RecordForm.evidence(record),
            null,
            null));
  }
}
