package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.api.DeadLetterViews;
import io.serai.api.DeadLetterWords;
import io.serai.api.DeadLettersApi;
import io.serai.api.DiscardsApi;
import io.serai.api.ListExport;
import io.serai.api.Problem;
import io.serai.api.ReplaysApi;
import io.serai.deadletter.DeadLetters;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** What stopped, one by one or by anything: narrowed by words, ticked over pages, and exported. */
@Controller
final class DeadLetterListPages {
  /** What may be shown of each, in this order. */
  static final List<String> COLUMNS =
      List.of(
          "kind",
          "account",
          "document",
          "key",
          "order",
          "happened",
          "route",
          "step",
          "tries",
          "stopped");

  private static final Set<String> USUAL =
      Set.of("kind", "account", "key", "happened", "tries", "stopped");
  private static final int PAGE = 50;
  private static final int MOST_TICKED = 1_000;

  private final DeadLettersApi api;
  private final ReplaysApi replays;
  private final DiscardsApi discards;
  private final DeadLetters deadLetters;

  DeadLetterListPages(
      DeadLettersApi api, ReplaysApi replays, DiscardsApi discards, DeadLetters deadLetters) {
    this.api = api;
    this.replays = replays;
    this.discards = discards;
    this.deadLetters = deadLetters;
  }

  /**
   * A page of the list.
   *
   * @param ticked of this page
   * @param kept ticked on other pages
   * @param later whether it is not the first page
   */
  record Listed(
      String q,
      int total,
      List<DeadLetterViews.Letter> letters,
      String next,
      boolean later,
      List<String> columns,
      Set<String> ticked,
      Set<String> kept,
      String mark) {
    boolean shows(String column) {
      return columns.contains(column);
    }
  }

  static String words(String column) {
    return switch (column) {
      case "kind" -> "Cause";
      case "happened" -> "What happened";
      default -> Character.toUpperCase(column.charAt(0)) + column.substring(1);
    };
  }

  static String value(DeadLetterViews.Letter letter, String column) {
    return Show.or(
        switch (column) {
          case "account" -> letter.account();
          case "document" -> letter.document();
          case "key" -> letter.key();
          case "route" -> letter.route();
          default -> letter.step();
        });
  }

  @GetMapping("/dead-letters/list")
  @Allows(Role.VIEWER)
  View list(
      Visit visit,
      @RequestParam(required = false) String q,
      @RequestParam(required = false) List<String> cols,
      @RequestParam(required = false) String cursor) {
    return list(visit, q, cols, cursor, Set.of());
  }

  /** Another page, where what was ticked before stays ticked. */
  @PostMapping("/dead-letters/list")
  @Allows(Role.VIEWER)
  View turn(
      Visit visit,
      @RequestParam(required = false) String q,
      @RequestParam(required = false) List<String> cols,
      @RequestParam(required = false) String cursor,
      @RequestParam(required = false) List<String> id,
      @RequestParam(required = false) List<String> kept) {
    return list(visit, q, cols, cursor, ticked(id, kept));
  }

  private View list(Visit visit, String q, List<String> cols, String cursor, Set<String> ticked) {
    var asked = Form.given(q);
    var after = Form.given(cursor);
    var page = page(asked, after, PAGE);
    var here = new LinkedHashSet<>(page.items().stream().map(DeadLetterViews.Letter::id).toList());
    var elsewhere = new LinkedHashSet<>(ticked);
    elsewhere.removeAll(here);
    here.retainAll(ticked);
    var shown =
        COLUMNS.stream()
            .filter(
                column ->
                    cols == null || cols.isEmpty() ? USUAL.contains(column) : cols.contains(column))
            .toList();
    var parts = new HashMap<String, Object>();
    parts.put(
        "list",
        new Listed(
            asked,
            deadLetters.count(DeadLetterWords.of(asked, visit.now())),
            page.items(),
            page.next(),
            after != null,
            shown,
            here,
            elsewhere,
            Form.mark()));
    return visit.page(visit.frame("Dead letters", "dead-letters"), "dead-letter-list", parts);
  }

  private io.serai.api.Page<DeadLetterViews.Letter> page(String q, String cursor, int limit) {
    return api.list(q, null, null, null, null, null, null, null, null, null, limit, cursor);
  }

  private static Set<String> ticked(List<String> id, List<String> kept) {
    var all = new LinkedHashSet<String>();
    if (kept != null) {
      all.addAll(kept);
    }
    if (id != null) {
      all.addAll(id);
    }
    if (all.size() > MOST_TICKED) {
      throw Problem.badRequest(
          "%s are ticked, and %s at most may be; narrow the filter and take all that fit."
              .formatted(Show.n(all.size()), Show.n(MOST_TICKED)));
    }
    return all;
  }

