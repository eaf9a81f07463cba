package io.serai.hub;

/**
 * By what right an order is to be otherwise.
 *
 * @param by who wants it
 * @param key the channel's number of the change, or null
 * @param afterLock whether a person wants it though the time to change the order is over
 * @param afterLeft whether lines may be added though all of the order has left
 */
record EditClaim(By by, String key, boolean afterLock, boolean afterLeft) {
  /** The channel states the order anew. */
  static final EditClaim STATE = new EditClaim(By.STATE, null, false, false);

  /** Something is sent in place of what left. */
  static final EditClaim REPLACEMENT = new EditClaim(By.PERSON, null, true, true);

  /** Who may want it. */
  enum By {
    STATE,
    CHANGE,
    PERSON
  }

  static EditClaim change(String key) {
    return new EditClaim(By.CHANGE, key, false, false);
  }

  static EditClaim person(boolean afterLock) {
    return new EditClaim(By.PERSON, null, afterLock, false);
  }
}
