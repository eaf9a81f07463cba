package io.serai.camel;

/**
 * Where something comes into a route, that stays in its place while the route is stopped: it tells
 * whoever comes to come again.
 */
interface Door {
  /** Lets nothing in from now on, or lets it in again. */
  void shut(boolean shut);

  /** Whether it lets nothing in. */
  boolean isShut();
}
