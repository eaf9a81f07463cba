package io.serai.reconcile;

/**
 * What the configuration says of an account that is compared.
 *
 * @param channel whether it sells; otherwise it is a partner
 * @param toldStatus whether it is told of shipments and cancellations
 * @param toldStock whether it is told what may be sold
 */
public record Counterpart(String name, boolean channel, boolean toldStatus, boolean toldStock) {}
