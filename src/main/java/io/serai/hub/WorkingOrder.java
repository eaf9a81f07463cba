package io.serai.hub;

import io.serai.order.HoldKind;
import io.serai.order.OrderProgress;
import io.serai.order.OrderState;
import io.serai.order.PaymentState;
import io.serai.order.RefusalCode;
import io.serai.support.Ids;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * An order as it stands inside one apply transaction: loaded or new, changed in memory, written
 * once.
 */
final class WorkingOrder {
  final UUID id;
  final String account;
  final String channelOrderId;
  final boolean isNew;
  int revision;
  String displayNumber;
  String channelVersion;
  String currency;
  BigDecimal grandTotal;
  boolean moneyMismatch;
  boolean test;
  String fulfilledBy = "MERCHANT";
  PaymentState payment;
  String hold;
  String holdReason;
  String holdOwner;
  Instant holdDueAt;
  String buyerEmail;
  String shipCountry;
  Instant placedAt;
  Instant cancelledAt;
  boolean decided;
  boolean changed;

  /** Whether anything is stored of what its money did. */
  boolean moneyMoved;

  /** When its people were erased, or null. */
  Instant erasedAt;

  /** Who is served first when stock is short: higher first. */
  int priority;

  /** Whether a part of it may leave before the rest. */
  boolean shipAvailable;

  boolean queueChanged;

  /** The canonical document as text when it changed and has to be written. */
  String newDocument;

  /** The canonical document as loaded or applied; null for a tombstone. */
  com.fasterxml.jackson.databind.JsonNode document;

  /** What it is held for or was; {@link #hold} and its neighbors show the first that is open. */
  final List<Hold> holds = new ArrayList<>();

  /** Who asked for it to be cancelled, answered or not. */
  final List<Wish> wishes = new ArrayList<>();

  boolean wishesChanged;

  /** What was to be otherwise of it since it was placed. */
  final List<Edit> edits = new ArrayList<>();

  boolean editsChanged;

  /** Units that go back to the node that had them, in this transaction. */
  final List<Kept> kept = new ArrayList<>();

  /** Marks that rules of this transaction put on it. */
  List<String> tags = List.of();

  /** Where a person wants it sent from in this transaction, or null: wherever the rules say. */
  String target;

  /** Whether nodes that refused it are asked again in this transaction: a person wants it. */
  boolean forgiving;

  final List<Line> lines = new ArrayList<>();
  final List<Fulfillment> fulfillments = new ArrayList<>();
  final Set<String> shipmentIds = new HashSet<>();

  WorkingOrder(UUID id, String account, String channelOrderId, boolean isNew) {
    this.id = id;
    this.account = account;
    this.channelOrderId = channelOrderId;
    this.isNew = isNew;
  }

  /** Units of a line that stay at a node though it is asked anew. */
  record Kept(Line line, String node, int units) {}

  /** One line's quantities. */
  static final class Line {
    final int no;
    final String lineId;
    String sku;
    String title;
    String kind;
    boolean requiresShipping;
    int ordered;
    int cancelWanted;
    int cancelled;
    int allocated;
    int backordered;
    int shipped;
    int returned;
    int refunded;

    /** Units that the buyer has, and units that the carrier brought back. */
    int delivered;

    int cameBack;
    boolean deliveredChanged;
    final boolean isNew;
    boolean changed;

    /** Whether it was sold before its goods are there, and for when they were promised, or null. */
    boolean preorder;

    Instant promisedAt;
    boolean promiseChanged;

    /** What the channel calls what it sold, when this transaction was told. */
    String code;

    /** Whether this transaction made it another article. */
    boolean exchanged;

    /** The sold set that this is a component of, and how many units each takes; or null and 0. */
    Line parent;

    int perParent;

    /** What a sold set consists of; empty for a line that is sent as it is. */
    final List<Line> components = new ArrayList<>();

    /** Of a set: units that became sent in this transaction and that the channel is not owed. */
    int untold;

    Line(int no, String lineId, boolean isNew) {
      this.no = no;
      this.lineId = lineId;
      this.isNew = isNew;
    }

