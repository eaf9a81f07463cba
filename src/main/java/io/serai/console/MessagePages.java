package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.api.AuditApi;
import io.serai.api.ComparisonApi;
import io.serai.api.DeadLetterViews;
import io.serai.api.DeadLettersApi;
import io.serai.api.MessageViews;
import io.serai.api.MessagesApi;
import io.serai.api.Problem;
import io.serai.deadletter.DeadLetters;
import io.serai.deadletter.DryRun;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** What arrived: read it, see what became of it, try it, edit it, put it back to work. */
@Controller
final class MessagePages {
  private static final int PAGE = 50;

  /** So many bytes are shown as bytes. */
  static final int HEX = 16_384;

  private final MessagesApi messages;
  private final ComparisonApi comparisons;
  private final DeadLettersApi api;
  private final DeadLetters deadLetters;
  private final DryRun dryRun;
  private final AuditApi audit;
  private final Reveals reveals;

  MessagePages(
      MessagesApi messages,
      ComparisonApi comparisons,
      DeadLettersApi api,
      DeadLetters deadLetters,
      DryRun dryRun,
      AuditApi audit,
      Reveals reveals) {
    this.messages = messages;
    this.comparisons = comparisons;
    this.api = api;
    this.deadLetters = deadLetters;
    this.dryRun = dryRun;
    this.audit = audit;
    this.reveals = reveals;
  }

  @GetMapping("/messages")
  @Allows(Role.VIEWER)
  View list(
      Visit visit,
      @RequestParam(required = false) String state,
      @RequestParam(required = false) String account,
      @RequestParam(required = false) String document,
      @RequestParam(required = false) String cursor) {
    var parts = new HashMap<String, Object>();
    var page =
        messages.list(
            Form.given(state), Form.given(account), Form.given(document), PAGE, Form.given(cursor));
    parts.put("messages", page.items());
    parts.put("next", page.next());
    parts.put("state", Form.given(state));
    parts.put("account", Form.given(account));
    parts.put("document", Form.given(document));
    return visit.page(visit.frame("Messages", "messages"), "messages", parts);
  }

  @GetMapping("/messages/{id}")
  @Allows(Role.VIEWER)
  View message(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String as) {
    var message = messages.get(id, reveals.reader(visit.request(), caller, id));
    var parts = new HashMap<String, Object>();
    parts.put("message", message);
    parts.put("letter", deadLetters.find(id).map(DeadLetterViews.History::of).orElse(null));
    parts.put("revealed", reveals.until(visit.request(), id));
    parts.put("audit", trail(caller, id));
    if ("hex".equals(as)
        && message.payload() != null
        && caller.mayReadPersonalData()
        && reveals.until(visit.request(), id) != null) {
      parts.put("hex", Show.hex(messages.payload(id, caller).getBody(), HEX));
    }
    return visit.page(visit.frame(title(message), section(message.state())), "message", parts);
  }

  @GetMapping("/messages/{id}/comparison")
  @Allows(Role.VIEWER)
  View comparison(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String with) {
    try {
      var parts = new HashMap<String, Object>();
      parts.put(
          "compared",
          comparisons.compare(id, Form.given(with), reveals.reader(visit.request(), caller, id)));
      parts.put("revealed", reveals.until(visit.request(), id));
      return visit.page(visit.frame("Compared", "messages"), "comparison", parts);
    } catch (Problem none) {
      if (none.status() >= 500 || none.status() == 400) {
        throw none;
      }
      return visit.to(Show.link(id), Notice.refused(none.getMessage()));
    }
  }

  /** What people did to a thing; only operators may read the audit. */
  private List<AuditApi.Entry> trail(Caller caller, String id) {
    return caller.mayReadAudit() ? audit.list(null, null, id, 20, null).items() : List.of();
  }

  /** One thing that a message is known by. */
  public record Attribute(String name, String value, boolean locked) {}

  /** What a message is known by: locked is what no edit changes. */
  static List<Attribute> attributes(MessageViews.Full message) {
    return List.of(
        new Attribute("Id", message.id(), true),
        new Attribute("Account", message.account(), true),
        new Attribute("Document", message.document(), true),
        new Attribute("Key", message.key(), true),
        new Attribute("Dedupe key", message.dedupeKey(), true),
        new Attribute("Lane", message.lane(), true),
        new Attribute("Event", message.eventType(), true),
        new Attribute("Version", message.version(), true),
        new Attribute("Received", message.receivedAt().toString(), true),
        new Attribute(
            "Content type",
            message.payload() == null ? null : message.payload().contentType(),
            true),
        new Attribute(
            "SHA-256 of the payload",
            message.payload() == null ? null : message.payload().sha256(),
            false));
  }

  private static String title(MessageViews.Full message) {
    return "%s from %s".formatted(message.document(), message.account());
  }

