package io.serai.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.hub.Edit.Kind;
import io.serai.hub.Edit.Part;
import io.serai.order.HoldKind;
import io.serai.order.Order;
import io.serai.order.OrderState;
import io.serai.order.OrderType;
import io.serai.support.Ids;
import io.serai.support.Json;
import io.serai.support.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What is wanted otherwise of an order after it was placed: more of a line, another line, another
 * article, another address. What is wanted less is a cancellation and no business of this.
 *
 * <p>Guarantee: an edit that comes when it cannot be done any more changes nothing of what is sent;
 * it is kept with its reason, and whoever wanted it hears it or a person is asked to tell. What the
 * channel states again is not refused again, and what a person changed here is not undone by a
 * channel that does not know of it. Gap: once the channel says something else of the same line, the
 * channel counts.
 */
final class Edits {
  /** How the ids of lines begin that a person added: the channel does not know them. */
  static final String OURS = "serai-";

  private static final int MOST = 50;

  private final Book book;
  private final Fulfilling fulfilling;

  Edits(Book book, Fulfilling fulfilling) {
    this.book = book;
    this.fulfilling = fulfilling;
  }

  /**
   * An order as it may be.
   *
   * @param edit what of it is new, or null
   * @param refusal why a person does not get it, or null
   */
  record Judged(Order order, Application cause, Edit edit, String refusal) {}

  /** What of a new state may be done: the rest of it is as before. */
  Judged judge(WorkingOrder known, Order order, Application cause, EditClaim claim) {
    if (known.document == null
        || !"MERCHANT".equals(known.fulfilledBy)
        || order.orderType() == OrderType.POS_SALE
        || order.cancelledAt() != null) {
      return new Judged(order, cause, null, null);
    }
    var document = cause.json();
    if (claim.by() == EditClaim.By.STATE && known.edits.stream().anyMatch(Edits::stands)) {
      document = restored(known, document);
    }
    var asked = differences(known, document);
    var parts = new ArrayList<Part>();
    String reason = null;
    for (var part : asked) {
      var why = refusal(known, part, claim);
      if (why != null && claim.by() == EditClaim.By.PERSON) {
        return new Judged(
            order,
            cause,
            null,
            "Order '%s' cannot be changed (%s): %s."
                .formatted(known.shown(), words(known, document, List.of(part)), why));
      }
      if (why != null) {
        reason = reason == null ? why : reason;
        var says = claim.by() == EditClaim.By.STATE && known.cancelledAt == null;
        parts.add(part.refused(says ? part.after() : null));
      } else {
        parts.add(claim.by() == EditClaim.By.PERSON ? part.saying(said(known, part)) : part);
      }
    }
    if (claim.by() == EditClaim.By.PERSON) {
      parts.forEach(part -> forget(known, part));
    }
    if (!parts.isEmpty()) {
      tell(known, document, parts, reason, claim, cause);
    }
    for (var part : parts) {
      // Whatever the channel says of a cancelled order is cancelled.
      if (!part.accepted() && known.cancelledAt == null) {
        document = asBefore(known, document, part);
      }
    }
    var edit = parts.isEmpty() ? null : begun(known, parts, reason, claim, cause);
    if (edit != null && FormerAddresses.changes(edit)) {
      FormerAddresses.keep(book, known);
    }
    if (claim.by() == EditClaim.By.STATE) {
      standing(known, cause.json(), cause);
    }
    return document == cause.json()
        ? new Judged(order, cause, edit, null)
        : new Judged(
            Json.as(document, Order.class),
            new Application(
                cause.document(),
                document,
                Json.text(document),
                cause.message(),
                cause.actor(),
                cause.deed(),
                cause.done()),
            edit,
            null);
  }

  // What the channel was refused, or does not know, and still says the same of, is as before.
  private static JsonNode restored(WorkingOrder known, JsonNode stated) {
    var document = stated;
    for (var edit : List.copyOf(known.edits)) {
      for (var part : edit.parts()) {
        if (part.said() == null) {
          continue;
        }
        if (part.said().equals(value(document, part))) {
          document = asBefore(known, document, part);
        } else {
          forget(known, part);
        }
      }
    }
    return document;
  }

