package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.api.AuditApi;
import io.serai.api.ReturnsApi;
import io.serai.catalog.Configuration;
import java.util.HashMap;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** Returns: where each stands, what came with it, what is sent for it. */
@Controller
final class ReturnPages {
  private static final int PAGE = 50;
  private static final int ENTRIES = 20;
  private static final String SECTION = "returns";

  private final ReturnsApi returns;
  private final AuditApi audit;
  private final Configuration configuration;

  ReturnPages(ReturnsApi returns, AuditApi audit, Configuration configuration) {
    this.returns = returns;
    this.audit = audit;
    this.configuration = configuration;
  }

  @GetMapping("/returns")
  @Allows(Role.VIEWER)
  View list(
      Visit visit,
      @RequestParam(required = false) String state,
      @RequestParam(required = false) String channel,
      @RequestParam(required = false) String node,
      @RequestParam(required = false) String name,
      @RequestParam(required = false) boolean overdue,
      @RequestParam(required = false) String cursor) {
    var page =
        returns.list(
            Form.given(state),
            Form.given(channel),
            Form.given(node),
            Form.given(name),
            overdue,
            PAGE,
            Form.given(cursor));
    var parts = new HashMap<String, Object>();
    parts.put("returns", page.items());
    parts.put("next", page.next());
    parts.put("states", ReturnsApi.STATES);
    parts.put("state", Form.given(state));
    parts.put("channel", Form.given(channel));
    parts.put("node", Form.given(node));
    parts.put("name", Form.given(name));
    parts.put("overdue", overdue);
    return visit.page(visit.frame("Returns", SECTION), "returns", parts);
  }

  @GetMapping("/returns/{id}")
  @Allows(Role.VIEWER)
  View one(Visit visit, Caller caller, @PathVariable String id) {
    var one = returns.get(id);
    var parts = new HashMap<String, Object>();
    parts.put("one", one);
    parts.put("mark", Form.mark());
    parts.put("nodes", List.copyOf(configuration.nodes().keySet()));
    parts.put("dispositions", ReturnsApi.DISPOSITIONS);
    parts.put(
        "audit",
        caller.mayReadAudit() ? audit.list(null, null, id, ENTRIES, null).items() : List.of());
    return visit.page(visit.frame("Return " + one.name(), SECTION), "return", parts);
  }

  @PostMapping("/orders/{id}/returns")
  @Allows(Role.SUPPORT)
  View open(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String line,
      @RequestParam(required = false) String quantity,
      @RequestParam(required = false) String node,
      @RequestParam(required = false) String exchange,
      @RequestParam(required = false) String reason,
      @RequestParam(required = false) String mark) {
    return visit.act(
        Show.link(id),
        () -> {
          var units = units(quantity);
          var sent = Form.given(exchange);
          var opened =
              returns.open(
                  id,
                  Form.given(mark),
                  new ReturnsApi.OpenRequest(
                      null,
                      null,
                      Form.given(node),
                      MessagePages.reason(reason),
                      List.of(new ReturnsApi.LineRequest(Form.given(line), null, units, null)),
                      null,
                      sent == null ? null : List.of(new ReturnsApi.SentRequest(sent, units, null)),
                      null,
                      null,
                      null),
                  caller);
          return "Return %s is awaited.".formatted(opened.name());
        });
  }

  private static Integer units(String given) {
    var text = Form.given(given);
    return text != null && text.matches("[0-9]{1,7}") ? Integer.valueOf(text) : null;
  }

  @PostMapping("/returns/{id}/receive")
  @Allows(Role.OPERATOR)
  View receive(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String node,
      @RequestParam(required = false) String line,
      @RequestParam(required = false) String quantity,
      @RequestParam(required = false) String disposition,
      @RequestParam(required = false) String receipt,
      @RequestParam(required = false) String mark) {
    return visit.act(
        Show.link(id),
        () -> {
          var named = Form.given(line);
          var came =
              named == null
                  ? null
                  : List.of(
                      new ReturnsApi.ReceivedRequest(
                          named, null, units(quantity), Form.given(disposition)));
          returns.receive(
              id,
              Form.given(mark),
              new ReturnsApi.ReceiptRequest(Form.given(receipt), Form.given(node), null, came),
              caller);
          return "It is counted in.";
        });
  }

  @PostMapping("/returns/{id}/approve")
  @Allows(Role.OPERATOR)
  View approve(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String reason) {
    return visit.act(
        Show.link(id),
        () -> {
          returns.approve(id, because(reason), caller);
          return "It may come, and is awaited.";
        });
  }

  @PostMapping("/returns/{id}/decline")
  @Allows(Role.OPERATOR)
  View decline(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String reason) {
    return visit.act(
        Show.link(id),
        () -> {
          returns.decline(id, because(reason), caller);
          return "It is declined.";
        });
  }

  @PostMapping("/returns/{id}/cancel")
  @Allows(Role.OPERATOR)
  View cancel(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String reason) {
    return visit.act(
        Show.link(id),
        () -> {
          returns.cancel(id, because(reason), caller);
          return "It is called off; nothing of it is awaited.";
        });
  }

  @PostMapping("/returns/{id}/close")
  @Allows(Role.OPERATOR)
  View close(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String reason) {
    return visit.act(
        Show.link(id),
        () -> {
          returns.close(id, because(reason), caller);
          return "It is closed.";
        });
  }

  private static ReturnsApi.ActionRequest because(String reason) {
    return new ReturnsApi.ActionRequest(MessagePages.reason(reason));
  }
}
