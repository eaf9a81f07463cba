package io.serai.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.api.CausesApi;
import io.serai.api.DeadLetterViews;
import io.serai.api.DeadLettersApi;
import io.serai.api.DiscardsApi;
import io.serai.api.MaintenanceApi;
import io.serai.api.Problem;
import io.serai.api.ReplaysApi;
import io.serai.api.Selections;
import io.serai.deadletter.DeadLetterGroup;
import io.serai.deadletter.DeadLetters;
import io.serai.deadletter.Selection;
import io.serai.deadletter.Stake;
import io.serai.support.Json;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** What stopped, by cause; and many put back to work at once. */
@Controller
final class DeadLetterPages {
  /** From so many on, the count has to be typed: nobody replays thousands by a slip. */
  static final int TYPED = 100;

  private static final int PAGE = 50;

  private final DeadLettersApi api;
  private final ReplaysApi replays;
  private final DiscardsApi discards;
  private final DeadLetters deadLetters;
  private final Pile pile;
  private final CausesApi causes;
  private final MaintenanceApi maintenance;

  DeadLetterPages(
      DeadLettersApi api,
      ReplaysApi replays,
      DiscardsApi discards,
      DeadLetters deadLetters,
      Pile pile,
      CausesApi causes,
      MaintenanceApi maintenance) {
    this.api = api;
    this.replays = replays;
    this.discards = discards;
    this.deadLetters = deadLetters;
    this.pile = pile;
    this.causes = causes;
    this.maintenance = maintenance;
  }

  /** One row: a cause, what it means and what is at stake. */
  record Row(DeadLetterGroup group, Cause cause) {
    static List<Row> of(List<DeadLetterGroup> groups) {
      return groups.stream().map(group -> new Row(group, Cause.of(group.kind()))).toList();
    }

    /** By a column of the list; the largest group first when that is none. */
    static List<Row> sorted(List<Row> rows, String sort) {
      Comparator<Row> order =
          switch (sort == null ? "" : sort) {
            case "cause" -> Comparator.comparing((Row row) -> row.cause().title());
            case "where" -> Comparator.comparing(row -> String.valueOf(row.group().account()));
            case "orders" -> Comparator.comparing((Row row) -> -row.group().orders());
            case "stake" -> Comparator.comparing(Row::stake).reversed();
            case "since" -> Comparator.comparing(row -> row.group().firstSeen());
            case "last" -> Comparator.comparing((Row row) -> row.group().lastSeen()).reversed();
            case "who" -> Comparator.comparing(row -> row.cause().owner());
            default -> Comparator.comparing((Row row) -> -row.group().count());
          };
      return rows.stream().sorted(order).toList();
    }

    // Amounts of two currencies have no order; the largest number stands first.
    private BigDecimal stake() {
      return group.stakes().stream()
          .map(Stake::amount)
          .max(Comparator.naturalOrder())
          .orElse(BigDecimal.ZERO);
    }
  }

  /** What the list is narrowed to. */
  record Filter(String type, String kind, String account) {
    boolean empty() {
      return type == null && kind == null && account == null;
    }

    Selection selection() {
      return Selections.of(null, type, null, kind, account, null, null, null, null, null);
    }
  }

  @GetMapping("/dead-letters")
  @Allows(Role.VIEWER)
  View groups(
      Visit visit,
      @RequestParam(required = false) String type,
      @RequestParam(required = false) String kind,
      @RequestParam(required = false) String account,
      @RequestParam(required = false) String sort) {
    var filter = new Filter(Form.given(type), Form.given(kind), Form.given(account));
    var counted = filter.empty() ? pile.look() : null;
    var parts = new HashMap<String, Object>();
    var order = Form.given(sort);
    parts.put(
        "rows",
        Row.sorted(
            Row.of(counted == null ? deadLetters.groups(filter.selection()) : counted.groups()),
            order));
    parts.put("sort", order);
    parts.put("trends", causes.trends());
    parts.put("filter", filter);
    parts.put("counted", counted);
    return visit.page(visit.frame("Dead letters", "dead-letters"), "dead-letters", parts);
  }

