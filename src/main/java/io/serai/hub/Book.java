package io.serai.hub;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.allocation.Decision;
import io.serai.allocation.Policy;
import io.serai.failure.Failure;
import io.serai.inbox.MessageState;
import io.serai.order.Shipment;
import io.serai.outbox.Delivery;
import io.serai.outbox.RepeatMode;
import io.serai.stock.Items;
import io.serai.support.Ids;
import io.serai.support.Json;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Everything one apply transaction has read and is going to write. The documents' rules change it
 * in memory; {@link HubStore} writes it once.
 */
final class Book {
  /**
   * A row of the timeline.
   *
   * @param parcel the parcel it is about, for those who hear of it; or null
   * @param returned the return it is about, for those who hear of it; or null
   */
  record Event(
      UUID orderId,
      String kind,
      String sentence,
      Long messageId,
      String actor,
      UUID parcel,
      UUID returned) {}

  /** A decision to keep. */
  record Decided(UUID orderId, int revision, Decision decision) {}

  /** A shipment to keep. */
  record Shipped(
      UUID id,
      UUID orderId,
      UUID fulfillmentId,
      String partnerShipmentId,
      String carrier,
      String tracking,
      Instant shippedAt,
      Shipment document,
      ShipmentCase differing) {
    String json() {
      return Json.text(document);
    }
  }

  /** A failure that explains a hold. */
  record Held(UUID orderId, Failure failure, Long messageId) {}

  /** A listing that a channel offers. */
  record Listed(
      String account,
      String listingId,
      String locationId,
      String sku,
      String title,
      Integer quantity) {}

  /** Units of a code that a channel sold and took off what it shows, and when. */
  record Sold(String account, String code, int units, Instant placedAt) {}

  /** A delivery to insert. */
  record Owed(
      long id,
      String destination,
      String document,
      String operation,
      UUID orderId,
      String businessKey,
      String idempotencyKey,
      RepeatMode repeat,
      JsonNode content,
      Instant deadlineAt,
      Long messageId,
      boolean sending,
      String lane) {
    /** It as this node sends it now, before anybody tried. */
    Delivery delivery(Instant now, Instant leaseUntil) {
      return new Delivery(
          id,
          destination,
          document,
          operation,
          lane,
          orderId,
          businessKey,
          1,
          idempotencyKey,
          repeat,
          content,
          false,
          0,
          deadlineAt,
          now,
          1,
          leaseUntil,
          messageId);
    }
  }

  /** How a message ends in this transaction. */
  record MessageEnd(Application application, String state, UUID orderId, String reason) {}

  /** An entry of the audit. */
  record Told(String actor, String action, String object, String reason, JsonNode after) {}

  final Topology topology;
  final Items items;
  final Ids ids;
  final Instant now;

  /** What decides about allocation, the same for the whole transaction. */
  final Policy policy;

  /** Channels whose new orders are held, the same for the whole transaction. */
  final Map<String, ChannelHolds.Hold> heldChannels;

  final Map<String, WorkingOrder> ordersByKey = new LinkedHashMap<>();
  final Map<UUID, WorkingOrder> ordersById = new HashMap<>();
  final Map<UUID, WorkingOrder> ordersByFulfillment = new HashMap<>();
  final WorkingStock stock = new WorkingStock();
  final Announced announced = new Announced();
  final Storeroom storeroom = new Storeroom();
  final Deque<Long> deliveryIds = new ArrayDeque<>();
  final List<Event> events = new ArrayList<>();
  final List<Decided> decisions = new ArrayList<>();
  final List<Shipped> shipments = new ArrayList<>();
  final List<Held> holds = new ArrayList<>();
  final List<Listed> listings = new ArrayList<>();
  final List<Sold> sold = new ArrayList<>();
  final List<Owed> owed = new ArrayList<>();

  /** Events that are told by file. */
  final List<FeedFiles.Row> fileEvents = new ArrayList<>();

  final List<MessageEnd> ends = new ArrayList<>();
  final List<Told> told = new ArrayList<>();

  /**
   * Lanes of deliveries (destination/order) that have something unresolved: only an open one holds.
   */
  final Map<String, List<OpenDelivery>> openDeliveries = new HashMap<>();

  /** Places at which channels are known to keep stock: the first and the last of each. */
  final Map<String, Set<String>> listedPlaces = new HashMap<>();

  /**
   * What other nodes have to sell of articles of which one node's levels were locked only: not
   * locked, so good for telling what is urgent and no more.
   */
  final Map<WorkingStock.Key, Integer> elsewhere = new HashMap<>();

  /** What channels that trade in documents were owed of an order, by document and key. */
  final Map<UUID, Map<String, Trading.Paper>> papers = new HashMap<>();

  final List<Trading.Paper> newPapers = new ArrayList<>();

  /** What the money of orders did, of those of which anything is known. */
  final Map<UUID, Purse> purses = new HashMap<>();

  /** Parcels of the orders that can have any, in order of their ids. */
  final Map<UUID, WorkingParcel> parcels = new TreeMap<>();

  /** Shipments that differ from what was asked for and that a person decides about, by id. */
  final Map<UUID, ShipmentCase> cases = new HashMap<>();

  /** Where requests go whose orders' addresses were changed since, by request. */
  final Map<UUID, JsonNode> formerAddresses = new HashMap<>();

  /** Returns of the orders that this transaction may receive some of, by order. */
  final Map<UUID, List<WorkingReturn>> returns = new HashMap<>();

