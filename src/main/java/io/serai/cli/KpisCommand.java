package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai kpis}: figures about the business, and the orders behind them. */
@Command(
    name = "kpis",
    description = "See figures about the business, or one with its trend and the orders behind it.",
    footer = {
      "Examples:",
      "  serai kpis",
      "  serai kpis order-to-ship",
      "  serai kpis exceptions --orders"
    })
final class KpisCommand extends ListVerb {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FIGURE",
      description = "Only this one, with its definition and trend.")
  String figure;

  @Option(names = "--account", paramLabel = "ACCOUNT", description = "Only of this account.")
  String account;

  @Option(names = "--orders", description = "List the orders behind the figure.")
  boolean orders;

  KpisCommand(Session session) {
    super(session);
  }

  @Override
  void run() {
    if (figure == null) {
      if (orders) {
        throw new Sentence(
            "Orders stand behind one figure; name it, as in 'serai kpis exceptions --orders'.");
      }
      list();
    } else if (orders) {
      orders();
    } else {
      one();
    }
  }

  private void list() {
    var list = hub().get("/kpis" + Hub.query("account", account));
    if (asJson(list)) {
      return;
    }
    var table = table().text("FIGURE").number("VALUE", "P95", "MAX").text("UNIT", "WINDOW", "WHAT");
    for (var kpi : list.path("items")) {
      table.row(
          at(kpi, "id"),
          at(kpi, "value"),
          at(kpi, "p95"),
          at(kpi, "most"),
          at(kpi, "unit"),
          at(kpi, "window"),
          at(kpi, "sentence"));
    }
    table.print();
  }

  private void one() {
    var kpi = hub().get("/kpis/" + Hub.segment(figure) + Hub.query("account", account));
    if (asJson(kpi)) {
      return;
    }
    say(Text.line(at(kpi, "sentence")));
    field("formula", at(kpi, "formula"));
    field("unit", at(kpi, "unit"));
    field("window", at(kpi, "window"));
    field("value", at(kpi, "value"));
    field("p95", at(kpi, "p95"));
    field("max", at(kpi, "most"));
    field("computed", time(kpi, "computedAt"));
    points("By account", kpi.path("accounts"));
    points("By day", kpi.path("days"));
  }

  private void points(String title, JsonNode points) {
    if (points.isEmpty()) {
      return;
    }
    title(title);
    var table = table().text("OF").number("VALUE", "P95", "MAX", "COUNT", "OF ALL");
    for (var point : points) {
      table.row(
          at(point, "of"),
          at(point, "value"),
          at(point, "p95"),
          at(point, "most"),
          at(point, "hits"),
          at(point, "base"));
    }
    table.print();
  }

  private void orders() {
    var list =
        hub()
            .list(
                "/kpis/" + Hub.segment(figure) + "/orders" + Hub.query("account", account), most());
    if (asJson(list)) {
      return;
    }
    var table = table().text("ORDER", "ACCOUNT", "CAME").number("AMOUNT");
    for (var order : list.path("items")) {
      table.row(at(order, "orderId"), at(order, "account"), time(order, "at"), at(order, "amount"));
    }
    if (!table.isEmpty()) {
      table.print();
    }
    ending(list, "No order stands behind it.", "add --limit.");
  }
}
