package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.FAR_PARTNER;
import static io.serai.hub.AHub.NEAR;
import static io.serai.hub.AHub.NEAR_PARTNER;
import static io.serai.hub.AHub.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.allocation.Candidate;
import io.serai.database.TestDatabase;
import io.serai.failure.FailureKind;
import io.serai.order.AnOrder;
import io.serai.order.Cancellation;
import io.serai.order.FulfillmentResponse;
import io.serai.order.HoldKind;
import io.serai.order.Money;
import io.serai.order.Order;
import io.serai.order.Refund;
import io.serai.order.RefusalCode;
import io.serai.order.Return;
import io.serai.order.ReturnState;
import io.serai.order.Shipment;
import io.serai.order.StockReport;
import io.serai.outbox.RepeatMode;
import io.serai.support.LostAnswers;
import io.serai.support.ManualClock;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A shop, its buyers, two 3PLs and a store of which we know the truth, and a hub that hears of it
 * by post: late, twice, out of order, over a connection that breaks.
 */
final class Market implements AutoCloseable {
  static final String STORE = "store-1";
  private static final List<String> NODES = List.of(NEAR, FAR, STORE);
  private static final List<String> SKUS = List.of("MUG", "TEE");
  private static final int MOST_ORDERS = 4;

  /** What may happen. */
  enum Kind {
    ORDER,
    MORE,
    LESS,
    LINE,
    SWAPPED,
    READDRESSED,
    PERSON_CHANGES,
    CANCELLED,
    PART_CANCELLED,
    REFUNDED,
    WISH,
    PERSON_CANCELS,
    HELD,
    RELEASED,
    MOVED,
    REPLAYED,
    POST_OUT,
    UNHEARD,
    SHIP,
    SHORT,
    REFUSE,
    REFUSE_PART,
    SOLD_AT_THE_COUNTER,
    RECEIVED,
    COUNTED,
    COMES_BACK,
    POST_IN,
    POST_IN_LAST,
    POST_AGAIN,
    GOES_ON,
    DAYS_LATER,
    CUT_BEFORE_COMMIT,
    CUT_AFTER_COMMIT,
    RESTARTED
  }

  /** Some happen more often than others. */
  static final List<Kind> LIKELY = likely();

  private static List<Kind> likely() {
    var all = new ArrayList<>(List.of(Kind.values()));
    all.addAll(List.of(Kind.ORDER, Kind.ORDER, Kind.ORDER, Kind.PART_CANCELLED, Kind.LESS));
    for (var i = 0; i < 4; i++) {
      all.addAll(List.of(Kind.POST_IN, Kind.POST_OUT, Kind.SHIP));
    }
    all.addAll(List.of(Kind.POST_OUT, Kind.POST_OUT, Kind.POST_IN, Kind.GOES_ON, Kind.GOES_ON));
    all.addAll(List.of(Kind.COMES_BACK, Kind.COMES_BACK, Kind.COMES_BACK));
    return List.copyOf(all);
  }

  /** One thing that happens: to which, and how much. */
  record Event(Kind kind, int one, int other) {}

  /** What a buyer bought, as the channel knows it. */
  private static final class Sale {
    final String id;
    final Instant placedAt;
    Instant updatedAt;
    boolean cancelled;

    /** Whether somebody may have been promised an answer: then the channel's figures lag behind. */
    boolean asked;

    /** How often it was sent elsewhere. */
    int moves;

    final List<Sold> lines = new ArrayList<>();

    Sale(String id, Instant at) {
      this.id = id;
      this.placedAt = at;
      this.updatedAt = at;
    }
  }

  private static final class Sold {
    final String lineId;
    String sku;
    int ordered;
    int cancelled;

    Sold(String lineId, String sku, int ordered) {
      this.lineId = lineId;
      this.sku = sku;
      this.ordered = ordered;
    }
  }

  /** What a node was asked to send, as the node knows it. */
  private static final class Job {
    final String id;
    final String order;
    final String node;
    final Map<String, Integer> open = new LinkedHashMap<>();
    final Map<String, String> skus = new HashMap<>();
    boolean over;
    boolean begun;

    Job(String id, String order, String node) {
      this.id = id;
      this.order = order;
      this.node = node;
    }

    int left() {
      return over ? 0 : open.values().stream().mapToInt(u -> u).sum();
    }
  }

