package io.serai.cli;

import picocli.CommandLine.Command;

/** {@code serai channels}, {@code partners} and {@code routes}: who is connected and what runs. */
final class CatalogCommands {
  private CatalogCommands() {}

  /** The noun channels. */
  @Command(
      name = "channels",
      description = "See which channels are connected and how they do.",
      subcommands = Channels.ListChannels.class)
  static final class Channels {
    @Command(
        name = "list",
        description = "List channels.",
        footer = {"Example:", "  serai channels list"})
    static final class ListChannels extends ListVerb {
      ListChannels(Session session) {
        super(session);
      }

      @Override
      void run() {
        accounts(this, "/channels", "No channel is configured; add one under serai.channels.");
      }
    }
  }

  /** The noun partners. */
  @Command(
      name = "partners",
      description = "See which partners are connected and how they do.",
      subcommands = Partners.ListPartners.class)
  static final class Partners {
    @Command(
        name = "list",
        description = "List partners.",
        footer = {"Example:", "  serai partners list"})
    static final class ListPartners extends ListVerb {
      ListPartners(Session session) {
        super(session);
      }

      @Override
      void run() {
        accounts(this, "/partners", "No partner is configured; add one under serai.partners.");
      }
    }
  }

  private static void accounts(ListVerb verb, String path, String empty) {
    var list = verb.hub().list(path, verb.most());
    if (verb.asJson(list)) {
      return;
    }
    var table =
        verb.table()
            .text("NAME", "CONNECTOR")
            .state("STATE")
            .number("ROUTES", "STOPPED")
            .text("LAST IN", "LAST OUT", "REMARK");
    for (var account : list.path("items")) {
      table.row(
          OperatorVerb.at(account, "name"),
          OperatorVerb.at(account, "connector"),
          OperatorVerb.at(account, "state"),
          account.path("routes").size(),
          OperatorVerb.at(account, "stopped"),
          verb.time(account, "lastReceivedAt"),
          verb.time(account, "lastSentAt"),
          OperatorVerb.at(account, "remark"));
    }
    if (!table.isEmpty()) {
      table.print();
    }
    verb.ending(list, empty, "add --limit.");
  }

  /** The noun routes. */
  @Command(
      name = "routes",
      description = "See which files of routes, connectors and mappings are in effect.",
      subcommands = Routes.ListRoutes.class)
  static final class Routes {
    @Command(
        name = "list",
        description = "List files, whether they work, and the routes that run because of them.",
        footer = {"Example:", "  serai routes list"})
    static final class ListRoutes extends ListVerb {
      ListRoutes(Session session) {
        super(session);
      }

      @Override
      void run() {
        var list = hub().list("/routes", most());
        if (asJson(list)) {
          return;
        }
        var table = table().text("FILE").state("STATUS").number("ROUTES").text("SINCE", "FROM");
        for (var file : list.path("items")) {
          table.row(
              at(file, "file"),
              at(file, "status"),
              file.path("routes").size(),
              time(file, "since"),
              file.path("builtIn").asBoolean() ? "built in" : "SERAI_HOME");
        }
        if (!table.isEmpty()) {
          table.print();
        }
        for (var file : list.path("items")) {
          for (var fault : file.path("faults")) {
            say(Text.line(at(fault, "sentence")));
          }
        }
        ending(list, "No file of routes is known.", "add --limit.");
      }
    }
  }
}
