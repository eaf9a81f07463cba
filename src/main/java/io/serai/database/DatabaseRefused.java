package io.serai.database;

/**
 * A start that cannot go on; the message is the one sentence for the operator: what happened, to
 * which thing, what to do.
 */
public final class DatabaseRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DatabaseRefused(String sentence) {
    super(sentence);
  }

  DatabaseRefused(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
