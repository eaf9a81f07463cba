package io.serai.reconcile;

/** Asks an account again for something of which it has more than we; what comes is accepted. */
@FunctionalInterface
public interface Pulls {
  /**
   * Asks, and returns at once.
   *
   * @param document order, shipment or stock
   * @param key which one, as the account calls it
   * @return false when nothing here knows how to ask this account for it
   */
  boolean pull(String account, String document, String key);
}
