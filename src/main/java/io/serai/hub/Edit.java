package io.serai.hub;

import java.time.Instant;
import java.util.List;

/**
 * Something of an order was to be otherwise than before, and what became of that.
 *
 * @param no 1, 2, … within the order
 * @param key the channel's number of the change, or null
 * @param actor the person who wanted it, or null: the channel
 * @param askedAt when the hub heard of it
 * @param reason why not all of it is done, or null
 * @param awaits requests whose nodes have not said yet whether they do it so
 * @param refusedBy requests that leave as they were
 */
record Edit(
    int no,
    String key,
    String actor,
    Instant askedAt,
    State state,
    String reason,
    List<Part> parts,
    List<String> awaits,
    List<String> refusedBy) {
  // what has no entries is not written, so it is not read either
  Edit {
    parts = parts == null ? List.of() : List.copyOf(parts);
    awaits = awaits == null ? List.of() : List.copyOf(awaits);
    refusedBy = refusedBy == null ? List.of() : List.copyOf(refusedBy);
  }

  /** What became of it. */
  enum State {
    /** A node has to say whether it does it so. */
    ASKED,
    DONE,
    /** Some of it is done. */
    PARTLY,
    REFUSED
  }

  /** What may be otherwise. */
  enum Kind {
    /** More of a line, or a line that was not there. */
    QUANTITY,
    /** Another article on a line. */
    ITEM,
    ADDRESS
  }

  /**
   * One difference. Addresses are named by a digest.
   *
   * @param accepted whether the order is so now
   * @param said what the channel says as long as it differs from what is done, else null
   */
  record Part(
      Kind kind, String lineId, String before, String after, boolean accepted, String said) {
    Part refused(String channelSays) {
      return new Part(kind, lineId, before, after, false, channelSays);
    }

    Part saying(String what) {
      return new Part(kind, lineId, before, after, accepted, what);
    }

    boolean same(Part other) {
      return kind == other.kind && java.util.Objects.equals(lineId, other.lineId);
    }
  }

  Edit with(List<Part> other) {
    return new Edit(no, key, actor, askedAt, state, reason, other, awaits, refusedBy);
  }

  Edit awaiting(List<String> requests, List<String> refused) {
    return new Edit(no, key, actor, askedAt, state, reason, parts, requests, refused);
  }

  Edit ended(State as, String why, List<Part> other) {
    return new Edit(no, key, actor, askedAt, as, why, other, List.of(), refusedBy);
  }
}
