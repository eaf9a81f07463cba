package io.serai.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.order.Address;
import io.serai.order.Order;
import io.serai.order.PiiState;
import io.serai.support.Json;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A person wants an order otherwise: another article on a line, a line more, another address. It is
 * done as if the channel had said so, and a channel that does not know of it does not undo it.
 *
 * @param lines lines that get another article
 * @param added lines that are added
 * @param shipTo where it goes from now on, or null: as before
 * @param afterLock whether it is done though the time to change the order is over
 */
public record EditOrder(
    UUID orderId, List<Line> lines, List<Added> added, Receiver shipTo, boolean afterLock)
    implements OrderCommand {

  /** Another article on a line. */
  public record Line(String lineId, String sku) {}

  /** So many of an article, as a line of its own that the channel does not know. */
  public record Added(String sku, int quantity, String title) {}

  /** Who gets it, and where: what is null of the name and the ways to reach them stays. */
  public record Receiver(
      String name, String companyName, String email, String phone, Address address) {
    private void over(ObjectNode party) {
      if (name != null) {
        party.put("name", name);
        party.remove(List.of("givenName", "familyName"));
      }
      if (companyName != null) {
        party.put("companyName", companyName);
      }
      if (email != null) {
        party.put("email", email);
      }
      if (phone != null) {
        party.put("phone", phone);
      }
      if (address != null) {
        party.set("address", Json.node(address));
      }
      party.put("piiState", PiiState.PRESENT.toString());
    }
  }

  /**
   * Why nobody could deliver there, as the end of "the address …", or null. A channel may be set
   * not to check it.
   *
   * @param shipTo of the order as it is
   */
  public static String fault(JsonNode shipTo, Receiver receiver) {
    ObjectNode party =
        shipTo.isObject() ? shipTo.deepCopy() : JsonNodeFactory.instance.objectNode();
    receiver.over(party);
    return Screening.fault(party);
  }

  /** What it needs that the order did not. */
  List<String> skus() {
    return Stream.concat(lines.stream().map(Line::sku), added.stream().map(Added::sku)).toList();
  }

  @Override
  public boolean sends() {
    return true;
  }

  @Override
  public ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    return apply(book, fulfilling, cause, EditClaim.person(afterLock));
  }

  ApplyResult apply(Book book, Fulfilling fulfilling, Application cause, EditClaim claim) {
    var order = book.ordersById.get(orderId);
    if (order == null) {
      return new ApplyResult.NoEffect(null, "The order is not known.");
    }
    if (order.document == null) {
      return HoldOrder.refused(
          order, "Order '%s' was cancelled before it arrived.".formatted(order.shown()));
    }
    var document = (ObjectNode) order.document.deepCopy();
    for (var line : lines) {
      var refused = change(order, document, line);
      if (refused != null) {
        return HoldOrder.refused(order, refused);
      }
    }
    for (var one : added) {
      add(order, document, one);
    }
    if (shipTo != null) {
      shipTo.over(document.withObjectProperty("shipTo"));
    }
    var account = book.topology.accounts().get(order.account);
    var fault =
        shipTo == null || account != null && !account.holds().address()
            ? null
            : Screening.fault(document.path("shipTo"));
    if (fault != null) {
      return HoldOrder.refused(
          order,
          "Nobody could deliver order '%s' there: the address %s.".formatted(order.shown(), fault));
    }
    if (document.equals(order.document)) {
      return new ApplyResult.NoEffect(
          order.id, "Order '%s' is so already.".formatted(order.shown()));
    }
    return new OrderRules(book, fulfilling)
        .replace(
            order,
            Json.as(document, Order.class),
            order.channelVersion,
            new Application(
                this,
                document,
                Json.text(document),
                cause.message(),
                cause.actor(),
                cause.deed(),
                cause.done()),
            claim);
  }

  private static String change(WorkingOrder order, ObjectNode document, Line change) {
    var line = (ObjectNode) Edits.line(document, change.lineId());
    if (line == null) {
      return "Order '%s' has no line '%s'.".formatted(order.shown(), change.lineId());
    }
    if (!change.sku().equals(line.path("sku").asText())) {
      line.put("sku", change.sku());
      line.put("title", change.sku());
      line.remove("listing");
    }
    return null;
  }

  private static void add(WorkingOrder order, ObjectNode document, Added added) {
    var lines = (ArrayNode) document.path("lines");
    var no = 1;
    while (Edits.line(document, Edits.OURS + no) != null) {
      no++;
    }
    var line = lines.addObject();
    line.put("lineId", Edits.OURS + no);
    line.put("kind", "PHYSICAL");
    line.put("sku", added.sku());
    line.put("title", added.title() == null ? added.sku() : added.title());
    line.put("unit", "EA");
    line.put("ordered", added.quantity());
    for (var name : new String[] {"cancelled", "shipped", "returned", "refunded"}) {
      line.put(name, 0);
    }
    line.put("requiresShipping", true);
    line.putObject("unitPrice").put("amount", "0").put("currency", order.currency);
  }
}
