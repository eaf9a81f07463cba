package io.serai.simulator;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * Delivers webhooks and retries them until they are answered 2xx or the schedule ends.
 *
 * <p>Deliveries run side by side, so the order in which they arrive is not the order of the events,
 * as with the real ones. What is not yet answered is lost from memory when the process dies; the
 * simulator plans it again from its ledger.
 */
final class WebhookSender implements AutoCloseable {

  private static final int AT_ONCE = 32;

  /** Hears how a delivery ended. */
  interface Listener {
    /** The hub answered 2xx. */
    void acknowledged(Webhook webhook, int status, int attempts);

    /** The schedule ended without a 2xx. */
    void givenUp(Webhook webhook, int lastStatus, int attempts);

    /** A mood swallowed it; it will never arrive. */
    void dropped(Webhook webhook);
  }

  private final URI target;
  private final Function<Webhook, Map<String, String>> headers;
  private final RetrySchedule schedule;
  private final Duration patience;
  private final Moods moods;
  private final Timetable timetable;
  private final Listener listener;
  private final Semaphore places = new Semaphore(AT_ONCE);
  private final LongAdder attempts = new LongAdder();
  private final LongAdder repeats = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(3))
          .build();
  private volatile boolean closed;

  /**
   * A sender to one address.
   *
   * @param target where to, or {@code null} to deliver nothing
   * @param headers the headers of a webhook, signature included
   * @param patience how long the hub has to answer
   */
  WebhookSender(
      URI target,
      Function<Webhook, Map<String, String>> headers,
      RetrySchedule schedule,
      Duration patience,
      Moods moods,
      Timetable timetable,
      Listener listener) {
    this.target = target;
    this.headers = headers;
    this.schedule = schedule;
    this.patience = patience;
    this.moods = moods;
    this.timetable = timetable;
    this.listener = listener;
  }

  /** Delivers a webhook, now or as the moods have it; returns at once. */
  void send(Webhook webhook) {
    if (target == null) {
      return;
    }
    if (moods.on(Mood.Kind.DROPPING, webhook.topic()).isPresent()) {
      listener.dropped(webhook);
      return;
    }
    var late = moods.on(Mood.Kind.OUT_OF_ORDER, webhook.topic());
    timetable.in(late.map(Mood::delay).orElse(Duration.ZERO), () -> attempt(webhook, 1));
    moods
        .on(Mood.Kind.DUPLICATING, webhook.topic())
        .ifPresent(m -> timetable.in(Duration.ZERO, () -> deliver(again(webhook))));
  }

  /** Every other repeat comes as a second subscription would send it: same event, other id. */
  private Webhook again(Webhook webhook) {
    repeats.increment();
    return repeats.sum() % 2 == 1
        ? webhook
        : new Webhook(
            webhook.id().equals(webhook.eventId()) ? webhook.id() : UUID.randomUUID().toString(),
            webhook.eventId(),
            webhook.topic(),
            webhook.subject(),
            webhook.triggeredAt(),
            webhook.body());
  }

  /** How often something was sent, and how often that was not answered 2xx. */
  long attempts() {
    return attempts.sum();
  }

  long failures() {
    return failures.sum();
  }

  @Override
  public void close() {
    closed = true;
    client.shutdownNow();
  }

  private void attempt(Webhook webhook, int number) {
    var status = deliver(webhook);
    if (closed) {
      return;
    }
    if (status / 100 == 2) {
      listener.acknowledged(webhook, status, number);
      return;
    }
    var wait = schedule.after(number);
    if (wait == null) {
      listener.givenUp(webhook, status, number);
    } else {
      timetable.in(wait, () -> attempt(webhook, number + 1));
    }
  }

  /** Sends once and answers the status, or 0 when there was no answer. */
  private int deliver(Webhook webhook) {
    attempts.increment();
    var request =
        HttpRequest.newBuilder(target)
            .timeout(patience)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(webhook.body()));
    headers.apply(webhook).forEach(request::header);
    var status = 0;
    try {
      places.acquire();
      try {
        status = client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
      } finally {
        places.release();
      }
    } catch (IOException e) {
      status = 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (status / 100 != 2) {
      failures.increment();
    }
    return status;
  }
}
