package io.serai.hub;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where a request to a node stands, and where it may go from there.
 *
 * <p>Guarantee: no transaction commits a request that went another way.
 */
enum RequestState {
  /** The node is asked, or about to be. */
  REQUESTED,
  /** The node has it. */
  ACCEPTED,
  /** A part of it left. */
  PARTIALLY_SHIPPED,
  /** The node is asked not to send it any more. */
  CANCEL_REQUESTED,
  /** Nothing of it is open any more, and something left. */
  SHIPPED,
  /** The node does not send it. */
  REJECTED,
  /** The node let go of it. */
  CANCELLED,
  /** It was taken back before the node heard of it. */
  WITHDRAWN;

  private static final Set<RequestState> ENDS = EnumSet.of(SHIPPED, REJECTED, CANCELLED, WITHDRAWN);

  /** Where it may go in one step. */
  Set<RequestState> next() {
    return switch (this) {
      case REQUESTED, CANCEL_REQUESTED -> {
        var next = EnumSet.of(ACCEPTED, PARTIALLY_SHIPPED);
        if (this == REQUESTED) {
          next.add(CANCEL_REQUESTED);
        }
        next.addAll(ENDS);
        yield next;
      }
      case ACCEPTED -> {
        var next = EnumSet.of(PARTIALLY_SHIPPED, CANCEL_REQUESTED);
        next.addAll(ENDS);
        yield next;
      }
      case PARTIALLY_SHIPPED -> {
        var next = EnumSet.of(CANCEL_REQUESTED);
        next.addAll(ENDS);
        yield next;
      }
      default -> EnumSet.noneOf(RequestState.class);
    };
  }

  /** Whether it may get there in the steps of one transaction. */
  boolean reaches(RequestState there) {
    var reached = EnumSet.of(this);
    while (true) {
      var more = EnumSet.copyOf(reached);
      reached.forEach(state -> more.addAll(state.next()));
      if (more.equals(reached)) {
        return reached.contains(there);
      }
      reached = more;
    }
  }
}
