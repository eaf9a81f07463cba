package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.api.AuditApi;
import io.serai.api.DeadLetterViews;
import io.serai.api.DeadLettersApi;
import io.serai.api.ErasureApi;
import io.serai.api.OrderActionsApi;
import io.serai.api.OrderViews;
import io.serai.api.OrdersApi;
import io.serai.api.ParcelsApi;
import io.serai.api.Problem;
import io.serai.api.RefundsApi;
import io.serai.api.ReturnsApi;
import io.serai.catalog.Configuration;
import io.serai.deadletter.DeadLetters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** Orders: find one, see what happened to it and why it went where it went, and steer it. */
@Controller
final class OrderPages {
  private static final int PAGE = 50;
  private static final int EVENTS = 200;

  private static final int MOST_LANES = 5;

  private final OrdersApi orders;
  private final OrderActionsApi actions;
  private final RefundsApi refunds;
  private final ParcelsApi parcels;
  private final ReturnsApi returns;
  private final DeadLettersApi letters;
  private final DeadLetters deadLetters;
  private final AuditApi audit;
  private final Reveals reveals;
  private final ErasureApi erasure;
  private final Configuration configuration;

  OrderPages(
      OrdersApi orders,
      OrderActionsApi actions,
      RefundsApi refunds,
      ParcelsApi parcels,
      ReturnsApi returns,
      DeadLettersApi letters,
      DeadLetters deadLetters,
      AuditApi audit,
      Reveals reveals,
      ErasureApi erasure,
      Configuration configuration) {
    this.orders = orders;
    this.actions = actions;
    this.refunds = refunds;
    this.parcels = parcels;
    this.returns = returns;
    this.letters = letters;
    this.deadLetters = deadLetters;
    this.audit = audit;
    this.reveals = reveals;
    this.erasure = erasure;
    this.configuration = configuration;
  }

  @GetMapping("/orders")
  @Allows(Role.VIEWER)
  View list(
      Visit visit,
      @RequestParam(required = false) String q,
      @RequestParam(required = false) String channel,
      @RequestParam(required = false) String state,
      @RequestParam(required = false) String cursor) {
    var asked = Form.given(q);
    // What has an id of its own is opened, not listed.
    if (asked != null && asked.matches("(msg|dlv|rpl)_[0-9]{1,18}")) {
      return visit.to(Show.link(asked));
    }
    var page = orders.list(asked, Form.given(channel), Form.given(state), PAGE, Form.given(cursor));
    if (asked != null && page.items().size() == 1 && Form.given(cursor) == null) {
      return visit.to("/console/orders/" + page.items().get(0).id());
    }
    var parts = new HashMap<String, Object>();
    parts.put("orders", page.items());
    parts.put("next", page.next());
    parts.put("q", asked);
    parts.put("channel", Form.given(channel));
    parts.put("state", Form.given(state));
    return visit.page(visit.frame("Orders", "orders"), "orders", parts);
  }

