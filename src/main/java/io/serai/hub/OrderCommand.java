package io.serai.hub;

import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Something to do with one known order that no document says: asked for by a person, a replay or
 * the hub itself. Applied under the order's locks like any document.
 */
interface OrderCommand {
  UUID orderId();

  /** Articles that it is about beyond those of the order. */
  default Collection<String> articles() {
    return List.of();
  }

  ApplyResult apply(Book book, Fulfilling fulfilling, Application cause);
}