  final AHub hub;
  private final TestDatabase database;
  private final LostAnswers wire;
  private final List<Object> post = new ArrayList<>();
  private final List<Object> read = new ArrayList<>();
  private final List<Sale> sales = new ArrayList<>();
  private final Map<String, Job> jobs = new TreeMap<>();
  private final Map<String, Map<String, Integer>> shelves = new HashMap<>();

  /** Units that really left, by line of the channel. */
  private final Map<String, Integer> left = new TreeMap<>();

  /** Units of which the channel heard, by line; and what it heard of whom. */
  private final Map<String, Integer> told = new TreeMap<>();

  /** What left of a line and is with its buyer: the SKU of each unit. */
  private final Map<String, List<String>> withBuyers = new TreeMap<>();

  /** Units that came back, and units of which the shop gave the money back, by line. */
  private final Map<String, Integer> cameBack = new TreeMap<>();

  private final Map<String, Integer> paidBack = new TreeMap<>();

  private final List<String> heard = new ArrayList<>();
  private final List<String> diary = new ArrayList<>();
  private int serial;
  private int happened;

  Market(TestDatabase database) {
    this.database = database;
    hub = new AHub(database, world(), new ManualClock());
    wire = new LostAnswers(hub.connections, ";COMMIT");
    hub.connections = wire;
    hub.restart();
    for (var node : NODES) {
      shelves.put(node, new HashMap<>());
      for (var sku : SKUS) {
        shelves.get(node).put(sku, 3);
        hub.apply(counted(node, sku));
      }
    }
  }

  private static Topology world() {
    var nodes = new ArrayList<>(AHub.TWO_NODES.nodes());
    nodes.add(new Candidate(STORE, "store", null, "US"));
    var accounts = new HashMap<>(AHub.TWO_NODES.accounts());
    accounts.put(NEAR_PARTNER, AHub.partner(NEAR_PARTNER, RepeatMode.IDEMPOTENT));
    accounts.put(FAR_PARTNER, AHub.partner(FAR_PARTNER, RepeatMode.QUERYABLE));
    var asked = new HashMap<>(accounts.get(SHOP).repeats());
    asked.put("refund", RepeatMode.QUERYABLE);
    accounts.put(
        SHOP,
        new Topology.Account(SHOP, true, true, false, Map.copyOf(asked), Duration.ofHours(48))
            .minding(
                new MoneyPolicy(false, false, true, Duration.ofDays(365), Duration.ofHours(24))));
    return new Topology(List.copyOf(nodes), Map.copyOf(accounts));
  }

  /** Something happens; the books balance afterwards. */
  void happens(Event event) {
    hub.clock.advance(Duration.ofMinutes(1));
    diary.add(event.toString());
    try {
      happen(event);
      if (++happened % 6 == 0) {
        hub.holdsTogether();
      }
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(e.getMessage() + "\n" + story(), e);
    }
  }

