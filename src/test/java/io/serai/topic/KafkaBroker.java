package io.serai.topic;

import io.serai.support.Await;
import io.serai.support.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A real Kafka broker (KRaft, alone) as a process of its own, with a class path of its own, on free
 * ports that it keeps. One listener asks nobody who it is, the other wants {@code hub} and {@code
 * right}.
 */
public final class KafkaBroker implements AutoCloseable {
  /** The password of user {@code hub}. */
  public static final String PASSWORD = "right \"\\ one";

  private static final Path CLASS_PATH = Path.of("target/broker.class-path");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path folder;
  private final int port;
  private final int secured;
  private final int controller;
  private Process process;
  private Admin admin;
  private KafkaProducer<byte[], byte[]> producer;

  private KafkaBroker(Path folder) {
    this.folder = folder;
    port = FreePort.next();
    secured = FreePort.next();
    controller = FreePort.next();
  }

  /** Makes one in an empty folder and starts it; {@link #ready} waits for it. */
  public static KafkaBroker in(Path folder) throws IOException {
    var broker = new KafkaBroker(folder);
    broker.format();
    broker.launch();
    return broker;
  }

  // As 'kafka-storage format' does, without a JVM of its own for it.
  private void format() throws IOException {
    Files.createDirectories(folder.resolve("log"));
    Files.writeString(
        folder.resolve("log/meta.properties"),
        "version=1\ncluster.id=c2VyYWktdGVzdHMtMDAwMQ\nnode.id=1\ndirectory.id=c2VyYWktdGVzdHMtMDAwMg\n");
    var at = "127.0.0.1:";
    Files.write(
        folder.resolve("server.properties"),
        List.of(
            "process.roles=broker,controller",
            "node.id=1",
            "controller.quorum.voters=1@" + at + controller,
            "listeners=PLAIN://%s%d,SECURED://%s%d,CONTROLLER://%s%d"
                .formatted(at, port, at, secured, at, controller),
            "advertised.listeners=PLAIN://%s%d,SECURED://%s%d".formatted(at, port, at, secured),
            "listener.security.protocol.map=PLAIN:PLAINTEXT,SECURED:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
            "inter.broker.listener.name=PLAIN",
            "controller.listener.names=CONTROLLER",
            "listener.name.secured.sasl.enabled.mechanisms=PLAIN",
            "listener.name.secured.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_hub="
                + "\"right \\\\\"\\\\\\\\ one\";",
            "log.dirs=" + folder.resolve("log"),
            "auto.create.topics.enable=false",
            "offsets.topic.replication.factor=1",
            "offsets.topic.num.partitions=1",
            "transaction.state.log.replication.factor=1",
            "transaction.state.log.min.isr=1",
            "transaction.state.log.num.partitions=1",
            "group.initial.rebalance.delay.ms=0",
            "log.cleaner.enable=false",
            "file.delete.delay.ms=0"));
  }

  private void launch() throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var log = folder.resolve("broker.log").toFile();
    process =
        new ProcessBuilder(
                java,
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                Files.readString(CLASS_PATH),
                "kafka.Kafka",
                folder.resolve("server.properties").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  /** Where it is asked. */
  public String address() {
    return "127.0.0.1:" + port;
  }

  /** Where it wants a login. */
  public String securedAddress() {
    return "127.0.0.1:" + secured;
  }

  private synchronized Admin admin() {
    if (admin == null) {
      admin = Admin.create(settings());
    }
    return admin;
  }

  private Properties settings() {
    var settings = new Properties();
    settings.put("bootstrap.servers", address());
    settings.put("default.api.timeout.ms", (int) PATIENCE.toMillis());
    settings.put("reconnect.backoff.max.ms", "200");
    settings.put("auto.include.jmx.reporter", "false");
    return settings;
  }

  /** Waits until it answers. */
  public KafkaBroker ready() {
    await(admin().describeCluster().nodes());
    return this;
  }

  /** Kills it as a power cut would. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Starts it again over what it kept. */
  public void restart() throws IOException {
    launch();
  }

  /** Makes a topic of one replica. */
  public void create(String topic, int partitions, Map<String, String> settings) {
    await(
        admin()
            .createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(settings)))
            .all());
    Await.until("topic " + topic, PATIENCE, () -> known(topic)); // the broker hears of it later
  }

  private boolean known(String topic) {
    try {
      return await(admin().describeTopics(List.of(topic)).allTopicNames())
          .get(topic)
          .partitions()
          .stream()
          .allMatch(partition -> partition.leader() != null);
    } catch (RuntimeException | AssertionError e) {
      return false;
    }
  }

  /** Deletes a topic with all that is in it. */
  public void delete(String topic) {
    await(admin().deleteTopics(List.of(topic)).all());
  }

  /** Writes a record. */
  public void write(String topic, String key, byte[] value, String... headers) {
    var record = new ProducerRecord<>(topic, null, key == null ? null : key.getBytes(), value);
    for (var i = 0; i < headers.length; i += 2) {
      record.headers().add(headers[i], headers[i + 1].getBytes());
    }
    synchronized (this) {
      if (producer == null) {
        var settings = settings();
        settings.remove("default.api.timeout.ms");
        producer =
            new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
      }
    }
    try {
      producer.send(record).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** All records that stand in a topic of one partition. */
  public List<org.apache.kafka.clients.consumer.ConsumerRecord<byte[], byte[]>> read(String topic) {
    var settings = settings();
    settings.put("auto.offset.reset", "earliest");
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      var all = List.of(new TopicPartition(topic, 0));
      consumer.assign(all);
      var end = consumer.endOffsets(all).get(all.getFirst());
      var found = new ArrayList<org.apache.kafka.clients.consumer.ConsumerRecord<byte[], byte[]>>();
      consumer.seekToBeginning(all);
      while (consumer.position(all.getFirst()) < end) {
        consumer.poll(Duration.ofMillis(200)).forEach(found::add);
      }
      return found;
    }
  }

  /** What a group has committed, by partition. */
  public Map<Integer, Long> committed(String group, String topic) {
    var found = new HashMap<Integer, Long>();
    await(admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
        .forEach(
            (partition, offset) -> {
              if (partition.topic().equals(topic) && offset != null) {
                found.put(partition.partition(), offset.offset());
              }
            });
    return found;
  }

  /** Takes back what an empty group has committed, as if it had died before. */
  public void rewind(String group, String topic, int partitions) {
    var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
    for (var i = 0; i < partitions; i++) {
      offsets.put(new TopicPartition(topic, i), new OffsetAndMetadata(0));
    }
    await(admin().alterConsumerGroupOffsets(group, offsets).all());
  }

  /** Whether nobody is in a group. */
  public boolean left(String group) {
    return await(admin().describeConsumerGroups(Set.of(group)).all())
        .get(group)
        .members()
        .isEmpty();
  }

  private static <T> T await(org.apache.kafka.common.KafkaFuture<T> answer) {
    try {
      return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | InterruptedException | java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (producer != null) {
      producer.close(Duration.ZERO);
    }
    if (admin != null) {
      admin.close(Duration.ZERO);
    }
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }
}
