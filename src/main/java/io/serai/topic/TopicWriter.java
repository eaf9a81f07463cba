package io.serai.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes records to the topics of an account.
 *
 * <p>Guarantee: a record that was answered for is on every replica that is in step, and on as many
 * as the topic demands; records of one key that are sent one after the other's answer stand in that
 * order. A topic that could lose what it was told is not written to, unless the account allows it.
 * Gap: a record whose answer was lost may stand there, and stands there twice when it is sent
 * again.
 */
public final class TopicWriter implements AutoCloseable {
  private static final int REPLICAS = 3;
  private static final int IN_STEP = 2;
  private static final int USUAL_BUFFER = 8 << 20;
  private static final int USUAL_RECORD = 1 << 20;
  private static final Duration FAREWELL = Duration.ofSeconds(3);

  /** A record that is to be written. */
  public record Written(String topic, String key, Map<String, String> headers, byte[] value) {}

  /**
   * How safe a topic is.
   *
   * @param replicas of the partition that has fewest
   * @param needed how many of them must have a record
   * @param inStep of the partition that has fewest in step
   * @param largest bytes of a record that it takes
   */
  public record Standing(int replicas, int needed, int inStep, int largest) {
    /** Whether one broker that dies takes nothing with it that was answered for. */
    public boolean isSafe() {
      return replicas >= REPLICAS && needed >= IN_STEP;
    }

    /** Whether it takes nothing now. */
    public boolean isBehind() {
      return inStep < needed;
    }
  }

  private final TopicAccess access;
  private final int buffer;
  private final int largest;
  private final boolean allowSingle;
  private final TopicFaults faults;
  private final Set<String> judged = ConcurrentHashMap.newKeySet();
  private Producer<byte[], byte[]> producer;
  private boolean closed;

  /**
   * Writes with this access; asks no broker yet.
   *
   * @param allowSingle whether topics may be on one broker alone
   */
  public TopicWriter(TopicAccess access, boolean allowSingle) {
    this(access, allowSingle, USUAL_BUFFER, USUAL_RECORD);
  }

  /**
   * Writes with this access; asks no broker yet.
   *
   * @param allowSingle whether topics may be on one broker alone
   * @param buffer bytes of records that wait for their answer
   * @param largest bytes of a record
   */
  public TopicWriter(TopicAccess access, boolean allowSingle, int buffer, int largest) {
    this.access = access;
    this.allowSingle = allowSingle;
    this.buffer = buffer;
    this.largest = largest;
    this.faults = new TopicFaults(access);
  }

  /**
   * Writes a record. May hold the caller up while brokers are asked about the topic, never longer
   * than a call; the answer comes on a thread of the producer's and must not block.
   *
   * @param answer called once, with the record's place {@code topic-partition@offset} or with what
   *     went wrong
   */
  public void send(Written record, BiConsumer<String, Failure> answer) {
    var topic = record.topic();
    try {
      if (!judged.contains(topic)) {
        judge(topic);
      }
    } catch (FailureException e) {
      answer.accept(null, e.failure());
      return;
    }
    post(
        record,
        (stands, failure) -> {
          if (failure != null) {
            judged.remove(topic); // whatever it was, the topic is looked at before the next
          }
          answer.accept(stands, failure);
        });
  }

  /**
   * Writes a record to a topic that whoever calls has looked at. Holds the caller up only while the
   * topic was never heard of, and while the buffer is full.
   *
   * @param answer as of {@link #send}
   */
  public void post(Written record, BiConsumer<String, Failure> answer) {
    var topic = record.topic();
    try {
      producer()
          .send(
              made(record),
              (stands, error) -> {
                if (error == null) {
                  answer.accept(
                      "%s-%d@%d".formatted(topic, stands.partition(), stands.offset()), null);
                } else {
                  answer.accept(null, faults.name(error, topic));
                }
              });
    } catch (KafkaException e) {
      answer.accept(null, faults.name(e, topic));
    } catch (IllegalStateException e) {
      answer.accept(null, faults.away(e)); // it was closed meanwhile
    }
  }

