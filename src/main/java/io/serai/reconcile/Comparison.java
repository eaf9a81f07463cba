package io.serai.reconcile;

import java.sql.SQLException;

/** Compares one kind of document of an account with ours. */
interface Comparison {
  /** The document that the account has to tell of. */
  String document();

  /**
   * Asks for everything, page after page, and writes what it finds.
   *
   * @throws Overtaken when another replica has taken the run over
   */
  void compare(Round round, Teller teller) throws SQLException;

  /** Thrown when the run is somebody else's now: whatever was not written is theirs to write. */
  final class Overtaken extends RuntimeException {
    Overtaken(long run) {
      super("Run %d is worked by another replica now.".formatted(run));
    }
  }
}
