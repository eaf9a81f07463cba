package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.api.DeadLetterViews;
import io.serai.api.OrderErrandsApi;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** Has a channel asked for one of its orders, or told of it, at once. */
@Controller
final class OrderErrandPages {
  private final OrderErrandsApi errands;

  OrderErrandPages(OrderErrandsApi errands) {
    this.errands = errands;
  }

  @PostMapping("/orders/{id}/pull")
  @Allows(Role.SUPPORT)
  View pull(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String reason) {
    return visit.act(
        "/console/orders/" + id,
        () -> {
          var asked =
              errands.pull(id, new DeadLetterViews.Reason(MessagePages.reason(reason)), caller);
          return "'%s' is asked how it stands; what is new is here in a moment."
              .formatted(asked.channel());
        });
  }

  @PostMapping("/orders/{id}/send-now")
  @Allows(Role.OPERATOR)
  View sendNow(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String reason) {
    return visit.act(
        "/console/orders/" + id,
        () -> {
          var sent =
              errands.sendNow(
                  id, new OrderErrandsApi.SendNow(MessagePages.reason(reason), false), caller);
          return "%s due now."
              .formatted(Show.n(sent.deliveries().size(), "delivery is", "deliveries are"));
        });
  }
}
