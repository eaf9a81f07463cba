package io.serai.catalog;

/**
 * A place that holds stock, as configured.
 *
 * @param name unique
 * @param type what kind of place
 * @param partner the account that runs it, or null when we do
 * @param code what the partner calls it, or null when it has only one
 * @param country ISO 3166-1 alpha-2, or null
 * @param region ISO 3166-2 without the country, or null
 * @param postalCode or null
 */
public record Node(
    String name,
    String type,
    String partner,
    String code,
    String country,
    String region,
    String postalCode) {}
