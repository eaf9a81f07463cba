package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.order.FulfillmentResponse;
import io.serai.order.StockReport;
import io.serai.order.StockReport.Condition;
import io.serai.support.ManualClock;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * A shelf of which we know the truth, and a hub that hears of it late, twice, in another order and
 * after crashes: it never promises more than it may, its books always balance, and it believes what
 * is true as soon as everything was told.
 */
class StockModelIT {
  private static final String SKU = "MUG";
  private static TestDatabase database;

  @BeforeContainer
  static void open() {
    database = new TestDatabase().open();
  }

  @AfterContainer
  static void close() {
    database.close();
  }

  /** What happens. */
  enum Kind {
    ORDER,
    SNAPSHOT,
    LATE_SNAPSHOT,
    SALE,
    UNTOLD_SALE,
    TELL_SALES,
    RECEIPT,
    RETURN,
    DAMAGE,
    FREEZE,
    COUNT,
    BUFFER,
    SHIP,
    STOP,
    CANCEL,
    TELL_AGAIN,
    UPKEEP,
    CRASH
  }

  /** One thing that happens, and to how many. */
  record Event(Kind kind, int one, int other) {}

  @Provide
  Arbitrary<List<Event>> week() {
    return Combinators.combine(
            Arbitraries.of(Kind.values()),
            Arbitraries.integers().between(0, 5),
            Arbitraries.integers().between(0, 5))
        .as(Event::new)
        .list()
        .ofMinSize(4)
        .ofMaxSize(24);
  }

  @Property(seed = "20260302", tries = 60, shrinking = ShrinkingMode.BOUNDED)
  void theBooksBalanceAndTheHubBelievesWhatIsTrue(@ForAll("week") List<Event> week)
      throws SQLException {
    database.truncate();
    try (var shelf = new Shelf()) {
      for (var event : week) {
        shelf.happens(event);
        shelf.hub.holdsTogether();
        shelf.isBelieved();
      }
      assertThat(new StockCheck(database.dataSource(), shelf.hub.clock).run().drifting()).isZero();

      shelf.tellSales();
      shelf.isBelieved();
      shelf.countAll();

      shelf.hub.holdsTogether();
      shelf.isBelieved();
      assertThat(new StockCheck(database.dataSource(), shelf.hub.clock).run().drifting()).isZero();
    }
  }

  /** Two nodes with the truth of one article, and a hub that is told of it. */
  private static final class Shelf implements AutoCloseable {
    final AHub hub = new AHub(database, AHub.TWO_NODES, new ManualClock());
    int near = 6;
    int far = 3;
    private int orders;
    private int shipments;
    private Object lastTold;
    private final List<StockReport> untold = new ArrayList<>();

    Shelf() {
      tell(snapshot(NEAR, near, hub.clock.instant()));
      tell(snapshot(FAR, far, hub.clock.instant()));
    }

