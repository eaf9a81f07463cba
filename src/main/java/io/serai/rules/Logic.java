package io.serai.rules;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What conditions mean together, as far as that can be told without an order: whether they can all
 * hold, and whether one follows from another. A condition is brought into cases, one of which holds
 * when the condition does; each case is a set of facts.
 *
 * <p>Guarantee: it says "never" or "follows" only when that is so. Gap: it does not see every
 * contradiction, and a condition of more than {@value #MOST_CASES} cases is not looked into.
 */
final class Logic {
  static final int MOST_CASES = 64;

  /** How a subject stands to a value. */
  enum Relation {
    EQUAL,
    DIFFERENT,
    LESS,
    AT_MOST,
    MORE,
    AT_LEAST,
    ONE_OF,
    NONE_OF,
    HOLDS,
    FAILS
  }

  /** One fact. */
  record Fact(String subject, Relation relation, Set<Object> values) {
    Object value() {
      return values.iterator().next();
    }
  }

  private Logic() {}

  /** The cases of a condition; null when there are too many. No condition at all has one case. */
  static List<Set<Fact>> cases(Expression... expressions) {
    List<Set<Fact>> all = List.of(Set.of());
    for (var expression : expressions) {
      if (expression != null) {
        var cases = cases(expression.tree(), true);
        all = cases == null ? null : both(all, cases);
      }
      if (all == null) {
        return null;
      }
    }
    return all;
  }

  /** Whether some case can hold. */
  static boolean possible(List<Set<Fact>> cases) {
    return cases == null || cases.stream().anyMatch(Logic::possible);
  }

  /** Whether both can hold for the same order. */
  static boolean together(List<Set<Fact>> one, List<Set<Fact>> other) {
    return one == null || other == null || possible(both(one, other));
  }

  /** Whether every case of one is a case of the other. */
  static boolean follows(List<Set<Fact>> one, List<Set<Fact>> from) {
    return one != null
        && from != null
        && from.stream()
            .filter(Logic::possible)
            .allMatch(facts -> one.stream().anyMatch(wanted -> entails(facts, wanted)));
  }

  private static List<Set<Fact>> both(List<Set<Fact>> one, List<Set<Fact>> other) {
    var all = new ArrayList<Set<Fact>>();
    for (var first : one) {
      for (var second : other) {
        var facts = new LinkedHashSet<>(first);
        facts.addAll(second);
        all.add(facts);
      }
    }
    return all.size() > MOST_CASES ? null : all;
  }

  private static List<Set<Fact>> either(List<Set<Fact>> one, List<Set<Fact>> other) {
    var all = new ArrayList<>(one);
    all.addAll(other);
    return all.size() > MOST_CASES ? null : all;
  }

  private static List<Set<Fact>> cases(CelExpr expression, boolean holds) {
    if (expression.getKind() == CelExpr.ExprKind.Kind.CONSTANT
        && expression.constant().getKind() == CelConstant.Kind.BOOLEAN_VALUE) {
      return expression.constant().booleanValue() == holds ? List.of(Set.of()) : List.of();
    }
    if (expression.getKind() == CelExpr.ExprKind.Kind.CALL) {
      var call = expression.call();
      switch (call.function()) {
        case "!_" -> {
          return cases(call.args().get(0), !holds);
        }
        case "_&&_", "_||_" -> {
          var left = cases(call.args().get(0), holds);
          var right = cases(call.args().get(1), holds);
          if (left == null || right == null) {
            return null;
          }
          return call.function().equals("_&&_") == holds ? both(left, right) : either(left, right);
        }
        default -> {
          // a fact: below
        }
      }
    }
    return List.of(Set.of(fact(expression, holds)));
  }

  private static Fact fact(CelExpr expression, boolean holds) {
    if (expression.getKind() == CelExpr.ExprKind.Kind.CALL
        && expression.call().args().size() == 2) {
      var call = expression.call();
      var left = call.args().get(0);
      var right = call.args().get(1);
      if (call.function().equals("@in")) {
        if (constants(right) != null && constant(left) == null) {
          return new Fact(show(left), holds ? Relation.ONE_OF : Relation.NONE_OF, constants(right));
        }
      } else if (relation(call.function()) != null) {
        var relation = relation(call.function());
        if (constant(left) != null && constant(right) == null) {
          relation = turned(relation);
          var swap = left;
          left = right;
          right = swap;
        }
        if (constant(right) != null && constant(left) == null) {
          return new Fact(
              show(left), holds ? relation : opposite(relation), Set.of(constant(right)));
        }
      }
    }
    return new Fact(show(expression), holds ? Relation.HOLDS : Relation.FAILS, Set.of());
  }

  private static Relation relation(String function) {
    return switch (function) {
      case "_==_" -> Relation.EQUAL;
      case "_!=_" -> Relation.DIFFERENT;
      case "_<_" -> Relation.LESS;
      case "_<=_" -> Relation.AT_MOST;
      case "_>_" -> Relation.MORE;
      case "_>=_" -> Relation.AT_LEAST;
      default -> null;
    };
  }

  private static Relation turned(Relation relation) {
    return switch (relation) {
      case LESS -> Relation.MORE;
      case AT_MOST -> Relation.AT_LEAST;
      case MORE -> Relation.LESS;
      case AT_LEAST -> Relation.AT_MOST;
      default -> relation;
    };
  }

  private static Relation opposite(Relation relation) {
    return switch (relation) {
      case EQUAL -> Relation.DIFFERENT;
      case DIFFERENT -> Relation.EQUAL;
      case LESS -> Relation.AT_LEAST;
      case AT_MOST -> Relation.MORE;
      case MORE -> Relation.AT_MOST;
      case AT_LEAST -> Relation.LESS;
      case ONE_OF -> Relation.NONE_OF;
      case NONE_OF -> Relation.ONE_OF;
      case HOLDS -> Relation.FAILS;
      case FAILS -> Relation.HOLDS;
    };
  }

  private static Object constant(CelExpr expression) {
    if (expression.getKind() != CelExpr.ExprKind.Kind.CONSTANT) {
      return null;
    }
    return switch (expression.constant().getKind()) {
      case STRING_VALUE -> expression.constant().stringValue();
      case INT64_VALUE -> (double) expression.constant().int64Value();
      case DOUBLE_VALUE -> expression.constant().doubleValue();
      case BOOLEAN_VALUE -> expression.constant().booleanValue();
      default -> null;
    };
  }

  private static Set<Object> constants(CelExpr expression) {
    if (expression.getKind() != CelExpr.ExprKind.Kind.LIST) {
      return null;
    }
    var values = new HashSet<Object>();
    for (var element : expression.list().elements()) {
      var value = constant(element);
      if (value == null) {
        return null;
      }
      values.add(value);
    }
    return values;
  }

  /** Whether no two facts of a case exclude each other. */
  private static boolean possible(Set<Fact> facts) {
    for (var one : facts) {
      if (one.relation() == Relation.ONE_OF && one.values().isEmpty()) {
        return false;
      }
      for (var other : facts) {
        if (one != other && one.subject().equals(other.subject()) && exclude(one, other)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean exclude(Fact one, Fact other) {
    return switch (one.relation()) {
      case HOLDS -> other.relation() == Relation.FAILS;
      case EQUAL -> !fits(one.value(), other);
      case ONE_OF -> one.values().stream().noneMatch(value -> fits(value, other));
      case LESS, AT_MOST -> emptyRange(other, one);
      default -> false;
    };
  }

  /** Whether nothing lies above the one and below the other. */
  private static boolean emptyRange(Fact above, Fact below) {
    if (above.relation() != Relation.MORE && above.relation() != Relation.AT_LEAST
        || !(above.value() instanceof Double low)
        || !(below.value() instanceof Double high)) {
      return false;
    }
    return low > high
        || low.equals(high)
            && (above.relation() == Relation.MORE || below.relation() == Relation.LESS);
  }

  /** Whether a value can be what a fact says. */
  private static boolean fits(Object value, Fact fact) {
    return switch (fact.relation()) {
      case EQUAL -> value.equals(fact.value());
      case DIFFERENT -> !value.equals(fact.value());
      case ONE_OF -> fact.values().contains(value);
      case NONE_OF -> !fact.values().contains(value);
      case LESS -> compare(value, fact.value()) < 0;
      case AT_MOST -> compare(value, fact.value()) <= 0;
      case MORE -> compare(value, fact.value()) > 0;
      case AT_LEAST -> compare(value, fact.value()) >= 0;
      case HOLDS, FAILS -> true;
    };
  }

  private static int compare(Object one, Object other) {
    if (one instanceof Double x && other instanceof Double y) {
      return Double.compare(x, y);
    }
    return String.valueOf(one).compareTo(String.valueOf(other));
  }

  private static boolean entails(Set<Fact> facts, Set<Fact> wanted) {
    return wanted.stream().allMatch(want -> facts.stream().anyMatch(fact -> entails(fact, want)));
  }

  private static boolean entails(Fact fact, Fact want) {
    if (fact.equals(want)) {
      return true;
    }
    if (!fact.subject().equals(want.subject())) {
      return false;
    }
    return switch (fact.relation()) {
      case EQUAL -> fits(fact.value(), want);
      case ONE_OF -> fact.values().stream().allMatch(value -> fits(value, want));
      case NONE_OF ->
          want.relation() == Relation.DIFFERENT && fact.values().contains(want.value())
              || want.relation() == Relation.NONE_OF && fact.values().containsAll(want.values());
      case LESS, AT_MOST ->
          (want.relation() == Relation.LESS || want.relation() == Relation.AT_MOST)
              && (compare(fact.value(), want.value()) < 0
                  || compare(fact.value(), want.value()) == 0
                      && want.relation() == Relation.AT_MOST);
      case MORE, AT_LEAST ->
          (want.relation() == Relation.MORE || want.relation() == Relation.AT_LEAST)
              && (compare(fact.value(), want.value()) > 0
                  || compare(fact.value(), want.value()) == 0
                      && want.relation() == Relation.AT_LEAST);
      default -> false;
    };
  }

  /** The same text for the same expression, however it was spaced. */
  private static String show(CelExpr expression) {
    return switch (expression.getKind()) {
      case CONSTANT -> String.valueOf(expression.constant());
      case IDENT -> expression.ident().name();
      case SELECT -> show(expression.select().operand()) + "." + expression.select().field();
      case LIST ->
          expression.list().elements().stream()
              .map(Logic::show)
              .collect(Collectors.joining(",", "[", "]"));
      case CALL ->
          expression.call().target().map(target -> show(target) + ".").orElse("")
              + expression.call().function()
              + expression.call().args().stream()
                  .map(Logic::show)
                  .collect(Collectors.joining(",", "(", ")"));
      case COMPREHENSION -> {
        var fold = expression.comprehension();
        yield "for("
            + fold.iterVar()
            + ":"
            + show(fold.iterRange())
            + ";"
            + show(fold.accuInit())
            + ";"
            + show(fold.loopCondition())
            + ";"
            + show(fold.loopStep())
            + ")";
      }
      default -> String.valueOf(expression);
    };
  }
}
