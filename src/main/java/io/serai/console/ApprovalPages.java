package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.api.ApprovalsApi;
import io.serai.api.DeadLetterViews;
import java.util.HashMap;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** What a second person has to approve: read it, approve it, decline it. */
@Controller
final class ApprovalPages {
  private static final int PAGE = 50;
  private static final String HERE = "/console/approvals";

  private final ApprovalsApi approvals;

  ApprovalPages(ApprovalsApi approvals) {
    this.approvals = approvals;
  }

  @GetMapping("/approvals")
  @Allows(Role.VIEWER)
  View list(
      Visit visit,
      @RequestParam(required = false) String open,
      @RequestParam(required = false) String cursor) {
    var page = approvals.list(open != null, PAGE, Form.given(cursor), visit.caller());
    var parts = new HashMap<String, Object>();
    parts.put("approvals", page.items());
    parts.put("next", page.next());
    parts.put("open", open != null);
    return visit.page(visit.frame("Approvals", "approvals"), "approvals", parts);
  }

  @PostMapping("/approvals/{id}/approve")
  @Allows(Role.APPROVER)
  View approve(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String reason) {
    return visit.act(
        HERE,
        () ->
            approvals
                .approve(id, new DeadLetterViews.Reason(Form.given(reason)), caller)
                .outcome());
  }

  @PostMapping("/approvals/{id}/decline")
  @Allows(Role.APPROVER)
  View decline(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String reason) {
    return visit.act(
        HERE,
        () ->
            approvals
                .decline(id, new DeadLetterViews.Reason(Form.given(reason)), caller)
                .outcome());
  }
}
