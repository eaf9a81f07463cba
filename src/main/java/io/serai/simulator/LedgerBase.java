package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a stand-in keeps: everything that changes it is first written to its ledger and then applied
 * from what was written, so opening the ledger again gives the same.
 *
 * <p>A subclass opens its ledger last in its constructor, when it can apply what the ledger holds.
 * Callers hold {@link #lock()} around what must be one step; {@link #record} takes it by itself.
 */
abstract class LedgerBase implements AutoCloseable {

  private final ReentrantLock lock = new ReentrantLock();
  private final Clock clock;
  private final Map<String, Integer> counts = new HashMap<>();
  private Ledger ledger;

  LedgerBase(Clock clock) {
    this.clock = clock;
  }

  /** Opens the ledger and applies all it holds. */
  final void open(Path file) {
    ledger = Ledger.open(file, clock, this::happened);
  }

  /** Changes what is kept as a line of the ledger says. */
  abstract void apply(Effect effect);

  /** Writes something and applies it. */
  final Effect record(String operation, String subject, String key, JsonNode data) {
    lock.lock();
    try {
      var effect = ledger.append(operation, subject, key, data);
      happened(effect);
      return effect;
    } finally {
      lock.unlock();
    }
  }

  private void happened(Effect effect) {
    counts.merge(effect.operation(), 1, Integer::sum);
    apply(effect);
  }

  final ReentrantLock lock() {
    return lock;
  }

  final Ledger ledger() {
    return ledger;
  }

  final Instant now() {
    return clock.instant();
  }

  /** How often an operation was done. */
  final int count(String operation) {
    return counts.getOrDefault(operation, 0);
  }

  @Override
  public void close() {
    ledger.close();
  }
}
