package io.serai.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;

/** Tells what an account has in its own books. It only reads, so it may be asked again. */
@FunctionalInterface
public interface Teller {
  /**
   * One page of what the account has.
   *
   * @throws io.serai.failure.FailureException when it does not answer, or not so that it can be
   *     understood
   */
  Told ask(Question question);

  /**
   * What is asked.
   *
   * @param since of orders, those that changed from here on
   * @param until of orders, those that changed up to here
   * @param cursor the page, or null for the first
   * @param about what of ours is asked about, or null where the account lists what it has
   */
  record Question(Instant since, Instant until, String cursor, JsonNode about) {}

  /**
   * What was answered.
   *
   * @param items one object for each thing
   * @param cursor the next page, or null on the last
   */
  record Told(List<JsonNode> items, String cursor) {}
}