  @GetMapping("/orders/{id}")
  @Allows(Role.VIEWER)
  View order(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) Integer revision,
      @RequestParam(required = false) String sku) {
    var shown = orders.get(id, reveals.reader(visit.request(), caller, id));
    if (!shown.id().equals(id)) {
      return visit.to("/console/orders/" + shown.id());
    }
    var parts = new HashMap<String, Object>();
    parts.put("order", shown);
    parts.put("next", orders.next(id).items());
    var events = orders.timeline(id, EVENTS, null).items();
    var of = Form.given(sku);
    parts.put(
        "timeline",
        events.stream()
            .filter(event -> of == null || event.skus().isEmpty() || event.skus().contains(of))
            .toList());
    parts.put("lanes", lanes(events, shown.channel()));
    parts.put("skus", events.stream().flatMap(event -> event.skus().stream()).distinct().toList());
    parts.put("sku", of);
    parts.put("parcels", parcels.parcels(id));
    parts.put("returns", returns.of(id));
    parts.put("personal", erasure.standing(id));
    parts.put("mark", Form.mark());
    parts.put("replacements", returns.replacements(id));
    parts.put("decision", decision(id, revision));
    parts.put("nodes", List.copyOf(configuration.nodes().keySet()));
    parts.put("letter", deadLetters.find(id).map(DeadLetterViews.History::of).orElse(null));
    parts.put("revealed", reveals.until(visit.request(), id));
    parts.put(
        "audit", caller.mayReadAudit() ? audit.list(null, null, id, 20, null).items() : List.of());
    return visit.page(
        visit.frame(
            "Order "
                + (shown.displayNumber() == null ? shown.channelOrderId() : shown.displayNumber()),
            "orders"),
        "order",
        parts);
  }

  // The channel first, then the hub, whoever else had to do with it, and people; too many are one.
  private static List<String> lanes(List<OrderViews.Event> events, String channel) {
    var all = events.stream().map(OrderViews.Event::lane).collect(Collectors.toSet());
    var lanes = new ArrayList<String>();
    for (var first : List.of(channel, "hub")) {
      if (all.remove(first)) {
        lanes.add(first);
      }
    }
    boolean people = all.remove("people");
    all.stream().sorted().forEach(lanes::add);
    if (people) {
      lanes.add("people");
    }
    return lanes.size() > MOST_LANES ? List.of() : lanes;
  }

  private OrderViews.Decision decision(String id, Integer revision) {
    try {
      return orders.decision(id, revision);
    } catch (Problem none) {
      if (none.status() == 404 && revision == null) {
        return null; // nothing of it has been allocated yet
      }
      throw none;
    }
  }

  @PostMapping("/orders/{id}/hold")
  @Allows(Role.SUPPORT)
  View hold(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String kind,
      @RequestParam(required = false) String reason) {
    return visit.act(
        "/console/orders/" + id,
        () -> {
          actions.hold(
              id,
              new OrderActionsApi.HoldRequest(
                  Form.given(kind), MessagePages.reason(reason), null, null),
              caller);
          return "The order is held: nothing more of it is asked of any node until it is released.";
        });
  }

  @PostMapping("/orders/{id}/release")
  @Allows(Role.SUPPORT)
  View release(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String kind,
      @RequestParam(required = false) String reason) {
    return visit.act(
        "/console/orders/" + id,
        () -> {
          var now =
              actions.release(
                  id,
                  new OrderActionsApi.ReleaseRequest(Form.given(kind), MessagePages.reason(reason)),
                  caller);
          return "It is released and now %s.".formatted(Show.words(now.state()));
        });
  }

  /** Corrects where an order goes: what is not given of who gets it stays. */
  @PostMapping("/orders/{id}/change")
  @Allows(Role.SUPPORT)
  View change(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String name,
      @RequestParam(required = false) String street,
      @RequestParam(required = false) String city,
      @RequestParam(required = false) String region,
      @RequestParam(required = false) String postalCode,
      @RequestParam(required = false) String countryCode,
      @RequestParam(required = false) String reason) {
    return visit.act(
        "/console/orders/" + id,
        () -> {
          var lines = Form.given(street) == null ? List.<String>of() : List.of(street.split("\\R"));
          var to =
              new OrderActionsApi.Receiver(
                  Form.given(name),
                  null,
                  null,
                  null,
                  lines,
                  Form.given(city),
                  Form.given(region),
                  Form.given(postalCode),
                  Form.given(countryCode));
          var now =
              actions.change(
                  id,
                  new OrderActionsApi.ChangeRequest(
                      MessagePages.reason(reason), null, null, to, false),
                  caller);
          return "Its address is changed and it is now %s.".formatted(Show.words(now.state()));
        });
  }

  /** Cancels what is left of an order. */
  @PostMapping("/orders/{id}/cancel")
  @Allows(Role.SUPPORT)
  View cancel(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String code,
      @RequestParam(required = false) String reason) {
    return visit.act(
        "/console/orders/" + id,
        () -> {
          var now =
              actions.cancel(
                  id,
                  new OrderActionsApi.CancelRequest(
                      MessagePages.reason(reason), Form.given(code), null),
                  caller);
          return "It is asked back from whoever has it and now %s."
              .formatted(Show.words(now.state()));
        });
  }

  @PostMapping("/orders/{id}/reassign")
  @Allows(Role.OPERATOR)
  View reassign(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String node,
      @RequestParam(required = false) String fulfillment,
      @RequestParam(required = false) String reason) {
    return visit.act(
        "/console/orders/" + id,
        () -> {
          var now =
              actions.reassign(
                  id,
                  new OrderActionsApi.ReassignRequest(
                      Form.given(node), Form.given(fulfillment), MessagePages.reason(reason)),
                  caller);
          return "It is on its way to another node and now %s.".formatted(Show.words(now.state()));
        });
  }

  @PostMapping("/orders/{id}/refund")
  @Allows(Role.OPERATOR)
  View refund(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String amount,
      @RequestParam(required = false) String reason,
      @RequestParam(required = false) String mark) {
    return visit.act(
        "/console/orders/" + id,
        () -> {
          var asked =
              refunds.refund(
                  id,
                  Form.given(mark),
                  new RefundsApi.RefundRequest(
                      MessagePages.reason(reason), null, Form.given(amount)),
                  caller);
          return (switch (asked.state()) {
                case "REQUESTED" -> "The channel is asked to give back %s %s.";
                case "PROPOSED" -> "A second person has to approve that %s %s are given back.";
                default -> "Give back %s %s in the channel: its connector cannot.";
              })
              .formatted(asked.amount(), asked.currency());
        });
  }

  /** Tries an order that no node could ship again, under the rules and the stock of now. */
  @PostMapping("/orders/{id}/replay")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  View replay(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam long fence,
      @RequestParam(required = false) String reason) {
    return visit.act(
        "/console/orders/" + id,
        () -> {
          letters.replay(
              id, new DeadLetterViews.ReplayOne(MessagePages.reason(reason), fence), caller);
          return "It was decided again by the rules and the stock of now.";
        });
  }
}
