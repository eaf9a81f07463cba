package io.serai.hub;

import io.serai.order.Refund;
import io.serai.support.Ids;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What the money of one order did, as an apply transaction knows it: read, changed in memory,
 * written once. Amounts are in the currency of the order.
 */
final class Purse {
  /** A refund that the channel told of. */
  static final class Given {
    String refundId;

    /** What it is stored as, when the channel calls it otherwise. */
    String storedAs;

    /** Null when nobody told it in the currency of the order. */
    BigDecimal amount;

    /** The sum as it was told, when it was told in another currency. */
    String told;

    List<Refund.Line> lines;
    final Instant at;
    UUID request;
    Long message;
    final boolean isNew;
    boolean changed;

    Given(String refundId, Instant at, Long message, boolean isNew) {
      this.refundId = refundId;
      this.at = at;
      this.message = message;
      this.isNew = isNew;
      this.lines = List.of();
    }

    /** The channel tells of it, and has a name of its own for it. */
    void adopt(String id, Long by) {
      storedAs = isNew || storedAs != null ? storedAs : refundId;
      refundId = id;
      message = by;
      changed = true;
    }

    int units(String lineId) {
      return lines.stream()
          .filter(line -> line.lineId().equals(lineId))
          .mapToInt(Refund.Line::quantity)
          .sum();
    }
  }

  /** Money that is to go back. */
  static final class Wanted {
    final UUID id;
    final String returnId;
    final Map<String, Integer> units;
    final BigDecimal amount;
    final String reason;
    final String actor;
    final Long message;
    final boolean isNew;
    RefundState state;
    String refundId;
    String answer;
    Instant dueAt;
    final Instant createdAt;
    Instant finishedAt;
    boolean changed;

    Wanted(
        UUID id,
        String returnId,
        Map<String, Integer> units,
        BigDecimal amount,
        String reason,
        String actor,
        Long message,
        RefundState state,
        Instant createdAt,
        boolean isNew) {
      this.id = id;
      this.returnId = returnId;
      this.units = new LinkedHashMap<>(units);
      this.amount = amount;
      this.reason = reason;
      this.actor = actor;
      this.message = message;
      this.state = state;
      this.createdAt = createdAt;
      this.isNew = isNew;
    }

    String text() {
      return Ids.text(Refunding.PREFIX, id);
    }

    void become(RefundState there, Instant now) {
      if (!state.next().contains(there)) {
        throw new IllegalStateException(
            "Refund '%s' was %s and cannot become %s".formatted(text(), state, there));
      }
      state = there;
      dueAt = null;
      finishedAt = now;
      changed = true;
    }
  }

  /** Money that the channel is asked to take. */
  static final class Taken {
    final String key;
    final BigDecimal amount;
    final boolean last;
    final Long message;
    final boolean isNew;
    String state;
    String remoteId;
    String answer;
    Instant finishedAt;
    boolean changed;

    Taken(String key, BigDecimal amount, boolean last, Long message, String state, boolean isNew) {
      this.key = key;
      this.amount = amount;
      this.last = last;
      this.message = message;
      this.state = state;
      this.isNew = isNew;
    }

    void become(String there, Instant now) {
      state = there;
      finishedAt = now;
      changed = true;
    }
  }

  /** Since when the money is other than it should be. */
  static final class Watch {
    final Instant since;
    Instant dueAt;
    String breach;
    final List<Long> messages = new ArrayList<>();

    Watch(Instant since) {
      this.since = since;
    }
  }

  final List<Given> given = new ArrayList<>();
  final List<Wanted> wanted = new ArrayList<>();
  final List<Taken> taken = new ArrayList<>();

  /** Null while it is what it should be. */
  Watch watch;

  boolean watchWas;
  boolean watchChanged;

  boolean isEmpty() {
    return given.isEmpty() && wanted.isEmpty() && taken.isEmpty() && watch == null;
  }

  /** What was given back, as far as the sums are known. */
  BigDecimal refunded() {
    return given.stream()
        .filter(g -> g.amount != null)
        .map(g -> g.amount)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** What is to be given back and was not yet. */
  BigDecimal asked() {
    return wanted.stream()
        .filter(w -> w.state.open())
        .map(w -> w.amount.subtract(came(w)).max(BigDecimal.ZERO))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** What the channel told of a refund that we asked for and that is not wholly back; or null. */
  Given of(Wanted wanted) {
    return given.stream().filter(g -> g.refundId.equals(wanted.refundId)).findFirst().orElse(null);
  }

  private BigDecimal came(Wanted wanted) {
    var there = of(wanted);
    return there == null || there.amount == null ? BigDecimal.ZERO : there.amount;
  }

  /**
   * What people asked for, without what was dropped. What was refused counts, for it can be asked
   * for again by a replay; but not what asking for just this drops.
   */
  BigDecimal byPeople(Map<String, Integer> units, BigDecimal amount) {
    return wanted.stream()
        .filter(w -> w.returnId == null && w.state != RefundState.DROPPED)
        .filter(
            w ->
                w.state != RefundState.REFUSED
                    || !w.units.equals(units)
                    || w.amount.compareTo(amount) != 0)
        .map(w -> w.amount)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** What the channel took because we asked for it. */
  BigDecimal captured() {
    return taken.stream()
        .filter(t -> "CAPTURED".equals(t.state))
        .map(t -> t.amount)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** What the channel took or may still take because we asked for it. */
  BigDecimal expected() {
    return taken.stream()
        .filter(t -> !"REFUSED".equals(t.state))
        .map(t -> t.amount)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** What the channel was ever asked to take. */
  BigDecimal claimed() {
    return taken.stream().map(t -> t.amount).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** Whether all that was sent is asked for, and none of it was refused. */
  boolean lastTaken() {
    return taken.stream().anyMatch(t -> t.last)
        && taken.stream().noneMatch(t -> "REFUSED".equals(t.state));
  }

  /** Units of a line that refunds name. */
  int refundedUnits(String lineId) {
    return given.stream().mapToInt(g -> g.units(lineId)).sum();
  }

  /**
   * Units of a line that were sent, or are, and of which the money went back. What came back with
   * its money, or is refunded because it came, is that for certain; what was cancelled with a
   * refund is not. Gap: of units whose refund says nothing of the goods as many are taken for
   * cancelled ones as were cancelled without a refund that says so.
   *
   * @param refunded units of which the channel says that their money went back
   * @param cancelled units that are not sent any more
   */
  int back(String lineId, int refunded, int cancelled) {
    var sure = 0;
    var silent = 0;
    var never = 0;
    for (var one : given) {
      var ofReturn = wanted.stream().anyMatch(w -> w.returnId != null && w.id.equals(one.request));
      for (var line : one.lines) {
        if (!line.lineId().equals(lineId)) {
          continue;
        }
        if (line.restock() == Refund.Restock.CANCEL) {
          never += line.quantity();
        } else if (ofReturn || line.restock() == Refund.Restock.RETURN) {
          sure += line.quantity();
        } else {
          silent += line.quantity();
        }
      }
    }
    // The channel may count units that no refund named.
    silent += Math.max(0, refunded - sure - silent - never);
    return sure + Math.max(0, silent - Math.max(0, cancelled - never));
  }
}