  /** What a state wants otherwise than the order is. */
  private List<Part> differences(WorkingOrder known, JsonNode document) {
    var parts = new ArrayList<Part>();
    for (var line : document.path("lines")) {
      var id = line.path("lineId").asText();
      var had = line(known.document, id);
      var before = had == null ? 0 : wanted(had);
      var after = wanted(line);
      if (after > before && goods(line)) {
        parts.add(part(Kind.QUANTITY, id, String.valueOf(before), String.valueOf(after)));
      }
      var code = had == null ? "" : had.path("sku").asText("");
      var other = line.path("sku").asText("");
      if (before > 0
          && after > 0
          && !code.isEmpty()
          && !other.isEmpty()
          && !code.equals(other)
          && known.open(HoldKind.UNMAPPED, null) == null) {
        parts.add(part(Kind.ITEM, id, code, other));
      }
    }
    if (known.document.path("shipTo").equals(document.path("shipTo"))) {
      return parts;
    }
    var before = digest(known.document);
    var after = digest(document);
    if (before != null && after != null && !before.equals(after)) {
      parts.add(part(Kind.ADDRESS, null, before, after));
    }
    return parts;
  }

  private static Part part(Kind kind, String lineId, String before, String after) {
    return new Part(kind, lineId, before, after, true, null);
  }

  /** Why a part cannot be done, to be read after a colon, or null. */
  private String refusal(WorkingOrder order, Part part, EditClaim claim) {
    if (order.cancelledAt != null) {
      return "it is cancelled";
    }
    if (!claim.afterLeft()
        && !order.hasGoodsToSend()
        && order.lines.stream().anyMatch(l -> l.goods() && l.shipped > 0)) {
      return order.state() == OrderState.DELIVERED || order.state() == OrderState.CLOSED
          ? "it is delivered"
          : "all of it has left";
    }
    // The hub itself asks for another address then.
    var wrong = part.kind() == Kind.ADDRESS && order.open(HoldKind.ADDRESS, null) != null;
    var locked = claim.afterLock() || wrong ? null : lockedSince(order);
    if (locked != null) {
      return "its time to be changed ended at " + locked;
    }
    return switch (part.kind()) {
      case QUANTITY -> null;
      case ITEM -> ofItem(order, part);
      case ADDRESS -> ofAddress(order);
    };
  }

  private String ofItem(WorkingOrder order, Part part) {
    var line = order.lines.stream().filter(l -> l.lineId.equals(part.lineId())).findFirst();
    if (line.isEmpty()) {
      return null;
    }
    var parts = book.items.meaning(order.account, part.after());
    var becomesSet = parts.size() > 1 || parts.size() == 1 && parts.getFirst().quantity() > 1;
    if (line.get().isSet() || becomesSet && line.get().placed() + line.get().backordered > 0) {
      return "a set is not exchanged for something else; cancel its line and add another";
    }
    if (line.get().shipped > 0) {
      return "%d unit(s) of the line have left".formatted(line.get().shipped);
    }
    return cannotStop(order, line.get());
  }

  private String ofAddress(WorkingOrder order) {
    return cannotStop(order, null);
  }

  private String cannotStop(WorkingOrder order, WorkingOrder.Line only) {
    for (var fulfillment : order.fulfillments) {
      var has =
          fulfillment.live()
              && fulfillment.reserved.stream()
                  .anyMatch(r -> r.open() > 0 && (only == null || r.line == only));
      var why =
          has
                  && !"CANCEL_REQUESTED".equals(fulfillment.state)
                  && !fulfilling.mayBeWithdrawn(order, fulfillment)
              ? fulfilling.cannotStop(order, fulfillment)
              : null;
      if (why != null) {
        return why.endsWith(".") ? why.substring(0, why.length() - 1) : why;
      }
    }
    return null;
  }

