package io.serai.rules;

import dev.cel.common.ast.CelExpr;
import io.serai.allocation.Condition;
import java.util.Set;

/**
 * One expression of a rule, checked and ready to be asked.
 *
 * @param text as it was written
 * @param tree as it was understood
 * @param asks the fields it looks at, as {@code node.type}
 */
record Expression(String text, CelExpr tree, Set<String> asks, Condition condition) {
  /** Whether what it says depends on the line. */
  boolean ofLine() {
    return asks.contains("node.available")
        || asks.stream().anyMatch(field -> field.equals("line") || field.startsWith("line."));
  }

  /** Whether it says of a node what does not depend on the order. */
  boolean fixed() {
    return asks.stream()
        .allMatch(
            field -> {
              var dot = field.indexOf('.');
              return dot > 0
                  && field.startsWith("node.")
                  && Vocabulary.INSTANCE.fields("node").get(field.substring(dot + 1)).fixed();
            });
  }
}
