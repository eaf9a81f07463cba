package io.serai.hub;

import io.serai.order.HubEvent;
import io.serai.order.HubEvent.ChannelThen;
import io.serai.order.HubEvent.LineThen;
import io.serai.order.HubEvent.OrderThen;
import io.serai.order.HubEvent.ParcelThen;
import io.serai.order.HubEvent.ReturnThen;
import io.serai.order.HubEvent.ReturnUnitsThen;
import io.serai.order.HubEvent.ShipmentThen;
import io.serai.order.HubEvent.StockThen;
import io.serai.order.HubEvent.UnitsThen;
import io.serai.outbox.Delivery;
import io.serai.support.Ids;
import io.serai.support.Json;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Owes the systems behind the hub word of what happened: an ERP, a notifier, a warehouse of data.
 *
 * <p>Guarantee: an event is owed in the transaction that made it happen, so none is told that did
 * not, and none that did is left out; each is owed once, under its own id, and sent like any other
 * effect. Those of one order come in their order, and so do those of one article at one node. Gap:
 * nothing orders two orders against each other.
 */
final class Feeds {
  /** The document and the operation that a destination has to offer. */
  static final String EVENT = "event";

  private static final String STOCK_CHANGED = "stock.changed";

  /** What of the timeline is told, by which name. What is not here stays inside. */
  static final Map<String, String> TYPES = types();

  private final Book book;
  private final List<Topology.Account> feeds;

  private Feeds(Book book, List<Topology.Account> feeds) {
    this.book = book;
    this.feeds = feeds;
  }

  private static Map<String, String> types() {
    var types = new LinkedHashMap<String, String>();
    for (var type :
        List.of(
            "order.received",
            "order.updated",
            "order.held",
            "order.released",
            "order.allocated",
            "order.backordered",
            "order.preordered",
            "order.reassigned",
            "order.cancelled",
            "order.delivered",
            "order.closed",
            "shipment.sent")) {
      types.put(type, type);
    }
    for (var course : List.of("delivered", "exception", "returning", "returned")) {
      types.put("parcel." + course, "shipment." + course);
    }
    for (var course : List.of("requested", "received", "closed", "overdue")) {
      types.put("return." + course, "return." + course);
    }
    types.put("order.refunded", "refund.recorded");
    for (var type : List.of("refund.requested", "refund.refused", "payment.captured")) {
      types.put(type, type);
    }
    return types;
  }

  /** One event that a feed wants, before it has its number. */
  private record Wanted(
      Topology.Account feed, String type, Book.Event event, WorkingStock.Key level) {}

  /** Owes what feeds want to hear of this transaction, just before it is written. */
  static void tell(Connection connection, Book book) throws SQLException {
    var feeds = book.topology.feeds();
    if (!feeds.isEmpty()) {
      new Feeds(book, feeds).tell(connection);
    }
  }

  private void tell(Connection connection) throws SQLException {
    var wanted = new ArrayList<Wanted>();
    for (var event : book.events) {
      var type = TYPES.get(event.kind());
      if (type != null && book.ordersById.containsKey(event.orderId())) {
        feeds.stream()
            .filter(feed -> feed.hears(type))
            .forEach(feed -> wanted.add(new Wanted(feed, type, event, null)));
      }
    }
    for (var level : book.stock.levels().entrySet()) {
      if (level.getValue().changed || level.getValue().reported || level.getValue().isNew) {
        feeds.stream()
            .filter(feed -> feed.hears(STOCK_CHANGED))
            .forEach(feed -> wanted.add(new Wanted(feed, STOCK_CHANGED, null, level.getKey())));
      }
    }
    if (wanted.isEmpty()) {
      return;
    }
    // Drawn under the locks of what they are about: so they rise with what happens to it.
    var numbers = HubStore.deliveryIds(connection, wanted.size());
    for (var one : wanted) {
      owe(one, numbers.poll());
    }
  }

  private void owe(Wanted one, long number) {
    var id = book.ids.next("evt");
    var event = one.event();
    var about =
        event == null ? one.level().sku() + '@' + one.level().node() : event.orderId().toString();
    var content =
        new HubEvent(
            id,
            one.type(),
            HubEvent.VERSION,
            number,
            book.now,
            event == null ? null : then(book.ordersById.get(event.orderId())),
            "shipment.sent".equals(one.type()) ? shipments(event) : List.of(),
            event == null || event.parcel() == null ? null : then(book.parcels.get(event.parcel())),
            event == null || event.returned() == null ? null : returned(event),
            event == null ? then(one.level()) : null);
    if (one.feed().offers(FeedFiles.EVENT_FILE)) {
      book.fileEvents.add(new FeedFiles.Row(number, one.feed().name(), Json.text(content)));
      return;
    }
    book.owed.add(
        new Book.Owed(
            number,
            one.feed().name(),
            EVENT,
            EVENT,
            event == null ? null : event.orderId(),
            id,
            EVENT + ':' + id + ":1",
            one.feed().repeats().get(EVENT),
            Json.node(content),
            book.now.plus(one.feed().giveUp()),
            event == null ? null : event.messageId(),
            false,
            Delivery.lane(one.feed().name(), about)));
  }

  private static OrderThen then(WorkingOrder order) {
    return new OrderThen(
        HubWriter.orderId(order.id),
        new ChannelThen(order.account, order.channelOrderId, order.displayNumber),
        order.revision,
        order.state(),
        order.payment,
        order.hold,
        order.test,
        order.currency,
        order.grandTotal,
        order.lines.stream()
            .filter(line -> line.parent == null)
            .map(
                line ->
                    new LineThen(
                        line.lineId,
                        line.sku,
                        line.ordered,
                        line.cancelled,
                        line.allocated,
                        line.backordered,
                        line.shipped,
                        line.returned,
                        line.refunded))
            .toList());
  }

  private List<ShipmentThen> shipments(Book.Event event) {
    return book.shipments.stream()
        .filter(shipment -> shipment.orderId().equals(event.orderId()))
        .map(
            shipment ->
                new ShipmentThen(
                    Ids.text("shp", shipment.id()),
                    shipment.carrier(),
                    shipment.tracking(),
                    shipment.shippedAt()))
        .toList();
  }

  private static ParcelThen then(WorkingParcel parcel) {
    return new ParcelThen(
        parcel.text(),
        parcel.papers.carrier(),
        parcel.trackingNumber,
        parcel.tracking,
        parcel.shippedAt,
        parcel.deliveredAt,
        parcel.papers.lines().stream()
            .map(line -> new UnitsThen(line.lineId(), line.sku(), line.quantity()))
            .toList());
  }

  private ReturnThen returned(Book.Event event) {
    var order = book.ordersById.get(event.orderId());
    var one =
        book.returns.get(order.id).stream()
            .filter(r -> r.id.equals(event.returned()))
            .findFirst()
            .orElseThrow();
    var lines = new ReturnLines(book, order);
    return new ReturnThen(
        one.text(),
        one.name,
        one.kind,
        one.state,
        one.node,
        one.lines.stream()
            .map(
                line ->
                    new ReturnUnitsThen(
                        lines.line(line.no).lineId,
                        lines.line(line.no).sku,
                        line.quantity,
                        line.received))
            .toList());
  }

  private StockThen then(WorkingStock.Key key) {
    var level = book.stock.levels().get(key);
    return new StockThen(
        key.sku(),
        key.node(),
        level.onHand,
        level.allocated,
        level.frozen,
        level.damaged,
        level.quarantined,
        level.safety,
        level.available());
  }
}
