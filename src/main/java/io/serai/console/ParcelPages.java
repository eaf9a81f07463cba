package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.api.AuditApi;
import io.serai.api.ParcelsApi;
import java.util.HashMap;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** Parcels: where each stands, why it goes by its carrier, its label and its scans. */
@Controller
final class ParcelPages {
  private static final int PAGE = 50;
  private static final int ENTRIES = 20;
  private static final String SECTION = "parcels";

  private final ParcelsApi parcels;
  private final AuditApi audit;

  ParcelPages(ParcelsApi parcels, AuditApi audit) {
    this.parcels = parcels;
    this.audit = audit;
  }

  @GetMapping("/parcels")
  @Allows(Role.VIEWER)
  View list(
      Visit visit,
      @RequestParam(required = false) String state,
      @RequestParam(required = false) String account,
      @RequestParam(required = false) String node,
      @RequestParam(required = false) String tracking,
      @RequestParam(required = false) String cursor) {
    var page =
        parcels.list(
            Form.given(state),
            Form.given(account),
            Form.given(node),
            Form.given(tracking),
            PAGE,
            Form.given(cursor));
    if (Form.given(tracking) != null && page.items().size() == 1) {
      return visit.to(Show.link(page.items().getFirst().id()));
    }
    var parts = new HashMap<String, Object>();
    parts.put("parcels", page.items());
    parts.put("next", page.next());
    parts.put("states", ParcelsApi.STATES);
    parts.put("state", Form.given(state));
    parts.put("account", Form.given(account));
    parts.put("node", Form.given(node));
    parts.put("tracking", Form.given(tracking));
    return visit.page(visit.frame("Parcels", SECTION), "parcels", parts);
  }

  @GetMapping("/parcels/{id}")
  @Allows(Role.VIEWER)
  View parcel(Visit visit, Caller caller, @PathVariable String id) {
    var parts = new HashMap<String, Object>();
    parts.put("parcel", parcels.get(id));
    parts.put(
        "audit",
        caller.mayReadAudit() ? audit.list(null, null, id, ENTRIES, null).items() : List.of());
    return visit.page(visit.frame("Parcel " + id, SECTION), "parcel", parts);
  }

  @GetMapping("/parcels/{id}/label")
  @Allows(Role.OPERATOR)
  ResponseEntity<byte[]> label(Caller caller, @PathVariable String id) {
    return parcels.label(id, caller);
  }

  @PostMapping("/parcels/{id}/void")
  @Allows(Role.OPERATOR)
  View voidLabel(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String reason) {
    return visit.act(
        Show.link(id),
        () -> {
          parcels.voidLabel(id, because(reason), caller);
          return "Its units can be packed anew; its label, if there is one, is taken back.";
        });
  }

  @PostMapping("/parcels/{id}/hand-over")
  @Allows(Role.OPERATOR)
  View handOver(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String reason) {
    return visit.act(
        Show.link(id),
        () -> {
          parcels.handOver(id, because(reason), caller);
          return "It has left: its units are shipped, and the channel hears of it.";
        });
  }

  @PostMapping("/parcels/{id}/ask-again")
  @Allows(Role.OPERATOR)
  View askAgain(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String reason) {
    return visit.act(
        Show.link(id),
        () -> {
          parcels.askAgain(id, because(reason), caller);
          return "Its carriers are asked again.";
        });
  }

  @PostMapping("/shipments/{id}/accept")
  @Allows(Role.OPERATOR)
  View accept(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam String order,
      @RequestParam(required = false) String sku,
      @RequestParam(required = false) String line,
      @RequestParam(required = false) String reason) {
    return visit.act(
        "/console/orders/" + order,
        () -> {
          var substitute = Form.given(sku);
          parcels.accept(
              id,
              new ParcelsApi.AcceptRequest(
                  MessagePages.reason(reason),
                  substitute == null
                      ? List.of()
                      : List.of(new ParcelsApi.Substitute(substitute, Form.given(line)))),
              caller);
          return "The channel hears of the shipment.";
        });
  }

  private static ParcelsApi.ActionRequest because(String reason) {
    return new ParcelsApi.ActionRequest(MessagePages.reason(reason));
  }
}
