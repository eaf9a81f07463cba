package io.serai.rules;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructTypeReference;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import io.serai.catalog.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Compiles expressions in CEL, the Common Expression Language, against our words. The library reads
 * and checks types; what it understood becomes functions of ours, because they are asked for every
 * order.
 *
 * <p>Guarantee: an expression that compiles answers true or false for every situation and never
 * throws. Gap: of CEL's functions only those of {@link Translation} are known.
 */
final class Expressions {
  /** What may be asked where. */
  enum Scope {
    ORDER("order", "destination"),
    LINE("order", "destination", "line"),
    NODE("order", "destination", "node"),
    NODE_OF_LINE("order", "destination", "line", "node");

    final List<String> things;

    Scope(String... things) {
      this.things = List.of(things);
    }
  }

  /** An expression that cannot be used: what is wrong with it and what to do. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
    private final String remedy;

    Refused(String what, String remedy) {
      super(what);
      this.remedy = remedy;
    }

    String remedy() {
      return remedy;
    }
  }

  private static final int LONGEST = 2_000;
  private static final Pattern NO_FIELD = Pattern.compile("undefined field '([^']*)'.*");
  private static final Pattern NO_OVERLOAD =
      Pattern.compile(
          "found no matching overload for '([^']*)' applied to '\\((.*)\\)'.*", Pattern.DOTALL);
  private static final Pattern NO_NAME =
      Pattern.compile("undeclared reference to '([^']*)'.*", Pattern.DOTALL);

  private static final Map<Scope, CelCompiler> COMPILERS = new ConcurrentHashMap<>();

  private Expressions() {}

  static CelCompiler compiler(Scope scope) {
    return COMPILERS.computeIfAbsent(
        scope,
        s -> {
          var builder =
              CelCompilerFactory.standardCelCompilerBuilder()
                  .setOptions(
                      CelOptions.current()
                          .enableHeterogeneousNumericComparisons(true)
                          .maxExpressionCodePointSize(LONGEST)
                          .maxParseRecursionDepth(60)
                          .build())
                  .setStandardMacros(
                      CelStandardMacro.ALL,
                      CelStandardMacro.EXISTS,
                      CelStandardMacro.EXISTS_ONE,
                      CelStandardMacro.FILTER)
                  .setTypeProvider(Vocabulary.INSTANCE)
                  .addVar("home", SimpleType.STRING);
          s.things.forEach(thing -> builder.addVar(thing, StructTypeReference.create(thing)));
          return builder.build();
        });
  }

  /** Compiles a condition. */
  static Expression compile(String text, Scope scope) throws Refused {
    if (text.length() > LONGEST) {
      throw new Refused("is longer than " + LONGEST + " characters", "Split the rule into several");
    }
    var parsed = compiler(scope).parse(text);
    if (parsed.hasError()) {
      throw unreadable(parsed.getErrors().get(0));
    }
    CelAbstractSyntaxTree ast;
    try {
      names(parsed.getAst().getExpr(), scope, Set.of());
      var checked = compiler(scope).check(parsed.getAst());
      if (checked.hasError()) {
        throw unfit(checked.getErrors().get(0), scope);
      }
      ast = checked.getAst();
    } catch (CelValidationException e) {
      throw unfit(e.getErrors().get(0), scope);
    }
    if (!SimpleType.BOOL.equals(ast.getResultType())) {
      throw new Refused(
          "gives " + word(ast.getResultType().name()) + ", not true or false",
          "Compare it with something");
    }
    var asks = new TreeSet<String>();
    asks(ast.getExpr(), asks);
    return new Expression(text, ast.getExpr(), asks, Translation.of(ast));
  }

  private static Refused unreadable(CelIssue issue) {
    return new Refused(
        "cannot be read at character "
            + (issue.getSourceLocation().getColumn() + 1)
            + ": "
            + issue.getMessage().lines().findFirst().orElse("it is no expression"),
        "Write a condition such as order.value > 100.0");
  }

