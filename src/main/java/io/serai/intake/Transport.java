package io.serai.intake;

import io.serai.failure.Failure;
import io.serai.inbox.Inbox;
import io.serai.inbox.Intake;
import io.serai.inbox.Latecomers;
import io.serai.topic.TopicReader;
import io.serai.topic.TopicWriter;
import io.serai.topic.TopicWriter.Standing;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topic that documents are accepted into before the inbox has them: who writes it, who reads
 * it, and whether it is safe.
 *
 * <p>Guarantee: a document that was answered for is in the topic until it is in the inbox,
 * whichever replica dies between the two. Gap: the topic's own retention ends that, too.
 */
public final class Transport {
  private static final Logger LOG = LoggerFactory.getLogger(Transport.class);
  private static final int MOST = 500;

  private final TransportSettings settings;
  private final Inbox inbox;
  private final Clock clock;
  private final TopicWriter writer;
  private final TopicGuard guard;
  private final Intake intake;
  private Latecomers latecomers;
  private TopicReader reader;
  private volatile long behind;
  private volatile String trouble;

  /** Asks no broker before it is started. */
  public Transport(TransportSettings settings, Inbox inbox, Clock clock) {
    this.settings = settings;
    this.inbox = inbox;
    this.clock = clock;
    this.writer =
        new TopicWriter(
            settings.access(),
            settings.allowSingleBroker(),
            TopicIntake.BUFFER,
            TopicIntake.LARGEST);
    this.guard = new TopicGuard(settings, writer);
    this.intake = new TopicIntake(settings.topic(), writer, guard, inbox, clock);
  }

  /** Takes documents. */
  public Intake intake() {
    return intake;
  }

  /** Begins to look at the topic; returns when it has seen it or knows that it cannot. */
  public void start() {
    guard.start();
  }

  /** Begins to bring into the inbox what stands in the topic; it may be stopped and begun again. */
  public synchronized void read() {
    latecomers = inbox.latecomers();
    reader =
        new TopicReader(
            settings.access(),
            settings.topic(),
            settings.group(),
            MOST,
            new IntakeKeeper(latecomers, clock),
            watch());
    reader.start();
  }

  /** Ends that after the batch in hand; what is left is another replica's. */
  public synchronized void stopReading() {
    if (reader != null) {
      reader.close();
      reader = null;
      latecomers.close();
      behind = 0;
    }
  }

  /** Ends all of it: what waits for the brokers is waited for a few seconds. */
  public void close() {
    stopReading();
    guard.close();
    writer.close();
  }

  private TopicReader.Watch watch() {
    return new TopicReader.Watch() {
      @Override
      public void well() {
        if (trouble != null) {
          LOG.info("Topic '{}' is read again.", settings.topic());
          trouble = null;
        }
      }

      @Override
      public void failed(Failure failure) {
        if (!failure.sentence().equals(trouble)) {
          LOG.warn(
              "What was accepted into topic '{}' waits there: {}",
              settings.topic(),
              failure.sentence());
        }
        trouble = failure.sentence();
      }

      @Override
      public void behind(long records) {
        behind = records;
      }
    };
  }

  /** Which topic it is. */
  public String topic() {
    return settings.topic();
  }

  /** Whether one broker that dies may take accepted documents with it, as the settings allow. */
  public boolean allowsSingleBroker() {
    return settings.allowSingleBroker();
  }

  /** Why nothing is accepted now; empty when it may be. */
  public Optional<String> refusal() {
    return guard.refusal();
  }

  /** How the topic stood when it was last seen. */
  public Optional<Standing> standing() {
    return Optional.ofNullable(guard.standing());
  }

  /** Why what stands in the topic does not get into the inbox now. */
  public Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  /** Records of this replica's partitions that are not in the inbox yet. */
  public long behind() {
    return behind;
  }
}
