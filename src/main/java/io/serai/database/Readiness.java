package io.serai.database;

import java.util.Optional;

/**
 * Asked by whatever takes traffic before it accepts. Cheap enough for every request: it reads what
 * was last seen and never asks the server. So it may be a few seconds late; the commit that fails
 * is still the last word.
 */
@FunctionalInterface
public interface Readiness {
  /** Why traffic is refused right now; empty when it may be taken. */
  Optional<Refusal> refusal();
}
