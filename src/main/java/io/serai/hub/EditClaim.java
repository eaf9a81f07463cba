package io.serai.hub;

/**
 * By what right an order is to be otherwise.
 *
 * @param by who wants it
 * @param key the channel's number of the change, or null
 * @param afterLock whether a person wants it though the time to change the order is over
 */
record EditClaim(By by, String key, boolean afterLock) {
  /** The channel states the order anew. */
  static final EditClaim STATE = new EditClaim(By.STATE, null, false);

  /** Who may want it. */
  enum By {
    STATE,
    CHANGE,
    PERSON
  }

  static EditClaim change(String key) {
    return new EditClaim(By.CHANGE, key, false);
  }

  static EditClaim person(boolean afterLock) {
    return new EditClaim(By.PERSON, null, afterLock);
  }
}
