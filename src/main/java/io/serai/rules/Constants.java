package io.serai.rules;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import io.serai.allocation.Candidate;
import io.serai.catalog.Nearest;
import io.serai.rules.Expressions.Refused;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Checks what a field is compared with: a country that does not exist, or a node, partner or
 * capability that the site does not have, would never be equal and nobody would notice.
 */
final class Constants {
  private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());
  private static final List<String> TYPES =
      List.of("3pl", "warehouse", "store", "supplier", "channel");

  private final List<Candidate> nodes;

  /**
   * For a site.
   *
   * @param nodes the site's nodes, or null when they are not known
   */
  Constants(List<Candidate> nodes) {
    this.nodes = nodes;
  }

  void check(Expression expression) throws Refused {
    check(expression.tree());
  }

  private void check(CelExpr expression) throws Refused {
    switch (expression.getKind()) {
      case CALL -> {
        var call = expression.call();
        if (call.args().size() == 2 && Set.of("_==_", "_!=_", "@in").contains(call.function())) {
          compared(call.args().get(0), call.args().get(1));
          compared(call.args().get(1), call.args().get(0));
        }
        if (call.target().isPresent()) {
          check(call.target().get());
        }
        for (var argument : call.args()) {
          check(argument);
        }
      }
      case SELECT -> check(expression.select().operand());
      case COMPREHENSION -> {
        check(expression.comprehension().iterRange());
        check(expression.comprehension().loopStep());
      }
      default -> {}
    }
  }

  private void compared(CelExpr field, CelExpr with) throws Refused {
    if (field.getKind() != CelExpr.ExprKind.Kind.SELECT
        || field.select().operand().getKind() != CelExpr.ExprKind.Kind.IDENT) {
      return;
    }
    var thing = field.select().operand().ident().name();
    for (var text : texts(with)) {
      check(thing + "." + field.select().field(), text);
    }
  }

  private static List<String> texts(CelExpr expression) {
    var texts = new ArrayList<String>();
    if (isText(expression)) {
      texts.add(expression.constant().stringValue());
    } else if (expression.getKind() == CelExpr.ExprKind.Kind.LIST) {
      for (var element : expression.list().elements()) {
        if (isText(element)) {
          texts.add(element.constant().stringValue());
        }
      }
    }
    return texts;
  }

  private static boolean isText(CelExpr expression) {
    return expression.getKind() == CelExpr.ExprKind.Kind.CONSTANT
        && expression.constant().getKind() == CelConstant.Kind.STRING_VALUE;
  }

  private void check(String field, String text) throws Refused {
    if (text.isEmpty()) {
      return; // not known
    }
    switch (field) {
      case "destination.country", "node.country", "node.serves" -> {
        if (!COUNTRIES.contains(text)) {
          throw new Refused(
              "compares '" + field + "' with '" + text + "', which is no country code",
              "Write two capital letters, as in 'US'");
        }
      }
      case "node.type" -> known(field, text, TYPES, "type of node");
      case "node.id" ->
          known(field, text, nodes == null ? null : all(n -> List.of(n.id())), "node");
      case "node.partner" ->
          known(
              field,
              text,
              nodes == null
                  ? null
                  : all(n -> n.partner() == null ? List.of() : List.of(n.partner())),
              "partner of a node");
      case "node.capabilities" ->
          known(
              field,
              text,
              nodes == null ? null : all(Candidate::capabilities),
              "capability of a node");
      default -> {}
    }
  }

  private interface Names {
    Collection<String> of(Candidate node);
  }

  private Collection<String> all(Names names) {
    var all = new TreeSet<String>();
    nodes.forEach(node -> all.addAll(names.of(node)));
    return all;
  }

  private static void known(String field, String text, Collection<String> known, String what)
      throws Refused {
    if (known != null && !known.contains(text)) {
      throw new Refused(
          "compares '" + field + "' with '" + text + "', which is no " + what,
          Nearest.advice(text, known));
    }
  }
}
