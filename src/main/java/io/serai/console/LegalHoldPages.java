package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.api.DeadLetterViews;
import io.serai.api.ErasureApi;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** Keeps an order, and what came and went for it, for the law, and ends that. */
@Controller
final class LegalHoldPages {
  private final ErasureApi api;

  LegalHoldPages(ErasureApi api) {
    this.api = api;
  }

  @PostMapping("/orders/{id}/legal-hold")
  @Allows(Role.ADMIN)
  View keep(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String reason) {
    return visit.act(
        "/console/orders/" + id,
        () -> {
          api.keep(id, new DeadLetterViews.Reason(MessagePages.reason(reason)), caller);
          return "The order is kept for the law: nothing of it is erased, nor any payload of it deleted, until you end it.";
        });
  }

  @PostMapping("/orders/{id}/legal-hold/end")
  @Allows(Role.ADMIN)
  View letGo(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String reason) {
    return visit.act(
        "/console/orders/" + id,
        () -> {
          api.letGo(id, new DeadLetterViews.Reason(MessagePages.reason(reason)), caller);
          return "The legal hold is ended: what is overdue goes within minutes.";
        });
  }
}
