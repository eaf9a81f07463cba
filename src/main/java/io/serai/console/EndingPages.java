package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.api.DeadLetterViews;
import io.serai.api.DeadLettersApi;
import io.serai.api.ReopensApi;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** What ends a dead letter without running it, and what takes that back. */
@Controller
final class EndingPages {
  private final DeadLettersApi api;
  private final ReopensApi reopens;

  EndingPages(DeadLettersApi api, ReopensApi reopens) {
    this.api = api;
    this.reopens = reopens;
  }

  /** Somebody did it by hand. */
  @PostMapping("/dead-letters/{id}/elsewhere")
  @Allows(Role.OPERATOR)
  View elsewhere(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam long fence,
      @RequestParam(required = false) String reference,
      @RequestParam(required = false) String reason) {
    return visit.act(
        DeadLetterPages.address(id),
        () -> {
          api.resolve(
              id,
              new DeadLetterViews.Resolve(
                  "elsewhere", Form.given(reference), MessagePages.reason(reason), fence),
              caller);
          return "'%s' is taken as done elsewhere, as '%s'; nothing is sent."
              .formatted(id, Form.given(reference));
        });
  }

  /** Takes a discard back. */
  @PostMapping("/dead-letters/{id}/reopen")
  @Allows(Role.OPERATOR)
  View reopen(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam long fence,
      @RequestParam(required = false) String reason) {
    return visit.act(
        DeadLetterPages.address(id),
        () -> {
          reopens.reopen(
              id, new DeadLetterViews.Reopen(MessagePages.reason(reason), fence), caller);
          return "'%s' is a dead letter again; nothing runs before it is replayed.".formatted(id);
        });
  }
}
