package io.serai.order;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Where an order may go, found by doing everything to one of two units that may be done: its state
 * is a function of facts, so the way between states is what happens to the facts.
 */
public final class OrderCourse {
  /** What is known of one line of two units. */
  private static final class Facts {
    PaymentState payment;
    boolean decided;
    boolean held;
    int cancelled;
    int allocated;
    int accepted;
    int shipped;
    int delivered;
    int cameBack;

    Facts copy() {
      var copy = new Facts();
      copy.payment = payment;
      copy.decided = decided;
      copy.held = held;
      copy.cancelled = cancelled;
      copy.allocated = allocated;
      copy.accepted = accepted;
      copy.shipped = shipped;
      copy.delivered = delivered;
      copy.cameBack = cameBack;
      return copy;
    }

    int free() {
      return UNITS - cancelled - allocated - shipped;
    }

    boolean may() {
      return !held && payment != null && payment.settled() && free() > 0;
    }

    OrderState state() {
      var line =
          new OrderProgress.Line(
              true, UNITS, cancelled, allocated, allocated, accepted, shipped, delivered);
      var ended = cameBack > 0 && delivered + cameBack >= UNITS - cancelled;
      return new OrderProgress(List.of(line), payment, held, decided, ended).state();
    }

    String key() {
      return payment + " " + decided + held + cancelled + allocated + accepted + shipped + delivered
          + cameBack;
    }
  }

  private static final int UNITS = 2;

  private final Map<OrderState, Map<OrderState, Set<String>>> ways = new TreeMap<>();
  private final Set<String> known = new LinkedHashSet<>();
  private final ArrayDeque<Facts> open = new ArrayDeque<>();

  private OrderCourse() {}

  /** All ways between two states, with what takes an order there. */
  public static Map<OrderState, Map<OrderState, Set<String>>> all() {
    var course = new OrderCourse();
    course.open.add(new Facts());
    while (!course.open.isEmpty()) {
      course.from(course.open.poll());
    }
    return course.ways;
  }

  private void from(Facts now) {
    if (now.payment == null) {
      when(now, true, "payment told", f -> f.payment = PaymentState.PENDING);
      when(now, true, "paid", f -> f.payment = PaymentState.PAID);
    }
    when(now, now.payment == PaymentState.PENDING, "paid", f -> f.payment = PaymentState.PAID);
    when(now, !now.held, "held", f -> f.held = true);
    when(now, now.held, "released", f -> f.held = false);
    when(now, now.may() && !now.decided, "nothing there", f -> f.decided = true);
    when(
        now,
        now.may(),
        "nodes asked",
        f -> {
          f.decided = true;
          f.allocated += f.free();
        });
    when(
        now,
        now.may() && now.free() == UNITS,
        "nodes asked for a part",
        f -> {
          f.decided = true;
          f.allocated++;
        });
    when(now, now.accepted < now.allocated, "accepted", f -> f.accepted = f.allocated);
    when(
        now,
        now.allocated > 0,
        "sent",
        f -> {
          f.accepted = Math.max(0, f.accepted - 1);
          f.allocated--;
          f.shipped++;
        });
    when(
        now,
        now.allocated > 0,
        "refused or taken back",
        f -> {
          f.accepted = Math.max(0, f.accepted - 1);
          f.allocated--;
        });
    when(now, now.free() > 0, "cancelled", f -> f.cancelled++);
    when(now, now.delivered + now.cameBack < now.shipped, "delivered", f -> f.delivered++);
    when(now, now.delivered + now.cameBack < now.shipped, "came back", f -> f.cameBack++);
  }

  private void when(Facts now, boolean may, String what, Consumer<Facts> happens) {
    if (!may) {
      return;
    }
    var then = now.copy();
    happens.accept(then);
    if (known.add(then.key())) {
      open.add(then);
    }
    if (then.state() != now.state()) {
      ways.computeIfAbsent(now.state(), s -> new TreeMap<>())
          .computeIfAbsent(then.state(), s -> new LinkedHashSet<>())
          .add(what);
    }
  }
}