  @GetMapping("/dead-letters/group")
  @Allows(Role.VIEWER)
  View group(
      Visit visit,
      @RequestParam String fingerprint,
      @RequestParam(required = false) String cursor) {
    var row = Row.of(deadLetters.groups(Selection.group(fingerprint))).stream().findFirst();
    var page =
        api.list(
            null,
            null,
            fingerprint,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            PAGE,
            Form.given(cursor));
    var parts = new HashMap<String, Object>();
    parts.put("row", row.orElse(null));
    parts.put("silent", row.map(r -> silent(r.group().account())).orElse(null));
    parts.put("fingerprint", fingerprint);
    parts.put("last", replays.list(fingerprint, 1, null).items().stream().findFirst().orElse(null));
    parts.put("known", row.isEmpty() ? null : causes.get(fingerprint));
    parts.put("letters", page.items());
    parts.put("next", page.next());
    parts.put("mark", Form.mark());
    return visit.page(
        visit.frame(row.map(r -> r.cause().title()).orElse("Cause"), "dead-letters"),
        "dead-letter-group",
        parts);
  }

  /** What is over, by anything else than its cause. */
  @GetMapping("/dead-letters/ended")
  @Allows(Role.VIEWER)
  View ended(
      Visit visit,
      @RequestParam(defaultValue = "step") String by,
      @RequestParam(defaultValue = "discarded") String ended,
      @RequestParam(defaultValue = "count") String sort) {
    var counts = causes.ended(by, ended).items();
    Comparator<CausesApi.Ended> order =
        switch (sort) {
          case "part" -> Comparator.comparing(count -> String.valueOf(count.part()));
          case "orders" -> Comparator.comparing(count -> -count.orders());
          case "since" -> Comparator.comparing(CausesApi.Ended::firstEnded);
          case "last" -> Comparator.comparing(CausesApi.Ended::lastEnded).reversed();
          default -> Comparator.comparing(count -> -count.count());
        };
    var parts = new HashMap<String, Object>();
    parts.put("by", Show.word(by.strip()));
    parts.put("ended", Show.word(ended.strip()));
    parts.put("sort", sort);
    parts.put("counts", counts.stream().sorted(order).toList());
    return visit.page(visit.frame("What is over", "dead-letters"), "dead-letters-ended", parts);
  }

  /** Causes that are over: what fails for one of them again opens it again. */
  @GetMapping("/dead-letters/over")
  @Allows(Role.VIEWER)
  View over(Visit visit) {
    var parts = new HashMap<String, Object>();
    parts.put("causes", causes.over(PAGE).items());
    return visit.page(
        visit.frame("Causes that are over", "dead-letters"), "dead-letters-over", parts);
  }

  /** The window that keeps alerts about an account silent, or null. */
  private MaintenanceApi.Window silent(String account) {
    return maintenance.open().stream()
        .filter(window -> window.destination().equals(account))
        .reduce((first, last) -> last)
        .orElse(null);
  }

  @PostMapping("/dead-letters/replay")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  View replay(
      Visit visit,
      Caller caller,
      @RequestParam String fingerprint,
      @RequestParam(required = false) List<String> id,
      @RequestParam String which,
      @RequestParam(required = false) Integer rate,
      @RequestParam(required = false) Integer ramp,
      @RequestParam(required = false) String count,
      @RequestParam(required = false) String reason,
      @RequestParam String mark) {
    var group = "/console/dead-letters/group?fingerprint=" + Show.part(fingerprint);
    boolean dry = which.startsWith("dry");
    boolean selected = which.endsWith("selected");
    try {
      if (selected && (id == null || id.isEmpty())) {
        throw Problem.badRequest("Nothing is selected; tick what to replay.");
      }
      if (!dry && Form.given(reason) == null) {
        throw Problem.badRequest("Replaying needs a reason; say what has changed.");
      }
      if (!selected && !dry) {
        typed(deadLetters.count(Selection.group(fingerprint)), count);
      }
      var selection = selection(fingerprint, selected ? id : null);
      var job =
          Form.once(
              visit.request(),
              mark + which,
              () ->
                  replays
                      .start(
                          new DeadLetterViews.Start(
                              selection, rate, ramp, null, null, dry, Form.given(reason)),
                          caller)
                      .getBody()
                      .id());
      return visit.to("/console/jobs/" + job);
    } catch (Problem refused) {
      if (refused.status() >= 500) {
        throw refused;
      }
      return visit.to(group, Notice.refused(refused.getMessage()));
    }
  }

  /** Gives all of a cause up; the count has to be typed, and to be what it is now. */
  @PostMapping("/dead-letters/discard")
  @Allows(Role.OPERATOR)
  View discard(
      Visit visit,
      Caller caller,
      @RequestParam String fingerprint,
      @RequestParam(required = false) String count,
      @RequestParam(required = false) String code,
      @RequestParam(required = false) String reason) {
    return visit.act(
        "/console/dead-letters/group?fingerprint=" + Show.part(fingerprint),
        () -> {
          var done =
              discards.discard(
                  new DiscardsApi.Request(
                      new DeadLetterViews.Selected(
                          null, fingerprint, null, null, null, null, null, null, null, null, null),
                      number(count),
                      Form.given(reason),
                      Form.given(code)),
                  caller);
          return said(done);
        });
  }

