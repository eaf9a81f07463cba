package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.api.AddressFixApi;
import io.serai.api.Problem;
import java.util.HashMap;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** The addresses of many orders, corrected from a table: look at what it comes to, then do it. */
@Controller
final class AddressFixPages {
  private final AddressFixApi fixes;

  AddressFixPages(AddressFixApi fixes) {
    this.fixes = fixes;
  }

  @GetMapping("/orders/addresses")
  @Allows(Role.VIEWER)
  View ask(Visit visit) {
    return shown(visit, null, null, null, null);
  }

  @PostMapping("/orders/addresses/plan")
  @Allows(Role.SUPPORT)
  View plan(Visit visit, Caller caller, @RequestParam(required = false) String csv) {
    try {
      return shown(visit, csv, null, fixes.fix(request(csv, null, true, null), caller), null);
    } catch (Problem refused) {
      return again(visit, csv, null, refused);
    }
  }

  @PostMapping("/orders/addresses")
  @Allows(Role.SUPPORT)
  View fix(
      Visit visit,
      Caller caller,
      @RequestParam(required = false) String csv,
      @RequestParam(required = false) String count,
      @RequestParam(required = false) String reason) {
    try {
      var done = fixes.fix(request(csv, number(count), false, reason), caller);
      return shown(visit, csv, reason, done, null);
    } catch (Problem refused) {
      return again(visit, csv, reason, refused);
    }
  }

  private static AddressFixApi.Request request(
      String csv, Integer count, boolean dryRun, String reason) {
    return new AddressFixApi.Request(
        null, Form.given(csv), count, dryRun, false, Form.given(reason));
  }

  // What was typed stays in its field.
  private View again(Visit visit, String csv, String reason, Problem refused) {
    if (refused.status() >= 500) {
      throw refused;
    }
    AddressFixApi.Result plan;
    try {
      plan = fixes.fix(request(csv, null, true, null), visit.caller());
    } catch (Problem unreadable) {
      plan = null;
    }
    return shown(visit, csv, reason, plan, refused.getMessage());
  }

  // What is no number means none of them.
  private static Integer number(String typed) {
    var digits = typed == null ? "" : typed.strip().replace(",", "");
    return digits.matches("[0-9]{1,6}") ? Integer.valueOf(digits) : null;
  }

  private static View shown(
      Visit visit, String csv, String reason, AddressFixApi.Result result, String refused) {
    var parts = new HashMap<String, Object>();
    parts.put("csv", csv);
    parts.put("reason", reason);
    parts.put("result", result);
    parts.put("refused", refused);
    return visit.page(visit.frame("Correct addresses", "orders"), "address-fix", parts);
  }
}
