package io.serai;

import io.serai.inbox.InboxRunner;
import io.serai.outbox.Outbox;
import org.springframework.context.SmartLifecycle;

/**
 * The first step of a stop: nothing more is claimed and no call to a partner is begun, while calls
 * of senders are still answered and routes still run. Without it work would be taken from other
 * replicas for routes that are about to go.
 */
final class EarlyStop implements SmartLifecycle {
  private final InboxRunner runner;
  private final Outbox outbox;
  private volatile boolean running;

  EarlyStop(InboxRunner runner, Outbox outbox) {
    this.runner = runner;
    this.outbox = outbox;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    runner.stopClaiming();
    outbox.stopClaiming();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  // Before the web server waits for open calls, and before Camel takes the routes away.
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }
}
