package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code serai orders}: find an order, read it, what it waits for, its timeline and why it went
 * where it went; hold it, let it go on, move it, change, cancel or refund it.
 */
@Command(
    name = "orders",
    description =
        "Find orders, read one, what it waits for, its timeline and why it went where it went; hold, release, move, change, cancel and refund it.",
    subcommands = {
      OrdersCommand.ListOrders.class,
      OrdersCommand.Show.class,
      OrderStoryCommands.Next.class,
      OrderStoryCommands.Timeline.class,
      OrderStoryCommands.Decision.class,
      OrdersCommand.Held.class,
      OrdersCommand.HoldOrder.class,
      OrdersCommand.Release.class,
      OrdersCommand.Reassign.class,
      ParcelCommands.Pack.class,
      ParcelCommands.Show.class,
      ParcelCommands.LabelFile.class,
      ParcelCommands.VoidLabel.class,
      ParcelCommands.HandOver.class,
      ParcelCommands.AskCarriers.class,
      ParcelCommands.AcceptShipment.class,
      ReturnCommands.Replace.class,
      OrdersCommand.Edit.class,
      AddressFixCommand.class,
      OrderErrandCommands.Pull.class,
      OrderErrandCommands.SendNow.class,
      OrdersCommand.Cancel.class,
      RefundCommands.Refund.class,
      ErasureCommands.Show.class,
      ErasureCommands.Erase.class,
      ErasureCommands.LegalHold.class
    })
final class OrdersCommand {
  static final String ID_HELP = "Our id (ord_…) or <channel>:<channel's order id>.";

  @Command(
      name = "list",
      description = "List orders, newest first, or find one by any of its keys.",
      footer = {
        "Examples:",
        "  serai orders list --state BACKORDERED",
        "  serai orders list '#1001'",
        "  serai orders list ada@example.com"
      })
  static final class ListOrders extends ListVerb {
    @Parameters(
        index = "0",
        arity = "0..1",
        paramLabel = "KEY",
        description =
            "Our id, the channel's order id or display number, e-mail, tracking number or partner's reference.")
    String key;

    @Option(names = "--channel", paramLabel = "ACCOUNT", description = "Only this channel account.")
    String channel;

    @Option(names = "--state", paramLabel = "STATE", description = "Only this state.")
    String state;

    ListOrders(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list =
          hub().list("/orders" + Hub.query("q", key, "channel", channel, "state", state), most());
      if (asJson(list)) {
        return;
      }
      var table =
          table()
              .text("ORDER", "NUMBER", "CHANNEL")
              .state("STATE")
              .text("HOLD")
              .number("TOTAL")
              .text("TO", "RECEIVED");
      for (var order : list.path("items")) {
        table.row(
            at(order, "id"),
            at(order, "displayNumber") == null
                ? at(order, "channelOrderId")
                : at(order, "displayNumber"),
            at(order, "channel"),
            at(order, "state"),
            at(order, "hold"),
            money(order),
            at(order, "shipCountry"),
            time(order, "receivedAt"));
      }
      if (!table.isEmpty()) {
        table.print();
      }
      ending(
          list,
          key == null && channel == null && state == null
              ? "There are no orders yet."
              : "No order fits.",
          "add --limit.");
    }
  }

  static String money(JsonNode order) {
    var total = OperatorVerb.at(order, "grandTotal");
    return total == null ? null : total + " " + OperatorVerb.at(order, "currency");
  }

