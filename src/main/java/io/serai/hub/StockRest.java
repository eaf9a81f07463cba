package io.serai.hub;

import java.time.Duration;

/**
 * When a channel wants to hear of its listings.
 *
 * @param length how long one that does not hurry is, after it was told
 * @param upTo the sign in a listing's id up to which the channel takes several for one listing,
 *     which rest together, or null when each is one
 * @param pace how long after a call the next one waits that does not hurry
 * @param refresh after how long without a word everything is told again, or null
 */
public record StockRest(Duration length, String upTo, Duration pace, Duration refresh) {
  /** One whose calls wait for no other, and to whom nothing is told again. */
  public StockRest(Duration length, String upTo) {
    this(length, upTo, Duration.ZERO, null);
  }
}