    /** Units that nobody promised, refused or sent yet; of a set, its components tell. */
    int unplaced() {
      return isSet() ? 0 : Math.max(0, ordered - cancelled - allocated - backordered - shipped);
    }

    /** Units that somebody promised, refused or sent already. */
    int placed() {
      var placed = cancelled + allocated + shipped;
      for (var component : components) {
        placed = Math.max(placed, Math.ceilDiv(component.placed(), component.perParent));
      }
      return placed;
    }

    boolean isSet() {
      return !components.isEmpty();
    }

    /** So many are not wanted any more: of a set, all that they consist of. */
    void wantCancelled(int units) {
      cancelWanted = units;
      changed = true;
      for (var component : components) {
        component.cancelWanted =
            Math.max(
                component.cancelWanted,
                Math.min(units * component.perParent, component.ordered - component.shipped));
        component.changed = true;
      }
    }

    /**
     * A set is cancelled or sent as its components are: a set of which a part left and the rest is
     * cancelled was sent.
     */
    void rollUp() {
      var open = 0;
      var gone = Integer.MAX_VALUE;
      for (var c : components) {
        open = Math.max(open, Math.ceilDiv(c.ordered - c.cancelled - c.shipped, c.perParent));
        gone = Math.min(gone, c.cancelled / c.perParent);
      }
      var sent = Math.min(ordered - gone, Math.max(shipped, ordered - open - gone));
      if (gone != cancelled || sent != shipped) {
        untold += Math.max(0, sent - shipped);
        cancelled = gone;
        shipped = sent;
        cancelWanted = Math.max(gone, Math.min(cancelWanted, ordered - sent));
        changed = true;
      }
    }

    boolean goods() {
      return requiresShipping && "PHYSICAL".equals(kind);
    }
  }

  /** What one node was asked to do. */
  static final class Fulfillment {
    /** Any node but this one. */
    static final String ANYWHERE = "*";

    /** This node again, for what is still wanted of it. */
    static final String SAME = "=";

    final UUID id;
    final String node;
    final String partner;
    String state;
    String reference;
    final boolean isNew;
    private final boolean begunLive;
    private final String begun;
    boolean changed;

    /** When and why the node refused it or a part, or null. */
    Instant refusedAt;

    RefusalCode refusedCode;
    String refusedReason;

    /**
     * When what is open is taken for missing, and why: the node said that no more comes; or null.
     */
    Instant shortAt;

    RefusalCode shortCode;

    /** Where a person moved it: a node, {@link #ANYWHERE} else, or null when it stays. */
    String moveTo;

    /** By when the node should have said whether it stops, or null. */
    Instant answerDueAt;

    boolean refusalChanged;
    final List<Reserved> reserved = new ArrayList<>();

    Fulfillment(UUID id, String node, String partner, String state, boolean isNew) {
      this.id = id;
      this.node = node;
      this.partner = partner;
      this.state = state;
      this.isNew = isNew;
      this.begun = state;
      this.begunLive = live();
    }

    /** Its state, once it is sure that it could get there. */
    String judged() {
      if (!state.equals(begun)
          && !RequestState.valueOf(begun).reaches(RequestState.valueOf(state))) {
        throw new IllegalStateException(
            "Request '%s' was %s and cannot become %s"
                .formatted(Ids.text("ful", id), begun, state));
      }
      return state;
    }

    /** Whether this transaction ends it with nothing shipped. */
    boolean cameToNothing() {
      return begunLive && !live() && reserved.stream().allMatch(r -> r.shipped == 0);
    }

    /** Who works on it. */
    String partnerOrNode() {
      return partner == null ? node : partner;
    }

    /** The node spoke, or need not any more. */
    void answered() {
      if (answerDueAt != null) {
        answerDueAt = null;
        refusalChanged = true;
      }
    }

    int open() {
      return reserved.stream().mapToInt(Reserved::open).sum();
    }

    boolean live() {
      return switch (state) {
        case "REQUESTED", "ACCEPTED", "PARTIALLY_SHIPPED", "CANCEL_REQUESTED" -> true;
        default -> false;
      };
    }
  }

