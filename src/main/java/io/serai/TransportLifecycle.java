package io.serai;

import io.serai.inbox.Inbox;
import io.serai.inbox.Intake;
import io.serai.intake.Transport;
import java.util.Optional;
import org.springframework.context.SmartLifecycle;

/**
 * Starts and stops the topic that documents are accepted into, when there is one: once the hub
 * runs, and before it takes requests; after the last request, and before the hub stops.
 */
final class TransportLifecycle implements SmartLifecycle {
  private final Optional<Transport> transport;
  private volatile boolean running;

  TransportLifecycle(Optional<Transport> transport) {
    this.transport = transport;
  }

  /** The topic, unless documents go to the database at once. */
  Optional<Transport> transport() {
    return transport;
  }

  /** What accepts documents. */
  Intake intake(Inbox inbox) {
    return transport.<Intake>map(Transport::intake).orElse(inbox);
  }

  @Override
  public void start() {
    transport.ifPresent(
        topic -> {
          topic.start();
          topic.read();
        });
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    transport.ifPresent(Transport::close);
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  // Above the hub's: it starts after it and stops before it.
  @Override
  public int getPhase() {
    return 10;
  }
}
