package io.serai.allocation;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The scorers that come with the hub. */
public final class Scorers {
  private Scorers() {}

  private record Named(String name, ToDoubleFunction<Plan> by, Function<Plan, String> because)
      implements Scorer {
    @Override
    public double value(Plan plan) {
      return by.applyAsDouble(plan);
    }

    @Override
    public String reason(Plan plan) {
      return because.apply(plan);
    }
  }

  /** One parcel is best; two are half as good. */
  public static final Scorer COMPLETE =
      new Named(
          "complete", plan -> plan.whole() ? 1.0 / Math.max(1, plan.shipments()) : 0, plan -> null);

  /** The first node of the list is best. */
  public static final Scorer PRIORITY = new Named("priority", Scorers::priority, plan -> null);

  /** The nearest node is best; twice as far is half as good. */
  public static final Scorer DISTANCE = new Named("distance", Scorers::distance, Scorers::howFar);

  /** The cheapest way is best; twice as dear is half as good. */
  public static final Scorer COST = new Named("cost", Scorers::cost, Scorers::howDear);

  /** On time is best; each day late is half as good. */
  public static final Scorer TRANSIT = new Named("transit", Scorers::transit, Scorers::howLate);

  /** Best when every node keeps its floor; worst when one of them is emptied. */
  public static final Scorer BALANCE = new Named("balance", Scorers::balance, Scorers::whatIsLeft);

  /** All of them. */
  public static final List<Scorer> ALL =
      List.of(COMPLETE, PRIORITY, DISTANCE, COST, TRANSIT, BALANCE);

  private static double priority(Plan plan) {
    var nodes = plan.situation().question().nodes().size();
    return plan.mean(node -> 1.0 - (double) node / nodes);
  }

  // Nearer than this is all the same: it is the same town.
  private static final double TOWN = 25;

  private static double distance(Plan plan) {
    var situation = plan.situation();
    var nearest = Double.MAX_VALUE;
    for (var n = 0; n < situation.question().nodes().size(); n++) {
      var far = situation.distanceFrom(n);
      if (far != null) {
        nearest = Math.min(nearest, far.kilometers());
      }
    }
    var best = nearest;
    return plan.mean(
        node -> {
          var far = situation.distanceFrom(node);
          return far == null ? 0 : (TOWN + best) / (TOWN + far.kilometers());
        });
  }

  private static String howFar(Plan plan) {
    var text = new StringBuilder();
    for (var node : plan.nodes()) {
      var far = plan.situation().distanceFrom(node);
      text.append(text.isEmpty() ? "" : ", ");
      if (far == null) {
        text.append("the way is not known");
      } else {
        text.append(Math.round(far.kilometers())).append(" km");
        if (far.fallback() != null) {
          text.append(" (").append(far.fallback()).append(')');
        }
      }
    }
    return text.toString();
  }

  private static double cost(Plan plan) {
    var own = plan.cost();
    if (own == null) {
      return 0;
    }
    var cheapest = Double.MAX_VALUE;
    var question = plan.situation().question();
    for (var node : question.nodes()) {
      var one = node.costTo(question.order().country());
      if (one != null) {
        cheapest = Math.min(cheapest, one);
      }
    }
    return own <= 0 ? 1 : Math.min(1, Math.max(0.01, cheapest) / own);
  }

  private static String howDear(Plan plan) {
    var own = plan.cost();
    return own == null ? "nobody said what it costs" : money(own) + " to ship";
  }

  static String money(double amount) {
    return BigDecimal.valueOf(Math.round(amount * 100), 2).toPlainString();
  }

  private static double transit(Plan plan) {
    var situation = plan.situation();
    var order = situation.question().order();
    if (order.deliverBy() != null || order.shipBy() != null) {
      return plan.mean(node -> Math.pow(0.5, situation.daysLate(node)));
    }
    return plan.mean(
        node -> {
          var days = situation.question().nodes().get(node).transitTo(order.country());
          return days == null ? 0 : 1.0 / (1 + days);
        });
  }

  private static String howLate(Plan plan) {
    var situation = plan.situation();
    var text = new StringBuilder();
    for (var node : plan.nodes()) {
      var candidate = situation.question().nodes().get(node);
      var days = candidate.transitTo(situation.question().order().country());
      var late = situation.daysLate(node);
      text.append(text.isEmpty() ? "" : ", ")
          .append("leaves on ")
          .append(situation.shipsOn(node))
          .append(days == null ? "" : ", " + days + " day(s) on the way")
          .append(late == 0 ? "" : ", " + late + " day(s) late");
    }
    return text.toString();
  }

  private static double balance(Plan plan) {
    if (keepsNothing(plan)) {
      return 1;
    }
    var value = 1.0;
    for (var left : left(plan).entrySet()) {
      var floor = plan.situation().question().nodes().get(left.getKey().node()).floor();
      if (floor > 0 && left.getValue() < floor) {
        value = Math.min(value, Math.max(0, (double) left.getValue() / floor));
      }
    }
    return value;
  }

  private static boolean keepsNothing(Plan plan) {
    for (var node : plan.nodes()) {
      if (plan.situation().question().nodes().get(node).floor() > 0) {
        return false;
      }
    }
    return true;
  }

  private record Shelf(int node, String sku) {}

  private static HashMap<Shelf, Integer> left(Plan plan) {
    var left = new HashMap<Shelf, Integer>();
    for (var part : plan.parts()) {
      var sku = plan.want(part).sku();
      var shelf = new Shelf(part.node(), sku);
      left.putIfAbsent(shelf, plan.situation().availableAt(part.node(), sku));
      left.merge(shelf, -part.units(), Integer::sum);
    }
    return left;
  }

  private static String whatIsLeft(Plan plan) {
    var nodes = plan.situation().question().nodes();
    String worst = null;
    for (var left : left(plan).entrySet()) {
      var floor = nodes.get(left.getKey().node()).floor();
      if (left.getValue() < floor) {
        var words =
            "leaves "
                + left.getValue()
                + " of SKU '"
                + left.getKey().sku()
                + "', below the floor of "
                + floor;
        worst = worst == null || words.compareTo(worst) < 0 ? words : worst;
      }
    }
    return worst;
  }
}