  /** When the time to change an order ended, or null while it lasts or where there is none. */
  private Instant lockedSince(WorkingOrder order) {
    var account = book.topology.accounts().get(order.account);
    var window = account == null ? null : account.holds().editWindow();
    if (window == null || window.isZero()) {
      return null;
    }
    WorkingOrder.Hold last = null;
    for (var hold : order.holds) {
      last = hold.kind == HoldKind.EDIT_WINDOW ? hold : last;
    }
    if (last != null && !last.open()) {
      return last.dueAt == null || last.releasedAt.isBefore(last.dueAt)
          ? last.releasedAt
          : last.dueAt;
    }
    var until = order.placedAt == null ? null : order.placedAt.plus(window);
    return until == null || until.isAfter(book.now) ? null : until;
  }

  private void tell(
      WorkingOrder order,
      JsonNode document,
      List<Part> parts,
      String reason,
      EditClaim claim,
      Application cause) {
    var done = parts.stream().filter(Part::accepted).toList();
    if (!done.isEmpty()) {
      book.event(
          order,
          "change.accepted",
          "Order '%s' is changed%s: %s.%s"
              .formatted(
                  order.shown(),
                  claim.by() == EditClaim.By.PERSON ? " here" : "",
                  words(order, document, done),
                  claim.by() == EditClaim.By.PERSON
                      ? " '%s' has no way to hear of it: tell the buyer.".formatted(order.account)
                      : ""),
          cause);
    }
    var not = parts.stream().filter(p -> !p.accepted()).toList();
    if (!not.isEmpty()) {
      book.event(
          order,
          "change.refused",
          "Order '%s' stays as it is, though '%s' wants %s: %s."
              .formatted(order.shown(), order.account, words(order, document, not), reason),
          cause);
    }
  }

  private Edit begun(
      WorkingOrder order, List<Part> parts, String reason, EditClaim claim, Application cause) {
    var accepted = parts.stream().filter(Part::accepted).count();
    var edit =
        new Edit(
            order.edits.isEmpty() ? 1 : order.edits.getLast().no() + 1,
            claim.key(),
            claim.by() == EditClaim.By.PERSON ? cause.actor() : null,
            book.now,
            accepted == parts.size()
                ? Edit.State.DONE
                : accepted == 0 ? Edit.State.REFUSED : Edit.State.PARTLY,
            reason,
            parts,
            null,
            null);
    order.edits.add(edit);
    order.editsChanged = true;
    order.changed = true;
    if (order.edits.size() > MOST) {
      order.edits.stream()
          .filter(e -> e.state() != Edit.State.ASKED && !stands(e))
          .findFirst()
          .ifPresent(order.edits::remove);
    }
    return edit;
  }

  // As long as a channel says what is not done, a person has to know; some channels can be told.
  private void standing(WorkingOrder order, JsonNode stated, Application cause) {
    var refused =
        order.edits.stream()
            .flatMap(e -> e.parts().stream())
            .filter(p -> !p.accepted() && p.said() != null)
            .toList();
    if (refused.isEmpty()) {
      if (order.lift(h -> h.kind == HoldKind.EDIT, book.now, null, null)) {
        book.event(
            order,
            "order.released",
            "'%s' says of order '%s' what is done.".formatted(order.account, order.shown()),
            cause);
      }
      return;
    }
    var last =
        order.edits.stream()
            .filter(e -> e.parts().stream().anyMatch(p -> !p.accepted() && p.said() != null))
            .reduce((one, newer) -> newer)
            .orElseThrow();
    var sentence =
        "'%s' wants %s of order '%s', and it goes as it was before: %s. Tell the channel and the buyer, or change the order by hand."
            .formatted(order.account, words(order, stated, refused), order.shown(), last.reason());
    if (!order.releasedByHand(HoldKind.EDIT, sentence)) {
      order.place(
          HoldKind.EDIT, sentence, null, book.now.plus(HoldKind.EDIT.due()), book.now, null);
    }
  }