    void happens(Event event) {
      hub.clock.advance(Duration.ofMinutes(1));
      var node = event.other() % 2 == 0 ? NEAR : FAR;
      switch (event.kind()) {
        case ORDER ->
            hub.apply(
                anOrder()
                    .numbered(String.valueOf(1_000 + ++orders))
                    .placedAt(hub.clock.instant())
                    .with(SKU, 1 + event.one() % 3)
                    .build());
        case SNAPSHOT -> tell(snapshot(node, truth(node), hub.clock.instant()));
        case LATE_SNAPSHOT -> {
          // Taken now, told after units left: the hub must not believe that they came back.
          var late = snapshot(node, truth(node), hub.clock.instant());
          hub.clock.advance(Duration.ofMinutes(1));
          ship(event);
          tell(late);
        }
        case SALE -> {
          var units = Math.min(truth(node), event.one());
          change(node, -units);
          tell(delta(node, -units, StockReport.Cause.SALE));
        }
        case UNTOLD_SALE -> {
          var units = Math.min(truth(node), event.one());
          change(node, -units);
          untold.add(delta(node, -units, StockReport.Cause.SALE));
        }
        case TELL_SALES -> tellSales();
        case RECEIPT -> {
          change(node, event.one());
          tell(delta(node, event.one(), StockReport.Cause.RECEIPT));
        }
        case RETURN -> {
          change(node, event.one());
          tell(
              new StockReport(
                  node,
                  null,
                  StockReport.Kind.DELTA,
                  hub.clock.instant(),
                  null,
                  List.of(
                      new StockReport.Level(
                          SKU, event.one(), Condition.values()[event.one() % 3], null, null)),
                  null,
                  StockReport.Cause.RETURN));
        }
        case DAMAGE ->
            hub.change(
                StockChange.Kind.MOVE,
                node,
                new StockChange.Row(
                    SKU, 1 + event.one() % 2, Condition.SELLABLE, Condition.DAMAGED, null, null));
        case FREEZE ->
            hub.change(
                event.one() % 2 == 0 ? StockChange.Kind.FREEZE : StockChange.Kind.UNFREEZE,
                node,
                new StockChange.Row(SKU, 0));
        case COUNT ->
            hub.change(StockChange.Kind.COUNT, node, new StockChange.Row(SKU, truth(node)));
        case BUFFER ->
            hub.applyInside(
                new BufferChange(
                    new Buffer(
                        event.one() > 2 ? SKU : "",
                        event.other() > 2 ? node : "",
                        "",
                        event.one() % 2 == 0 ? event.other() : null,
                        event.one() % 2 == 0 ? null : 10 * event.other())));
        case SHIP -> ship(event);
        case STOP ->
            asked(event)
                .forEach(
                    asked ->
                        hub.apply(
                            hub.answer(
                                asked.text(),
                                event.other() % 2 == 0
                                    ? FulfillmentResponse.State.CANCELLED
                                    : FulfillmentResponse.State.CANCEL_REFUSED)));
        case CANCEL -> {
          if (orders > 0) {
            hub.apply(hub.cancellationOf(String.valueOf(1_001 + event.one() % orders)));
          }
        }
        case TELL_AGAIN -> {
          // As a claim that lapsed after the commit: its message has ended, so it is not run; a
          // snapshot of the same instant under a new message changes nothing.
          if (lastTold instanceof StockReport report
              && report.kind() == StockReport.Kind.ABSOLUTE) {
            hub.apply(report);
          }
        }
        case UPKEEP -> {
          hub.keepUp();
          hub.followUp();
        }
        case CRASH -> hub.restart();
      }
    }

    // The node sends what it was asked to, of what it has.
    private void ship(Event event) {
      for (var asked : asked(event)) {
        var promised =
            (int)
                hub.number(
                    "SELECT coalesce(sum(quantity - shipped - released), 0) FROM reservation WHERE"
                        + " fulfillment_order_id = ?",
                    asked.id());
        var units = Math.min(Math.min(promised, truth(asked.node())), 1 + event.other());
        if (units > 0) {
          change(asked.node(), -units);
          hub.apply(hub.shipmentOf(asked.text(), "S" + ++shipments, SKU, units));
        }
      }
    }

    private List<AHub.Asked> asked(Event event) {
      if (orders == 0) {
        return List.of();
      }
      var all = new ArrayList<>(hub.asked(String.valueOf(1_001 + event.one() % orders)));
      all.removeIf(a -> "WITHDRAWN".equals(a.state()) || "CANCELLED".equals(a.state()));
      return all.isEmpty() ? all : List.of(all.getLast());
    }

    private StockReport snapshot(String node, int units, Instant at) {
      return new StockReport(
          node,
          null,
          StockReport.Kind.ABSOLUTE,
          at,
          null,
          List.of(new StockReport.Level(SKU, units)),
          null);
    }

    private StockReport delta(String node, int units, StockReport.Cause cause) {
      return new StockReport(
          node,
          null,
          StockReport.Kind.DELTA,
          hub.clock.instant(),
          null,
          List.of(new StockReport.Level(SKU, units)),
          null,
          cause);
    }

    private void tell(StockReport report) {
      lastTold = report;
      hub.apply(report);
    }

    // The last one first: a till that was offline sends what it has in any order.
    void tellSales() {
      while (!untold.isEmpty()) {
        tell(untold.removeLast());
      }
    }

    /** As soon as everything was told, the hub believes what is true. */
    void isBelieved() {
      if (untold.isEmpty()) {
        assertThat(said(NEAR)).as("what the hub believes of %s", NEAR).isEqualTo(near);
        assertThat(said(FAR)).as("what the hub believes of %s", FAR).isEqualTo(far);
      }
    }

    private int truth(String node) {
      return NEAR.equals(node) ? near : far;
    }

    private void change(String node, int units) {
      if (NEAR.equals(node)) {
        near += units;
      } else {
        far += units;
      }
    }

    void countAll() {
      hub.clock.advance(Duration.ofMinutes(1));
      for (var node : List.of(NEAR, FAR)) {
        hub.change(StockChange.Kind.COUNT, node, new StockChange.Row(SKU, truth(node)));
      }
    }

    /** What the hub believes lies there: what it has on hand, less what it knows is not there. */
    int said(String node) {
      var level = hub.level(SKU, node);
      return level.onHand() - level.shortage();
    }

    @Override
    public void close() {
      hub.close();
    }
  }
}
