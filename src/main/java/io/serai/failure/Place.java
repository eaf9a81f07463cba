package io.serai.failure;

/**
 * Where it happened: the route and step a route author wrote, and the account or destination.
 *
 * @param route route id, or null outside routes
 * @param step step id, or null when the route did not get that far
 * @param endpoint the account it came from or the destination it was going to
 */
public record Place(String route, String step, String endpoint) {
  /** A place outside any route. */
  public static Place of(String endpoint) {
    return new Place(null, null, endpoint);
  }
}