  /**
   * Learns who leads the topic's partitions, so that {@link #post} need not wait for it.
   *
   * @throws FailureException when nobody says
   */
  public void learn(String topic) {
    try {
      producer().partitionsFor(topic);
    } catch (KafkaException e) {
      throw new FailureException(faults.name(e, topic), e);
    } catch (IllegalStateException e) {
      throw new FailureException(faults.away(e), e);
    }
  }

  private static ProducerRecord<byte[], byte[]> made(Written record) {
    var made =
        new ProducerRecord<>(
            record.topic(),
            record.key() == null ? null : record.key().getBytes(UTF_8),
            record.value());
    record.headers().forEach((name, value) -> made.headers().add(name, value.getBytes(UTF_8)));
    return made;
  }

  private synchronized Producer<byte[], byte[]> producer() {
    if (closed) {
      throw new IllegalStateException("The hub stops");
    }
    if (producer == null) {
      producer =
          TopicAccess.client(
              () ->
                  new KafkaProducer<>(
                      properties(), new ByteArraySerializer(), new ByteArraySerializer()));
    }
    return producer;
  }

  private Properties properties() {
    var settings = access.properties();
    var attempt = access.call().dividedBy(3);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    settings.put(ProducerConfig.LINGER_MS_CONFIG, "2");
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Integer.toString(buffer));
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(largest));
    // a topic that is written to seldom is not forgotten: to learn of it holds callers up
    settings.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, Duration.ofDays(7).toMillis() + "");
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, access.connect().toMillis() + "");
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, attempt.toMillis() + "");
    // nothing leaves any more once its delivery may be another replica's
    settings.put(
        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
        access.call().minus(access.connect()).toMillis() + "");
    return settings;
  }

  /** Looks at a topic before anything is written to it. */
  private void judge(String topic) {
    var standing = look(topic);
    if (!allowSingle && !standing.isSafe()) {
      throw new FailureException(faults.thin(topic, standing.replicas(), standing.needed()));
    }
    if (standing.isBehind()) {
      throw new FailureException(faults.behind(topic, standing.inStep(), standing.needed()));
    }
    judged.add(topic);
  }

  /**
   * Asks brokers how safe a topic is; waits for them a few times as long as a connection may take.
   *
   * @throws FailureException when they do not say
   */
  public Standing look(String topic) {
    var settings = access.properties();
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, access.connect().toMillis() + "");
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, access.connect().toMillis() + "");
    try (var admin = TopicAccess.client(() -> Admin.create(settings))) {
      try {
        var terms = terms(admin, topic);
        var there = asked(admin.describeTopics(Set.of(topic)).topicNameValues().get(topic));
        return standing(there, terms);
      } finally {
        admin.close(Duration.ZERO);
      }
    } catch (ExecutionException | KafkaException e) {
      throw new FailureException(faults.name(e, topic), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FailureException(faults.away(e), e);
    } catch (TimeoutException e) {
      throw new FailureException(faults.away(e), e);
    }
  }

  private <T> T asked(KafkaFuture<T> answer)
      throws ExecutionException, InterruptedException, TimeoutException {
    return answer.get(access.connect().toMillis() * 2, TimeUnit.MILLISECONDS);
  }

  private Config terms(Admin admin, String topic)
      throws ExecutionException, InterruptedException, TimeoutException {
    var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try {
      return asked(admin.describeConfigs(Set.of(resource)).values().get(resource));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof InvalidTopicException) {
        throw new ExecutionException(new UnknownTopicOrPartitionException(topic));
      }
      throw e;
    }
  }

  private static Standing standing(TopicDescription there, Config terms) {
    var replicas = Integer.MAX_VALUE;
    var inStep = Integer.MAX_VALUE;
    for (var partition : there.partitions()) {
      replicas = Math.min(replicas, partition.replicas().size());
      inStep = Math.min(inStep, partition.isr().size());
    }
    return new Standing(
        replicas,
        Integer.parseInt(terms.get(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG).value()),
        inStep,
        Integer.parseInt(terms.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value()));
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (producer != null) {
      producer.close(FAREWELL);
      producer = null;
    }
  }
}
