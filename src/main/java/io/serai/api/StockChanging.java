package io.serai.api;

import io.serai.failure.FailureException;
import io.serai.hub.Apply;
import io.serai.hub.ApplyResult;
import io.serai.hub.Deed;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Has a change of stock applied by the engine's one writer, in one transaction.
 *
 * <p>Guarantee: returns after the commit; a change that cannot be made is a {@link Problem}. Gap:
 * when the answer is late the change may still be made; one with a reference may be sent again.
 */
final class StockChanging {
  private static final long PATIENCE_SECONDS = 30;

  private final Apply engine;

  StockChanging(Apply engine) {
    this.engine = engine;
  }

  /** Applies it and answers what the engine says of it. */
  Object apply(Object change, Deed deed) {
    var done = new CompletableFuture<ApplyResult>();
    engine.apply(change, deed, done::complete);
    try {
      return switch (done.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join()) {
        case ApplyResult.Applied applied -> applied.detail();
        case ApplyResult.NoEffect none -> throw Problem.unprocessable(none.reason());
        case ApplyResult.Failed failed -> throw new FailureException(failed.failure());
        case ApplyResult.Waits waits -> throw Problem.unavailable(waits.sentence());
        case ApplyResult.Fenced fenced ->
            throw Problem.unavailable("The hub is stopping; send the change again.");
      };
    } catch (CompletionException e) {
      throw Problem.unavailable(
          "The change was not committed within %d s; look at the stock before you send it again, or give it a reference."
              .formatted(PATIENCE_SECONDS));
    } catch (FailureException e) {
      throw Problem.unprocessable(e.failure().sentence());
    }
  }
}
