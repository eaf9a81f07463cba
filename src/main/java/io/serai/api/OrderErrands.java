package io.serai.api;

/** What is done outside of the engine for one order at once. */
public interface OrderErrands {
  /**
   * Asks a channel for one of its orders, behind the caller's back.
   *
   * @return false when no route of the account can
   */
  boolean pull(String account, String channelOrderId);

  /** Looks at once for what is due to be sent. */
  void nudge();
}
