package io.serai.hub;

import static io.serai.hub.AHub.NEAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.access.Allows;
import io.serai.database.TestDatabase;
import io.serai.inbox.MessageState;
import io.serai.order.AnOrder;
import io.serai.order.Cancellation;
import io.serai.order.FulfillmentResponse;
import io.serai.order.HoldKind;
import io.serai.order.OrderCourse;
import io.serai.order.OrderState;
import io.serai.order.PaymentState;
import io.serai.order.ReturnState;
import io.serai.order.Tracking;
import io.serai.order.TrackingState;
import io.serai.outbox.DeliveryState;
import io.serai.support.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.web.bind.annotation.PostMapping;

/**
 * docs/lifecycle.md says what the code does: its diagrams are drawn from the tables that the code
 * keeps to, who may do what is tried in every state, and the tests it names are there. {@code
 * -Dserai.write=true} writes it anew.
 */
class LifecycleGuideIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Path GUIDE = Path.of("docs/lifecycle.md");
  private static final String API = "io.serai.api.OrderActionsApi";
  private static final Pattern NAMED = Pattern.compile("`(\\w+)\\.(\\w+)`");

  // --- diagrams

  private static void says(String part, String drawn) throws IOException {
    var text = Files.readString(GUIDE);
    var begin = "<!-- generated: " + part + " -->\n";
    var from = text.indexOf(begin);
    assertThat(from).as("the marker of '%s' in %s", part, GUIDE).isNotNegative();
    from += begin.length();
    var to = text.indexOf("<!-- end -->", from);
    if (Boolean.getBoolean("serai.write")) {
      Files.writeString(GUIDE, text.substring(0, from) + drawn + text.substring(to));
    } else {
      assertThat(text.substring(from, to))
          .as("'%s' of %s; -Dserai.write=true writes it anew", part, GUIDE)
          .isEqualTo(drawn);
    }
  }

  private static <S extends Enum<S>> String diagram(
      Set<S> first, List<S> states, Function<S, Set<S>> next) {
    var drawn = new StringBuilder("```mermaid\nstateDiagram-v2\n");
    first.forEach(state -> drawn.append("  [*] --> ").append(state).append('\n'));
    for (var state : states) {
      next.apply(state)
          .forEach(
              there -> drawn.append("  ").append(state).append(" --> ").append(there).append('\n'));
      if (next.apply(state).isEmpty()) {
        drawn.append("  ").append(state).append(" --> [*]\n");
      }
    }
    return drawn.append("```\n").toString();
  }

  @Test
  void anOrderIsDrawnAsItsFactsTakeItThere() throws IOException {
    var drawn = new StringBuilder("```mermaid\nstateDiagram-v2\n  [*] --> NEW: arrives\n");
    var ways = OrderCourse.all();
    ways.forEach(
        (from, all) ->
            all.forEach(
                (to, what) -> {
                  if (from != OrderState.ON_HOLD && to != OrderState.ON_HOLD) {
                    drawn
                        .append("  ")
                        .append(from)
                        .append(" --> ")
                        .append(to)
                        .append(": ")
                        .append(String.join(", ", what))
                        .append('\n');
                  }
                }));
    drawn.append("```\n\nHeld, it is shown as `ON_HOLD` from ");
    drawn.append(
        ways.entrySet().stream()
            .filter(e -> e.getValue().containsKey(OrderState.ON_HOLD))
            .filter(e -> e.getValue().get(OrderState.ON_HOLD).contains("held"))
            .map(e -> "`" + e.getKey() + "`")
            .collect(Collectors.joining(", ")));
    says("order", drawn.append("; what a node already has shows where that stands.\n").toString());
  }

  @Test
  void aRequestIsDrawnFromItsTable() throws IOException {
    says(
        "request",
        diagram(
            EnumSet.of(RequestState.REQUESTED),
            List.of(RequestState.values()),
            RequestState::next));
    assertThat(RequestState.SHIPPED.reaches(RequestState.ACCEPTED)).isFalse();
    assertThat(RequestState.REQUESTED.reaches(RequestState.SHIPPED)).isTrue();
    var end = new WorkingOrder.Fulfillment(UUID.randomUUID(), NEAR, null, "CANCELLED", false);
    end.state = "ACCEPTED";
    assertThatThrownBy(end::judged)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageEndingWith("was CANCELLED and cannot become ACCEPTED");
  }

  @Test
  void aParcelIsDrawnFromItsTable() throws IOException {
    says(
        "parcel",
        diagram(
            WorkingParcel.State.FIRST,
            List.of(WorkingParcel.State.values()),
            WorkingParcel.State::next));
    var bought = new WorkingParcel(UUID.randomUUID(), UUID.randomUUID(), null, NEAR, true);
    bought.to(WorkingParcel.State.RATING);
    assertThatThrownBy(() -> bought.to(WorkingParcel.State.LABELED))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageEndingWith("was RATING and cannot become LABELED");
  }

  @Test
  void moneyThatGoesBackIsDrawnFromItsTable() throws IOException {
    says(
        "refund",
        diagram(
            EnumSet.of(RefundState.DUE, RefundState.REQUESTED, RefundState.CONFIRMED),
            List.of(RefundState.values()),
            RefundState::next));
  }

  @Test
  void aReturnIsDrawnFromItsTable() throws IOException {
    says(
        "return",
        diagram(
            EnumSet.of(ReturnState.REQUESTED, ReturnState.RECEIVED),
            List.of(ReturnState.values()),
            ReturnState::next));
  }

  @Test
  void aDeliveryIsDrawnFromItsTable() throws IOException {
    says(
        "delivery",
        diagram(
            EnumSet.of(DeliveryState.READY, DeliveryState.SENDING),
            List.of(DeliveryState.values()),
            DeliveryState::next));
  }

  @Test
  void aMessageIsDrawnFromItsTable() throws IOException {
    says(
        "message",
        diagram(
            EnumSet.of(MessageState.RECEIVED, MessageState.RUNNING),
            List.of(MessageState.values()),
            MessageState::next));
  }

  @Test
  void holdsAreDrawnFromTheirKinds() throws IOException {
    var drawn =
        new StringBuilder(
            "```mermaid\nstateDiagram-v2\n  [*] --> STOPS: found or wanted\n  [*] --> SHOWS: found\n"
                + "  STOPS --> RELEASED: by a person, or its cause is gone\n"
                + "  SHOWS --> RELEASED: by a person, or its cause is gone\n  RELEASED --> [*]\n```\n\n");
    drawn.append("| | kinds |\n|---|---|\n");
    drawn.append(kinds("`STOPS`: nothing more of the order is asked of anybody", HoldKind::stops));
    drawn.append(kinds("`SHOWS`: somebody has to look, nothing stops", kind -> !kind.stops()));
    drawn.append(kinds("a person may place it", HoldKind::byHand));
    drawn.append(kinds("a replay of the order lifts it", HoldKind::ofAllocation));
    says("hold", drawn.toString());
  }

  private static String kinds(String what, Function<HoldKind, Boolean> which) {
    return "| "
        + what
        + " | "
        + Stream.of(HoldKind.values())
            .filter(which::apply)
            .map(kind -> "`" + kind + "`")
            .collect(Collectors.joining(", "))
        + " |\n";
  }

  // --- who may do what when

  /** What a person may do to an order, by the path that does it. */
  private static final Map<String, BiFunction<UUID, String, Object>> VERBS = verbs();

  private static Map<String, BiFunction<UUID, String, Object>> verbs() {
    var verbs = new LinkedHashMap<String, BiFunction<UUID, String, Object>>();
    verbs.put("hold", (id, number) -> new HoldOrder(id, HoldKind.MANUAL, "a test", null, null));
    verbs.put("release", (id, number) -> new ReleaseOrder(id, null, "a test"));
    verbs.put("cancel", (id, number) -> new CancelOrder(id, "CUSTOMER", List.of()));
    verbs.put(
        "cancel, a part",
        (id, number) ->
            new CancelOrder(id, "CUSTOMER", List.of(new Cancellation.Line(number + "-1", 1))));
    verbs.put(
        "change, one more",
        (id, number) ->
            new EditOrder(
                id,
                List.of(),
                List.of(new EditOrder.Added("MUG-" + number, 1, null)),
                null,
                false));
    verbs.put("reassign", (id, number) -> new Reassignment(id, null, null, AHub.FAR, "a test"));
    return verbs;
  }

  /** An order of an article of its own, taken to a state. */
  private static UUID in(OrderState state, String number, AHub hub) {
    var sku = "MUG-" + number;
    hub.has(sku, NEAR, state == OrderState.BACKORDERED ? 0 : 2);
    if (state != OrderState.BACKORDERED) {
      hub.has(sku, AHub.FAR, 2);
    }
    var order = AnOrder.anOrder().numbered(number).placedAt(ManualClock.START).with(sku, 2);
    hub.apply(
        (state == OrderState.PENDING_PAYMENT ? order.paid(PaymentState.PENDING) : order).build());
    var id = hub.order(number).id();
    switch (state) {
      case ON_HOLD -> hub.applyInside(VERBS.get("hold").apply(id, number));
      case CANCELLED -> hub.applyInside(VERBS.get("cancel").apply(id, number));
      case IN_FULFILLMENT, PARTIALLY_SHIPPED, SHIPPED, DELIVERED -> {
        hub.confirm(hub.owed(number, "fulfillment-request"));
        var asked = hub.asked(number).getFirst().text();
        hub.apply(hub.answer(asked, FulfillmentResponse.State.ACCEPTED));
        if (state != OrderState.IN_FULFILLMENT) {
          var units = state == OrderState.PARTIALLY_SHIPPED ? 1 : 2;
          hub.apply(hub.shipmentOf(asked, "S-" + number, sku, units));
        }
        if (state == OrderState.DELIVERED) {
          hub.apply(
              new Tracking(
                  "1ZS-" + number,
                  null,
                  null,
                  List.of(
                      new Tracking.Event(
                          hub.clock.instant(), TrackingState.DELIVERED, null, null, null))),
              hub.message(AHub.NEAR_PARTNER, "tracking", "1ZS-" + number));
        }
      }
      default -> {}
    }
    assertThat(hub.order(number).state()).isEqualTo(state.name());
    return id;
  }

  @Test
  void whoMayDoWhatIsTriedInEveryState() throws Exception {
    var states =
        List.of(
            OrderState.PENDING_PAYMENT,
            OrderState.ON_HOLD,
            OrderState.BACKORDERED,
            OrderState.RELEASED,
            OrderState.IN_FULFILLMENT,
            OrderState.PARTIALLY_SHIPPED,
            OrderState.SHIPPED,
            OrderState.DELIVERED,
            OrderState.CANCELLED);
    var drawn =
        new StringBuilder("| what | right | in | else it is refused |\n|---|---|---|---|\n");
    try (var hub = new AHub(DATABASE)) {
      var number = 1000;
      for (var verb : VERBS.entrySet()) {
        var allowed = new ArrayList<String>();
        var refused = new TreeSet<String>();
        for (var state : states) {
          var shown = String.valueOf(++number);
          var done = hub.applyInside(verb.getValue().apply(in(state, shown, hub), shown));
          if (done instanceof ApplyResult.Failed failed) {
            refused.add(failed.failure().sentence().replace(shown, "1001"));
          } else {
            allowed.add("`" + state + "`");
          }
        }
        drawn
            .append("| ")
            .append(verb.getKey())
            .append(" | `")
            .append(right(verb.getKey().replaceAll(",.*", "")))
            .append("` | ")
            .append(String.join(", ", allowed))
            .append(" | ")
            .append(String.join("<br>", refused))
            .append(" |\n");
      }
      hub.holdsTogether();
    }
    says("verbs", drawn.toString());
  }

  private static String right(String verb) throws ClassNotFoundException {
    return Stream.of(Class.forName(API).getMethods())
        .filter(m -> m.isAnnotationPresent(PostMapping.class))
        .filter(m -> m.getAnnotation(PostMapping.class).path()[0].endsWith("/" + verb))
        .map(m -> m.getAnnotation(Allows.class).value().name())
        .findFirst()
        .orElseThrow()
        .toLowerCase(Locale.ROOT);
  }

  // --- messy orders

  @Test
  void theTestsThatItNamesAreThere() throws IOException {
    var numbers = new TreeSet<Integer>();
    for (var line : Files.readAllLines(GUIDE)) {
      var cells = line.split("\\|");
      if (cells.length > 3 && cells[1].strip().matches("\\d+")) {
        numbers.add(Integer.valueOf(cells[1].strip()));
        var named = NAMED.matcher(cells[3]);
        var found = 0;
        while (named.find()) {
          found++;
          assertThat(source(named.group(1)))
              .as("%s has the test that %s names as number %s", named.group(1), GUIDE, cells[1])
              .containsPattern("void " + named.group(2) + "\\(");
        }
        assertThat(found).as("tests of number %s", cells[1]).isPositive();
      }
    }
    assertThat(numbers).hasSize(25).startsWith(1).endsWith(25);
  }

  private static String source(String test) throws IOException {
    try (var files = Files.walk(Path.of("src/test/java"))) {
      return Files.readString(
          files
              .filter(file -> file.getFileName().toString().equals(test + ".java"))
              .findFirst()
              .orElseThrow(() -> new AssertionError("There is no test '" + test + "'")));
    }
  }
}
