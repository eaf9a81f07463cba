package io.serai.camel;

/**
 * A route that runs here, or would if nobody had stopped it.
 *
 * @param id as it stands in its file, with {@code @account} where a template made it
 * @param file where it stands
 * @param kind what it does
 * @param inFlight exchanges inside it now, in this process
 */
public record RunningRoute(String id, String file, Kind kind, int inFlight) {
  /** What a route does. */
  public enum Kind {
    /** It takes in what comes from outside. */
    IN,

    /** It reads and applies what was accepted. */
    APPLY,

    /** It sends what is owed. */
    OUT,

    /** Other routes call it. */
    INNER
  }
}