  /** Asks the nodes that have something of an order to send it elsewhere. */
  void readdress(WorkingOrder order, Edit edit, Application cause) {
    if (edit != null && FormerAddresses.changes(edit)) {
      // What did not change is asked of its node again, whatever the channel calls it.
      new Sets(book).expand(order);
      for (var fulfillment : List.copyOf(order.fulfillments)) {
        if (fulfillment.live() && fulfillment.open() > 0) {
          fulfilling.readdress(order, fulfillment, cause);
        }
      }
    }
  }

  /** Notes which nodes have to say whether they do what is wanted otherwise. */
  void await(WorkingOrder order, Edit edit) {
    if (edit == null || edit.parts().stream().noneMatch(Part::accepted)) {
      return;
    }
    var everywhere = FormerAddresses.changes(edit);
    var asked =
        order.fulfillments.stream()
            .filter(f -> f.answerDueAt != null)
            .filter(
                f ->
                    everywhere
                        || f.reserved.stream()
                            .anyMatch(
                                r ->
                                    r.open() > 0
                                        && !r.sku.equals(r.line.sku)
                                        && edit.parts().stream()
                                            .anyMatch(p -> r.line.lineId.equals(p.lineId()))))
            .map(f -> Ids.text("ful", f.id))
            .toList();
    if (!asked.isEmpty()) {
      replace(
          order,
          edit,
          new Edit(
              edit.no(),
              edit.key(),
              edit.actor(),
              edit.askedAt(),
              Edit.State.ASKED,
              edit.reason(),
              edit.parts(),
              asked,
              edit.refusedBy()));
    }
  }

  /** A node said whether it does it so. */
  private void answered(WorkingOrder order, String fulfillment, boolean yes) {
    for (var edit : List.copyOf(order.edits)) {
      if (edit.awaits().contains(fulfillment)) {
        var awaits = edit.awaits().stream().filter(f -> !f.equals(fulfillment)).toList();
        var refused = new ArrayList<>(edit.refusedBy());
        if (!yes && !refused.contains(fulfillment)) {
          refused.add(fulfillment);
        }
        replace(order, edit, edit.awaiting(awaits, refused));
      }
    }
  }

  /** Ends the edits of which every node has spoken by now. */
  void decide(WorkingOrder order, Application cause) {
    for (var edit : List.copyOf(order.edits)) {
      if (edit.state() == Edit.State.ASKED) {
        var left = FormerAddresses.left(book, edit);
        if (!left.equals(edit)) {
          replace(order, edit, left);
        }
        for (var id : edit.awaits()) {
          var fulfillment = find(order, id);
          if (fulfillment.answerDueAt == null) {
            answered(
                order,
                id,
                !fulfillment.live()
                    && !"SHIPPED".equals(fulfillment.state)
                    && !leftAsItWas(edit, fulfillment));
          }
        }
        var now = order.edits.stream().filter(e -> e.no() == edit.no()).findFirst().orElseThrow();
        if (now.awaits().isEmpty()) {
          end(order, now, cause);
        }
      }
    }
  }

  // Some of it left as another article than the one that is wanted.
  private static boolean leftAsItWas(Edit edit, WorkingOrder.Fulfillment fulfillment) {
    return fulfillment.reserved.stream()
        .filter(r -> r.shipped > 0 && !r.sku.equals(r.line.sku))
        .anyMatch(
            r ->
                edit.parts().stream()
                    .anyMatch(
                        p ->
                            p.accepted()
                                && p.kind() == Kind.ITEM
                                && r.line.lineId.equals(p.lineId())));
  }