  private void happen(Event event) {
    switch (event.kind()) {
      case ORDER -> order(event);
      case MORE -> ofLine(event, (sale, line) -> changed(sale, () -> line.ordered++));
      case LESS ->
          ofLine(
              event,
              (sale, line) -> {
                if (line.cancelled < line.ordered) {
                  changed(sale, () -> line.cancelled++);
                }
              });
      case LINE ->
          ofLine(
              event,
              (sale, line) ->
                  changed(
                      sale, () -> sale.lines.add(line(sale, event.other(), 1 + event.one() % 2))));
      case SWAPPED ->
          ofLine(event, (sale, line) -> changed(sale, () -> line.sku = other(line.sku)));
      case READDRESSED -> ofLine(event, (sale, line) -> changed(sale, () -> sale.moves++));
      case PERSON_CHANGES ->
          ofLine(
              event,
              (sale, line) -> {
                sale.asked = true;
                command(
                    sale,
                    id ->
                        event.other() % 2 == 0
                            ? new EditOrder(
                                id,
                                List.of(new EditOrder.Line(line.lineId, other(line.sku))),
                                List.of(),
                                null,
                                event.one() % 2 == 0)
                            : new EditOrder(
                                id,
                                List.of(),
                                List.of(new EditOrder.Added(line.sku, 1, null)),
                                null,
                                event.one() % 2 == 0));
              });
      case CANCELLED ->
          ofLine(
              event,
              (sale, line) -> {
                sale.cancelled = true;
                sale.lines.forEach(l -> l.cancelled = l.ordered);
                sale.updatedAt = hub.clock.instant();
                post.add(hub.cancellationOf(sale.id));
              });
      case PART_CANCELLED ->
          ofLine(
              event,
              (sale, line) -> unwanted(sale, line, hub.cancellationOf(sale.id, line.lineId, 1)));
      case REFUNDED -> ofLine(event, (sale, line) -> unwanted(sale, line, refund(sale, line)));
      case WISH ->
          ofLine(
              event,
              (sale, line) -> {
                sale.asked = true;
                post.add(
                    event.other() % 2 == 0
                        ? hub.wishOf(sale.id, "wish-" + ++serial)
                        : hub.wishOf(
                            sale.id, "wish-" + ++serial, new Cancellation.Line(line.lineId, 1)));
              });
      case PERSON_CANCELS ->
          ofLine(
              event,
              (sale, line) -> {
                sale.asked = true;
                command(
                    sale,
                    id ->
                        new CancelOrder(
                            id,
                            "CUSTOMER",
                            event.other() % 2 == 0
                                ? List.of()
                                : List.of(new Cancellation.Line(line.lineId, 1))));
              });
      case HELD ->
          ofLine(
              event,
              (sale, line) ->
                  command(sale, id -> new HoldOrder(id, HoldKind.MANUAL, "a test", null, null)));
      case RELEASED ->
          ofLine(event, (sale, line) -> command(sale, id -> new ReleaseOrder(id, null, "a test")));
      case MOVED ->
          ofLine(
              event,
              (sale, line) ->
                  command(
                      sale,
                      id ->
                          new Reassignment(
                              id,
                              null,
                              null,
                              event.other() % 4 == 3 ? null : NODES.get(event.other() % 4),
                              "a test")));
      case REPLAYED -> ofLine(event, (sale, line) -> command(sale, Reallocation::new));
      case POST_OUT -> send(event.one(), false);
      case UNHEARD -> send(event.one(), true);
      case SHIP -> ofJob(event, job -> ship(job, event.other(), false));
      case SHORT -> ofJob(event, job -> ship(job, event.other(), true));
      case REFUSE -> ofJob(event, job -> refuse(job, event.other()));
      case REFUSE_PART -> ofJob(event, job -> refusePart(job, event.other()));
      case SOLD_AT_THE_COUNTER -> moved(event, -1, StockReport.Cause.SALE);
      case RECEIVED -> moved(event, 2, StockReport.Cause.RECEIPT);
      case COUNTED -> post.add(counted(node(event), sku(event)));
      case COMES_BACK -> comesBack(event);
      case POST_IN -> arrives(event.one());
      case POST_IN_LAST -> arrives(post.size() - 1);
      case POST_AGAIN -> {
        if (!read.isEmpty()) {
          hub.apply(read.get(event.one() % read.size()));
        }
      }
      case GOES_ON -> goesOn();
      case DAYS_LATER -> {
        hub.clock.advance(Duration.ofDays(1 + event.one() % 4));
        goesOn();
      }
      case CUT_BEFORE_COMMIT -> wire.breakNext();
      case CUT_AFTER_COMMIT -> wire.loseNext();
      case RESTARTED -> hub.restart();
    }
  }

  // --- the shop

  private void order(Event event) {
    if (sales.size() >= MOST_ORDERS) {
      return;
    }
    var sale = new Sale(String.valueOf(1001 + sales.size()), hub.clock.instant());
    sale.lines.add(line(sale, event.one(), 1 + event.other() % 4));
    if (event.other() % 3 == 0) {
      sale.lines.add(line(sale, event.one() + 1, 1 + event.one() % 3));
    }
    sales.add(sale);
    post.add(state(sale));
  }

  private static Sold line(Sale sale, int which, int units) {
    return new Sold(sale.id + "-" + (sale.lines.size() + 1), SKUS.get(which % SKUS.size()), units);
  }

  private static String other(String sku) {
    return SKUS.get(1 - SKUS.indexOf(sku));
  }

  private void changed(Sale sale, Runnable change) {
    if (!sale.cancelled) {
      change.run();
      sale.updatedAt = hub.clock.instant();
      post.add(state(sale));
    }
  }

  private void unwanted(Sale sale, Sold line, Object document) {
    if (line.cancelled < line.ordered) {
      line.cancelled++;
      sale.updatedAt = hub.clock.instant();
      post.add(document);
    }
  }

  private Refund refund(Sale sale, Sold line) {
    return new Refund(
        AHub.ref(sale.id),
        "ref-" + ++serial,
        hub.clock.instant(),
        List.of(new Refund.Line(line.lineId, 1, Refund.Restock.CANCEL)),
        null);
  }

