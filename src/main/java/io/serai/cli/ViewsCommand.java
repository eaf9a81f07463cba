package io.serai.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai views}: pages of the console with their filters, under names. */
@Command(
    name = "views",
    description = "Keep pages of the console with their filters under names.",
    subcommands = {
      ViewsCommand.ListViews.class,
      ViewsCommand.Save.class,
      ViewsCommand.Delete.class
    })
final class ViewsCommand {
  @Command(
      name = "list",
      description = "List your views and those that are shared, by name.",
      footer = {"Example:", "  serai views list"})
  static final class ListViews extends OperatorVerb {
    ListViews(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list = hub().get("/views");
      if (asJson(list)) {
        return;
      }
      var table = table().text("VIEW", "NAME", "PAGE", "SHARED", "SAVED BY");
      for (var one : list.path("items")) {
        table.row(
            at(one, "id"),
            at(one, "name"),
            at(one, "address"),
            one.path("shared").asBoolean() ? "yes" : "no",
            at(one, "savedBy"));
      }
      if (table.isEmpty()) {
        say("Nobody saved any.");
      } else {
        table.print();
      }
    }
  }

  @Command(
      name = "save",
      description = "Keep a page with its filter; your view of the same name is replaced.",
      footer = {
        "Example:",
        "  serai views save 'Shopify, older than 2 h' '/console/dead-letters/list?q=channel:shopify-main+age:>2h' --shared"
      })
  static final class Save extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "NAME", description = "What it is called.")
    String name;

    @Parameters(
        index = "1",
        paramLabel = "PAGE",
        description = "What stands behind the host in the browser's address (/console/…).")
    String address;

    @Option(names = "--shared", description = "Everybody sees it.")
    boolean shared;

    Save(Session session) {
      super(session);
    }

    @Override
    void run() {
      var one =
          hub()
              .post(
                  "/views",
                  Hub.body(
                      "name",
                      name,
                      "address",
                      address.replace(">", "%3E").replace("<", "%3C").replace(" ", "+"),
                      "shared",
                      shared ? true : null));
      if (!asJson(one)) {
        say("%s: '%s' is saved%s.", at(one, "id"), name, shared ? " for everybody" : "");
      }
    }
  }

  @Command(
      name = "delete",
      description = "Delete a view.",
      footer = {"Example:", "  serai views delete view_3"})
  static final class Delete extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "VIEW", description = "The view's id (view_…).")
    String id;

    Delete(Session session) {
      super(session);
    }

    @Override
    void run() {
      var one = hub().delete("/views/" + Hub.segment(id));
      if (!asJson(one)) {
        say("%s: '%s' is deleted.", id, at(one, "name"));
      }
    }
  }
}
