package io.serai.edi;

import java.util.List;

/**
 * One transaction set as it was read and judged.
 *
 * <p>Its outcome is the set's own: whether its group and its interchange end well is only known
 * from the report of the interchange, which comes later.
 *
 * @param interchange the interchange it came in
 * @param group the group it came in
 * @param report what became of it
 * @param segments its segments in order, ST first and SE last; empty when it is longer than allowed
 * @param tree the segments that stand where they may, nested in their loops
 */
public record TransactionSet(
    Interchange interchange,
    Group group,
    SetReport report,
    List<Segment> segments,
    LoopNode tree) {}
