package io.serai.order;

import java.time.Instant;
import java.util.List;

/**
 * What a carrier would take to bring one parcel.
 *
 * @param reference the carrier's name for what was rated, needed to buy; null where it has none
 * @param quotes services on offer; empty when it brings no such parcel
 */
public record Rates(String reference, List<Quote> quotes) {
  /** Quotes are never null. */
  public Rates {
    quotes = quotes == null ? List.of() : List.copyOf(quotes);
  }

  /**
   * One service on offer.
   *
   * @param reference the carrier's name for this offer, or null where the service says it
   * @param carrier who brings it, in our words
   * @param service the carrier's code of the service
   * @param name the same for people
   * @param days how many days it takes, or null when the carrier does not say
   * @param arrives when it is promised to be there, or null
   */
  public record Quote(
      String reference,
      String carrier,
      String service,
      String name,
      Money cost,
      Integer days,
      Instant arrives) {}
}
