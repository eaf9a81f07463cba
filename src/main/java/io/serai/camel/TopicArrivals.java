package io.serai.camel;

import io.serai.catalog.Account;
import io.serai.catalog.EventRule;
import io.serai.catalog.Locator;
import io.serai.inbox.Arrival;
import io.serai.support.Sha256;
import io.serai.topic.TopicRecord;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What records of a topic are to the inbox, by the events table of their connector.
 *
 * <p>Guarantee: whatever a record holds, it becomes an arrival or is one that the table ignores. A
 * record that is read twice is the same arrival: by the event's own id where it bears one, else by
 * key and version, else by its place in the topic and its bytes. So a topic that was lost and is
 * filled anew does not hide behind the places of the old one.
 */
final class TopicArrivals {
  private static final int ENOUGH = 16;

  private final Account account;
  private final Set<String> pointers = new LinkedHashSet<>();

  TopicArrivals(Account account) {
    this.account = account;
    var events = account.profile().events();
    add(events.type());
    events.table().values().forEach(this::add);
    if (events.every() != null) {
      add(events.every());
    }
  }

  private void add(EventRule rule) {
    add(rule.key());
    add(rule.version());
    rule.dedupe().forEach(this::add);
  }

  private void add(Locator locator) {
    if (locator instanceof Locator.Pointer pointer) {
      pointers.add(pointer.pointer());
    }
  }

  /** The arrival, or nothing when the table ignores its type. */
  Optional<Arrival> of(TopicRecord record) {
    Map<String, String> values = null;
    try {
      values = record.value().length == 0 ? null : Peek.at(record.value(), pointers);
    } catch (IOException e) {
      // not JSON: kept all the same, in a lane of its own, and parked when it is read
    }
    var type = value(account.profile().events().type(), values, record);
    var rule = account.profile().events().rule(type);
    if (rule != null && rule.ignored()) {
      return Optional.empty();
    }
    var hash = Sha256.hex(record.value());
    var key = key(rule, values, record);
    var version =
        WebhookConsumer.instant(rule == null ? null : value(rule.version(), values, record));
    return Optional.of(
        new Arrival(
            account.name(),
            rule == null ? WebhookConsumer.UNLISTED : rule.document(),
            key == null ? "sha256:" + hash : key,
            dedupe(rule, values, record, key, version, hash),
            version,
            type,
            "application/json",
            record.value()));
  }

  // A body that says nothing of what it is about is about what its record's key says.
  private static String key(EventRule rule, Map<String, String> values, TopicRecord record) {
    if (rule == null || values == null) {
      return null;
    }
    var key = value(rule.key(), values, record);
    return key != null || record.key() == null || record.key().isBlank()
        ? key
        : WebhookConsumer.clean(record.key());
  }

  private static String dedupe(
      EventRule rule,
      Map<String, String> values,
      TopicRecord record,
      String key,
      String version,
      String hash) {
    for (var locator : rule == null ? List.<Locator>of() : rule.dedupe()) {
      var id = value(locator, values, record);
      if (id != null) {
        return id;
      }
    }
    return key != null && version != null
        ? key + '@' + version + '/' + hash.substring(0, ENOUGH)
        : "%s-%s/%s".formatted(record.topic(), record.place(), hash.substring(0, ENOUGH));
  }

  private static String value(Locator locator, Map<String, String> values, TopicRecord record) {
    var value =
        switch (locator) {
          case Locator.Header header -> record.header(header.name());
          case Locator.Pointer pointer -> values == null ? null : values.get(pointer.pointer());
          case null -> null;
        };
    return value == null || value.isBlank() ? null : WebhookConsumer.clean(value);
  }
}