  /** A promise of units for a line. */
  static final class Reserved {
    final Line line;
    final String sku;
    final int quantity;
    int shipped;
    int released;

    /** Of what was released, what the node refused. */
    int refused;

    final boolean isNew;
    boolean changed;
    boolean refusalChanged;

    Reserved(Line line, String sku, int quantity, boolean isNew) {
      this.line = line;
      this.sku = sku;
      this.quantity = quantity;
      this.isNew = isNew;
    }

    int open() {
      return quantity - shipped - released;
    }
  }

  /** What an order is or was held for. */
  static final class Hold {
    final short no;
    final HoldKind kind;
    final Instant placedAt;

    /** The person behind it, or null: the hub. */
    final String placedBy;

    /** What of the order it is about, a parcel for one; null for the order itself. */
    final String subject;

    String reason;
    String owner;
    Instant dueAt;
    Instant releasedAt;
    String releasedBy;
    String releaseReason;
    boolean changed;

    Hold(short no, HoldKind kind, Instant placedAt, String placedBy, String subject) {
      this.no = no;
      this.kind = kind;
      this.placedAt = placedAt;
      this.placedBy = placedBy;
      this.subject = subject;
    }

    boolean open() {
      return releasedAt == null;
    }
  }

  /**
   * Holds it, or says anew why and until when. Answers whether anything is new.
   *
   * @param owner who has to act, or null for the usual one
   * @param by the person behind it, or null for the hub
   */
  boolean place(HoldKind kind, String reason, String owner, Instant dueAt, Instant now, String by) {
    return place(open(kind, by), kind, reason, owner, dueAt, now, by, null);
  }

  /**
   * Shows that somebody has to look at a parcel: each has its own hold of a kind. Answers whether
   * anything is new.
   */
  boolean place(HoldKind kind, WorkingParcel parcel, String reason, Instant now) {
    return place(kind, parcel.text(), reason, now);
  }

  /** The same of anything of the order that has an id of its own. */
  boolean place(HoldKind kind, String subject, String reason, Instant now) {
    var open =
        holds.stream()
            .filter(h -> h.kind == kind && h.open() && subject.equals(h.subject))
            .findFirst()
            .orElse(null);
    return place(open, kind, reason, null, now.plus(kind.due()), now, null, subject);
  }

  /** Ends the open holds of a kind that a parcel has. */
  void lift(HoldKind kind, WorkingParcel parcel, Instant now) {
    lift(h -> h.kind == kind && parcel.text().equals(h.subject), now, null, null);
  }

  private boolean place(
      Hold open,
      HoldKind kind,
      String reason,
      String owner,
      Instant dueAt,
      Instant now,
      String by,
      String subject) {
    var hold = open;
    if (hold != null && hold.reason.equals(reason)) {
      return false;
    }
    if (hold == null) {
      hold = new Hold((short) (holds.size() + 1), kind, now, by, subject);
      holds.add(hold);
    }
    hold.reason = reason;
    hold.owner = owner == null ? kind.owner() : owner;
    hold.dueAt = dueAt;
    hold.changed = true;
    show();
    return true;
  }

  /**
   * The open hold of a kind, or null. What the hub found and what somebody wants are two holds, so
   * that neither lifts the other.
   *
   * @param by somebody, or null for the hub
   */
  Hold open(HoldKind kind, String by) {
    for (var hold : holds) {
      if (hold.kind == kind
          && hold.open()
          && hold.subject == null
          && (hold.placedBy == null) == (by == null)) {
        return hold;
      }
    }
    return null;
  }

  /** Whether a person saw this very reason and let the order go on. */
  boolean releasedByHand(HoldKind kind, String reason) {
    return holds.stream()
        .anyMatch(
            h -> h.kind == kind && !h.open() && h.releasedBy != null && h.reason.equals(reason));
  }

