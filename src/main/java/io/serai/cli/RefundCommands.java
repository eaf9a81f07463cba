package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai orders refund}, and the money of an order as {@code show} prints it. */
final class RefundCommands {
  private RefundCommands() {}

  @Command(
      name = "refund",
      description = "Give money back to the buyer; the channel is asked to, once.",
      footer = {
        "Examples:",
        "  serai orders refund ord_… --line 1001-1=1 --reason 'it arrived broken'",
        "  serai orders refund ord_… --amount 5.00 --reason 'it came late'"
      })
  static final class Refund extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "ORDER", description = OrdersCommand.ID_HELP)
    String order;

    @Option(
        names = "--line",
        paramLabel = "LINE=UNITS",
        description = "What so many units of a line cost; may be repeated.")
    Map<String, Integer> lines;

    @Option(
        names = "--amount",
        paramLabel = "AMOUNT",
        description = "So much, in the currency of the order; what the lines cost when absent.")
    String amount;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
    String reason;

    Refund(Session session) {
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
      var asked =
          hub()
              .postOnce(
                  "/orders/" + Hub.segment(order) + "/refunds",
                  Hub.body("reason", reason, "lines", parts, "amount", amount));
      if (!asJson(asked)) {
        say(
            switch (at(asked, "state")) {
              case "REQUESTED" -> "The channel is asked to give back %s %s (%s).";
              case "PROPOSED" -> "A second person has to approve that %s %s are given back (%s).";
              default -> "Give back %s %s in the channel: its connector cannot (%s).";
            },
            at(asked, "amount"),
            at(asked, "currency"),
            at(asked, "id"));
      }
    }
  }

  /** What was taken and given back, in one line; null when nobody says. */
  static String summary(JsonNode order) {
    var money = order.path("money");
    if (OperatorVerb.at(money, "captured") == null) {
      return null;
    }
    var parts = new ArrayList<String>();
    parts.add(OperatorVerb.at(money, "captured") + " taken");
    parts.add(OperatorVerb.at(money, "refunded") + " given back");
    if (new BigDecimal(OperatorVerb.at(money, "asked")).signum() > 0) {
      parts.add(OperatorVerb.at(money, "asked") + " to be given back");
    }
    parts.add(OperatorVerb.at(money, "kept") + " sent or to be sent and kept");
    return String.join(", ", parts);
  }

  /** Each movement of the money of an order. */
  static void rows(JsonNode order, Table table) {
    var money = order.path("money");
    for (var capture : money.path("captures")) {
      table.row(
          OperatorVerb.at(capture, "key"),
          "taken",
          OperatorVerb.at(capture, "amount"),
          OperatorVerb.at(capture, "state"),
          OperatorVerb.at(capture, "answer"));
    }
    for (var request : money.path("requests")) {
      table.row(
          OperatorVerb.at(request, "id"),
          "to give back",
          OperatorVerb.at(request, "amount"),
          OperatorVerb.at(request, "state"),
          OperatorVerb.at(request, "answer") == null
              ? OperatorVerb.at(request, "reason")
              : OperatorVerb.at(request, "answer"));
    }
    for (var refund : money.path("refunds")) {
      table.row(
          OperatorVerb.at(refund, "refundId"),
          "given back",
          OperatorVerb.at(refund, "amount") == null
              ? OperatorVerb.at(refund, "told")
              : OperatorVerb.at(refund, "amount"),
          null,
          OperatorVerb.at(refund, "requestId"));
    }
  }
}