  /** Names and fields that do not exist are found here, because here the nearest ones are known. */
  private static void names(CelExpr expression, Scope scope, Set<String> own) throws Refused {
    switch (expression.getKind()) {
      case IDENT -> {
        var name = expression.ident().name();
        if (own.contains(name) || name.equals("home") || scope.things.contains(name)) {
          return;
        }
        if (Vocabulary.INSTANCE.things().contains(name)) {
          throw new Refused(
              "asks for '" + name + "', which is not known here",
              "Here are known: '" + String.join("', '", scope.things) + "' and 'home'");
        }
        var known = new ArrayList<>(scope.things);
        known.add("home");
        throw new Refused(
            "asks for '" + name + "', which nothing is called", Nearest.advice(name, known));
      }
      case SELECT -> {
        var select = expression.select();
        var operand = select.operand();
        names(operand, scope, own);
        if (operand.getKind() == CelExpr.ExprKind.Kind.IDENT
            && scope.things.contains(operand.ident().name())
            && !own.contains(operand.ident().name())
            && !Vocabulary.INSTANCE.fields(operand.ident().name()).containsKey(select.field())) {
          throw noField(operand.ident().name(), select.field());
        }
      }
      case CALL -> {
        if (expression.call().target().isPresent()) {
          names(expression.call().target().get(), scope, own);
        }
        for (var argument : expression.call().args()) {
          names(argument, scope, own);
        }
      }
      case LIST -> {
        for (var element : expression.list().elements()) {
          names(element, scope, own);
        }
      }
      case COMPREHENSION -> {
        var fold = expression.comprehension();
        names(fold.iterRange(), scope, own);
        var inner = new TreeSet<>(own);
        inner.add(fold.iterVar());
        inner.add(fold.accuVar());
        names(fold.accuInit(), scope, inner);
        names(fold.loopCondition(), scope, inner);
        names(fold.loopStep(), scope, inner);
        names(fold.result(), scope, inner);
      }
      default -> {}
    }
  }

  private static Refused noField(String thing, String field) {
    return new Refused(
        "asks for '"
            + thing
            + "."
            + field
            + "', which "
            + (thing.equals("order") ? "an " : "a ")
            + thing
            + " does not have",
        Nearest.advice(field, Vocabulary.INSTANCE.fields(thing).keySet()));
  }

  private static Refused unfit(CelIssue issue, Scope scope) {
    var message = issue.getMessage();
    var where = " at character " + (issue.getSourceLocation().getColumn() + 1);
    var field = NO_FIELD.matcher(message);
    if (field.matches()) {
      return noField("line", field.group(1));
    }
    var overload = NO_OVERLOAD.matcher(message);
    if (overload.matches()) {
      var operator = overload.group(1).replace("_", "").replace("@", "");
      return new Refused(
          "uses '"
              + operator
              + "'"
              + where
              + " with "
              + words(overload.group(2))
              + ", which do not fit",
          "Compare like with like: a text stands in quotes, a number with decimals has a point, as 100.0");
    }
    var name = NO_NAME.matcher(message);
    if (name.matches()) {
      return new Refused(
          "uses '" + name.group(1) + "', which nothing is called",
          Nearest.advice(name.group(1), Translation.FUNCTIONS));
    }
    return new Refused(
        "does not compile" + where + ": " + message.lines().findFirst().orElse(""),
        "Known are: " + String.join(", ", scope.things) + " and home");
  }

  private static String words(String types) {
    var words = new ArrayList<String>();
    for (var type : types.split(",\\s*(?![^(]*\\))")) {
      words.add(word(type));
    }
    return String.join(" and ", words);
  }

  private static String word(String type) {
    return switch (type.strip()) {
      case "string" -> "a text";
      case "int" -> "a whole number";
      case "double" -> "a number with decimals";
      case "bool" -> "true or false";
      case "list(string)" -> "a list of texts";
      case "list" -> "a list";
      default -> type.strip();
    };
  }

  private static void asks(CelExpr expression, Set<String> asks) {
    switch (expression.getKind()) {
      case SELECT -> {
        var operand = expression.select().operand();
        if (operand.getKind() == CelExpr.ExprKind.Kind.IDENT) {
          asks.add(operand.ident().name() + "." + expression.select().field());
        } else {
          asks(operand, asks);
        }
      }
      case IDENT -> asks.add(expression.ident().name());
      case CALL -> {
        expression.call().target().ifPresent(target -> asks(target, asks));
        expression.call().args().forEach(argument -> asks(argument, asks));
      }
      case LIST -> expression.list().elements().forEach(element -> asks(element, asks));
      case COMPREHENSION -> {
        var fold = expression.comprehension();
        asks(fold.iterRange(), asks);
        asks(fold.loopStep(), asks);
      }
      default -> {}
    }
  }
}