  @GetMapping("/dead-letters/by")
  @Allows(Role.VIEWER)
  View by(
      Visit visit,
      @RequestParam(required = false) String by,
      @RequestParam(required = false) String q,
      @RequestParam(required = false) String sort) {
    var asked = Form.given(q);
    var what = Form.given(by) == null ? "step" : by.strip();
    var counts = api.counts(what, asked).items();
    Comparator<DeadLetterViews.Count> order =
        switch (sort == null ? "" : sort) {
          case "part" -> Comparator.comparing(count -> String.valueOf(count.part()));
          case "orders" -> Comparator.comparing(count -> -count.orders());
          case "since" -> Comparator.comparing(DeadLetterViews.Count::firstSeen);
          case "last" -> Comparator.comparing(DeadLetterViews.Count::lastSeen).reversed();
          default -> Comparator.comparing(count -> -count.count());
        };
    var parts = new HashMap<String, Object>();
    parts.put("by", Show.word(what));
    parts.put("q", asked);
    parts.put("sort", Form.given(sort) == null ? "count" : sort);
    parts.put("counts", counts.stream().sorted(order).toList());
    return visit.page(visit.frame("Dead letters", "dead-letters"), "dead-letter-by", parts);
  }

  /** The whole list as a file; what is masked on the page is masked in it. */
  @GetMapping("/dead-letters/export")
  @Allows(Role.VIEWER)
  View export(
      @RequestParam(required = false) String q, @RequestParam(defaultValue = "csv") String as) {
    var asked = Form.given(q);
    ListExport.Pages<DeadLetterViews.Letter> pages = cursor -> page(asked, cursor, ListExport.PAGE);
    pages.after(null); // a filter that is none is refused before the file begins
    boolean json = as.equals("json");
    return (model, request, response) -> {
      response.setContentType(json ? "application/json" : "text/csv;charset=UTF-8");
      response.setHeader(
          "Content-Disposition",
          "attachment; filename=\"dead-letters.%s\"".formatted(json ? "json" : "csv"));
      if (json) {
        ListExport.json(pages, response.getOutputStream());
      } else {
        ListExport.csv(DeadLetterViews.Letter.class, pages, response.getOutputStream());
      }
    };
  }

  @PostMapping("/dead-letters/list/replay")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  View replay(
      Visit visit,
      Caller caller,
      @RequestParam(required = false) String q,
      @RequestParam(required = false) List<String> id,
      @RequestParam(required = false) List<String> kept,
      @RequestParam String which,
      @RequestParam(required = false) Integer rate,
      @RequestParam(required = false) Integer ramp,
      @RequestParam(required = false) String count,
      @RequestParam(required = false) String reason,
      @RequestParam String mark) {
    boolean dry = which.startsWith("dry");
    try {
      var selection = selection(q, which.endsWith("selected") ? ticked(id, kept) : null);
      if (!dry && Form.given(reason) == null) {
        throw Problem.badRequest("Replaying needs a reason; say what has changed.");
      }
      if (!dry && selection.ids() == null) {
        DeadLetterPages.typed(total(visit, q), count);
      }
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
      return back(visit, q, refused);
    }
  }

  @PostMapping("/dead-letters/list/discard")
  @Allows(Role.OPERATOR)
  View discard(
      Visit visit,
      Caller caller,
      @RequestParam(required = false) String q,
      @RequestParam(required = false) List<String> id,
      @RequestParam(required = false) List<String> kept,
      @RequestParam String which,
      @RequestParam(required = false) String discardCount,
      @RequestParam(required = false) String discardReason) {
    try {
      var selection = selection(q, which.equals("selected") ? ticked(id, kept) : null);
      var done =
          discards.discard(
              new DiscardsApi.Request(
                  selection, DeadLetterPages.number(discardCount), Form.given(discardReason)),
              caller);
      return visit.to(address(q), Notice.done(DeadLetterPages.said(done)));
    } catch (Problem refused) {
      return back(visit, q, refused);
    }
  }

  private int total(Visit visit, String q) {
    return deadLetters.count(DeadLetterWords.of(Form.given(q), visit.now()));
  }

  /** The ticked ones, or all that fit when {@code ticked} is null. */
  private static DeadLetterViews.Selected selection(String q, Set<String> ticked) {
    if (ticked != null) {
      if (ticked.isEmpty()) {
        throw Problem.badRequest("Nothing is ticked; tick what is meant.");
      }
      return DeadLetterViews.Selected.of(List.copyOf(ticked));
    }
    return Form.given(q) == null
        ? new DeadLetterViews.Selected(
            null, null, null, null, null, null, null, null, null, null, true)
        : DeadLetterViews.Selected.matching(q.strip());
  }

  private static String address(String q) {
    return "/console/dead-letters/list" + (Form.given(q) == null ? "" : "?q=" + Show.part(q));
  }

  private static View back(Visit visit, String q, Problem refused) {
    if (refused.status() >= 500) {
      throw refused;
    }
    return visit.to(address(q), Notice.refused(refused.getMessage()));
  }
}
