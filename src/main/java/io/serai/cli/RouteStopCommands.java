package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stops routes and starts them again, one by one or all that take in what comes from a channel. */
final class RouteStopCommands {
  private RouteStopCommands() {}

  private static void print(OperatorVerb verb, Iterable<JsonNode> routes) {
    var table =
        verb.table()
            .text("ROUTE", "DOES")
            .state("STATE")
            .number("IN FLIGHT")
            .text("BY", "SINCE", "WHY");
    for (var route : routes) {
      table.row(
          OperatorVerb.at(route, "id"),
          switch (OperatorVerb.at(route, "kind")) {
            case "IN" -> "takes in";
            case "APPLY" -> "applies";
            case "OUT" -> "sends";
            default -> "is called";
          },
          OperatorVerb.at(route, "state"),
          OperatorVerb.at(route, "inFlight"),
          OperatorVerb.at(route.path("stop"), "by"),
          verb.time(route.path("stop"), "since"),
          OperatorVerb.at(route.path("stop"), "reason"));
    }
    if (table.isEmpty()) {
      verb.say("None.");
    } else {
      table.print();
    }
  }

  @Command(
      name = "running",
      description = "List routes, what each does, what is inside it and why it is stopped.",
      footer = {"Example:", "  serai routes running --stopped"})
  static final class Running extends OperatorVerb {
    @Option(names = "--stopped", description = "Only what people stopped.")
    boolean stopped;

    Running(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list = hub().get("/routes/running" + Hub.query("state", stopped ? "STOPPED" : null));
      if (!asJson(list)) {
        print(this, list.path("items"));
      }
    }
  }

  /** A verb about one route. */
  abstract static class OfRoute extends OperatorVerb {
    @Parameters(
        index = "0",
        paramLabel = "ROUTE",
        description = "Its id, as 'serai routes running' lists it.")
    String route;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
    String reason;

    OfRoute(Session session) {
      super(session);
    }

    final JsonNode send(String verb, boolean dryRun) {
      return hub()
          .post(
              "/routes/" + Hub.segment(route) + "/" + verb,
              Hub.body("reason", reason, "dryRun", dryRun ? true : null));
    }
  }

  @Command(
      name = "stop",
      description = "Let nothing more into a route until it is started; what is inside comes out.",
      footer = {
        "Examples:",
        "  serai routes stop shopify-orders-in@shopify-main --dry-run",
        "  serai routes stop shopify-orders-in@shopify-main --reason 'prices are wrong'"
      })
  static final class Stop extends OfRoute {
    @Option(names = "--dry-run", description = "Only look at what is inside.")
    boolean dryRun;

    Stop(Session session) {
      super(session);
    }

    @Override
    void run() {
      var one = send("stop", dryRun);
      if (asJson(one)) {
        return;
      }
      say(
          dryRun
              ? "Route '%s' would be stopped; %s inside it would come out. Nothing is stopped yet."
              : "Route '%s' is stopped; %s inside it come out.",
          route,
          at(one, "inFlight"));
    }
  }

  @Command(
      name = "start",
      description = "Start a route that was stopped.",
      footer = {
        "Example:",
        "  serai routes start shopify-orders-in@shopify-main --reason 'prices are right again'"
      })
  static final class Start extends OfRoute {
    Start(Session session) {
      super(session);
    }

    @Override
    void run() {
      var one = send("start", false);
      if (!asJson(one)) {
        say("Route '%s' runs again.", route);
      }
    }
  }

  /** A verb about what a channel's routes take in. */
  abstract static class OfChannel extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "CHANNEL", description = "Its name.")
    String account;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
    String reason;

    OfChannel(Session session) {
      super(session);
    }

    final void send(String verb, boolean dryRun) {
      var list =
          hub()
              .post(
                  "/channels/" + Hub.segment(account) + "/" + verb,
                  Hub.body("reason", reason, "dryRun", dryRun ? true : null));
      if (!asJson(list)) {
        print(this, list.path("items"));
      }
    }
  }

  @Command(
      name = "pause",
      description =
          "Stop every route that takes in what comes from a channel; what is owed to it is sent all the same.",
      footer = {
        "Examples:",
        "  serai channels pause shopify-main --dry-run",
        "  serai channels pause shopify-main --reason 'prices are wrong'"
      })
  static final class Pause extends OfChannel {
    @Option(names = "--dry-run", description = "Only look at the routes and what is inside.")
    boolean dryRun;

    Pause(Session session) {
      super(session);
    }

    @Override
    void run() {
      send("pause", dryRun);
    }
  }

  @Command(
      name = "resume",
      description = "Start every route that takes in what comes from a channel.",
      footer = {
        "Example:",
        "  serai channels resume shopify-main --reason 'prices are right again'"
      })
  static final class Resume extends OfChannel {
    Resume(Session session) {
      super(session);
    }

    @Override
    void run() {
      send("resume", false);
    }
  }
}
