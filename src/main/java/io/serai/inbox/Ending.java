package io.serai.inbox;

import io.serai.failure.Failure;
import java.time.Duration;
import java.util.Locale;

/** How the work on a claimed message came out. */
public sealed interface Ending {
  /** Its end stands in the database already: the transaction that had the effect wrote it. */
  record Settled() implements Ending {}

  /** It has no effect, by rule. */
  record Ignored(String reason) implements Ending {}

  /** It steps aside until the document of another lane has been applied. */
  record Waits(String lane, Failure failure) implements Ending {}

  /** It failed; the kind decides whether it is tried again or parked. */
  record Failed(Failure failure) implements Ending {}

  /** It was not begun: there is no room for it now. Nothing is counted and nothing went wrong. */
  record Later(Duration pause) implements Ending {}

  /** The claim was lost to another node: nothing may be written. */
  record Fenced() implements Ending {}

  /** What it is called in figures. */
  default String word() {
    return switch (this) {
      case Settled settled -> "applied";
      case Ignored ignored -> "ignored";
      case Waits waits -> "waits";
      case Failed failed -> failed.failure().kind().name().toLowerCase(Locale.ROOT);
      case Later later -> "later";
      case Fenced fenced -> "fenced";
    };
  }

  /** Settled. */
  Ending SETTLED = new Settled();

  /** Fenced. */
  Ending FENCED = new Fenced();
}
