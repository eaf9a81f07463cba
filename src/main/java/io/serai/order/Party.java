package io.serai.order;

/**
 * A person or company of an order: buyer, payer or receiver.
 *
 * <p>Guarantee: a blank never stands for a value; {@code piiState} says why something is missing.
 */
public record Party(
    String name,
    String givenName,
    String familyName,
    String companyName,
    String email,
    String phone,
    Address address,
    PiiState piiState) {}
