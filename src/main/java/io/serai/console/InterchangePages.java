package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.api.InterchangeViews.Conversation;
import io.serai.api.InterchangeViews.Owed;
import io.serai.api.InterchangeViews.Step;
import io.serai.api.InterchangesApi;
import io.serai.edi.NamedSegments;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.TreeSet;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** EDI: what came and went, what is acknowledged of it, what is owed, and under which numbers. */
@Controller
final class InterchangePages {
  private static final int PAGE = 50;
  private static final int CONVERSATIONS = 25;
  private static final int OVERDUE = 20;
  private static final int SEGMENTS = 500;
  private static final String SECTION = "interchanges";

  // The sets of an order in the order in which they are due; what else there is comes last.
  private static final List<String> SETS =
      List.of("850", "860", "855", "865", "940", "943", "945", "944", "947", "856", "810", "824");
  private static final Comparator<String> COURSE =
      Comparator.<String>comparingInt(set -> SETS.contains(set) ? SETS.indexOf(set) : SETS.size())
          .thenComparing(Comparator.naturalOrder());

  private final InterchangesApi interchanges;
  private final Reveals reveals;

  InterchangePages(InterchangesApi interchanges, Reveals reveals) {
    this.interchanges = interchanges;
    this.reveals = reveals;
  }

  /**
   * An order of the matrix: what each set of the columns came to.
   *
   * @param cells a column each, in the order of the columns
   */
  record Line(String subject, List<Cell> cells) {}

  /** One set of an order: what was sent of it, and what is owed. */
  record Cell(List<Step> steps, List<Owed> owed) {}

  @GetMapping("/interchanges")
  @Allows(Role.VIEWER)
  View list(
      Visit visit,
      @RequestParam(required = false) String account,
      @RequestParam(required = false) String direction,
      @RequestParam(required = false) String state,
      @RequestParam(required = false) String control,
      @RequestParam(required = false) String set,
      @RequestParam(required = false) String subject,
      @RequestParam(required = false) String cursor) {
    var page =
        interchanges.list(
            Form.given(account),
            Form.given(direction),
            Form.given(state),
            Form.given(control),
            Form.given(set),
            Form.given(subject),
            PAGE,
            Form.given(cursor));
    var parts = new HashMap<String, Object>();
    parts.put("interchanges", page.items());
    parts.put("next", page.next());
    parts.put("accounts", interchanges.accounts());
    parts.put("overdue", interchanges.overdue(null, OVERDUE).items());
    parts.put("account", Form.given(account));
    parts.put("direction", Form.given(direction));
    parts.put("state", Form.given(state));
    parts.put("control", Form.given(control));
    parts.put("set", Form.given(set));
    parts.put("subject", Form.given(subject));
    return visit.page(visit.frame("EDI", SECTION), "interchanges", parts);
  }

  @GetMapping("/interchanges/{id}")
  @Allows(Role.VIEWER)
  View interchange(Visit visit, Caller caller, @PathVariable String id) {
    var detail = interchanges.get(id);
    var revealed = reveals.until(visit.request(), id);
    var parts = new HashMap<String, Object>();
    parts.put("interchange", detail.interchange());
    parts.put("sets", detail.sets());
    parts.put("revealed", revealed);
    parts.put(
        "content",
        revealed == null || !caller.mayReadPersonalData()
            ? null
            : NamedSegments.of(
                interchanges.content(id, caller).getBody(),
                detail.interchange().control(),
                SEGMENTS));
    return visit.page(
        visit.frame("Interchange " + detail.interchange().control(), SECTION),
        "interchange",
        parts);
  }

  @GetMapping("/interchanges/{id}/content")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  ResponseEntity<byte[]> content(Caller caller, @PathVariable String id) {
    return interchanges.content(id, caller);
  }

  @GetMapping("/conversations")
  @Allows(Role.VIEWER)
  View conversations(
      Visit visit,
      @RequestParam(required = false) String account,
      @RequestParam(required = false) String subject,
      @RequestParam(required = false) String cursor) {
    var accounts = interchanges.accounts();
    var named = chosen(account, accounts);
    var parts = new HashMap<String, Object>();
    var columns = new TreeSet<>(COURSE);
    var lines = new ArrayList<Line>();
    parts.put("next", null);
    if (named != null) {
      var page =
          interchanges.conversations(named, Form.given(subject), CONVERSATIONS, Form.given(cursor));
      page.items().forEach(one -> one.steps().forEach(step -> columns.add(step.set())));
      page.items().forEach(one -> one.owed().forEach(owed -> columns.add(owed.set())));
      page.items().forEach(one -> lines.add(line(one, columns)));
      parts.put("next", page.next());
    }
    parts.put("columns", List.copyOf(columns));
    parts.put("lines", lines);
    parts.put("accounts", accounts);
    parts.put("account", named);
    parts.put("subject", Form.given(subject));
    return visit.page(visit.frame("Conversations", SECTION), "conversations", parts);
  }

  private static Line line(Conversation one, TreeSet<String> columns) {
    return new Line(
        one.subject(),
        columns.stream()
            .map(
                set ->
                    new Cell(
                        one.steps().stream().filter(step -> step.set().equals(set)).toList(),
                        one.owed().stream().filter(owed -> owed.set().equals(set)).toList()))
            .toList());
  }

  @GetMapping("/control-numbers")
  @Allows(Role.VIEWER)
  View numbers(Visit visit, @RequestParam(required = false) String account) {
    var accounts = interchanges.accounts();
    var named = chosen(account, accounts);
    var parts = new HashMap<String, Object>();
    parts.put("accounts", accounts);
    parts.put("account", named);
    parts.put("numbers", named == null ? List.of() : interchanges.numbers(named).items());
    return visit.page(visit.frame("Control numbers", SECTION), "control-numbers", parts);
  }

  private static String chosen(String account, List<String> accounts) {
    var given = Form.given(account);
    return given != null || accounts.isEmpty() ? given : accounts.getFirst();
  }
}
