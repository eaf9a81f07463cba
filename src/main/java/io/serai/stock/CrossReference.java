package io.serai.stock;

/**
 * What a channel's code means here.
 *
 * @param account the channel that sells under the code, or null when all do
 * @param quantity units of the SKU in one of what is sold
 */
public record CrossReference(String account, String code, String sku, int quantity) {}
