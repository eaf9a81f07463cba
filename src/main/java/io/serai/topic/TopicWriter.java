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
  private static final Duration FAREWELL = Duration.ofSeconds(3);

  /** A record that is to be written. */
  public record Written(String topic, String key, Map<String, String> headers, byte[] value) {}

  private final TopicAccess access;
  private final boolean allowSingle;
  private final TopicFaults faults;
  private final Set<String> judged = ConcurrentHashMap.newKeySet();
  private Producer<byte[], byte[]> producer;

  /**
   * Writes with this access; asks no broker yet.
   *
   * @param allowSingle whether topics may be on one broker alone
   */
  public TopicWriter(TopicAccess access, boolean allowSingle) {
    this.access = access;
    this.allowSingle = allowSingle;
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
      producer()
          .send(
              made(record),
              (stands, error) -> {
                if (error == null) {
                  answer.accept(
                      "%s-%d@%d".formatted(topic, stands.partition(), stands.offset()), null);
                } else {
                  judged.remove(topic); // whatever it was, the topic is looked at before the next
                  answer.accept(null, faults.name(error, topic));
                }
              });
    } catch (FailureException e) {
      answer.accept(null, e.failure());
    } catch (KafkaException e) {
      judged.remove(topic);
      answer.accept(null, faults.name(e, topic));
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
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Integer.toString(8 << 20));
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
    var settings = access.properties();
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, access.connect().toMillis() + "");
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, access.connect().toMillis() + "");
    try (var admin = TopicAccess.client(() -> Admin.create(settings))) {
      try {
        var needed = needed(admin, topic);
        var there = asked(admin.describeTopics(Set.of(topic)).topicNameValues().get(topic));
        var fault = fault(topic, there, needed);
        if (fault != null) {
          throw new FailureException(fault);
        }
        judged.add(topic);
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

  private int needed(Admin admin, String topic)
      throws ExecutionException, InterruptedException, TimeoutException {
    var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try {
      var settings = asked(admin.describeConfigs(Set.of(resource)).values().get(resource));
      return Integer.parseInt(settings.get(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG).value());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof InvalidTopicException) {
        throw new ExecutionException(new UnknownTopicOrPartitionException(topic));
      }
      throw e;
    }
  }

  private Failure fault(String topic, TopicDescription there, int needed) {
    for (var partition : there.partitions()) {
      var replicas = partition.replicas().size();
      if (!allowSingle && (replicas < REPLICAS || needed < IN_STEP)) {
        return faults.thin(topic, replicas, needed);
      }
      if (partition.isr().size() < needed) {
        return faults.behind(topic, partition.isr().size(), needed);
      }
    }
    return null;
  }

  @Override
  public synchronized void close() {
    if (producer != null) {
      producer.close(FAREWELL);
      producer = null;
    }
  }
}
