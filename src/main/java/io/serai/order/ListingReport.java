package io.serai.order;

import java.util.List;

/** What a channel offers for sale (the document {@code listing}). */
public record ListingReport(List<Listing> listings) {

  /** Listings are never null. */
  public ListingReport {
    listings = listings == null ? List.of() : List.copyOf(listings);
  }

  /** One thing on offer, at one place when the channel keeps stock per place. */
  public record Listing(
      String listingId,
      String sku,
      String variationId,
      String title,
      String locationId,
      Integer quantity) {}
}