  private static Order state(Sale sale) {
    var order =
        AnOrder.anOrder().numbered(sale.id).placedAt(sale.placedAt).updatedAt(sale.updatedAt);
    order.to("DE", "1204" + sale.moves % 10);
    for (var line : sale.lines) {
      order.with(line.sku, line.ordered).ofWhichCancelled(line.cancelled);
    }
    return (sale.cancelled ? order.cancelledAt(sale.updatedAt) : order).build();
  }

  private interface OfLine {
    void of(Sale sale, Sold line);
  }

  private void ofLine(Event event, OfLine then) {
    if (!sales.isEmpty()) {
      var sale = sales.get(event.one() % sales.size());
      then.of(sale, sale.lines.get(event.other() % sale.lines.size()));
    }
  }

  private void command(Sale sale, Function<UUID, Object> command) {
    hub.all(
            "SELECT id FROM sales_order WHERE channel_order_id = ?",
            rows -> rows.getObject(1, UUID.class),
            sale.id)
        .forEach(id -> hub.applyInside(command.apply(id)));
  }

  // --- what the hub sends

  private List<AHub.Owed> heads() {
    var heads = new LinkedHashMap<String, AHub.Owed>();
    for (var sale : sales) {
      for (var owed : hub.owed(sale.id)) {
        if (List.of("READY", "SENDING", "PENDING", "WAITING", "PARKED").contains(owed.state())) {
          heads.putIfAbsent(owed.lane(), owed);
        }
      }
    }
    return heads.values().stream().filter(owed -> owed.state().equals("READY")).toList();
  }

  private void send(int which, boolean unheard) {
    var heads = heads();
    if (!heads.isEmpty()) {
      send(heads.get(which % heads.size()), unheard);
    }
  }

  private void send(AHub.Owed owed, boolean unheard) {
    if (owed.destination().equals(SHOP)) {
      listens(owed);
    } else if (owed.operation().equals("cancellation")) {
      isAskedToStop(jobs.get(owed.businessKey()));
    } else {
      takes(owed);
    }
    if (unheard) {
      hub.put(owed, "READY", true, 1);
    } else {
      hub.confirm(owed);
      if (owed.operation().equals("refund")) {
        hub.applyInside(
            new MoneyAnswer(
                hub.order(orderOf(owed)).id(),
                "refund",
                owed.businessKey(),
                "R-" + owed.businessKey(),
                null,
                false));
      }
    }
  }

  private static String orderOf(AHub.Owed owed) {
    return owed.content().at("/channel/orderId").asText();
  }

  // The shop gives it back and tells of it, sooner or later than its answer is heard.
  private void givesBack(AHub.Owed owed) {
    var lines = new ArrayList<Refund.Line>();
    for (var line : owed.content().path("lines")) {
      var lineId = line.path("lineId").asText();
      var units = line.path("quantity").asInt();
      paidBack.merge(orderOf(owed) + "/" + lineId, units, Integer::sum);
      lines.add(new Refund.Line(lineId, units, Refund.Restock.NONE));
    }
    post.add(
        new Refund(
            AHub.ref(orderOf(owed)),
            "R-" + owed.businessKey(),
            hub.clock.instant(),
            owed.businessKey(),
            lines,
            Money.of(
                owed.content().at("/total/amount").asText(),
                owed.content().at("/total/currency").asText()),
            List.of()));
  }

  // Whoever hears the same key again did it already.
  private void listens(AHub.Owed owed) {
    if (!heard.contains(owed.key())) {
      heard.add(owed.key());
      if (owed.operation().equals("refund")) {
        givesBack(owed);
      }
      if (owed.operation().equals("shipment")) {
        for (var parcel : owed.content().path("packages")) {
          for (var line : parcel.path("lines")) {
            told.merge(
                owed.content().at("/channel/orderId").asText() + "/" + line.path("lineId").asText(),
                line.path("quantity").asInt(),
                Integer::sum);
          }
        }
      }
    }
  }

  private void takes(AHub.Owed owed) {
    if (!jobs.containsKey(owed.businessKey())) {
      jobs.put(owed.businessKey(), job(owed.businessKey(), owed.content()));
    }
  }

  private static Job job(String id, JsonNode content) {
    var job = new Job(id, content.at("/channel/orderId").asText(), content.path("node").asText());
    for (var line : content.path("lines")) {
      var lineId = line.path("lineId").asText();
      job.open.merge(lineId, line.path("quantity").asInt(), Integer::sum);
      job.skus.put(lineId, line.path("sku").asText());
    }
    return job;
  }

