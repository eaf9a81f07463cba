package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.api.AuditApi;
import io.serai.api.DeadLetterViews;
import io.serai.api.DeadLettersApi;
import io.serai.api.MessagesApi;
import io.serai.deadletter.DeadLetters;
import java.util.HashMap;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** What is owed to a partner: what it is, how the asking went, and what to do when it stopped. */
@Controller
final class DeliveryPages {
  private final MessagesApi messages;
  private final DeadLettersApi api;
  private final DeadLetters deadLetters;
  private final AuditApi audit;
  private final Reveals reveals;

  DeliveryPages(
      MessagesApi messages,
      DeadLettersApi api,
      DeadLetters deadLetters,
      AuditApi audit,
      Reveals reveals) {
    this.messages = messages;
    this.api = api;
    this.deadLetters = deadLetters;
    this.audit = audit;
    this.reveals = reveals;
  }

  @GetMapping("/deliveries/{id}")
  @Allows(Role.VIEWER)
  View delivery(Visit visit, Caller caller, @PathVariable String id) {
    var delivery = messages.delivery(id, reveals.reader(visit.request(), caller, id));
    var parts = new HashMap<String, Object>();
    parts.put("delivery", delivery);
    parts.put("letter", deadLetters.find(id).map(DeadLetterViews.History::of).orElse(null));
    parts.put("revealed", reveals.until(visit.request(), id));
    parts.put(
        "audit", caller.mayReadAudit() ? audit.list(null, null, id, 20, null).items() : List.of());
    return visit.page(
        visit.frame(
            "%s to %s".formatted(delivery.document(), delivery.destination()), "dead-letters"),
        "delivery",
        parts);
  }

  @PostMapping("/deliveries/{id}/replay")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  View replay(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam long fence,
      @RequestParam(required = false) String reason) {
    return visit.act(
        Show.link(id),
        () -> {
          api.replay(id, new DeadLetterViews.ReplayOne(MessagePages.reason(reason), fence), caller);
          return "'%s' is sent again under its own key.".formatted(id);
        });
  }

  @PostMapping("/deliveries/{id}/discard")
  @Allows(Role.OPERATOR)
  View discard(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam long fence,
      @RequestParam(required = false) String code,
      @RequestParam(required = false) String reason) {
    return visit.act(
        Show.link(id),
        () -> {
          api.discard(
              id,
              new DeadLetterViews.Discard(MessagePages.reason(reason), Form.given(code), fence),
              caller);
          return "'%s' is discarded; what waited behind it goes on.".formatted(id);
        });
  }

  @PostMapping("/deliveries/{id}/resolve")
  @Allows(Role.OPERATOR)
  View resolve(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam long fence,
      @RequestParam(required = false) String outcome,
      @RequestParam(required = false) String reference,
      @RequestParam(required = false) String reason) {
    return visit.act(
        Show.link(id),
        () -> {
          api.resolve(
              id,
              new DeadLetterViews.Resolve(
                  outcome, Form.given(reference), MessagePages.reason(reason), fence),
              caller);
          return "happened".equals(outcome)
              ? "'%s' is taken as done; nothing is sent.".formatted(id)
              : "'%s' is sent again under its own key.".formatted(id);
        });
  }
}
