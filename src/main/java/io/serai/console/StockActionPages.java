package io.serai.console;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.api.Problem;
import io.serai.api.StockApi;
import io.serai.api.StockBuffersApi;
import io.serai.api.StockChangesApi;
import io.serai.hub.StockChange;
import io.serai.hub.StockChange.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** What a person does to the stock of an article: first what it would come to, then the deed. */
@Controller
final class StockActionPages {
  private static final Map<String, Kind> VERBS =
      Map.of(
          "adjust", Kind.ADJUST,
          "count", Kind.COUNT,
          "receive", Kind.RECEIVE,
          "move", Kind.MOVE,
          "freeze", Kind.FREEZE,
          "unfreeze", Kind.UNFREEZE);

  private final StockApi stock;
  private final StockChangesApi changes;
  private final StockBuffersApi buffers;

  StockActionPages(StockApi stock, StockChangesApi changes, StockBuffersApi buffers) {
    this.stock = stock;
    this.changes = changes;
    this.buffers = buffers;
  }

  /** A change as the form has it. */
  record Wish(
      String verb,
      String sku,
      String node,
      String quantity,
      String from,
      String to,
      String reason) {
    Kind kind() {
      var kind = VERBS.get(verb);
      if (kind == null) {
        throw Problem.badRequest(
            "'%s' is nothing that is done to stock.".formatted(Show.cut(verb, 20)));
      }
      return kind;
    }

    boolean counted() {
      return kind() != Kind.FREEZE && kind() != Kind.UNFREEZE;
    }

    private int units() {
      var typed = quantity == null ? "" : quantity.strip().replace(",", "");
      if (!typed.matches("[+-]?[0-9]{1,9}")) {
        throw Problem.badRequest(
            "'%s' is no number of units; type a whole number.".formatted(Show.cut(typed, 20)));
      }
      return Integer.parseInt(typed);
    }

    private ObjectNode body() {
      var body = JsonNodeFactory.instance.objectNode().put("node", node);
      body.put("reason", MessagePages.reason(reason));
      var row = body.putArray("rows").addObject().put("sku", sku);
      if (counted()) {
        row.put("quantity", units());
      }
      if (kind() == Kind.MOVE) {
        row.put("from", from).put("to", to);
      }
      return body;
    }

    /** The same for a terminal. */
    String command() {
      return "./serai stock %s --node %s%s --reason %s %s"
          .formatted(
              verb,
              Show.quoted(node),
              kind() == Kind.MOVE
                  ? " --from %s --to %s"
                      .formatted(from.toLowerCase(Locale.ROOT), to.toLowerCase(Locale.ROOT))
                  : "",
              Show.quoted(reason),
              Show.quoted(counted() ? sku + "=" + units() : sku));
    }
  }

  private static String item(String sku) {
    return "/console/stock/item?sku=" + Show.part(sku);
  }

  @PostMapping("/stock/plan")
  @Allows(Role.OPERATOR)
  View plan(
      Visit visit,
      Caller caller,
      @RequestParam String verb,
      @RequestParam String sku,
      @RequestParam String node,
      @RequestParam(required = false) String quantity,
      @RequestParam(required = false) String from,
      @RequestParam(required = false) String to,
      @RequestParam(required = false) String reason) {
    var wish = new Wish(verb, sku, node, quantity, from, to, reason);
    try {
      var would = changes.change(wish.kind(), wish.body().put("dryRun", true), caller);
      var parts = new HashMap<String, Object>();
      parts.put("wish", wish);
      parts.put("would", would.done().getFirst());
      parts.put("told", told(sku));
      parts.put("mark", Form.mark());
      return visit.page(visit.frame(sku, "stock"), "stock-confirm", parts);
    } catch (Problem refused) {
      if (refused.status() >= 500) {
        throw refused;
      }
      return visit.to(item(sku), Notice.refused(refused.getMessage()));
    }
  }

  private List<String> told(String sku) {
    try {
      return stock.get(sku).publications().stream()
          .map(
              publication ->
                  publication.shown() == null
                      ? publication.channel()
                      : "%s, which shows %s"
                          .formatted(publication.channel(), Show.n(publication.shown())))
          .distinct()
          .toList();
    } catch (Problem unknown) {
      return List.of(); // it is received or counted for the first time
    }
  }

