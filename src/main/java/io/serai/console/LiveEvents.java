package io.serai.console;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Tells open pages that something changed: names only, the page fetches what it may see.
 *
 * <p>Guarantee: the database is asked once every two seconds however many pages are open, and never
 * when none is. Gap: a change is told up to two seconds late; a page that lost its stream says so
 * and asks again by itself.
 */
final class LiveEvents implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveEvents.class);
  private static final Duration PERIOD = Duration.ofSeconds(2);
  private static final long LONGEST_MILLIS = 30 * 60_000L;

  private final Supplier<HomeReads.Pulse> pulse;
  private final Duration period;
  private final List<SseEmitter> listeners = new CopyOnWriteArrayList<>();
  private ScheduledExecutorService clockwork;
  private HomeReads.Pulse last;

  LiveEvents(Supplier<HomeReads.Pulse> pulse) {
    this(pulse, PERIOD);
  }

  /**
   * Starts nothing before somebody listens.
   *
   * @param period between two looks
   */
  LiveEvents(Supplier<HomeReads.Pulse> pulse, Duration period) {
    this.pulse = pulse;
    this.period = period;
  }

  /** A stream for one page. */
  synchronized SseEmitter listen() {
    var listener = new SseEmitter(LONGEST_MILLIS);
    Runnable gone = () -> listeners.remove(listener);
    listener.onCompletion(gone);
    listener.onTimeout(listener::complete);
    listener.onError(fault -> gone.run());
    listeners.add(listener);
    send(listener, "hello");
    if (clockwork == null) {
      clockwork =
          Executors.newSingleThreadScheduledExecutor(
              Thread.ofPlatform().daemon().name("console-live").factory());
      clockwork.scheduleWithFixedDelay(
          this::beat, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }
    return listener;
  }

  /** Looks once and tells what changed; what it told. */
  Set<String> beat() {
    var changed = new LinkedHashSet<String>();
    if (listeners.isEmpty()) {
      last = null;
      return changed;
    }
    try {
      var now = pulse.get();
      var before = last;
      if (last != null) {
        if (!last.deadLetters().equals(now.deadLetters())) {
          changed.add("dead-letters");
        }
        if (!last.jobs().equals(now.jobs())) {
          changed.add("jobs");
        }
        if (!last.orders().equals(now.orders())) {
          changed.add("orders");
        }
      }
      last = now;
      var topics =
          changed.isEmpty()
              ? "still"
              : changed.stream()
                  .map(topic -> topic + more(topic, before, now))
                  .collect(Collectors.joining(" "));
      listeners.forEach(listener -> send(listener, topics));
    } catch (RuntimeException e) {
      LOG.debug("What changed could not be read; it is tried again in two seconds.", e);
    }
    return changed;
  }

  /** How many are new, as {@code +3}, where that can be told. */
  static String more(String topic, HomeReads.Pulse before, HomeReads.Pulse now) {
    long more =
        switch (topic) {
          case "dead-letters" -> stopped(now.deadLetters()) - stopped(before.deadLetters());
          case "orders" -> number(now.orders()) - number(before.orders());
          default -> 0;
        };
    return more > 0 ? "+" + more : "";
  }

  // Newest failure, parked messages, parked deliveries; or when a large pile was counted.
  private static long stopped(String mark) {
    var parts = mark.split("/");
    return parts.length == 3 ? number(parts[1]) + number(parts[2]) : 0;
  }

  private static long number(String text) {
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }

  private void send(SseEmitter listener, String topics) {
    try {
      listener.send(SseEmitter.event().name("changed").data(topics));
    } catch (IOException | IllegalStateException gone) {
      listeners.remove(listener);
    }
  }

  int listening() {
    return listeners.size();
  }

  @Override
  public synchronized void close() {
    if (clockwork != null) {
      clockwork.shutdownNow();
    }
    listeners.forEach(SseEmitter::complete);
    listeners.clear();
  }
}