  /** Orders by the names of returns, where a document names nothing else. */
  final Map<String, UUID> returnsByName = new HashMap<>();

  /** Lines that are sent in place of others. */
  final List<Replacements.Sent> replacements = new ArrayList<>();

  /** Under which keys something was sent once more, by order; read for who asks under one. */
  final Map<UUID, List<Once>> replacedOnce = new HashMap<>();

  final NodeLoad load = new NodeLoad();
  final Set<Long> withdrawn = new HashSet<>();

  /**
   * Deliveries of which nothing was heard, and what they carried is answered now, with their lanes.
   */
  final Map<Long, String> arrived = new TreeMap<>();

  /** Requests whose cancellation was asked of the partner, by business key: it is asked once. */
  final Set<String> cancelsAsked = new HashSet<>();

  /** A delivery that is not resolved yet. */
  record OpenDelivery(
      long id,
      String operation,
      String businessKey,
      String state,
      boolean outcomeUnknown,
      int attempts) {
    /** Whether it is known that no attempt had its effect and none is on its way. */
    boolean withoutEffect() {
      return !outcomeUnknown && ("READY".equals(state) || "PARKED".equals(state));
    }

    /** Whether it stopped because nobody knows what came of it. */
    boolean silent() {
      return outcomeUnknown && "PARKED".equals(state);
    }
  }

  Book(
      Topology topology,
      Items items,
      Ids ids,
      Instant now,
      Policy policy,
      Map<String, ChannelHolds.Hold> heldChannels) {
    this.topology = topology;
    this.items = items;
    this.ids = ids;
    this.now = now;
    this.policy = policy;
    this.heldChannels = heldChannels;
  }

  /** What the money of an order did; nothing yet, when nothing is known. */
  Purse purse(UUID order) {
    return purses.computeIfAbsent(order, id -> new Purse());
  }

  /** Keeps for the audit what was done by hand, when it was done. */
  void tell(Deed deed, ApplyResult result) {
    if (deed != null && result instanceof ApplyResult.Applied applied) {
      deed.after()
          .apply(applied.detail())
          .ifPresent(
              after ->
                  told.add(
                      new Told(deed.actor(), deed.action(), deed.object(), deed.reason(), after)));
    }
  }

  void put(WorkingOrder order) {
    ordersByKey.put(order.lane(), order);
    ordersById.put(order.id, order);
    order.fulfillments.forEach(f -> ordersByFulfillment.put(f.id, order));
  }

  void event(WorkingOrder order, String kind, String sentence, Application cause) {
    event(order, kind, sentence, (WorkingParcel) null, cause);
  }

  /** Something happened to a parcel of an order. */
  void event(
      WorkingOrder order, String kind, String sentence, WorkingParcel parcel, Application cause) {
    events.add(
        new Event(
            order.id,
            kind,
            sentence,
            cause.messageId(),
            cause.actor(),
            parcel == null ? null : parcel.id,
            null));
  }

  /** Something happened to a return of an order. */
  void event(
      WorkingOrder order, String kind, String sentence, WorkingReturn one, Application cause) {
    events.add(new Event(order.id, kind, sentence, cause.messageId(), cause.actor(), null, one.id));
  }

  /**
   * Owes a destination an effect.
   *
   * @param sending whether it is inserted as SENDING, leased to this node: only for idempotent
   *     operations with nothing unresolved before it
   */
  void owe(
      Topology.Account account,
      String document,
      String operation,
      UUID orderId,
      String businessKey,
      JsonNode content,
      Application cause,
      boolean sending) {
    var lane = Delivery.lane(account.name(), orderId.toString());
    var open = openDeliveries.computeIfAbsent(lane, l -> new ArrayList<>());
    // A request to stop is told in the words of the request, unless the profile knows it by itself.
    var repeat = account.repeats().getOrDefault(operation, account.repeats().get(document));
    var mayGo = sending && open.isEmpty() && repeat == RepeatMode.IDEMPOTENT;
    var id = nextDelivery();
    open.add(new OpenDelivery(id, operation, businessKey, mayGo ? "SENDING" : "READY", false, 0));
    // An X12 document is closed by its acknowledgment, hours later: the next one goes meanwhile.
    // An invoice has the business key of the shipment it bills, so it follows that notice.
    var sendingLane = account.trades() ? lane + '/' + businessKey : lane;
    owed.add(
        new Owed(
            id,
            account.name(),
            document,
            operation,
            orderId,
            businessKey,
            operation + ':' + businessKey + ":1",
            repeat,
            content,
            now.plus(account.giveUp()),
            cause.messageId(),
            mayGo,
            sendingLane));
  }

  /** Owes a destination what is about no order. */
  void owe(
      Topology.Account account,
      String document,
      String businessKey,
      JsonNode content,
      Application cause) {
    owed.add(
        new Owed(
            nextDelivery(),
            account.name(),
            document,
            document,
            null,
            businessKey,
            document + ':' + businessKey + ":1",
            account.repeats().get(document),
            content,
            now.plus(account.giveUp()),
            cause.messageId(),
            false,
            Delivery.lane(account.name(), businessKey)));
  }

  private long nextDelivery() {
    var id = deliveryIds.poll();
    if (id == null) {
      throw new IllegalStateException("No delivery id was drawn for this batch");
    }
    return id;
  }

  void end(Application application, String state, UUID orderId, String reason) {
    if (application.message() != null) {
      MessageState.RUNNING.to(state);
      ends.add(new MessageEnd(application, state, orderId, reason));
    }
  }
}