  // Who has begun to pack goes on; who has nothing left to stop says so too.
  private void isAskedToStop(Job job) {
    var stops = !job.over && !job.begun;
    if (stops) {
      job.over = true;
    }
    post.add(
        hub.answer(
            job.id,
            stops
                ? FulfillmentResponse.State.CANCELLED
                : FulfillmentResponse.State.CANCEL_REFUSED));
  }

  // --- the nodes

  /** What the store has to do it reads at the hub. */
  private void storeLooks() {
    for (var sale : sales) {
      if (hub.all("SELECT 1 FROM sales_order WHERE channel_order_id = ?", r -> 1, sale.id)
          .isEmpty()) {
        continue;
      }
      for (var asked : hub.asked(sale.id)) {
        if (asked.node().equals(STORE)) {
          var job = jobs.computeIfAbsent(asked.text(), id -> new Job(id, sale.id, STORE));
          job.open.clear();
          hub.all(
              """
                  SELECT l.line_id, r.sku, r.quantity - r.shipped - r.released FROM reservation r
                  JOIN order_line l USING (order_id, line_no) WHERE r.fulfillment_order_id = ?""",
              rows -> {
                job.open.merge(rows.getString(1), rows.getInt(3), Integer::sum);
                job.skus.put(rows.getString(1), rows.getString(2));
                return 1;
              },
              asked.id());
        }
      }
    }
  }

  private interface OfJob {
    void of(Job job);
  }

  private void ofJob(Event event, OfJob then) {
    storeLooks();
    var open = jobs.values().stream().filter(job -> job.left() > 0).toList();
    if (!open.isEmpty()) {
      then.of(open.get(event.one() % open.size()));
    }
  }

  // The store has no post: what it does is seen at once.
  private void says(Job job, Object document) {
    if (job.node.equals(STORE)) {
      tell(document);
    } else {
      post.add(document);
    }
  }

  private void ship(Job job, int most, boolean last) {
    var rest = 1 + most % 4;
    var lines = new ArrayList<Shipment.Line>();
    for (var entry : job.open.entrySet()) {
      var sku = job.skus.get(entry.getKey());
      var units = Math.min(Math.min(rest, entry.getValue()), shelves.get(job.node).get(sku));
      if (units > 0) {
        lines.add(new Shipment.Line(entry.getKey(), sku, units));
        entry.setValue(entry.getValue() - units);
        shelves.get(job.node).merge(sku, -units, Integer::sum);
        left.merge(job.order + "/" + entry.getKey(), units, Integer::sum);
        for (var unit = 0; unit < units; unit++) {
          withBuyers
              .computeIfAbsent(job.order + "/" + entry.getKey(), line -> new ArrayList<>())
              .add(sku);
        }
        rest -= units;
      }
    }
    if (lines.isEmpty() && !last) {
      return;
    }
    job.begun = true;
    job.over = last;
    var number = "S" + ++serial;
    says(
        job,
        new Shipment(
            job.id,
            number,
            null,
            null,
            hub.clock.instant(),
            new Shipment.Carrier("ups", "UPS"),
            null,
            lines.isEmpty()
                ? List.of()
                : List.of(
                    new Shipment.Package(
                        List.of(new Shipment.Tracking("1Z" + number, null)), lines)),
            last ? true : null,
            last ? RefusalCode.NOT_FOUND : null));
  }

  private static RefusalCode code(int choice) {
    var codes =
        List.of(
            RefusalCode.NOT_FOUND, RefusalCode.CAPACITY, RefusalCode.NOT_SERVED, RefusalCode.OTHER);
    return codes.get(choice % codes.size());
  }

  private void refuse(Job job, int choice) {
    if (!job.begun) {
      job.over = true;
      says(
          job,
          new FulfillmentResponse(
              job.id,
              FulfillmentResponse.State.REJECTED,
              null,
              null,
              code(choice),
              List.of(),
              hub.clock.instant()));
    }
  }

  private void refusePart(Job job, int choice) {
    var line = job.open.entrySet().stream().filter(e -> e.getValue() > 0).findFirst();
    if (line.isPresent() && !job.begun) {
      job.begun = true; // it has looked at it
      line.get().setValue(line.get().getValue() - 1);
      says(
          job,
          new FulfillmentResponse(
              job.id,
              FulfillmentResponse.State.ACCEPTED,
              null,
              null,
              null,
              List.of(new FulfillmentResponse.Refused(line.get().getKey(), null, 1, code(choice))),
              hub.clock.instant()));
    }
  }

