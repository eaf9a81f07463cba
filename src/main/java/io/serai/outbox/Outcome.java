package io.serai.outbox;

import io.serai.failure.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** What came of one attempt at a delivery, as the route that made it says. */
public sealed interface Outcome {
  /**
   * The partner did it.
   *
   * @param answer what it gave for it, one canonical document that is applied before the outcome is
   *     recorded; null when it gave nothing
   */
  record Confirmed(String remoteId, Object answer) implements Outcome {
    /** It did it and gave nothing. */
    public Confirmed(String remoteId) {
      this(remoteId, null);
    }
  }

  /**
   * The partner took it on and will say later; when nothing is heard by the due time it is SILENT.
   */
  record Pending(String remoteId, Instant due) implements Outcome {}

  /** It did not happen, or nobody knows; the kind says which and what follows. */
  record Failed(Failure failure) implements Outcome {}

  /**
   * Nothing was sent, because our own count of calls says that the partner bears none now. It says
   * nothing about the endpoint and counts for nothing; it is tried again after so long.
   */
  record PutOff(Duration after) implements Outcome {}

  /** A look-up's answer: the partner knows nothing of it, so it may be sent, with the same key. */
  record Absent() implements Outcome {}

  /** A batch, one outcome per item; items that the partner did not mention are unknown. */
  record Items(List<Item> items) implements Outcome {}

  /** One item of a batch. */
  record Item(String key, Outcome outcome) {}

  /** What it is called in figures. */
  default String word() {
    return switch (this) {
      case Confirmed confirmed -> "confirmed";
      case Pending pending -> "pending";
      case Failed failed -> failed.failure().kind().name().toLowerCase(Locale.ROOT);
      case PutOff putOff -> "put-off";
      case Absent absent -> "absent";
      case Items items -> "items";
    };
  }
}
