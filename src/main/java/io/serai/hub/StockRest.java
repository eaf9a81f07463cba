package io.serai.hub;

import java.time.Duration;

/**
 * How a channel wants its listings to be left alone.
 *
 * @param length how long one that does not hurry is, after it was told
 * @param upTo the sign in a listing's id up to which the channel takes several for one listing,
 *     which rest together, or null when each is one
 */
public record StockRest(Duration length, String upTo) {}