  // A unit of a line comes to some node: announced and received, each in a letter of its own.
  private void comesBack(Event event) {
    var lines =
        withBuyers.entrySet().stream()
            .filter(e -> !e.getValue().isEmpty() && !e.getKey().contains("/serai-"))
            .map(Map.Entry::getKey)
            .toList();
    if (lines.isEmpty()) {
      return;
    }
    var of = lines.get(event.one() % lines.size());
    var sku = withBuyers.get(of).removeFirst();
    var order = of.substring(0, of.indexOf('/'));
    var line = of.substring(of.indexOf('/') + 1);
    var node = NODES.get(event.other() % NODES.size());
    var name = "RMA-" + ++serial;
    shelves.get(node).merge(sku, 1, Integer::sum);
    cameBack.merge(of, 1, Integer::sum);
    post.add(
        letter(order, name, ReturnState.APPROVED, List.of(new Return.Line(line, sku, 1, null))));
    post.add(
        new Return(
            AHub.ref(order),
            null,
            name,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            List.of(
                new Return.Receipt(
                    name + "-W",
                    node,
                    hub.clock.instant(),
                    List.of(new Return.Received(line, sku, 1, null))))));
  }

  private Return letter(String order, String name, ReturnState state, List<Return.Line> lines) {
    return new Return(
        AHub.ref(order),
        null,
        name,
        null,
        null,
        state,
        hub.clock.instant(),
        null,
        "too small",
        null,
        lines,
        null);
  }

  private static String node(Event event) {
    return NODES.get(event.one() % NODES.size());
  }

  private static String sku(Event event) {
    return SKUS.get(event.other() % SKUS.size());
  }

  private void moved(Event event, int units, StockReport.Cause cause) {
    var shelf = shelves.get(node(event));
    if (shelf.get(sku(event)) + units >= 0) {
      shelf.merge(sku(event), units, Integer::sum);
      post.add(
          new StockReport(
              node(event),
              null,
              StockReport.Kind.DELTA,
              hub.clock.instant(),
              null,
              List.of(new StockReport.Level(sku(event), units)),
              null,
              cause));
    }
  }

  private StockReport counted(String node, String sku) {
    return new StockReport(
        node,
        null,
        StockReport.Kind.ABSOLUTE,
        hub.clock.instant(),
        null,
        List.of(new StockReport.Level(sku, shelves.get(node).get(sku))),
        null);
  }

  // --- the post

  private void arrives(int which) {
    if (!post.isEmpty()) {
      tell(post.remove(which % post.size()));
    }
  }

  // What waits for its order stays in the post, and so does what comes back before it is known to
  // have left.
  private void tell(Object document) {
    var result = hub.apply(document).result();
    if (result instanceof ApplyResult.Failed failed) {
      assertThat(failed.failure().kind())
          .as("%s: %s", document, failed.failure().sentence())
          .isNotEqualTo(FailureKind.POISON);
    }
    var tooEarly = document instanceof Return && result instanceof ApplyResult.Failed;
    if (result instanceof ApplyResult.Waits || tooEarly) {
      post.addFirst(document);
    } else if (saysWhatItIs(document)) {
      read.add(document);
    }
  }

  // The same fact again is the same fact; a change of stock is kept from coming twice by its key.
  private static boolean saysWhatItIs(Object document) {
    return switch (document) {
      case Order order -> true;
      case Shipment shipment -> true;
      case FulfillmentResponse response -> true;
      case Cancellation cancellation -> cancellation.lines().isEmpty();
      case StockReport report -> report.kind() == StockReport.Kind.ABSOLUTE;
      case Return back -> true;
      case Refund refund -> refund.request() != null;
      default -> false;
    };
  }

  private int goesOn() {
    return hub.keepUp() + hub.followUp();
  }

  // --- the end

  /** Everybody reads the post and does the work that is left, until nothing moves any more. */
  void settles() {
    try {
      sales.forEach(sale -> post.add(state(sale))); // as a poll that reconciles brings it
      work();
      buyersThinkBetter();
      for (var node : NODES) {
        for (var sku : SKUS) {
          hub.clock.advance(Duration.ofMinutes(1));
          post.add(counted(node, sku));
        }
      }
      work();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(e.getMessage() + "\n" + story(), e);
    }
  }

