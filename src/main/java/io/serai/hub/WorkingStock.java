package io.serai.hub;

import io.serai.allocation.Availability;
import io.serai.order.RefusalCode;
import io.serai.order.Shipment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Stock as locked by one apply transaction: read once, changed in memory over the whole batch,
 * written once per (sku, node). What is checked here in memory is what the table's constraints
 * check.
 *
 * <p>Every change of a term is a movement between two accounts of the level, so the movements of a
 * level add up to its terms: on hand is what came from {@code outside} and did not go back there.
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

    /** Units announced for this node and still to come. */
    int incoming;

    /** While set, whatever is not promised is frozen. */
    Instant frozenSince;

    /** The buffer in force, or both null. */
    Integer bufferUnits;

    Integer bufferPercent;

    /** When units last left, by the clock of the node, or null. */
    Instant leftAt;

    String unsellableSource;
    Instant unsellableAsOf;
    boolean changed;

    /** Orders wait for the article and were not looked at since some came. */
    boolean waitedFor;

    /** Read for promises only: the other columns are not here and may not be written. */
    boolean toPromise;

    /** A source's report changed more than the promises: every column is written. */
    boolean reported;

    /** What was missing when it was read. */
    private int missingBefore;

    /** Whether what is missing is to be looked for among promises at once, not by a person. */
    boolean reliefWanted;

    Level(boolean isNew) {
      this.isNew = isNew;
    }

    /** Says that every column is as the table has it. */
    void loaded() {
      missingBefore = missing();
    }

    boolean missingChanged() {
      return missing() != missingBefore || reliefWanted && missing() > 0;
    }

    /** Units that are promised or counted as gone and are not there to be sent. */
    int missing() {
      return shortage + Math.max(0, allocated + damaged + quarantined - onHand);
    }

    /** What is there and can be sent to a buyer, promised or not. */
    int sound() {
      return onHand - damaged - quarantined;
    }

    int available() {
      return onHand - allocated - frozen - damaged - quarantined - safety;
    }
  }

  /**
   * A move of units, with its cause.
   *
   * @param at when it happened by the clock of the node, where somebody says so later; else null
   */
  record Movement(
      Key key,
      int quantity,
      String debit,
      String credit,
      String cause,
      UUID orderId,
      Long messageId,
      String actor,
      String note,
      Instant at) {
    /** Whether it is more than what orders do: those stand apart, for there are many of them. */
    boolean told() {
      return note != null || at != null;
    }
  }

  /** Units that left in this transaction, with the instant by the clock of the node. */
  record Left(Key key, int quantity, Instant at) {}

  /** Units that are there and free to be promised, or kept from it by a rule. */
  static final String AVAILABLE = "available";

  static final String ALLOCATED = "allocated";
  static final String FROZEN = "frozen";
  static final String DAMAGED = "damaged";
  static final String QUARANTINED = "quarantined";
  static final String SAFETY = "safety";
  static final String INCOMING = "incoming";

  /** Where units come from and go to. */
  static final String OUTSIDE = "outside";

  /** Where announced units wait that nobody has seen yet: they are not on hand. */
  static final String SUPPLIER = "supplier";

  private final List<Left> left = new ArrayList<>();
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

  /** In the order in which they happened. */
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

  /** Units of a SKU that can be promised, wherever they are. */
  long available(String sku) {
    return of(sku).mapToLong(level -> Math.max(0, level.available())).sum();
  }

  private Stream<Level> of(String sku) {
    return levels.subMap(new Key(sku, ""), new Key(sku + '\0', "")).values().stream();
  }

  /** The same for an order that stands behind those that wait: what came is theirs first. */
  Availability behindTheQueue() {
    return (sku, node) -> {
      var level = levels.get(new Key(sku, node));
      return level != null && level.waitedFor ? OptionalInt.of(0) : at(sku, node);
    };
  }

  /** Whether units of a SKU are there that are first offered to orders that wait for it. */
  boolean waitedFor(String sku) {
    return of(sku).anyMatch(level -> level.waitedFor && level.available() > 0);
  }

  /** Notes that somebody more waits for a SKU that is being handed out: all are looked at again. */
  void waits(String sku) {
    risen.add(sku);
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
    move(key, quantity, AVAILABLE, ALLOCATED, "reserve", cause, orderId);
  }

  /** Takes a promise back. */
  void release(Key key, int quantity, Application cause, UUID orderId) {
    var level = levels.get(key);
    var availableBefore = level.available();
    level.allocated -= quantity;
    // What the source reported below the promises comes off as promises are taken back.
    var due = Math.min(level.shortage, quantity);
    level.shortage -= due;
    level.reported |= due > 0;
    level.onHand -= due;
    level.changed = true;
    move(key, quantity, ALLOCATED, AVAILABLE, "release", cause, orderId);
    if (due > 0) {
      move(key, due, AVAILABLE, OUTSIDE, "shortage", cause, orderId);
    }
    settle(key, level, cause);
    rose(key, level, availableBefore);
  }

  /** Notes that more can be promised than before, if so. */
  void rose(Key key, Level level, int availableBefore) {
    if (level.available() > Math.max(0, availableBefore)) {
      risen.add(key.sku());
    }
  }

  /**
   * Notes that a level was counted: what waits for a count of a node that could not find the units
   * goes on also when the figure is the old one.
   */
  void counted(Key key, Level level) {
    if (level.available() > 0) {
      risen.add(key.sku());
    }
  }

  /** Brings the terms in line that follow from others: what is frozen and what is kept back. */
  void settle(Key key, Level level, Application cause) {
    if (level.frozenSince != null) {
      var free = Math.max(0, level.sound() - level.allocated);
      shift(key, free - level.frozen, FROZEN, "freeze", cause);
      level.reported |= free != level.frozen;
      level.frozen = free;
    }
    if (level.bufferUnits != null || level.bufferPercent != null) {
      var kept = Buffer.kept(level.bufferUnits, level.bufferPercent, level.onHand);
      shift(key, kept - level.safety, SAFETY, "buffer", cause);
      level.reported |= kept != level.safety;
      level.safety = kept;
    }
    level.reported |= level.missingChanged();
  }

  /** Moves units from what is available to another account, or back when there are fewer. */
  void shift(Key key, int more, String account, String what, Application cause) {
    if (more > 0) {
      move(key, more, AVAILABLE, account, what, cause, null);
    } else {
      move(key, -more, account, AVAILABLE, what, cause, null);
    }
  }

  /**
   * Units that a node refused turn out to be of no use: gone, damaged or waiting to be looked at.
   * At most what is not promised to others; the rest is a matter of the next count.
   */
  void setAside(
      Key key, int quantity, RefusalCode code, Instant now, Application cause, UUID orderId) {
    var level = levels.get(key);
    if (!code.ofUnits()) {
      return;
    }
    var units =
        Math.min(
            quantity,
            level.onHand - level.allocated - level.frozen - level.damaged - level.quarantined);
    if (units <= 0) {
      return;
    }
    switch (code) {
      case NOT_FOUND -> {
        level.onHand -= units;
        // A snapshot from before this, that comes later, still has them.
        level.leftAt = level.leftAt == null || now.isAfter(level.leftAt) ? now : level.leftAt;
      }
      case DAMAGED -> level.damaged += units;
      default -> level.quarantined += units;
    }
    level.reported = true;
    move(
        key,
        units,
        AVAILABLE,
        switch (code) {
          case NOT_FOUND -> OUTSIDE;
          case DAMAGED -> DAMAGED;
          default -> QUARANTINED;
        },
        "refused",
        cause,
        orderId);
    settle(key, level, cause);
  }

  /** Promised units leave the building. */
  void ship(Key key, int quantity, Application cause, UUID orderId) {
    var level = levels.get(key);
    var availableBefore = level.available();
    level.allocated -= quantity;
    level.onHand -= quantity;
    level.changed = true;
    move(key, quantity, ALLOCATED, OUTSIDE, "ship", cause, orderId);
    // What was missing was on its way: nothing is missing that nobody is promised any more.
    level.shortage = Math.min(level.shortage, level.allocated);
    settle(key, level, cause);
    rose(key, level, availableBefore);
    var at = cause.document() instanceof Shipment shipment ? shipment.shippedAt() : null;
    if (at != null) {
      left.add(new Left(key, quantity, at));
      level.reported = true;
      level.leftAt = level.leftAt == null || at.isAfter(level.leftAt) ? at : level.leftAt;
    }
  }

  /** Other units left the building than those that were promised. */
  void replace(Key promised, Key sent, int quantity, Application cause, UUID orderId) {
    release(promised, quantity, cause, orderId);
    var level = levels.get(sent);
    // What is promised to others stays theirs: who counts next says what is left of it.
    var units = level == null ? 0 : Math.max(0, Math.min(quantity, level.onHand - level.allocated));
    if (units > 0) {
      level.onHand -= units;
      level.changed = true;
      move(sent, units, AVAILABLE, OUTSIDE, "ship", cause, orderId);
      settle(sent, level, cause);
    }
  }

  /** Units of a level that left after an instant, in this transaction. */
  int leftSince(Key key, Instant instant) {
    return left.stream()
        .filter(l -> l.key().equals(key) && l.at().isAfter(instant))
        .mapToInt(Left::quantity)
        .sum();
  }

  void move(
      Key key,
      int quantity,
      String debit,
      String credit,
      String what,
      Application cause,
      UUID orderId) {
    move(key, quantity, debit, credit, what, cause, orderId, null);
  }

  void move(
      Key key,
      int quantity,
      String debit,
      String credit,
      String what,
      Application cause,
      UUID orderId,
      String note) {
    move(key, quantity, debit, credit, what, cause, orderId, note, null);
  }

  /** Units that left earlier than it is told. */
  void moveAt(
      Key key,
      int quantity,
      String debit,
      String credit,
      String what,
      Application cause,
      Instant at) {
    move(key, quantity, debit, credit, what, cause, null, null, at);
    if (OUTSIDE.equals(credit)) {
      left.add(new Left(key, quantity, at));
    }
  }

  private void move(
      Key key,
      int quantity,
      String debit,
      String credit,
      String what,
      Application cause,
      UUID orderId,
      String note,
      Instant at) {
    if (quantity > 0) {
      movements.add(
          new Movement(
              key,
              quantity,
              debit,
              credit,
              what,
              orderId,
              cause.messageId(),
              cause.actor(),
              note,
              at));
    }
  }
}
