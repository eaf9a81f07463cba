package io.serai.api;

import io.serai.hub.Apply;
import io.serai.hub.ApplyResult;
import io.serai.hub.Deed;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Lets the engine do to an order what a person asks for, under the order's locks.
 *
 * <p>Guarantee: returns after the commit, or changes nothing and says why. Gap: when the time is
 * over before the commit is known, the order has to be read to see what came of it.
 */
final class OrderActions {
  private static final long PATIENCE_SECONDS = 30;

  private final Apply engine;

  OrderActions(Apply engine) {
    this.engine = engine;
  }

  /** Does it and answers what the engine tells of it, or null. */
  Object run(Object command, Deed deed) {
    return answer(result(command, deed));
  }

  /** Does what has a key: done before under the same, it is not done again and answers the same. */
  Object runOnce(Object command, Deed deed) {
    var result = result(command, deed);
    return result instanceof ApplyResult.NoEffect none && none.detail() != null
        ? none.detail()
        : answer(result);
  }

  private ApplyResult result(Object command, Deed deed) {
    var done = new CompletableFuture<ApplyResult>();
    engine.apply(command, deed, done::complete);
    try {
      return done.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw Problem.unavailable(
          "It was not committed within %d s; read the order to see what came of it."
              .formatted(PATIENCE_SECONDS));
    }
  }

  private static Object answer(ApplyResult result) {
    return switch (result) {
      case ApplyResult.Applied applied -> applied.detail();
      case ApplyResult.NoEffect none -> throw Problem.conflict(none.reason(), null);
      case ApplyResult.Failed failed -> throw Problem.conflict(failed.failure().sentence(), null);
      case ApplyResult.Waits waits -> throw Problem.unavailable(waits.sentence());
      case ApplyResult.Fenced fenced ->
          throw Problem.unavailable("The hub is stopping; ask again.");
    };
  }
}