  @PostMapping("/stock/change")
  @Allows(Role.OPERATOR)
  View change(
      Visit visit,
      Caller caller,
      @RequestParam String verb,
      @RequestParam String sku,
      @RequestParam String node,
      @RequestParam(required = false) String quantity,
      @RequestParam(required = false) String from,
      @RequestParam(required = false) String to,
      @RequestParam(required = false) String reason,
      @RequestParam(required = false) Integer onHand,
      @RequestParam(required = false) Integer available,
      @RequestParam(required = false) String mark) {
    var wish = new Wish(verb, sku, node, quantity, from, to, reason);
    return visit.act(
        item(sku),
        () -> {
          var body = wish.body();
          if (Form.given(mark) != null) {
            body.put("reference", "console-" + mark.strip());
          }
          unchanged(wish, body.deepCopy().put("dryRun", true), onHand, available, caller);
          var result = changes.change(wish.kind(), body, caller);
          if (result.repeated()) {
            return "It was done before; nothing was done again.";
          }
          var done = result.done().getFirst();
          return "'%s' at '%s': %s on hand (%s before), %s may be sold (%s before).%s"
              .formatted(
                  sku,
                  node,
                  Show.n(done.onHand()),
                  Show.n(done.onHandBefore()),
                  Show.n(done.available()),
                  Show.n(done.availableBefore()),
                  done.missing() == 0
                      ? ""
                      : " %s missing; their promises move elsewhere."
                          .formatted(Show.n(done.missing(), "unit is", "units are")));
        });
  }

  // What was shown has to be what is: between this look and the deed only the engine may be faster.
  private void unchanged(
      Wish wish, ObjectNode dry, Integer onHand, Integer available, Caller caller) {
    if (onHand == null || available == null) {
      throw Problem.badRequest("It was not looked at first; choose it on the article's page.");
    }
    StockChange.Done now;
    try {
      var look = changes.change(wish.kind(), dry, caller);
      if (look.repeated()) {
        return; // the engine says that it was done before
      }
      now = look.done().getFirst();
    } catch (Problem refused) {
      return; // the engine says why, or that it was done before
    }
    if ((wish.kind() == Kind.ADJUST || wish.kind() == Kind.COUNT)
        && (now.onHandBefore() != onHand || now.availableBefore() != available)) {
      throw Problem.badRequest(
          "The stock of '%s' at '%s' has changed since it was looked at (%d on hand then, %d now). If you sent this before, it may be done: look at its movements, then plan it again."
              .formatted(wish.sku(), wish.node(), onHand, now.onHandBefore()));
    }
  }

  @PostMapping("/stock/buffer")
  @Allows(Role.OPERATOR)
  View buffer(
      Visit visit,
      Caller caller,
      @RequestParam String sku,
      @RequestParam(required = false) String node,
      @RequestParam(required = false) String channel,
      @RequestParam String kept,
      @RequestParam(required = false) String units,
      @RequestParam(required = false) String reason) {
    return visit.act(
        item(sku),
        () -> {
          var body = JsonNodeFactory.instance.objectNode().put("sku", sku);
          body.put("reason", MessagePages.reason(reason));
          var where = new ArrayList<String>();
          if (Form.given(node) != null) {
            body.put("node", node.strip());
            where.add("at '%s'".formatted(node.strip()));
          }
          if (Form.given(channel) != null) {
            body.put("channel", channel.strip());
            where.add("from '%s'".formatted(channel.strip()));
          }
          var before = stock.get(sku).available();
          var done =
              switch (kept) {
                case "none" -> {
                  body.putNull("units");
                  yield "Nothing of it is kept back %s by itself any more";
                }
                case "all" -> {
                  body.put("percent", 100);
                  yield "All of it is kept back %s";
                }
                default -> {
                  body.put("units", number(units));
                  yield Show.n(number(units), "unit is", "units are") + " kept back %s";
                }
              };
          buffers.put(body, caller);
          return (done + ". %s may be sold (%s before).")
              .formatted(
                  where.isEmpty() ? "everywhere" : String.join(" ", where),
                  Show.n(stock.get(sku).available()),
                  Show.n(before));
        });
  }

  private static int number(String units) {
    var typed = units == null ? "" : units.strip().replace(",", "");
    if (!typed.matches("[0-9]{1,9}")) {
      throw Problem.badRequest(
          "'%s' is no number of units; type a whole number.".formatted(Show.cut(typed, 20)));
    }
    return Integer.parseInt(typed);
  }
}