  private void end(WorkingOrder order, Edit edit, Application cause) {
    var all = edit.parts().stream().allMatch(Part::accepted);
    if (edit.refusedBy().isEmpty()) {
      replace(
          order,
          edit,
          edit.ended(all ? Edit.State.DONE : Edit.State.PARTLY, edit.reason(), edit.parts()));
      book.event(
          order,
          "change.done",
          "Whoever has order '%s' sends it as it was changed: %s."
              .formatted(order.shown(), words(order, null, accepted(edit))),
          cause);
      return;
    }
    var who =
        edit.refusedBy().stream()
            .map(id -> "'" + find(order, id).partnerOrNode() + "'")
            .distinct()
            .collect(Collectors.joining(", "));
    var parts = new ArrayList<Part>();
    for (var part : edit.parts()) {
      var says = edit.actor() == null && edit.key() == null ? part.after() : null;
      parts.add(
          !part.accepted() || part.kind() == Kind.QUANTITY
              ? part
              : part.kind() == Kind.ITEM
                  ? kept(order, part, says)
                  : FormerAddresses.settled(book, order, edit, part, says));
    }
    var partly = parts.stream().anyMatch(p -> p.accepted() && p.kind() == Kind.ADDRESS);
    var sentence =
        (partly
                ? "Too late for a part: %s sends some of order '%s' as it was before it was changed (%s). Have that parcel stopped or sent on, and tell the buyer."
                : "Too late: %s sends order '%s' as it was before it was changed (%s). Have the parcel stopped or sent on, and tell the buyer.")
            .formatted(who, order.shown(), words(order, null, accepted(edit)));
    replace(
        order,
        edit,
        partly
            ? edit.ended(Edit.State.PARTLY, who + " sends a part of it as it was", parts)
            : edit.ended(Edit.State.REFUSED, who + " sends it as it was", parts));
    book.event(order, "change.refused", sentence, cause);
    order.place(
        HoldKind.TOO_LATE, sentence, null, book.now.plus(HoldKind.TOO_LATE.due()), book.now, null);
  }

  // The article is the one that leaves, unless another node let go of it.
  private Part kept(WorkingOrder order, Part part, String channelSays) {
    var line = order.lines.stream().filter(l -> l.lineId.equals(part.lineId())).findFirst();
    var sent =
        order.fulfillments.stream()
            .filter(f -> f.live() || "SHIPPED".equals(f.state))
            .flatMap(f -> f.reserved.stream())
            .filter(r -> line.isPresent() && r.line == line.get() && r.quantity > r.released)
            .map(r -> r.sku)
            .distinct()
            .toList();
    if (sent.size() != 1 || sent.getFirst().equals(line.get().sku)) {
      return part;
    }
    line.get().sku = sent.getFirst();
    line.get().changed = true;
    var document = (ObjectNode) order.document.deepCopy();
    ((ObjectNode) line(document, part.lineId())).put("sku", part.before());
    order.document = document;
    order.newDocument = Json.text(document);
    return part.refused(channelSays);
  }

  private static List<Part> accepted(Edit edit) {
    return edit.parts().stream().filter(Part::accepted).toList();
  }

  private static WorkingOrder.Fulfillment find(WorkingOrder order, String id) {
    var uuid = Ids.uuid("ful", id);
    return order.fulfillments.stream().filter(f -> f.id.equals(uuid)).findFirst().orElseThrow();
  }

  private static void replace(WorkingOrder order, Edit edit, Edit by) {
    order.edits.replaceAll(e -> e.no() == edit.no() ? by : e);
    order.editsChanged = true;
    order.changed = true;
  }

  private static boolean stands(Edit edit) {
    return edit.parts().stream().anyMatch(p -> p.said() != null);
  }

  // What the channel says of it: what it said before something else was done, else what was.
  private static String said(WorkingOrder order, Part part) {
    return order.edits.stream()
        .flatMap(e -> e.parts().stream())
        .filter(p -> p.same(part) && p.said() != null)
        .map(Part::said)
        .findFirst()
        .orElse(part.before());
  }

  private static void forget(WorkingOrder order, Part part) {
    for (var edit : List.copyOf(order.edits)) {
      if (edit.parts().stream().anyMatch(p -> p.same(part) && p.said() != null)) {
        replace(
            order,
            edit,
            edit.with(edit.parts().stream().map(p -> p.same(part) ? p.saying(null) : p).toList()));
      }
    }
  }