  // A unit of some lines comes back at last, and everybody tells once more what came and was paid.
  private void buyersThinkBetter() {
    for (var which = 0; which < 2; which++) {
      hub.clock.advance(Duration.ofMinutes(1));
      comesBack(new Event(Kind.COMES_BACK, which, serial + which));
    }
    work();
    List.copyOf(read).stream()
        .filter(letter -> letter instanceof Return || letter instanceof Refund)
        .forEach(
            letter ->
                assertThat(hub.apply(letter).result())
                    .as("told again: %s", letter)
                    .isInstanceOf(ApplyResult.NoEffect.class));
  }

  private void work() {
    var idle = 0;
    for (var round = 0; idle < 2; round++) {
      assertThat(round).as("rounds until nothing moves").isLessThan(60);
      var moved = 0;
      for (var letters = post.size(); letters > 0; letters--) {
        var before = post.size();
        tell(post.removeLast());
        moved += before - post.size();
      }
      for (var owed : heads()) {
        send(owed, false);
        moved++;
      }
      storeLooks();
      for (var job : List.copyOf(jobs.values())) {
        if (job.left() > 0) {
          var before = job.left();
          ship(job, 3, false);
          moved += before - job.left();
          if (before == job.left()) {
            ship(job, 3, true); // its shelf is empty
            moved++;
          }
        }
      }
      hub.clock.advance(Duration.ofMinutes(6));
      moved += goesOn();
      idle = moved == 0 ? idle + 1 : 0;
    }
  }

  /** The hub believes what is true, and says why whatever is open is open. */
  void isAsItReallyHappened() {
    try {
      hub.holdsTogether();
      assertThat(new StockCheck(database.dataSource(), hub.clock).run().drifting())
          .as("levels that are not what their movements add up to")
          .isZero();
      assertThat(post).as("what nobody could read").isEmpty();
      stockIsWhatLiesThere();
      whatCameBackCountsAndIsPaidOnce();
      sales.forEach(this::unitsAreSentOrCancelledOrWait);
      left.keySet().removeIf(line -> line.contains("/serai-")); // a person's, whom no channel knows
      assertThat(told).as("what the channel heard of, by line").isEqualTo(left);
      assertThat(
              hub.all(
                  "SELECT id || ' ' || operation || ' ' || state FROM delivery WHERE state IN ('READY', 'SENDING', 'PENDING', 'WAITING', 'PARKED')",
                  rows -> rows.getString(1)))
          .as("what is still owed")
          .isEmpty();
      assertThat(
              hub.all(
                  """
                  SELECT business_key FROM delivery WHERE destination = 'shopify-main' AND state <> 'WITHDRAWN'
                  GROUP BY business_key, operation HAVING count(*) > 1""",
                  rows -> rows.getString(1)))
          .as("what the channel was told twice")
          .isEmpty();
      assertThat(
              hub.all(
                  "SELECT channel_order_id FROM sales_order, json_array_elements(cancellation_wishes) w WHERE w->>'granted' IS NULL",
                  rows -> rows.getString(1)))
          .as("wishes without an answer")
          .isEmpty();
    } catch (AssertionError | RuntimeException | SQLException e) {
      throw new AssertionError(e.getMessage() + "\n" + story(), e);
    }
  }

  private void stockIsWhatLiesThere() {
    for (var node : NODES) {
      for (var sku : SKUS) {
        var level = hub.level(sku, node);
        assertThat(level.onHand() - level.shortage())
            .as("units of '%s' at '%s'", sku, node)
            .isEqualTo(shelves.get(node).get(sku));
      }
    }
  }

  private void whatCameBackCountsAndIsPaidOnce() {
    var returned = new TreeMap<String, Integer>();
    hub.all(
            "SELECT o.channel_order_id || '/' || l.line_id, l.returned FROM order_line l JOIN sales_order o ON o.id = l.order_id WHERE l.returned > 0",
            rows -> Map.entry(rows.getString(1), rows.getInt(2)))
        .forEach(e -> returned.put(e.getKey(), e.getValue()));
    assertThat(returned).as("units that came back, by line").isEqualTo(cameBack);
    assertThat(hub.number("SELECT count(*) FROM return_receipt"))
        .as("receipts")
        .isEqualTo(cameBack.values().stream().mapToInt(u -> u).sum());
    assertThat(
            hub.number(
                "SELECT coalesce(sum(received), 0) - coalesce(sum(quantity), 0) FROM return_line"))
        .as("what came less what was to come")
        .isZero();
    assertThat(paidBack).as("units whose money went back, by line").isEqualTo(cameBack);
    assertThat(
            hub.all(
                "SELECT state FROM refund_request WHERE state <> 'CONFIRMED'",
                rows -> rows.getString(1)))
        .as("requests for money that nobody settled")
        .isEmpty();
    assertThat(hub.number("SELECT count(*) FROM refund WHERE request_id IS NOT NULL"))
        .as("refunds of ours that are known")
        .isEqualTo(hub.number("SELECT count(*) FROM refund_request"));
  }

