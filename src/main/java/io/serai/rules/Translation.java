package io.serai.rules;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import io.serai.allocation.Condition;
import io.serai.allocation.Situation;
import io.serai.rules.Expressions.Refused;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntPredicate;
import java.util.function.LongBinaryOperator;

/**
 * Turns a checked expression into functions. What could fail when it is asked, such as a division
 * by a figure that may be zero, is refused here.
 */
final class Translation {
  /** What an expression may call, besides operators. */
  static final Set<String> FUNCTIONS =
      Set.of(
          "size",
          "startsWith",
          "endsWith",
          "contains",
          "matches",
          "double",
          "exists",
          "all",
          "exists_one",
          "filter");

  /** Where a value is looked for: the situation, and what a list is being gone through with. */
  private static final class Frame {
    final Situation situation;
    final Object[] own;

    Frame(Situation situation, int size) {
      this.situation = situation;
      this.own = size == 0 ? null : new Object[size];
    }
  }

  @FunctionalInterface
  private interface Value {
    Object of(Frame frame);
  }

  @FunctionalInterface
  private interface Test {
    boolean of(Frame frame);
  }

  private final CelAbstractSyntaxTree ast;
  private final Map<String, Integer> own = new HashMap<>();
  private int size;

  private Translation(CelAbstractSyntaxTree ast) {
    this.ast = ast;
  }

  static Condition of(CelAbstractSyntaxTree ast) throws Refused {
    var translation = new Translation(ast);
    var test = translation.test(ast.getExpr());
    var size = translation.size;
    return situation -> test.of(new Frame(situation, size));
  }

  private Test test(CelExpr expression) throws Refused {
    if (expression.getKind() == CelExpr.ExprKind.Kind.CALL) {
      var call = expression.call();
      var arguments = call.args();
      switch (call.function()) {
        case "_&&_" -> {
          var left = test(arguments.get(0));
          var right = test(arguments.get(1));
          return f -> left.of(f) && right.of(f);
        }
        case "_||_" -> {
          var left = test(arguments.get(0));
          var right = test(arguments.get(1));
          return f -> left.of(f) || right.of(f);
        }
        case "!_" -> {
          var inner = test(arguments.get(0));
          return f -> !inner.of(f);
        }
        case "@not_strictly_false" -> {
          return test(arguments.get(0));
        }
        case "_==_" -> {
          return same(arguments);
        }
        case "_!=_" -> {
          var same = same(arguments);
          return f -> !same.of(f);
        }
        case "_<_" -> {
          return compared(arguments, c -> c < 0);
        }
        case "_<=_" -> {
          return compared(arguments, c -> c <= 0);
        }
        case "_>_" -> {
          return compared(arguments, c -> c > 0);
        }
        case "_>=_" -> {
          return compared(arguments, c -> c >= 0);
        }
        case "@in" -> {
          return in(arguments);
        }
        case "startsWith" -> {
          return texts(call, String::startsWith);
        }
        case "endsWith" -> {
          return texts(call, String::endsWith);
        }
        case "contains" -> {
          return texts(call, String::contains);
        }
        case "matches" -> {
          return matches(call);
        }
        default -> {
          // a choice or something that is not known: below
        }
      }
    }
    var value = value(expression);
    return f -> (Boolean) value.of(f);
  }

  private Value value(CelExpr expression) throws Refused {
    return switch (expression.getKind()) {
      case CONSTANT -> constant(expression.constant());
      case IDENT -> named(expression.ident().name());
      case SELECT -> field(expression);
      case LIST -> list(expression);
      case CALL -> call(expression);
      case COMPREHENSION -> fold(expression);
      default -> throw unknown("a structure");
    };
  }

  private static Refused unknown(String what) {
    return new Refused(
        "uses " + what + ", which rules do not know",
        "Known functions: " + String.join(", ", new java.util.TreeSet<>(FUNCTIONS)));
  }

  private static Value constant(CelConstant constant) throws Refused {
    Object value =
        switch (constant.getKind()) {
          case STRING_VALUE -> constant.stringValue();
          case INT64_VALUE -> constant.int64Value();
          case DOUBLE_VALUE -> constant.doubleValue();
          case BOOLEAN_VALUE -> constant.booleanValue();
          default -> throw unknown("a value of a kind");
        };
    return f -> value;
  }

  private Value named(String name) {
    var place = own.get(name);
    if (place != null) {
      int index = place;
      return f -> f.own[index];
    }
    return switch (name) {
      case "home" -> f -> f.situation.home() == null ? "" : f.situation.home();
      case "line" -> f -> f.situation.line();
      default -> f -> f.situation;
    };
  }