  @Command(
      name = "show",
      description = "Show one order: lines, fulfillments, shipments and deliveries.",
      footer = {"Example:", "  serai orders show shopify-main:820982911946154508"})
  static final class Show extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "ORDER", description = ID_HELP)
    String order;

    Show(Session session) {
      super(session);
    }

    @Override
    void run() {
      var found = hub().get("/orders/" + Hub.segment(order));
      if (asJson(found)) {
        return;
      }
      head(found);
      lines(found);
      changes(found);
      fulfillments(found);
      var money = table().text("MONEY", "WHAT").number("AMOUNT").state("STATE").text("WHY");
      RefundCommands.rows(found, money);
      if (!money.isEmpty()) {
        title("Money");
        money.print();
      }
      var path = "/orders/" + Hub.segment(at(found, "id"));
      ReturnCommands.printReturns(this, hub().get(path + "/returns"));
      ReturnCommands.printReplacements(this, hub().get(path + "/replacements"));
      deliveries(found);
    }

    private void head(JsonNode order) {
      var terminal = session.terminal();
      say(
          terminal.bold(
                  at(order, "id")
                      + (at(order, "displayNumber") == null
                          ? ""
                          : "  " + Text.line(at(order, "displayNumber"))))
              + "  "
              + terminal.state(at(order, "state")));
      field("channel", at(order, "channel") + ", order " + at(order, "channelOrderId"));
      var payment =
          new StringJoiner(", ")
              .add(String.valueOf(money(order)))
              .add(String.valueOf(at(order, "paymentState")));
      field("payment", payment.toString().replace("null, ", "").replace("null", ""));
      field("money", RefundCommands.summary(order));
      field(
          "total",
          order.path("moneyMismatch").asBoolean()
              ? "the parts do not add up to the channel's total"
              : null);
      field("fulfilled by", at(order, "fulfilledBy"));
      field("test", order.path("test").asBoolean() ? "yes" : null);
      field("placed", time(order, "placedAt"));
      field("received", time(order, "receivedAt"));
      field("updated", time(order, "updatedAt"));
      var hold = order.path("hold");
      if (hold.isObject()) {
        field(
            "held",
            "%s: %s".formatted(at(hold, "kind"), at(hold, "reason"))
                + (at(hold, "owner") == null ? "" : " (" + at(hold, "owner") + ")")
                + (at(hold, "dueAt") == null ? "" : ", due " + time(hold, "dueAt")));
      }
    }

    private void lines(JsonNode order) {
      var table =
          table()
              .number("LINE")
              .text("SKU", "KIND")
              .number("ORDERED", "ALLOCATED", "BACKORDERED", "SHIPPED", "CANCELLED")
              .text("PROMISED");
      for (var line : order.path("lines")) {
        table.row(
            at(line, "lineNumber"),
            at(line, "sku"),
            at(line, "kind"),
            at(line, "ordered"),
            at(line, "allocated"),
            at(line, "backordered"),
            at(line, "shipped"),
            at(line, "cancelled"),
            time(line, "promisedAt"));
      }
      if (!table.isEmpty()) {
        title("Lines");
        table.print();
      }
    }

    private void changes(JsonNode order) {
      var table =
          table().number("CHANGE").text("WANTED", "BY").state("STATE").text("WHAT", "WHY NOT");
      for (var change : order.path("changes")) {
        var parts = new ArrayList<String>();
        for (var part : change.path("parts")) {
          parts.add(
              at(part, "lineId") == null
                  ? "another address"
                  : "%s: %s instead of %s"
                      .formatted(at(part, "lineId"), at(part, "after"), at(part, "before")));
        }
        table.row(
            at(change, "no"),
            time(change, "askedAt"),
            at(change, "actor") == null ? "the channel" : at(change, "actor"),
            at(change, "state"),
            String.join(", ", parts),
            at(change, "reason"));
      }
      if (!table.isEmpty()) {
        title("Changes");
        table.print();
      }
    }

    private void fulfillments(JsonNode order) {
      var table =
          table()
              .text("FULFILLMENT", "NODE", "PARTNER")
              .state("STATE")
              .text("REFERENCE", "UNITS", "TRACKING");
      for (var fulfillment : order.path("fulfillments")) {
        var tracking = new ArrayList<String>();
        for (var shipment : fulfillment.path("shipments")) {
          tracking.add(
              (at(shipment, "carrier") == null ? "" : at(shipment, "carrier") + " ")
                  + at(shipment, "trackingNumber"));
        }
        var units = new ArrayList<String>();
        for (var line : fulfillment.path("lines")) {
          units.add(at(line, "quantity") + " × " + at(line, "sku"));
        }
        table.row(
            at(fulfillment, "id"),
            at(fulfillment, "node"),
            at(fulfillment, "partner"),
            at(fulfillment, "state"),
            at(fulfillment, "reference"),
            String.join(", ", units),
            String.join(", ", tracking));
      }
      if (!table.isEmpty()) {
        title("Fulfillments");
        table.print();
      }
    }

    private void deliveries(JsonNode order) {
      var table =
          table()
              .text("DELIVERY", "TO", "DOCUMENT")
              .state("STATE")
              .number("ATTEMPTS")
              .text("REMOTE ID", "OWED SINCE");
      for (var delivery : order.path("deliveries")) {
        table.row(
            at(delivery, "id"),
            at(delivery, "destination"),
            at(delivery, "document"),
            at(delivery, "state"),
            at(delivery, "attempts"),
            at(delivery, "remoteId"),
            time(delivery, "createdAt"));
      }
      if (!table.isEmpty()) {
        title("Deliveries");
        table.print();
      }
    }
  }

  @Command(
      name = "held",
      description = "List what stands still, who has to act and by when; due first.",
      footer = {
        "Examples:",
        "  serai orders held --overdue",
        "  serai orders held --kind RISK",
        "  serai orders held --owner customer-care"
      })
  static final class Held extends ListVerb {
    @Option(names = "--kind", paramLabel = "KIND", description = "Only this kind of hold.")
    String kind;

    @Option(
        names = "--owner",
        paramLabel = "OWNER",
        description = "Only what this one has to act on.")
    String owner;

    @Option(names = "--channel", paramLabel = "ACCOUNT", description = "Only this channel account.")
    String channel;

    @Option(names = "--overdue", description = "Only what is overdue.")
    boolean overdue;

    Held(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list =
          hub()
              .list(
                  "/holds"
                      + Hub.query(
                          "kind",
                          kind,
                          "owner",
                          owner,
                          "channel",
                          channel,
                          "overdue",
                          overdue ? "true" : null),
                  most());
      if (asJson(list)) {
        return;
      }
      var table = table().text("ORDER", "NUMBER", "HOLD", "OWNER", "DUE", "REASON");
      for (var held : list.path("items")) {
        table.row(
            at(held, "orderId"),
            at(held, "displayNumber"),
            at(held, "kind"),
            at(held, "owner"),
            at(held, "dueAt") == null
                ? null
                : time(held, "dueAt") + (held.path("overdue").asBoolean() ? " (overdue)" : ""),
            at(held, "reason"));
      }
      if (!table.isEmpty()) {
        table.print();
      }
      ending(list, "Nothing is held.", "add --limit.");
    }
  }

  /** A verb that changes how an order goes on. */
  abstract static class Change extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "ORDER", description = ID_HELP)
    String order;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
    String reason;

    Change(Session session) {
      super(session);
    }

    final void change(String verb, Object body) {
      var standing = hub().post("/orders/" + Hub.segment(order) + "/" + verb, body);
      if (!asJson(standing)) {
        var hold = standing.path("hold");
        say(
            "%s is %s now%s.",
            at(standing, "id"),
            session.terminal().state(at(standing, "state")),
            hold.isObject() ? ", held for " + at(hold, "kind") : "");
      }
    }
  }

  @Command(
      name = "hold",
      description = "Ask nothing more of any node for an order until it is released.",
      footer = {"Example:", "  serai orders hold ord_… --reason 'the buyer asked to wait a week'"})
  static final class HoldOrder extends Change {
    @Option(
        names = "--kind",
        paramLabel = "KIND",
        description = "RISK, ADDRESS, PAYMENT, STOCK or MANUAL; MANUAL when absent.")
    String kind;

    @Option(names = "--owner", paramLabel = "OWNER", description = "Who has to act.")
    String owner;

    @Option(
        names = "--due",
        paramLabel = "INSTANT",
        description = "By when, as 2026-01-31T12:00:00Z.")
    String due;

    HoldOrder(Session session) {
      super(session);
    }

    @Override
    void run() {
      change("hold", Hub.body("kind", kind, "reason", reason, "owner", owner, "dueAt", due));
    }
  }

  @Command(
      name = "release",
      description = "Let a held order go on.",
      footer = {"Example:", "  serai orders release ord_… --reason 'called the buyer'"})
  static final class Release extends Change {
    @Option(
        names = "--kind",
        paramLabel = "KIND",
        description = "Only this kind of hold; all of them when absent.")
    String kind;

    Release(Session session) {
      super(session);
    }

    @Override
    void run() {
      change("release", Hub.body("kind", kind, "reason", reason));
    }
  }

  @Command(
      name = "cancel",
      description = "Cancel an order or some of its units; the channel hears of it when it is so.",
      footer = {
        "Examples:",
        "  serai orders cancel ord_… --code CUSTOMER --reason 'the buyer called'",
        "  serai orders cancel ord_… --line 1001-1=2 --reason 'two are broken'"
      })
  static final class Cancel extends Change {
    @Option(
        names = "--code",
        paramLabel = "CODE",
        description =
            "CUSTOMER, INVENTORY, FRAUD, DECLINED, ADDRESS, PRICING or OTHER; OTHER when absent.")
    String code;

    @Option(
        names = "--line",
        paramLabel = "LINE=UNITS",
        description = "Only so many units of a line; may be repeated.")
    Map<String, Integer> lines;

    Cancel(Session session) {
      super(session);
    }

    @Override
    void run() {
      var parts =
          lines == null
              ? null
              : lines.entrySet().stream()
                  .map(line -> Map.of("lineId", line.getKey(), "quantity", line.getValue()))
                  .toList();
      change("cancel", Hub.body("code", code, "reason", reason, "lines", parts));
    }
  }

  @Command(
      name = "change",
      description =
          "Give a line another article, send more with an order, or send it elsewhere; what did not change stays.",
      footer = {
        "Examples:",
        "  serai orders change ord_… --line 1001-1=TEE-RED-L --reason 'the buyer wants it larger'",
        "  serai orders change ord_… --add MUG-BLU=1 --reason 'a present'",
        "  serai orders change ord_… --street 'Weserstraße 12' --city Berlin --postal-code 12045 --country DE --reason 'she moved'"
      })
  static final class Edit extends Change {
    @Option(
        names = "--line",
        paramLabel = "LINE=SKU",
        description = "Another article on a line; may be repeated.")
    Map<String, String> lines;

    @Option(
        names = "--add",
        paramLabel = "SKU=UNITS",
        description = "So many of an article more, which the channel does not know of.")
    Map<String, Integer> added;

    @Option(names = "--name", paramLabel = "NAME", description = "Who gets it from now on.")
    String name;

    @Option(names = "--company", paramLabel = "NAME", description = "At which company.")
    String company;

    @Option(
        names = "--street",
        paramLabel = "TEXT",
        description = "Street, house, flat; may be repeated.")
    List<String> street;

    @Option(names = "--city", paramLabel = "NAME", description = "The city.")
    String city;

    @Option(names = "--region", paramLabel = "CODE", description = "The state or province.")
    String region;

    @Option(names = "--postal-code", paramLabel = "CODE", description = "The postal code.")
    String postalCode;

    @Option(names = "--country", paramLabel = "CC", description = "The country, as DE.")
    String country;

    @Option(
        names = "--after-lock",
        description = "Do it though the time to change the order is over.")
    boolean afterLock;

    Edit(Session session) {
      super(session);
    }

    @Override
    void run() {
      var exchanged =
          lines == null
              ? null
              : lines.entrySet().stream()
                  .map(line -> Map.of("lineId", line.getKey(), "sku", line.getValue()))
                  .toList();
      var more =
          added == null
              ? null
              : added.entrySet().stream()
                  .map(line -> Map.of("sku", line.getKey(), "quantity", line.getValue()))
                  .toList();
      var elsewhere =
          Stream.of(name, company, street, city, region, postalCode, country)
                  .allMatch(Objects::isNull)
              ? null
              : Hub.body(
                  "name",
                  name,
                  "companyName",
                  company,
                  "lines",
                  street,
                  "city",
                  city,
                  "region",
                  region,
                  "postalCode",
                  postalCode,
                  "countryCode",
                  country);
      change(
          "change",
          Hub.body(
              "lines",
              exchanged,
              "added",
              more,
              "shipTo",
              elsewhere,
              "afterLock",
              afterLock ? true : null,
              "reason",
              reason));
    }
  }

  @Command(
      name = "reassign",
      description = "Move what an order waits for to another node.",
      footer = {
        "Example:",
        "  serai orders reassign ord_… --node ca-1 --reason 'the store is closed this week'"
      })
  static final class Reassign extends Change {
    @Option(
        names = "--node",
        paramLabel = "NODE",
        description = "Where to; any node but the one it is at when absent.")
    String node;

    @Option(
        names = "--fulfillment",
        paramLabel = "ID",
        description = "Only this fulfillment; everything open when absent.")
    String fulfillment;

    Reassign(Session session) {
      super(session);
    }

    @Override
    void run() {
      change("reassign", Hub.body("node", node, "fulfillment", fulfillment, "reason", reason));
    }
  }
}
