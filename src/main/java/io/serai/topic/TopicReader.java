package io.serai.topic;

import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one topic as a member of a group, a batch at a time.
 *
 * <p>Guarantee: an offset is committed only after the batch up to it was kept; what could not be
 * kept is read again, in its order, until it is, and nothing behind it is passed on before. No
 * batch is in hand while partitions change their owner. Gap: what was kept and not committed, by a
 * crash or because the partition went to another member, is read twice; who keeps it has to know it
 * again. A topic that is deleted and made anew within {@link #LOOK} is read on where the old one
 * ended if it has grown beyond that by then.
 */
public final class TopicReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);

  /** How often a topic that brings nothing is asked whether it is still there. */
  static final Duration LOOK = Duration.ofSeconds(10);

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration FIRST_WAIT = Duration.ofMillis(500);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);
  private static final Duration FAREWELL = Duration.ofSeconds(3);

  /** Who keeps what was read. */
  @FunctionalInterface
  public interface Keeper {
    /**
     * Returns once it is durable.
     *
     * @throws FailureException when it could not be kept; the same comes again
     */
    void keep(List<TopicRecord> batch);
  }

  /** Who is told how it goes. */
  public interface Watch {
    /** It went well: something was kept, or there is nothing. */
    void well();

    /** It does not go on for now. */
    void failed(Failure failure);

    /** How many records of this member's partitions are not read yet. */
    void behind(long records);
  }

  private final TopicAccess access;
  private final String topic;
  private final String group;
  private final int most;
  private final Keeper keeper;
  private final Watch watch;
  private final TopicFaults faults;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;
  private volatile Consumer<byte[], byte[]> open;
  private Duration wait = FIRST_WAIT;
  private long lookedAt;
  private boolean held;
  private long heldUntil;

  /**
   * Begins to read, on a thread of its own.
   *
   * @param most records in a batch
   */
  public TopicReader(
      TopicAccess access, String topic, String group, int most, Keeper keeper, Watch watch) {
    this.access = access;
    this.topic = topic;
    this.group = group;
    this.most = most;
    this.keeper = keeper;
    this.watch = watch;
    this.faults = new TopicFaults(access);
    this.thread = new Thread(this::run, "serai-kafka-" + access.account());
    this.thread.setDaemon(true);
  }

  /** Starts; returns at once, whether or not there is a broker. */
  public void start() {
    thread.start();
  }

  /** Stops after the batch in hand, and leaves the group; waits a few seconds for that. */
  @Override
  public void close() {
    stopped.countDown();
    var consumer = open;
    if (consumer != null) {
      consumer.wakeup();
    }
    try {
      thread.join(FAREWELL.multipliedBy(2).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Properties properties() {
    var settings = access.properties();
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Integer.toString(most));
    settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Integer.toString(8 << 20));
    settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, access.call().toMillis() + "");
    settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, access.call().toMillis() + "");
    settings.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    return settings;
  }

  private void run() {
    while (!isStopped()) {
      try (var consumer = connect()) {
        open = consumer;
        if (isStopped()) {
          return;
        }
        read(consumer);
      } catch (WakeupException e) {
        LOG.debug("Reading '{}' of '{}' ends.", topic, access.account());
      } catch (KafkaException e) {
        failed(faults.name(e, topic));
      } catch (RuntimeException | Error e) {
        failed(faults.away(e));
        LOG.debug("Reading '{}' of '{}' broke.", topic, access.account(), e);
      } finally {
        open = null;
      }
      rest();
    }
  }

  private Consumer<byte[], byte[]> connect() {
    return TopicAccess.client(
        () ->
            new KafkaConsumer<>(
                properties(), new ByteArrayDeserializer(), new ByteArrayDeserializer()) {
              @Override
              public void close() {
                close(FAREWELL);
              }
            });
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  private void read(Consumer<byte[], byte[]> consumer) {
    if (consumer.partitionsFor(topic, access.connect()).isEmpty()) {
      failed(faults.missing(topic));
      return;
    }
    held = false;
    lookedAt = System.nanoTime() - LOOK.toNanos();
    consumer.subscribe(List.of(topic), new Hold(consumer));
    while (!isStopped()) {
      var records = consumer.poll(POLL);
      if (held && System.nanoTime() - heldUntil >= 0) {
        held = false;
        consumer.resume(consumer.assignment());
      }
      if (!records.isEmpty()) {
        take(consumer, records);
      } else if (!held && System.nanoTime() - lookedAt >= LOOK.toNanos() && !look(consumer)) {
        return;
      }
    }
  }

  /** Keeps partitions that come while nothing can be kept from bringing anything. */
  private final class Hold implements ConsumerRebalanceListener {
    private final Consumer<byte[], byte[]> consumer;

    Hold(Consumer<byte[], byte[]> consumer) {
      this.consumer = consumer;
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      LOG.debug("'{}' gives away {}.", access.account(), partitions);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      LOG.debug("'{}' was given {}.", access.account(), partitions);
      if (held) {
        consumer.pause(partitions);
      }
    }
  }

  private void take(Consumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> records) {
    var batch = new ArrayList<TopicRecord>(records.count());
    records.forEach(record -> batch.add(new TopicRecord(record)));
    try {
      keeper.keep(batch);
    } catch (FailureException e) {
      again(consumer, records);
      watch.behind(behind(consumer));
      failed(e.failure());
      return;
    }
    commit(consumer, records);
    well(behind(consumer));
    lookedAt = System.nanoTime();
  }

  // Nothing is passed over: each partition goes back to the first record that was not kept.
  private void again(Consumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> records) {
    for (var partition : records.partitions()) {
      consumer.seek(partition, records.records(partition).getFirst().offset());
    }
    consumer.pause(consumer.assignment());
    held = true;
    heldUntil = System.nanoTime() + wait.toNanos();
  }

  private void commit(Consumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> records) {
    var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
    for (var partition : records.partitions()) {
      var last = records.records(partition).getLast();
      offsets.put(partition, new OffsetAndMetadata(last.offset() + 1, last.leaderEpoch(), ""));
    }
    try {
      try {
        consumer.commitSync(offsets, access.call());
      } catch (WakeupException e) {
        consumer.commitSync(offsets, FAREWELL); // told to stop meanwhile; what is kept is committed
      }
    } catch (CommitFailedException | RebalanceInProgressException e) {
      // they are another member's now, who reads them again; they are kept, so nothing comes of it
      LOG.debug("'{}' could not commit {}: {}", access.account(), offsets, e.getMessage());
    } catch (TimeoutException e) {
      LOG.info(
          "'{}' kept what it read of '{}' and could not commit it ({}); a later commit does.",
          access.account(),
          topic,
          TopicFaults.line(e));
    }
  }

  /** Whether the topic is still there. */
  private boolean look(Consumer<byte[], byte[]> consumer) {
    lookedAt = System.nanoTime();
    var mine = consumer.assignment();
    Map<TopicPartition, Long> ends;
    try {
      ends = mine.isEmpty() ? Map.of() : consumer.endOffsets(mine, access.connect());
    } catch (TimeoutException e) {
      ends = Map.of(); // its leaders do not know it, or nobody answers
    }
    if (ends.isEmpty() && !consumer.listTopics(access.connect()).containsKey(topic)) {
      failed(faults.missing(topic));
      return false;
    }
    long behind = 0;
    for (var end : ends.entrySet()) {
      behind += Math.max(0, end.getValue() - consumer.position(end.getKey(), access.connect()));
    }
    well(behind);
    return true;
  }

  private long behind(Consumer<byte[], byte[]> consumer) {
    return consumer.assignment().stream()
        .map(consumer::currentLag)
        .filter(OptionalLong::isPresent)
        .mapToLong(OptionalLong::getAsLong)
        .sum();
  }

  private void well(long behind) {
    wait = FIRST_WAIT;
    watch.behind(behind);
    watch.well();
  }

  private void failed(Failure failure) {
    watch.failed(failure);
    var longer = wait.multipliedBy(2);
    wait = longer.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : longer;
  }

  private void rest() {
    try {
      var ended = stopped.await(wait.toMillis(), TimeUnit.MILLISECONDS);
      LOG.debug("'{}' is asked again: {}", access.account(), !ended);
    } catch (InterruptedException e) {
      stopped.countDown();
      Thread.currentThread().interrupt();
    }
  }
}
