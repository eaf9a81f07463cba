package io.serai.edi;

import java.util.ArrayList;
import java.util.List;

/**
 * One pass through a loop, or the set itself: segments and inner loops in the order they came.
 *
 * <p>Each child is a {@link Segment} or a {@link LoopNode}.
 */
final class LoopNode {
  final SetRule.Loop rule;
  final List<Object> children = new ArrayList<>();

  LoopNode(SetRule.Loop rule) {
    this.rule = rule;
  }
}
