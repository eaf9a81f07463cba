package io.serai.order;

/** What the channel calls the thing sold. */
public record ListingRef(String channelSku, String listingId, String variationId, String gtin) {}
