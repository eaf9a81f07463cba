package io.serai.inbox;

/** Asks an account for a document that others wait for; what comes is accepted like any arrival. */
@FunctionalInterface
public interface Fetcher {
  /**
   * Asks, and returns at once. What comes of it shows in the inbox or not at all: who waits goes on
   * waiting and asks again.
   *
   * @param key what the document is about, as its messages' key says it
   */
  void fetch(String key);
}
