package io.serai.cli;

import java.util.StringJoiner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai channels}, {@code partners} and {@code routes}: who is connected and what runs. */
final class CatalogCommands {
  private CatalogCommands() {}

  /** The noun channels. */
  @Command(
      name = "channels",
      description = "See which channels are connected and how they do.",
      subcommands = {
        Channels.ListChannels.class,
        Channels.ShowChannel.class,
        Channels.Drift.class,
        Channels.HoldChannel.class,
        Channels.ReleaseChannel.class,
        RouteStopCommands.Pause.class,
        RouteStopCommands.Resume.class,
        ChannelTableCommand.class
      })
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
        AccountTables.list(
            this, "/channels", "No channel is configured; add one under serai.channels.");
      }
    }

    @Command(
        name = "drift",
        description = "List what channels and partners began to say that no mapping lists.",
        footer = {"Example:", "  serai channels drift shopify-main"})
    static final class Drift extends ListVerb {
      @Parameters(
          index = "0",
          arity = "0..1",
          paramLabel = "ACCOUNT",
          description = "Only of this channel or partner.")
      String account;

      Drift(Session session) {
        super(session);
      }

      @Override
      void run() {
        var list = hub().list("/drift" + Hub.query("account", account), most());
        if (asJson(list)) {
          return;
        }
        var table =
            table()
                .text("ACCOUNT", "MAPPING", "FIELD", "VALUE")
                .number("TIMES")
                .text("LAST SEEN", "MESSAGE");
        for (var one : list.path("items")) {
          table.row(
              at(one, "account"),
              at(one, "mapping"),
              at(one, "field"),
              at(one, "value"),
              at(one, "count"),
              time(one, "lastSeenAt"),
              at(one, "messageId"));
        }
        if (!table.isEmpty()) {
          table.print();
        }
        ending(list, "Nothing was said that a mapping does not list.", "add --limit.");
      }
    }

    /** A verb about its new orders. */
    abstract static class Holding extends OperatorVerb {
      @Parameters(index = "0", paramLabel = "CHANNEL", description = "Its name.")
      String account;

      @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
      String reason;

      Holding(Session session) {
        super(session);
      }

      final void send(String verb, String said) {
        var channel =
            hub()
                .post("/channels/" + Hub.segment(account) + "/" + verb, Hub.body("reason", reason));
        if (!asJson(channel)) {
          say(said, account);
        }
      }
    }

    @Command(
        name = "hold",
        description = "Hold every order that comes from a channel from now on.",
        footer = {"Example:", "  serai channels hold shopify-main --reason 'prices are wrong'"})
    static final class HoldChannel extends Holding {
      HoldChannel(Session session) {
        super(session);
      }

      @Override
      void run() {
        send("hold", "New orders of '%s' are held from now on.");
      }
    }

    @Command(
        name = "release",
        description = "Hold new orders of a channel no more; those that were held go on.",
        footer = {
          "Example:",
          "  serai channels release shopify-main --reason 'prices are right again'"
        })
    static final class ReleaseChannel extends Holding {
      ReleaseChannel(Session session) {
        super(session);
      }

      @Override
      void run() {
        send("release", "New orders of '%s' are not held any more; those that were go on now.");
      }
    }

    @Command(
        name = "show",
        description =
            "Show one channel: what came and went, what lags, what runs out, and what deserves a look.",
        footer = {"Example:", "  serai channels show shopify-main"})
    static final class ShowChannel extends OperatorVerb {
      @Parameters(index = "0", paramLabel = "ACCOUNT", description = "Its name.")
      String account;

      ShowChannel(Session session) {
        super(session);
      }

      @Override
      void run() {
        AccountTables.show(this, "/channels/" + Hub.segment(account));
      }
    }
  }

  /** The noun partners. */
  @Command(
      name = "partners",
      description = "See which partners are connected and how they do.",
      subcommands = {Partners.ListPartners.class, Partners.ShowPartner.class})
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
        AccountTables.list(
            this, "/partners", "No partner is configured; add one under serai.partners.");
      }
    }

    @Command(
        name = "show",
        description =
            "Show one partner: what came and went, what lags, what runs out, and what deserves a look.",
        footer = {"Example:", "  serai partners show northwind"})
    static final class ShowPartner extends OperatorVerb {
      @Parameters(index = "0", paramLabel = "ACCOUNT", description = "Its name.")
      String account;

      ShowPartner(Session session) {
        super(session);
      }

      @Override
      void run() {
        AccountTables.show(this, "/partners/" + Hub.segment(account));
      }
    }
  }

  /** The noun routes. */
  @Command(
      name = "routes",
      description =
          "See which files of routes, connectors and mappings are in effect, and stop routes.",
      subcommands = {
        Routes.ListRoutes.class,
        RouteStopCommands.Running.class,
        RouteStopCommands.Stop.class,
        RouteStopCommands.Start.class
      })
  static final class Routes {
    @Command(
        name = "list",
        description =
            "List files, whether they work, and the routes that run because of them; what is at fault always.",
        footer = {"Examples:", "  serai routes list", "  serai routes list --all"})
    static final class ListRoutes extends ListVerb {
      ListRoutes(Session session) {
        super(session);
      }

      @Option(names = "--all", description = "Files that run no route of their own, too.")
      boolean all;

      @Override
      void run() {
        var list = hub().list("/routes", json ? most() : 10_000);
        if (asJson(list)) {
          return;
        }
        var table = table().text("FILE").state("STATUS").text("SINCE", "FROM", "ROUTES");
        int shown = 0;
        for (var file : list.path("items")) {
          boolean quiet = file.path("routes").isEmpty() && file.path("faults").isEmpty();
          if (quiet && !all || shown == most()) {
            continue;
          }
          shown++;
          var routes = new StringJoiner(", ");
          file.path("routes").forEach(route -> routes.add(route.asText()));
          table.row(
              at(file, "file"),
              at(file, "status"),
              time(file, "since"),
              file.path("builtIn").asBoolean() ? "built in" : "SERAI_HOME",
              routes.toString());
        }
        if (table.isEmpty()) {
          say("No route runs; 'serai routes list --all' shows every file.");
        } else {
          table.print();
        }
        for (var file : list.path("items")) {
          for (var fault : file.path("faults")) {
            say(Text.line(at(fault, "sentence")));
          }
        }
      }
    }
  }
}
