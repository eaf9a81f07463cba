package io.serai.hub;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.allocation.Policy;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.inbox.InboxMessage;
import io.serai.order.Acknowledgment;
import io.serai.order.Cancellation;
import io.serai.order.FulfillmentResponse;
import io.serai.order.ListingReport;
import io.serai.order.Order;
import io.serai.order.OrderChange;
import io.serai.order.Refund;
import io.serai.order.Return;
import io.serai.order.Shipment;
import io.serai.order.StockReport;
import io.serai.order.Tracking;
import io.serai.outbox.Delivery;
import io.serai.stock.Items;
import io.serai.support.Batcher;
import io.serai.support.CrashPoint;
import io.serai.support.Ids;
import io.serai.support.Json;
import io.serai.support.OwnConnection;
import io.serai.support.SqlStates;
import io.serai.trace.Traces;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies canonical documents: order, stock, decision, what is now owed to others and the end of
 * the message, in one transaction. Concurrent callers share transactions.
 *
 * <p>Guarantee: a document takes effect completely or not at all, and its message ends in the same
 * commit; a message whose claim was lost changes nothing. A batch that fails is run again one by
 * one, so one bad document never holds its neighbors. Gap: when the database stays away longer than
 * {@link #PATIENCE} the messages are left to their leases and run again later.
 */
public final class Apply implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Apply.class);
  private static final int MAX_BATCH = 100;

  // Long enough for two commits of those that store and those that end; see docs/benchmarks.md.
  private static final Duration LINGER = Duration.ofMillis(4);
  private static final String FENCE_LOST = "SR001";

  /** How long a batch waits for a database that went away. */
  static final Duration PATIENCE = Duration.ofSeconds(25);

  /** What happens to deliveries that were inserted as SENDING, leased to this node. */
  public interface HandOn {
    /** Whether so many more deliveries of a destination may be handed on in memory now. */
    boolean hasRoomFor(String destination, int deliveries);

    /** Sends them; their rows are committed. */
    void handOn(List<Delivery> deliveries);

    /**
     * Deliveries that may have been committed as ours while the connection was lost: they were not
     * and will not be handed on.
     *
     * @param leaseUntil the lease they were inserted with
     */
    void neverHandedOn(List<Long> deliveries, Instant leaseUntil);

    /** Something is READY in these lanes: look for it soon, and when what is before it ends. */
    void nudge(Set<String> lanes);
  }

  private final OwnConnection connection;
  private final Clock clock;
  private final String owner;
  private final Duration lease;
  private final Topology topology;
  private final Supplier<Items> items;
  private final Ids ids;
  private final HandOn outbox;
  private final Batcher<Application> batcher;
  private final LongAdder fenced = new LongAdder();
  private Doubt doubt; // the writer's thread's own
  private volatile Supplier<Policy> policy = () -> Policy.STANDARD;
  private volatile Supplier<Map<String, ChannelHolds.Hold>> held = Map::of;
  private volatile Traces traces = Traces.OFF;

  /** Starts a writer to whom every code is its own SKU. */
  public Apply(
      OwnConnection.Source source,
      Clock clock,
      String owner,
      Duration lease,
      Topology topology,
      HandOn outbox) {
    this(source, clock, owner, lease, topology, () -> Items.NONE, outbox);
  }

  /**
   * Starts the writer.
   *
   * @param owner this node's name in leases
   * @param lease how long a delivery handed on in memory stays ours
   * @param items what is sold under which code, asked once per transaction
   */
  public Apply(
      OwnConnection.Source source,
      Clock clock,
      String owner,
      Duration lease,
      Topology topology,
      Supplier<Items> items,
      HandOn outbox) {
    this.connection = new OwnConnection(source);
    this.clock = clock;
    this.owner = owner;
    this.lease = lease;
    this.topology = topology;
    this.items = items;
    this.ids = new Ids(clock);
    this.outbox = outbox;
    this.batcher = new Batcher<>("serai-apply", 2 * MAX_BATCH, MAX_BATCH, LINGER, this::work);
  }

  /** Names who knows the rules of allocation; asked once for every transaction. */
  public void decideBy(Supplier<Policy> current) {
    policy = current;
  }

  /** Names who is told of what took effect. */
  public void traceTo(Traces collector) {
    traces = collector;
  }

  /** Names who knows the channels whose new orders are held; asked once for every transaction. */
  public void holdBy(Supplier<Map<String, ChannelHolds.Hold>> channels) {
    held = channels;
  }

  /**
   * Applies the document of a message.
   *
   * @param document a record of room {@code order}: Order, OrderChange, Cancellation, Refund,
   *     Return, Shipment, FulfillmentResponse, Acknowledgment, StockReport or ListingReport
   * @param json the same as JSON, kept as it is
   * @param done called once, on the writer's thread, after the commit: it must not block
   */
  public void apply(
      Object document, JsonNode json, InboxMessage message, Consumer<ApplyResult> done) {
    submit(application(document, json, message, null, null, done));
  }

  /** Applies a document that came from inside: a person, a program or a partner's answer. */
  public void apply(Object document, JsonNode json, String actor, Consumer<ApplyResult> done) {
    submit(application(document, json, null, actor, null, done));
  }

  /** Does what a person asked for and keeps in the same transaction who asked and why. */
  public void apply(Object document, Deed deed, Consumer<ApplyResult> done) {
    submit(application(document, null, null, deed.actor(), deed, done));
  }

  // The text is made by the caller, right after the tree: later the tree has left the caches.
  private static Application application(
      Object document,
      JsonNode json,
      InboxMessage message,
      String actor,
      Deed deed,
      Consumer<ApplyResult> done) {
    var text = document instanceof Order ? Json.text(json) : null;
    return new Application(document, json, text, message, actor, deed, done);
  }

  private void submit(Application application) {
    if (!batcher.put(application)) {
      application.done().accept(new ApplyResult.Fenced());
    }
  }

  private void work(List<Application> batch) {
    var fresh = new ArrayList<Application>();
    var others = new ArrayList<Application>();
    var keys = new HashSet<String>();
    for (var application : batch) {
      // A second document of one order in the batch is not "new" any more.
      if (application.document() instanceof Order order && keys.add(key(order))) {
        fresh.add(application);
      } else {
        others.add(application);
      }
    }
    if (!fresh.isEmpty()) {
      others.addAll(0, run(fresh, this::applyNew));
    }
    if (!others.isEmpty()) {
      run(others, this::applyExisting);
    }
  }

  private static String key(Order order) {
    return order.channel().account() + '/' + order.channel().orderId();
  }

  /**
   * Applies a batch in one transaction; answers those that it left for another kind of transaction.
   */
  @FunctionalInterface
  private interface Transaction {
    List<Application> apply(Connection connection, List<Application> batch) throws SQLException;
  }

  private List<Application> run(List<Application> batch, Transaction transaction) {
    var deadline = clock.instant().plus(PATIENCE);
    var attempts = 0;
    doubt = null;
    while (true) {
      try {
        return connection.run(c -> tookEffectUnheard(c) ? List.of() : transaction.apply(c, batch));
      } catch (SQLException e) {
        attempts++;
        if (SqlStates.isConnectionLost(e) || SqlStates.isOutOfResources(e)) {
          if (clock.instant().isAfter(deadline)) {
            LOG.warn("{} documents are left to their leases: {}", batch.size(), e.getMessage());
            batch.forEach(a -> a.done().accept(new ApplyResult.Fenced()));
            return List.of();
          }
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        } else if ((SqlStates.isRerunnable(e) || SqlStates.isDuplicate(e) && batch.size() == 1)
            && attempts < 5) {
          // Another replica was first: what it wrote is read now.
          LOG.debug("A batch is run again: {}", e.getMessage());
        } else if (batch.size() > 1) {
          return oneByOne(batch, transaction);
        } else {
          batch.getFirst().done().accept(failed(batch.getFirst(), e));
          return List.of();
        }
      } catch (RuntimeException e) {
        if (batch.size() > 1) {
          return oneByOne(batch, transaction);
        }
        LOG.error("A document could not be applied", e);
        batch.getFirst().done().accept(batch.getFirst().unexpected(e));
        return List.of();
      }
    }
  }

  private boolean tookEffectUnheard(Connection c) throws SQLException {
    var unheard = doubt;
    var did = unheard != null && unheard.tookEffect(c);
    doubt = null;
    if (did) {
      unheard.committed().run();
    }
    return did;
  }

  private List<Application> oneByOne(List<Application> batch, Transaction transaction) {
    var left = new ArrayList<Application>();
    for (var application : batch) {
      left.addAll(run(List.of(application), transaction));
    }
    return left;
  }

  private ApplyResult failed(Application application, SQLException e) {
    if (FENCE_LOST.equals(e.getSQLState())) {
      fenced.increment();
      return new ApplyResult.Fenced();
    }
    LOG.error("A document could not be applied", e);
    return application.unexpected(e);
  }

  // The hot path: orders nobody has seen before, two round trips for all of them.
  private List<Application> applyNew(Connection c, List<Application> batch) throws SQLException {
    var book = new Book(topology, items.get(), ids, clock.instant(), policy.get(), held.get());
    var accounts = new ArrayList<String>(batch.size());
    var orderIds = new ArrayList<String>(batch.size());
    var skus = new TreeSet<String>();
    var nodes = topology.nodes().size();
    var deliveries = 0;
    for (var application : batch) {
      var order = (Order) application.document();
      var account = order.channel().account();
      deliveries += Math.min(nodes, units(book.items, account, order));
      deliveries += trades(account) ? 1 : 0; // its acknowledgment
      accounts.add(account);
      orderIds.add(order.channel().orderId());
      order.lines().forEach(line -> addSkus(skus, book.items, account, line.sku()));
    }
    var existing = HubStore.beginNew(c, book, accounts, orderIds, skus, deliveries);
    var left = new ArrayList<Application>();
    var results = new IdentityHashMap<Application, ApplyResult>();
    var fulfilling = new Fulfilling(book, handOnAllowed(batch.size()));
    var rules = new OrderRules(book, fulfilling);
    announced(c, book, batch);
    for (var application : Priorities.first(book, batch)) {
      var order = (Order) application.document();
      if (existing.contains(key(order))) {
        left.add(application);
      } else {
        results.put(application, rules.apply(order, application));
      }
    }
    new Trading(book).settle(results);
    new Cashier(book).settle(results);
    commit(c, book, new Acknowledgments(book), results);
    return left;
  }

  /** Reads what is announced of what is sold before it is there: rarely anything. */
  private static void announced(Connection c, Book book, List<Application> batch)
      throws SQLException {
    Set<String> skus = null;
    for (var application : batch) {
      if (application.document() instanceof Order order) {
        for (var line : order.lines()) {
          if (line.preorder() != null) {
            skus = skus == null ? new TreeSet<>() : skus;
            addSkus(skus, book.items, order.channel().account(), line.sku());
          }
        }
      }
    }
    for (var order : book.ordersById.values()) {
      for (var line : order.lines) {
        if (line.preorder && line.sku != null) {
          skus = skus == null ? new TreeSet<>() : skus;
          skus.add(line.sku);
        }
      }
    }
    if (skus != null) {
      QueueStore.announced(c, book, skus);
    }
  }

  private boolean trades(String name) {
    var account = topology.accounts().get(name);
    return account != null && account.trades();
  }

  /** The world as it was configured. */
  Topology topology() {
    return topology;
  }

  private List<Application> applyExisting(Connection c, List<Application> batch)
      throws SQLException {
    var book = new Book(topology, items.get(), ids, clock.instant(), policy.get(), held.get());
    var accounts = new ArrayList<String>();
    var orderIds = new ArrayList<String>();
    var fulfillments = new HashSet<UUID>();
    var held = new HashSet<UUID>();
    var channels = new TreeSet<String>();
    var skus = new TreeSet<String>();
    var accepted = new ArrayList<Application>();
    var results = new IdentityHashMap<Application, ApplyResult>();
    for (var application : batch) {
      try {
        switch (application.document()) {
          case Order order -> {
            var account = order.channel().account();
            accounts.add(account);
            orderIds.add(order.channel().orderId());
            order.lines().forEach(line -> addSkus(skus, book.items, account, line.sku()));
          }
          case OrderChange change -> {
            accounts.add(change.channel().account());
            orderIds.add(change.channel().orderId());
            for (var line : change.lines()) {
              var sku = line.added() == null ? line.sku() : line.added().sku();
              addSkus(skus, book.items, change.channel().account(), sku);
            }
          }
          case Cancellation cancellation -> {
            accounts.add(cancellation.channel().account());
            orderIds.add(cancellation.channel().orderId());
          }
          case Refund refund -> {
            accounts.add(refund.channel().account());
            orderIds.add(refund.channel().orderId());
          }
          case Return told -> {
            if (told.channel() != null) {
              accounts.add(told.channel().account());
              orderIds.add(told.channel().orderId());
            } else if (told.fulfillmentId() != null) {
              fulfillments.add(Ids.uuid("ful", told.fulfillmentId()));
            }
          }
          case Shipment shipment -> fulfillments.add(Ids.uuid("ful", shipment.fulfillmentId()));
          case FulfillmentResponse response ->
              fulfillments.add(Ids.uuid("ful", response.fulfillmentId()));
          case Acknowledgment acknowledgment -> {}
          case Tracking tracking -> {} // found by its number
          case StockReport report -> report.levels().forEach(level -> addSku(skus, level.sku()));
          case StockChange change -> change.rows().forEach(row -> addSku(skus, row.sku()));
          case BufferChange change -> addSku(skus, change.buffer().sku());
          case BufferSpread spread -> skus.addAll(spread.skus());
          case ListingReport report -> channels.add(application.message().account());
          case OrderCommand command -> {
            held.add(command.orderId());
            command.articles().forEach(sku -> addSku(skus, sku));
          }
          case Abandonment abandonment ->
              fulfillments.add(Ids.uuid("ful", abandonment.fulfillmentId()));
          default ->
              throw new IllegalArgumentException(
                  "No rule applies a " + application.document().getClass().getSimpleName());
        }
        accepted.add(application);
      } catch (IllegalArgumentException e) {
        results.put(
            application,
            new ApplyResult.Failed(
                Failure.of(
                    FailureKind.INVALID,
                    e.getMessage(),
                    Place.of(
                        application.message() == null ? null : application.message().account()))));
      }
    }
    var acknowledgments = new Acknowledgments(book);
    held.addAll(acknowledgments.find(c, accepted));
    held.addAll(ParcelStore.find(c, accepted));
    book.returnsByName.putAll(ReturnStore.find(c, accepted));
    held.addAll(book.returnsByName.values());
    var orders = HubStore.orderIds(c, accounts, orderIds, fulfillments, held);
    HubStore.beginExisting(c, book, orders);
    TradeStore.read(c, book);
    acknowledgments.lock(c);
    ParcelStore.read(c, book, accepted);
    ShipmentStore.read(c, book, accepted);
    FormerAddresses.read(c, book);
    ReturnStore.read(c, book, accepted);
    // Each document may ask every node, tell its channel and have it take or give back money; what
    // was asked is stopped once.
    var deliveries = accepted.size() * (topology.nodes().size() + 6);
    for (var application : accepted) {
      if (application.document() instanceof StockChange change) {
        deliveries += GoodsAnnouncements.names(change).size();
      }
    }
    for (var application : accepted) {
      if (application.document() instanceof EditOrder edit
          && book.ordersById.get(edit.orderId()) instanceof WorkingOrder order) {
        edit.skus().forEach(sku -> addSkus(skus, book.items, order.account, sku));
      }
      if (application.document() instanceof ReturnCommand command
          && book.ordersById.get(command.orderId()) instanceof WorkingOrder order) {
        command.articles().forEach(sku -> addSkus(skus, book.items, order.account, sku));
        deliveries += command.articles().size() * topology.nodes().size();
      }
    }
    for (var sku : ReturnStore.owedArticles(book)) {
      book.ordersById.values().forEach(o -> addSkus(skus, book.items, o.account, sku));
      deliveries += topology.nodes().size();
    }
    deliveries += Parceling.deliveries(book, accepted);
    for (var order : book.ordersById.values()) {
      order.lines.forEach(line -> addSku(skus, line.sku));
      new Sets(book).codes(order).forEach(code -> addSkus(skus, book.items, order.account, code));
      order.fulfillments.forEach(f -> f.reserved.forEach(r -> addSku(skus, r.sku)));
      // each may be stopped, and asked anew for what did not change of it
      deliveries += 2 * order.fulfillments.size();
      // what its channel hears once it is known whether it could be cancelled, or left in part
      deliveries += order.wishes.size();
      var sets = (int) order.lines.stream().filter(l -> l.isSet()).count();
      deliveries += sets;
      // its acknowledgment, an invoice of each shipment, and an answer to each change
      deliveries +=
          trades(order.account)
              ? 1 + sets + 2 * accepted.size() + book.papers.getOrDefault(order.id, Map.of()).size()
              : 0;
    }
    HubStore.lockStock(c, book, skus, deliveries);
    if (!channels.isEmpty()) {
      HubStore.listedPlaces(c, book, channels);
    }
    for (var application : accepted) {
      if (application.document() instanceof StockReport report
          && Boolean.TRUE.equals(report.complete())) {
        HubStore.lockNode(c, book, StockRules.node(report, topology));
      }
    }
    if (accepted.stream().anyMatch(a -> Storeroom.concerns(a.document()))) {
      book.storeroom.read(c, book, accepted);
    }
    announced(c, book, accepted);
    var fulfilling = new Fulfilling(book, false);
    var orderRules = new OrderRules(book, fulfilling);
    var fulfillmentRules = new FulfillmentRules(book, fulfilling);
    var stockRules = new StockRules(book);
    for (var application : accepted) {
      results.put(
          application,
          application.document() instanceof Acknowledgment acknowledgment
              ? acknowledgments.apply(acknowledgment, application, fulfillmentRules)
              : rule(application, orderRules, fulfillmentRules, stockRules, book, fulfilling));
    }
    if (!book.parcels.isEmpty()) {
      var parceling = new Parceling(book, fulfilling);
      book.ordersById.values().forEach(o -> parceling.settle(o, cause(o, results)));
    }
    new PartlySent(c, book, fulfillmentRules).tell(results);
    var wishes = new Wishes(book, fulfilling);
    for (var order : book.ordersById.values()) {
      if (order.wishes.stream().anyMatch(Wish::open)) {
        wishes.decide(order, cause(order, results));
      }
    }
    var edits = new Edits(book, fulfilling);
    for (var order : book.ordersById.values()) {
      // who has nothing of it any more owes no answer
      order.fulfillments.stream()
          .filter(f -> !f.live())
          .forEach(WorkingOrder.Fulfillment::answered);
      if (!order.edits.isEmpty()) {
        edits.decide(order, cause(order, results));
      }
    }
    new Trading(book).settle(results);
    new Cashier(book).settle(results);
    results.forEach((application, result) -> book.tell(application.deed(), result));
    commit(c, book, acknowledgments, results);
    return List.of();
  }

  /** The document that concerned this order, or any of those that were applied with it. */
  static Application cause(WorkingOrder order, Map<Application, ApplyResult> results) {
    return results.entrySet().stream()
        .filter(e -> e.getValue() instanceof ApplyResult.Applied a && order.id.equals(a.orderId()))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseGet(() -> results.keySet().iterator().next());
  }

  private static ApplyResult rule(
      Application application,
      OrderRules orders,
      FulfillmentRules fulfillments,
      StockRules stock,
      Book book,
      Fulfilling fulfilling) {
    return switch (application.document()) {
      case Order order -> orders.apply(order, application);
      case Cancellation cancellation -> orders.apply(cancellation, application);
      case OrderChange change -> new Changes(book, orders).apply(change, application);
      case Refund refund -> orders.apply(refund, application);
      case Return told -> new ReturnRules(book, fulfilling).apply(told, application);
      case Shipment shipment -> fulfillments.apply(shipment, application);
      case FulfillmentResponse response -> fulfillments.apply(response, application);
      case Tracking tracking ->
          new Following(book, new Parceling(book, fulfilling)).apply(tracking, application);
      case StockReport report -> stock.apply(report, application);
      case ListingReport report -> stock.apply(report, application);
      case StockChange change -> new StockChanges(book, stock).apply(change, application);
      case BufferChange change -> change.apply(book, application);
      case BufferSpread spread -> spread.apply(book, application);
      case OrderCommand command -> OrderCommand.run(command, book, fulfilling, application);
      case Abandonment abandonment -> abandonment.apply(book, fulfilling, application);
      default -> throw new IllegalStateException("Checked when the batch was read");
    };
  }

  // More nodes than units are never asked, and a set may take one for each of its components.
  private static int units(Items items, String account, Order order) {
    var units = 0L;
    for (var line : order.lines()) {
      var each = 0L;
      for (var part : items.meaning(account, line.sku())) {
        each += part.quantity();
      }
      units += line.ordered() * Math.max(1, each);
    }
    return (int) Math.min(units, Integer.MAX_VALUE);
  }

  private static void addSkus(Set<String> skus, Items items, String account, String code) {
    addSku(skus, code);
    items.meaning(account, code).forEach(part -> addSku(skus, part.sku()));
  }

  private static void addSku(Set<String> skus, String sku) {
    if (sku != null) {
      skus.add(sku);
    }
  }

  private boolean handOnAllowed(int orders) {
    return topology.nodes().stream()
        .allMatch(node -> node.partner() == null || outbox.hasRoomFor(node.partner(), orders));
  }

  private void commit(
      Connection c,
      Book book,
      Acknowledgments acknowledgments,
      Map<Application, ApplyResult> results)
      throws SQLException {
    CrashPoint.hit(CrashPoint.IN_ALLOCATION);
    Feeds.tell(c, book);
    var statements = HubWriter.write(book, owner, lease);
    acknowledgments.write(statements, book.now);
    var asked = results.keySet().stream().anyMatch(a -> a.message() == null);
    var mark = asked ? ids.next().toString() : null;
    if (asked) {
      Doubt.mark(statements, owner, mark);
    }
    try {
      statements.commit(c);
    } catch (SQLException e) {
      if (SqlStates.isConnectionLost(e)) {
        var unheard = book.owed.stream().filter(Book.Owed::sending).map(Book.Owed::id).toList();
        if (!unheard.isEmpty()) {
          outbox.neverHandedOn(unheard, book.now.plus(lease));
        }
        if (asked) {
          doubt = new Doubt(owner, mark, () -> follow(book, acknowledgments, results, false));
        }
      }
      throw e;
    }
    CrashPoint.hit(CrashPoint.AFTER_APPLY_COMMIT);
    follow(book, acknowledgments, results, true);
  }

  /** What follows from a commit; {@code handsOn} is false where others were told they do it. */
  private void follow(
      Book book,
      Acknowledgments acknowledgments,
      Map<Application, ApplyResult> results,
      boolean handsOn) {
    results.forEach((application, result) -> application.done().accept(result));
    Footprints.tell(traces, clock, book, results);
    var leaseUntil = book.now.plus(lease);
    var sending = new ArrayList<Delivery>();
    var ready = new HashSet<String>(acknowledgments.freed());
    for (var owed : book.owed) {
      if (owed.sending()) {
        sending.add(owed.delivery(book.now, leaseUntil));
      } else {
        ready.add(owed.lane());
      }
    }
    if (handsOn && !sending.isEmpty()) {
      outbox.handOn(sending);
    }
    if (!ready.isEmpty()) {
      outbox.nudge(ready);
    }
  }

  /** Documents that were not applied, because another replica had taken their messages over. */
  public long refusedByFence() {
    return fenced.sum();
  }

  /** Takes no more; what was taken is applied. */
  @Override
  public void close() {
    batcher.close();
    connection.close();
  }
}
