package io.serai.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code serai search}: whatever goes by a key. */
@Command(
    name = "search",
    description = "Find by any key: order, e-mail, SKU, GTIN, tracking, RMA, file, EDI number, id.",
    footer = {
      "A word before the key narrows it: id, order, po, email, sku, gtin, tracking, rma, file, isa, gs, st, message, reference.",
      "",
      "Examples:",
      "  serai search 1Z999AA10123456784",
      "  serai search isa:905"
    })
final class SearchCommand extends OperatorVerb {
  @Parameters(index = "0", paramLabel = "KEY", description = "The key; it is matched whole.")
  String key;

  SearchCommand(Session session) {
    super(session);
  }

  @Override
  void run() {
    var list = hub().get("/search" + Hub.query("q", key));
    if (asJson(list)) {
      return;
    }
    var table = table().text("KIND", "ID", "BY", "ACCOUNT").state("STATE").text("AT", "WHAT");
    for (var hit : list.path("items")) {
      table.row(
          at(hit, "kind"),
          at(hit, "id"),
          at(hit, "by"),
          at(hit, "account"),
          at(hit, "state"),
          time(hit, "at"),
          at(hit, "what"));
    }
    if (!table.isEmpty()) {
      table.print();
    }
    ending(list, "Nothing goes by that key; it is matched whole.", "");
  }
}