  private Value field(CelExpr expression) throws Refused {
    var select = expression.select();
    var type = ast.getTypeOrThrow(select.operand().id()).name();
    var field = Vocabulary.INSTANCE.fields(type).get(select.field());
    if (field == null || select.testOnly()) {
      throw unknown("'" + select.field() + "'");
    }
    var operand = value(select.operand());
    var ask = field.value();
    return f -> ask.apply(operand.of(f));
  }

  private Value list(CelExpr expression) throws Refused {
    var elements = new ArrayList<Value>();
    var fixed = true;
    for (var element : expression.list().elements()) {
      fixed &= element.getKind() == CelExpr.ExprKind.Kind.CONSTANT;
      elements.add(value(element));
    }
    if (fixed) {
      var list = elements.stream().map(element -> element.of(null)).toList();
      return f -> list;
    }
    return f -> elements.stream().map(element -> element.of(f)).toList();
  }

  private Value call(CelExpr expression) throws Refused {
    var call = expression.call();
    var arguments = call.args();
    switch (call.function()) {
      case "_?_:_" -> {
        var test = test(arguments.get(0));
        var yes = value(arguments.get(1));
        var no = value(arguments.get(2));
        return f -> test.of(f) ? yes.of(f) : no.of(f);
      }
      case "size" -> {
        var of = value(call.target().isPresent() ? call.target().get() : arguments.get(0));
        return f -> size(of.of(f));
      }
      case "double" -> {
        if (isText(arguments.get(0))) {
          throw new Refused("turns a text into a number", "Compare it as a text");
        }
        var of = value(arguments.get(0));
        return f -> ((Number) of.of(f)).doubleValue();
      }
      case "-_" -> {
        var of = value(arguments.get(0));
        return f ->
            of.of(f) instanceof Long whole ? (Object) (-whole) : (Object) (-(Double) of.of(f));
      }
      case "_+_" -> {
        return sum(arguments);
      }
      case "_-_" -> {
        return figure(arguments, (a, b) -> a - b, (a, b) -> a - b);
      }
      case "_*_" -> {
        return figure(arguments, (a, b) -> a * b, (a, b) -> a * b);
      }
      case "_/_" -> {
        dividesByMoreThanNothing(arguments.get(1));
        return figure(arguments, (a, b) -> a / b, (a, b) -> a / b);
      }
      case "_%_" -> {
        dividesByMoreThanNothing(arguments.get(1));
        return figure(arguments, (a, b) -> a % b, (a, b) -> a % b);
      }
      case "_&&_",
          "_||_",
          "!_",
          "@not_strictly_false",
          "_==_",
          "_!=_",
          "_<_",
          "_<=_",
          "_>_",
          "_>=_",
          "@in",
          "startsWith",
          "endsWith",
          "contains",
          "matches" -> {
        var test = test(expression);
        return test::of;
      }
      default -> throw unknown("'" + call.function() + "'");
    }
  }

  private boolean isText(CelExpr expression) {
    return "string".equals(ast.getTypeOrThrow(expression.id()).name());
  }

  private void dividesByMoreThanNothing(CelExpr divisor) throws Refused {
    var type = ast.getTypeOrThrow(divisor.id()).name();
    if (type.equals("double")) {
      return;
    }
    if (divisor.getKind() != CelExpr.ExprKind.Kind.CONSTANT
        || divisor.constant().int64Value() == 0) {
      throw new Refused(
          "divides by a whole number that may be zero",
          "Divide by a number that stands there, or turn it into one with decimals: double(…)");
    }
  }

  private Value sum(List<CelExpr> arguments) throws Refused {
    if (!ast.getTypeOrThrow(arguments.get(0).id()).name().startsWith("list")
        && !isText(arguments.get(0))) {
      return figure(arguments, Long::sum, Double::sum);
    }
    var left = value(arguments.get(0));
    var right = value(arguments.get(1));
    return f -> {
      var first = left.of(f);
      if (first instanceof String text) {
        return text + right.of(f);
      }
      var both = new ArrayList<Object>((Collection<?>) first);
      both.addAll((Collection<?>) right.of(f));
      return both;
    };
  }

  private Value figure(List<CelExpr> arguments, LongBinaryOperator whole, DoubleBinaryOperator real)
      throws Refused {
    var left = value(arguments.get(0));
    var right = value(arguments.get(1));
    return f -> {
      var a = (Number) left.of(f);
      var b = (Number) right.of(f);
      return a instanceof Long && b instanceof Long
          ? (Object) whole.applyAsLong(a.longValue(), b.longValue())
          : (Object) real.applyAsDouble(a.doubleValue(), b.doubleValue());
    };
  }