  private static String value(JsonNode document, Part part) {
    if (part.kind() == Kind.ADDRESS) {
      return digest(document);
    }
    var line = line(document, part.lineId());
    return part.kind() == Kind.QUANTITY
        ? String.valueOf(line == null ? 0 : wanted(line))
        : line == null ? null : line.path("sku").asText(null);
  }

  /** The document with one thing of it as the order has it. */
  private static JsonNode asBefore(WorkingOrder known, JsonNode stated, Part part) {
    var document = (ObjectNode) stated.deepCopy();
    if (part.kind() == Kind.ADDRESS) {
      document.set("shipTo", known.document.get("shipTo"));
      return document;
    }
    var had = line(known.document, part.lineId());
    var line = (ObjectNode) line(document, part.lineId());
    if (part.kind() == Kind.ITEM) {
      if (had != null && line != null) {
        for (var name : new String[] {"sku", "title", "listing"}) {
          line.set(name, had.get(name));
        }
      }
    } else if (had == null) {
      var lines = (ArrayNode) document.path("lines");
      for (var i = lines.size() - 1; i >= 0; i--) {
        if (part.lineId().equals(lines.get(i).path("lineId").asText())) {
          lines.remove(i);
        }
      }
    } else if (line == null) {
      document.withArrayProperty("lines").add(had);
    } else {
      line.put("ordered", wanted(had) + line.path("cancelled").asInt());
    }
    return document;
  }

  static JsonNode line(JsonNode document, String id) {
    if (document == null) {
      return null;
    }
    for (var line : document.path("lines")) {
      if (id.equals(line.path("lineId").asText())) {
        return line;
      }
    }
    return null;
  }

  static int wanted(JsonNode line) {
    return line.path("ordered").asInt() - line.path("cancelled").asInt();
  }

  private static boolean goods(JsonNode line) {
    var kind = line.path("kind").asText();
    return line.path("requiresShipping").asBoolean()
        && ("PHYSICAL".equals(kind) || "BUNDLE".equals(kind));
  }

  /** Names where an order goes without telling it, or null when that is not known. */
  static String digest(JsonNode document) {
    var shipTo = document.path("shipTo");
    if (!Parties.good(shipTo) || document.at("/service/pickup").isObject()) {
      return null;
    }
    var text = new StringBuilder();
    for (var name : new String[] {"name", "companyName"}) {
      text.append(shipTo.path(name).asText("").strip()).append('\n');
    }
    var address = shipTo.path("address");
    for (var line : address.path("lines")) {
      text.append(line.asText().strip()).append('\n');
    }
    for (var name :
        new String[] {
          "city", "region", "regionText", "postalCode", "countryCode", "gln", "placeNumber"
        }) {
      text.append(address.path(name).asText("").strip()).append('\n');
    }
    return Sha256.hex(text.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 16);
  }

  private static String words(WorkingOrder order, JsonNode document, List<Part> parts) {
    return parts.stream()
        .map(
            part ->
                switch (part.kind()) {
                  case ADDRESS -> "another address";
                  case ITEM -> "'%s' instead of '%s'".formatted(part.after(), part.before());
                  case QUANTITY -> quantity(order, document, part);
                })
        .collect(Collectors.joining(", "));
  }

  private static String quantity(WorkingOrder order, JsonNode document, Part part) {
    var line = document == null ? null : line(document, part.lineId());
    line = line == null ? line(order.document, part.lineId()) : line;
    var name = line == null ? "line " + part.lineId() : line.path("sku").asText(part.lineId());
    return "0".equals(part.before())
        ? "%s of '%s' more".formatted(part.after(), name)
        : "%s instead of %s of '%s'".formatted(part.after(), part.before(), name);
  }

  static String text(WorkingOrder order) {
    return order.edits.isEmpty() ? null : Json.text(order.edits);
  }

  static boolean open(WorkingOrder order, String lineId) {
    return order.edits.stream()
        .anyMatch(
            e ->
                e.state() == Edit.State.ASKED
                    && e.parts().stream().anyMatch(p -> Objects.equals(p.lineId(), lineId)));
  }
}