  /**
   * Ends the open holds that fit. Answers whether there was one.
   *
   * @param by the person behind it, or null for the hub
   */
  boolean lift(Predicate<Hold> which, Instant now, String by, String reason) {
    var lifted = false;
    for (var hold : holds) {
      if (hold.open() && which.test(hold)) {
        hold.releasedAt = now;
        hold.releasedBy = by;
        hold.releaseReason = reason;
        hold.changed = true;
        lifted = true;
      }
    }
    if (lifted) {
      show();
    }
    return lifted;
  }

  /** Takes over its place in the queue, and whether it has to wait for all of itself. */
  void queue(int rank, boolean available) {
    if (rank != priority || available != shipAvailable) {
      priority = rank;
      shipAvailable = available;
      queueChanged = true;
      changed = true;
    }
  }

  private void show() {
    Hold first = null;
    for (var one : holds) {
      if (one.open() && one.kind.stops() && (first == null || one.kind.compareTo(first.kind) < 0)) {
        first = one;
      }
    }
    hold = first == null ? null : first.kind.name();
    holdReason = first == null ? null : first.reason;
    holdOwner = first == null ? null : first.owner;
    holdDueAt = first == null ? null : first.dueAt;
    changed = true;
  }

  /** Whether there are goods that nobody sent and somebody wants. */
  boolean hasGoodsToSend() {
    for (var line : lines) {
      if (line.goods()
          && line.ordered - line.shipped > Math.max(line.cancelWanted, line.cancelled)) {
        return true;
      }
    }
    return false;
  }

  /** What sets amount to after something happened to their components. */
  void rollUp() {
    for (var line : lines) {
      if (line.isSet()) {
        line.rollUp();
      }
    }
  }

  String lane() {
    return account + '/' + channelOrderId;
  }

  String shown() {
    return displayNumber == null ? channelOrderId : displayNumber;
  }

  /**
   * Whether a warehouse may be asked: money is there or promised, nobody else ships it, nothing
   * holds it.
   */
  boolean releasable() {
    return cancelledAt == null
        && hold == null
        && document != null
        && "MERCHANT".equals(fulfilledBy)
        && paid();
  }

  /** Whether it was dealt with before the hub was there. */
  boolean history() {
    return "HISTORY".equals(fulfilledBy);
  }

  /** Whether its payment lets it leave. */
  boolean paid() {
    return payment == null
        || payment == PaymentState.AUTHORIZED
        || payment == PaymentState.PAID
        || payment == PaymentState.PARTIALLY_PAID
        || payment == PaymentState.PARTIALLY_REFUNDED;
  }

  // Some of it came back and the buyer has the rest: nothing of it moves any more.
  private boolean ended() {
    return lines.stream().anyMatch(l -> l.goods() && l.cameBack > 0)
        && lines.stream()
            .filter(Line::goods)
            .allMatch(l -> l.delivered + l.cameBack >= l.ordered - l.cancelled);
  }

  OrderState state() {
    if (cancelledAt != null
        && lines.stream().allMatch(l -> l.cancelled + l.shipped >= l.ordered)
        && lines.stream().allMatch(l -> l.shipped == 0)) {
      return OrderState.CANCELLED;
    }
    if (history()) {
      return hold != null
          ? OrderState.ON_HOLD
          : cancelledAt != null || lines.stream().allMatch(l -> l.cancelled >= l.ordered)
              ? OrderState.CANCELLED
              : OrderState.CLOSED;
    }
    var progress =
        lines.stream()
            .map(
                line -> {
                  var released = 0;
                  var accepted = 0;
                  for (var f : fulfillments) {
                    for (var r : f.reserved) {
                      if (r.line == line && f.live()) {
                        released += r.open();
                        accepted += "REQUESTED".equals(f.state) ? 0 : r.open();
                      }
                    }
                  }
                  return new OrderProgress.Line(
                      line.goods(),
                      line.ordered,
                      line.cancelled,
                      line.allocated,
                      released,
                      accepted,
                      line.shipped,
                      line.delivered);
                })
            .toList();
    return new OrderProgress(
            progress,
            payment == PaymentState.AUTHORIZED ? PaymentState.PAID : payment,
            hold != null,
            decided,
            ended())
        .state();
  }
}
