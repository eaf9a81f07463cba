package io.serai.hub;

import io.serai.allocation.Availability;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Stock as locked by one apply transaction: read once, changed in memory over the whole batch,
 * written once per (sku, node). What is checked here in memory is what the table's constraints
 * check.
 */
final class WorkingStock implements Availability {
  record Key(String sku, String node) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      var bySku = sku.compareTo(other.sku);
      return bySku != 0 ? bySku : node.compareTo(other.node);
    }
  }

  /** One level and how this transaction changes it. */
  static final class Level {
    final boolean isNew;
    int onHand;
    int allocated;
    int frozen;
    int damaged;
    int quarantined;
    int safety;
    int shortage;
    String source;
    String sequence;
    Instant asOf;

    /** The source's instant and counter of the last absolute count, or null: nobody counted yet. */
    Instant countedAt;

    String countedSequence;
    boolean changed;

    /** A source's report changed more than the promises: every column is written. */
    boolean reported;

    Level(boolean isNew) {
      this.isNew = isNew;
    }

    int available() {
      return onHand - allocated - frozen - damaged - quarantined - safety;
    }
  }

  /** A move of units, with its cause. */
  record Movement(
      Key key,
      int quantity,
      String debit,
      String credit,
      String cause,
      UUID orderId,
      Long messageId,
      String actor) {}

  private final TreeMap<Key, Level> levels = new TreeMap<>();
  private final List<Movement> movements = new ArrayList<>();
  private final TreeSet<String> risen = new TreeSet<>();

  void put(Key key, Level level) {
    levels.put(key, level);
  }

  Level get(Key key) {
    return levels.get(key);
  }

  TreeMap<Key, Level> levels() {
    return levels;
  }

  Collection<Movement> movements() {
    return movements;
  }

  /** SKUs of which somewhere more can be promised than before: somebody may have waited for it. */
  TreeSet<String> risen() {
    return risen;
  }

  @Override
  public OptionalInt at(String sku, String node) {
    var level = levels.get(new Key(sku, node));
    return level == null ? OptionalInt.empty() : OptionalInt.of(Math.max(0, level.available()));
  }

  /** Promises units; the caller has asked {@link #at} under the same lock. */
  void reserve(Key key, int quantity, Application cause, UUID orderId) {
    var level = levels.get(key);
    if (level == null || level.available() < quantity) {
      throw new IllegalStateException(
          "Reservation of %d beyond what %s has".formatted(quantity, key));
    }
    level.allocated += quantity;
    level.changed = true;
    move(key, quantity, "available", "allocated", "reserve", cause, orderId);
  }

  /** Takes a promise back. */
  void release(Key key, int quantity, Application cause, UUID orderId) {
    var level = levels.get(key);
    level.allocated -= quantity;
    // What the source reported below the promises comes off as promises are taken back.
    var due = Math.min(level.shortage, quantity);
    level.shortage -= due;
    level.reported |= due > 0;
    level.onHand -= due;
    level.changed = true;
    if (due < quantity) {
      risen.add(key.sku());
    }
    move(key, quantity, "allocated", "available", "release", cause, orderId);
    if (due > 0) {
      move(key, due, "available", "outside", "shortage", cause, orderId);
    }
  }

  /** Promised units leave the building. */
  void ship(Key key, int quantity, Application cause, UUID orderId) {
    var level = levels.get(key);
    level.allocated -= quantity;
    level.onHand -= quantity;
    level.changed = true;
    move(key, quantity, "allocated", "outside", "ship", cause, orderId);
  }

  void move(
      Key key,
      int quantity,
      String debit,
      String credit,
      String what,
      Application cause,
      UUID orderId) {
    if (quantity > 0) {
      movements.add(
          new Movement(
              key, quantity, debit, credit, what, orderId, cause.messageId(), cause.actor()));
    }
  }
}
