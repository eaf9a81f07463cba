package io.serai.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has a channel asked for one of its orders, or told of it, at once. */
final class OrderErrandCommands {
  private OrderErrandCommands() {}

  @Command(
      name = "pull",
      description = "Ask the channel how an order stands there; what is new is applied.",
      footer = {"Example:", "  serai orders pull ord_… --reason 'the buyer says it is paid'"})
  static final class Pull extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "ORDER", description = OrdersCommand.ID_HELP)
    String order;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
    String reason;

    Pull(Session session) {
      super(session);
    }

    @Override
    void run() {
      var one = hub().post("/orders/" + Hub.segment(order) + "/pull", Hub.body("reason", reason));
      if (!asJson(one)) {
        say("'%s' is asked for order '%s'.", at(one, "channel"), at(one, "channelOrderId"));
      }
    }
  }

  @Command(
      name = "send-now",
      description = "Send what an order owes now, not at its next try.",
      footer = {
        "Examples:",
        "  serai orders send-now ord_… --dry-run",
        "  serai orders send-now ord_… --reason 'the shop is back'"
      })
  static final class SendNow extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "ORDER", description = OrdersCommand.ID_HELP)
    String order;

    @Option(names = "--dry-run", description = "Only look at what waits.")
    boolean dryRun;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
    String reason;

    SendNow(Session session) {
      super(session);
    }

    @Override
    void run() {
      var sent =
          hub()
              .post(
                  "/orders/" + Hub.segment(order) + "/send-now",
                  Hub.body("reason", reason, "dryRun", dryRun ? true : null));
      if (asJson(sent)) {
        return;
      }
      var table = table().text("DELIVERY", "TO", "WHAT", dryRun ? "DUE" : "WAS DUE");
      for (var one : sent.path("deliveries")) {
        table.row(at(one, "id"), at(one, "destination"), at(one, "document"), time(one, "dueAt"));
      }
      table.print();
    }
  }
}