  /** How many a person typed. */
  static int number(String count) {
    var typed = count == null ? "" : count.strip().replace(",", "");
    if (!typed.matches("[0-9]{1,9}")) {
      throw Problem.badRequest(
          "'%s' was typed, which is no number; type how many are to be discarded."
              .formatted(Show.cut(typed, 20)));
    }
    return Integer.parseInt(typed);
  }

  /** What came of discarding many. */
  static String said(DiscardsApi.Discarded done) {
    return done.approval() != null
        ? "A second person has to approve it (%s).".formatted(done.approval())
        : "%s discarded, %s left alone."
            .formatted(
                Show.n(done.discarded(), "is", "are"), Show.n(done.left().size(), "was", "were"));
  }

  private static DeadLetterViews.Selected selection(String fingerprint, List<String> ids) {
    return new DeadLetterViews.Selected(
        ids,
        ids == null ? fingerprint : null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  @PostMapping("/dead-letters/patch")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  View patch(
      Visit visit,
      Caller caller,
      @RequestParam String fingerprint,
      @RequestParam(required = false) List<String> id,
      @RequestParam String which,
      @RequestParam(required = false) String patch,
      @RequestParam(required = false) String patchCount,
      @RequestParam(required = false) String patchReason,
      @RequestParam(required = false) Integer rate,
      @RequestParam(required = false) Integer ramp,
      @RequestParam(defaultValue = "") String mark) {
    var group = "/console/dead-letters/group?fingerprint=" + Show.part(fingerprint);
    boolean dry = which.startsWith("dry");
    boolean selected = which.endsWith("selected");
    try {
      if (selected && (id == null || id.isEmpty())) {
        throw Problem.badRequest("Nothing is selected; tick what to patch.");
      }
      var total = selected ? id.size() : deadLetters.count(Selection.group(fingerprint));
      if (!selected && !dry) {
        typed(total, patchCount);
      }
      if (!selected && total > TYPED) {
        // So many are a job: at a rate, with a brake, and safe over a kill.
        var job =
            Form.once(
                visit.request(),
                mark + which,
                () ->
                    replays
                        .start(
                            new DeadLetterViews.Start(
                                selection(fingerprint, null),
                                rate,
                                ramp,
                                null,
                                json(patch),
                                dry,
                                Form.given(patchReason)),
                            caller)
                        .getBody()
                        .id());
        return visit.to("/console/jobs/" + job);
      }
      var parts = new HashMap<String, Object>();
      parts.put("fingerprint", fingerprint);
      parts.put(
          "result",
          api.patch(
              new DeadLetterViews.Patch(
                  selection(fingerprint, selected ? id : null),
                  json(patch),
                  Form.given(patchReason),
                  dry),
              caller));
      return visit.page(visit.frame("Patch", "dead-letters"), "dead-letter-patch", parts);
    } catch (Problem refused) {
      if (refused.status() >= 500) {
        throw refused;
      }
      return visit.to(group, Notice.refused(refused.getMessage()));
    }
  }

  private static JsonNode json(String patch) {
    try {
      return Json.tree(patch == null ? "" : patch);
    } catch (Json.Unreadable e) {
      throw Problem.badRequest("The patch is no JSON that can be read; correct it.");
    }
  }

  /** Refuses a large replay whose count was not typed as it is now. */
  static void typed(int total, String count) {
    var typed = count == null ? "" : count.strip().replace(",", "");
    if (total > TYPED && !typed.equals(Integer.toString(total))) {
      throw Problem.badRequest(
          "This replays %s dead letters, and '%s' was typed; type the number to say that you mean them all."
              .formatted(Show.n(total), Show.cut(typed, 20)));
    }
  }

  @GetMapping("/dead-letters/{id}")
  @Allows(Role.VIEWER)
  View letter(Visit visit, @PathVariable String id) {
    return visit.to(address(id));
  }

  /** Where a dead letter of this id is shown. */
  static String address(String id) {
    if (!id.matches("(msg|dlv|ord)_.+")) {
      throw Problem.notFound(
          "'%s' is no dead letter's id; ids begin with msg_, dlv_ or ord_."
              .formatted(Show.cut(id, 60)));
    }
    return Show.link(id);
  }
}
