package io.serai.topic;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** One record as it stands in its topic. */
public final class TopicRecord {
  private static final byte[] NOTHING = new byte[0];

  private final ConsumerRecord<byte[], byte[]> record;

  TopicRecord(ConsumerRecord<byte[], byte[]> record) {
    this.record = record;
  }

  /** Its topic. */
  public String topic() {
    return record.topic();
  }

  /** Its place, the same however often it is read: {@code partition@offset}. */
  public String place() {
    return record.partition() + "@" + record.offset();
  }

  /** Its value; empty when it has none. */
  public byte[] value() {
    return record.value() == null ? NOTHING : record.value();
  }

  /** Its key as text, or null. */
  public String key() {
    return record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8);
  }

  /** A header as text, its name without case, the last one of that name; or null. */
  public String header(String name) {
    String found = null;
    for (var header : record.headers()) {
      if (header.key().equalsIgnoreCase(name) && header.value() != null) {
        found = new String(header.value(), StandardCharsets.UTF_8);
      }
    }
    return found;
  }
}