  static String section(String state) {
    return "PARKED".equals(state) ? "dead-letters" : "messages";
  }

  @PostMapping("/messages/{id}/replay")
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
          api.replay(id, new DeadLetterViews.ReplayOne(reason(reason), fence), caller);
          return "'%s' is back at work under its own key, in its own place.".formatted(id);
        });
  }

  @PostMapping("/messages/{id}/discard")
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
              id, new DeadLetterViews.Discard(reason(reason), Form.given(code), fence), caller);
          return "'%s' is discarded; what waited behind it goes on.".formatted(id);
        });
  }

  /** A reason that a person has to give. */
  static String reason(String text) {
    var reason = Form.given(text);
    if (reason == null || reason.length() > Form.LONGEST_REASON) {
      throw Problem.badRequest(
          "This needs a reason of up to %d characters; say why.".formatted(Form.LONGEST_REASON));
    }
    return reason;
  }

  @GetMapping("/messages/{id}/dry-run")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  View dryRun(Visit visit, Caller caller, @PathVariable String id) {
    var message = messages.get(id, reveals.reader(visit.request(), caller, id));
    var parts = new HashMap<String, Object>();
    parts.put("message", message);
    parts.put("report", report(id, null));
    parts.put("revealed", reveals.until(visit.request(), id));
    return visit.page(visit.frame("Dry run of " + id, section(message.state())), "dry-run", parts);
  }

  private DryRun.Report report(String id, byte[] body) {
    return (body == null ? dryRun.of(id) : dryRun.of(id, body))
        .orElseThrow(
            () ->
                Problem.notFound(
                    "The payload of '%s' is past its retention, so it cannot be run again."
                        .formatted(id)));
  }

  @GetMapping("/messages/{id}/edit")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  View edit(Visit visit, Caller caller, @PathVariable String id) {
    if (reveals.until(visit.request(), id) == null) {
      return visit.to(
          Show.link(id),
          Notice.refused(
              "A payload is edited as it is, names and addresses included; show the personal data first."));
    }
    var message = messages.get(id, caller);
    if (!"PARKED".equals(message.state())) {
      return visit.to(
          Show.link(id),
          Notice.refused(
              "'%s' is %s; only a parked message can be edited."
                  .formatted(id, Show.words(message.state()))));
    }
    if (message.payload() == null || message.payload().text() == null) {
      return visit.to(
          Show.link(id),
          Notice.refused(
              "The payload of '%s' is no text of up to 1 MB; edit it with './serai dead-letters edit'."
                  .formatted(id)));
    }
    return editor(visit, message, Show.pretty(message.payload().text()), "", null, message.fence());
  }

  private View editor(
      Visit visit,
      MessageViews.Full message,
      String text,
      String reason,
      DryRun.Report report,
      long fence) {
    var parts = new HashMap<String, Object>();
    parts.put("message", message);
    parts.put("text", text);
    parts.put("reason", reason);
    parts.put("report", report);
    parts.put("fence", fence);
    parts.put("locked", dryRun.locked(message.id()));
    return visit.page(visit.frame("Edit " + message.id(), "dead-letters"), "message-edit", parts);
  }

  /** Tries what was typed, or keeps it; what would fail is only kept when that is asked for. */
  @PostMapping("/messages/{id}/edit")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  View save(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam long fence,
      @RequestParam String text,
      @RequestParam(defaultValue = "") String reason,
      @RequestParam String verb,
      @RequestParam(required = false) String anyway) {
    var message = messages.get(id, caller);
    // A browser ends lines with CR LF, whatever they ended with before.
    var body = text.replace("\r\n", "\n").getBytes(StandardCharsets.UTF_8);
    var report = report(id, body);
    boolean fails = report.outcome() == DryRun.Outcome.FAILED;
    if (!verb.equals("save") || (fails && anyway == null) || reason.isBlank()) {
      return editor(visit, message, text, reason, report, fence);
    }
    return visit.act(
        Show.link(id),
        () -> {
          api.edit(
              id,
              new DeadLetterViews.Edit(
                  reason(reason), fence, null, java.util.Base64.getEncoder().encodeToString(body)),
              caller);
          return "'%s' runs again with what you wrote; what it was before is kept.".formatted(id);
        });
  }

  /** The bytes as they arrived. */
  @GetMapping("/messages/{id}/payload")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  org.springframework.http.ResponseEntity<byte[]> payload(
      Visit visit, Caller caller, @PathVariable String id) {
    if (reveals.until(visit.request(), id) == null) {
      throw Problem.forbidden(
          "The payload of '%s' holds personal data; show it on its page first, with a reason."
              .formatted(Show.cut(id, 40)));
    }
    return messages.payload(id, caller);
  }
}