  private static long size(Object of) {
    return of instanceof String text
        ? text.codePointCount(0, text.length())
        : ((Collection<?>) of).size();
  }

  private Test same(List<CelExpr> arguments) throws Refused {
    var left = value(arguments.get(0));
    var right = value(arguments.get(1));
    if (arguments.get(1).getKind() == CelExpr.ExprKind.Kind.CONSTANT) {
      var constant = right.of(null);
      return f -> equal(left.of(f), constant);
    }
    return f -> equal(left.of(f), right.of(f));
  }

  private static boolean equal(Object a, Object b) {
    if (a instanceof Double x && b instanceof Double y) {
      return x.doubleValue() == y.doubleValue();
    }
    return a.equals(b);
  }

  private Test compared(List<CelExpr> arguments, IntPredicate by) throws Refused {
    var left = value(arguments.get(0));
    var right = value(arguments.get(1));
    if (arguments.get(1).getKind() == CelExpr.ExprKind.Kind.CONSTANT) {
      var constant = right.of(null);
      return f -> compared(left.of(f), constant, by);
    }
    return f -> compared(left.of(f), right.of(f), by);
  }

  // What is no number, as endless times nothing, is neither less than anything nor more nor equal.
  private static boolean compared(Object a, Object b, IntPredicate by) {
    return !(a instanceof Double x && x.isNaN())
        && !(b instanceof Double y && y.isNaN())
        && by.test(compare(a, b));
  }

  private static int compare(Object a, Object b) {
    if (a instanceof String text) {
      return text.compareTo((String) b);
    }
    if (a instanceof Boolean flag) {
      return flag.compareTo((Boolean) b);
    }
    if (a instanceof Long x && b instanceof Long y) {
      return Long.compare(x, y);
    }
    var x = ((Number) a).doubleValue();
    var y = ((Number) b).doubleValue();
    return x < y ? -1 : x > y ? 1 : 0;
  }

  private Test in(List<CelExpr> arguments) throws Refused {
    var element = value(arguments.get(0));
    var list = value(arguments.get(1));
    if (arguments.get(1).getKind() == CelExpr.ExprKind.Kind.LIST
        && arguments.get(1).list().elements().stream()
            .allMatch(e -> e.getKind() == CelExpr.ExprKind.Kind.CONSTANT)) {
      var known = new HashSet<>((Collection<?>) list.of(null));
      return f -> known.contains(element.of(f));
    }
    return f -> ((Collection<?>) list.of(f)).contains(element.of(f));
  }

  private Test texts(CelExpr.CelCall call, BiPredicate<String, String> by) throws Refused {
    var target = value(call.target().isPresent() ? call.target().get() : call.args().get(0));
    var argument = value(call.args().get(call.args().size() - 1));
    return f -> by.test((String) target.of(f), (String) argument.of(f));
  }

  private Test matches(CelExpr.CelCall call) throws Refused {
    var target = value(call.target().isPresent() ? call.target().get() : call.args().get(0));
    var argument = call.args().get(call.args().size() - 1);
    if (argument.getKind() != CelExpr.ExprKind.Kind.CONSTANT) {
      throw new Refused(
          "matches a pattern that does not stand there", "Write the pattern in quotes");
    }
    try {
      var pattern = Pattern.compile(argument.constant().stringValue());
      return f -> pattern.matcher((String) target.of(f)).find();
    } catch (PatternSyntaxException e) {
      throw new Refused(
          "matches '"
              + argument.constant().stringValue()
              + "', which is no pattern ("
              + e.getDescription()
              + ")",
          "Correct the pattern");
    }
  }

  private Value fold(CelExpr expression) throws Refused {
    var fold = expression.comprehension();
    var range = value(fold.iterRange());
    var hidden = own.get(fold.iterVar());
    var hiddenSum = own.get(fold.accuVar());
    var item = size++;
    var sum = size++;
    var start = value(fold.accuInit());
    own.put(fold.iterVar(), item);
    own.put(fold.accuVar(), sum);
    var goOn = test(fold.loopCondition());
    var step = value(fold.loopStep());
    var result = value(fold.result());
    restore(fold.iterVar(), hidden);
    restore(fold.accuVar(), hiddenSum);
    return f -> {
      f.own[sum] = start.of(f);
      for (var one : (Collection<?>) range.of(f)) {
        f.own[item] = one;
        if (!goOn.of(f)) {
          break;
        }
        f.own[sum] = step.of(f);
      }
      return result.of(f);
    };
  }

  private void restore(String name, Integer place) {
    if (place == null) {
      own.remove(name);
    } else {
      own.put(name, place);
    }
  }
}