  private void unitsAreSentOrCancelledOrWait(Sale sale) {
    var order = hub.order(sale.id);
    var asWanted = !sale.asked && refusedEdits(sale).isEmpty();
    var wanted = sale.lines.stream().collect(Collectors.toMap(line -> line.lineId, line -> line));
    var waiting = new HashMap<String, Integer>();
    var open = 0;
    var lines =
        hub.all(
            "SELECT l.line_id, l.sku FROM order_line l JOIN sales_order o ON o.id = l.order_id WHERE o.channel_order_id = ?",
            rows -> List.of(rows.getString(1), rows.getString(2)),
            sale.id);
    for (var line : lines) {
      var lineId = line.getFirst();
      var is = hub.line(sale.id, lineId);
      assertThat(is.shipped())
          .as("units of line '%s' that left", lineId)
          .isEqualTo(left.getOrDefault(sale.id + "/" + lineId, 0));
      assertThat(is.allocated()).as("units of '%s' that somebody still has", lineId).isZero();
      assertThat(is.cancelWanted())
          .as("units of '%s' that are still to be cancelled", lineId)
          .isEqualTo(is.cancelled());
      if (asWanted) {
        var sold = wanted.remove(lineId);
        assertThat(is.ordered() - is.cancelled())
            .as("units of '%s' that are wanted or were too late to stop", lineId)
            .isEqualTo(sold.ordered - Math.min(sold.cancelled, sold.ordered - is.shipped()));
      }
      open += is.ordered() - is.cancelled() - is.shipped();
      waiting.merge(line.getLast(), is.backordered(), Integer::sum);
    }
    assertThat(asWanted ? wanted.keySet() : Set.of()).as("lines that nobody knows").isEmpty();
    if (open > 0 && order.hold() == null) {
      assertThat(waiting)
          .as("order '%s' has %d open unit(s) and names no reason", sale.id, open)
          .matches(all -> all.entrySet().stream().anyMatch(e -> e.getValue() > free(e.getKey())));
      assertThat(order.state()).isIn("BACKORDERED", "PARTIALLY_SHIPPED");
    }
  }

  private long free(String sku) {
    return hub.number(
        "SELECT coalesce(sum(greatest(0, on_hand - allocated - damaged - quarantined)), 0) FROM stock_level WHERE sku = ?",
        sku);
  }

  /** Changes that were not made; nobody still thinks about one. */
  private List<String> refusedEdits(Sale sale) {
    var edits =
        hub.all(
            "SELECT e->>'state' FROM sales_order, json_array_elements(edits) e WHERE channel_order_id = ?",
            rows -> rows.getString(1),
            sale.id);
    assertThat(edits).as("what becomes of changes of '%s'", sale.id).doesNotContain("ASKED");
    edits.removeIf("DONE"::equals);
    return edits;
  }

  private String story() {
    return String.join("\n", diary)
        + "\n"
        + String.join(
            "\n",
            hub.all(
                "SELECT o.channel_order_id || ' ' || e.kind || ': ' || e.sentence FROM order_event e JOIN sales_order o ON o.id = e.order_id ORDER BY e.id",
                rows -> rows.getString(1)))
        + "\n"
        + String.join(
            "\n",
            hub.all(
                "SELECT o.channel_order_id || ' ' || concat_ws(' ', o.state, o.hold, l.line_id, l.sku, 'ordered', l.ordered, 'wanted back', l.cancel_wanted, 'cancelled', l.cancelled, 'allocated', l.allocated, 'backordered', l.backordered, 'shipped', l.shipped) FROM order_line l JOIN sales_order o ON o.id = l.order_id ORDER BY 1",
                rows -> rows.getString(1)))
        + "\n"
        + String.join(
            "\n",
            hub.all(
                "SELECT concat_ws(' ', 'dlv', id, destination, operation, business_key, state) FROM delivery ORDER BY id",
                rows -> rows.getString(1)))
        + "\n"
        + String.join(
            "\n",
            hub.all(
                "SELECT concat_ws(' ', 'level', sku, node, on_hand, allocated, shortage) FROM stock_level ORDER BY 1",
                rows -> rows.getString(1)))
        + "\nshelves "
        + shelves;
  }

  @Override
  public void close() {
    hub.close();
  }
}
