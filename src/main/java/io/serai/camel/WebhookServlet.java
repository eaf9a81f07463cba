package io.serai.camel;

import io.serai.catalog.Configuration;
import io.serai.catalog.ConnectorProfile.Challenge;
import io.serai.inbox.IntakeRefused;
import io.serai.support.Json;
import io.serai.support.Sha256;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /webhooks/{account}}: bytes, signature, route, commit, answer. The request's thread
 * is free while the commit is awaited.
 */
public final class WebhookServlet extends HttpServlet {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookServlet.class);

  /** Less than the database's connection waits for an answer, so that the sender hears of it. */
  private static final long ANSWER_PATIENCE_MILLIS = 25_000;

  private static final int LONGEST_CHALLENGE = 1_000;
  private static final long SWAP_PATIENCE_MILLIS = 5_000;

  private final transient Webhooks webhooks;
  private final transient Sightings sightings;
  private final transient Configuration configuration;
  private final int mostBytes;
  private final transient Map<String, LongAdder> refusedSignatures = new ConcurrentHashMap<>();

  /**
   * Serves the component's webhook routes.
   *
   * @param mostBytes largest body that is taken where the connector does not allow more
   */
  public WebhookServlet(SeraiComponent component, Configuration configuration, int mostBytes) {
    this.webhooks = component.webhooks();
    this.sightings = component.sightings();
    this.configuration = configuration;
    this.mostBytes = mostBytes;
  }

  /** An account's requests whose proof was wrong or missing. Nothing of them is stored. */
  public long refusedSignatures(String account) {
    var count = refusedSignatures.get(account);
    return count == null ? 0 : count.sum();
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    var name = account(request);
    var account = configuration.account(name);
    if (account == null) {
      nobody(response, name);
      return;
    }
    var challenge = account.profile().challenge();
    if (challenge == null) {
      problem(
          response,
          405,
          "Method not allowed",
          "Account '%s' answers no subscription challenge; POST webhooks to this address."
              .formatted(name));
      return;
    }
    var asked = request.getParameter(challenge.query());
    if (asked == null || asked.isEmpty() || asked.length() > LONGEST_CHALLENGE) {
      problem(
          response,
          400,
          "Bad request",
          "The challenge is missing or too long; it stands in the query as '%s'."
              .formatted(challenge.query()));
      return;
    }
    sightings.seen(name, Sightings.Kind.CHALLENGE);
    var text = new StringBuilder();
    for (var part : challenge.over()) {
      text.append(part.equals(Challenge.ITSELF) ? asked : TokenRequest.value(account, part));
    }
    write(
        response,
        200,
        "application/json",
        Json.text(
            Map.of(
                challenge.field(), Sha256.hex(text.toString().getBytes(StandardCharsets.UTF_8)))));
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    var account = account(request);
    if (configuration.account(account) == null) {
      nobody(response, account);
      return;
    }
    WebhookConsumer consumer;
    try {
      consumer = webhooks.await(account, SWAP_PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      consumer = null;
    }
    if (consumer == null) {
      response.setHeader("Retry-After", "5");
      problem(
          response,
          503,
          "Unavailable",
          "No running route takes webhooks of account '%s'; nothing was taken.".formatted(account));
      return;
    }
    if (consumer.isShut()) {
      response.setHeader("Retry-After", "60");
      problem(
          response,
          503,
          "Unavailable",
          "Nothing is taken of account '%s' for a while; nothing was stored. Send it again later."
              .formatted(account));
      return;
    }
    var length = request.getContentLengthLong();
    var most = consumer.largest(mostBytes);
    if (length > most) {
      tooLarge(response, most);
      return;
    }
    if (consumer.stranger(request::getHeader)) {
      refused(response, account, consumer.refuseWith());
      return;
    }
    // One array where the length is known; a body of unknown length is read piece by piece.
    var body = request.getInputStream().readNBytes(length < 0 ? most + 1 : (int) length);
    if (body.length > most) {
      tooLarge(response, most);
      return;
    }
    try {
      if (!consumer.proven(body, request::getHeader)) {
        refused(response, account, consumer.refuseWith());
        return;
      }
    } catch (IntakeRefused e) {
      unavailable(response, e);
      return;
    }
    sightings.seen(account, Sightings.Kind.WEBHOOK);
    var async = request.startAsync();
    async.setTimeout(ANSWER_PATIENCE_MILLIS);
    var answered = new AtomicBoolean();
    async.addListener(new Overdue(async, answered));
    consumer.take(
        body,
        request.getContentType(),
        request::getHeader,
        (exchange, error) -> {
          if (answered.compareAndSet(false, true)) {
            answer(async, exchange, error);
          }
        });
  }

  /** A sender whose document is not committed in time is told to come back; it meets the key. */
  private record Overdue(AsyncContext async, AtomicBoolean answered) implements AsyncListener {
    @Override
    public void onTimeout(AsyncEvent event) {
      if (answered.compareAndSet(false, true)) {
        answer(
            async,
            null,
            new IntakeRefused(
                "The document is not committed yet and may be lost. Send it again.",
                Duration.ofSeconds(5)));
      }
    }

    @Override
    public void onComplete(AsyncEvent event) {
      // Answered one way or the other.
    }

    @Override
    public void onError(AsyncEvent event) {
      answered.set(true); // the sender is gone
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      // Only one cycle is ever started.
    }
  }

  private static String account(HttpServletRequest request) {
    var path = request.getPathInfo();
    return path == null || path.length() < 2 ? "" : path.substring(1);
  }

  private static void answer(AsyncContext async, Exchange exchange, Throwable error) {
    var response = (HttpServletResponse) async.getResponse();
    try {
      if (error == null) {
        var accepted = exchange == null ? null : AcceptProducer.accepted(exchange);
        write(
            response,
            200,
            "application/json",
            accepted == null
                ? "{\"ignored\":true}"
                : "{\"id\":\"" + accepted.id() + "\",\"duplicate\":" + accepted.known() + "}");
      } else if (error instanceof IntakeRefused refused) {
        unavailable(response, refused);
      } else {
        LOG.error("A webhook could not be taken", error);
        response.setHeader("Retry-After", "5");
        problem(
            response,
            503,
            "Unavailable",
            "The webhook could not be taken; nothing was stored. Send it again later.");
      }
    } catch (IOException | IllegalStateException e) {
      LOG.debug("The sender did not wait for its answer: {}", e.getMessage());
    } finally {
      try {
        async.complete();
      } catch (IllegalStateException e) {
        LOG.debug("The request had timed out: {}", e.getMessage());
      }
    }
  }

  private void refused(HttpServletResponse response, String account, int status)
      throws IOException {
    refusedSignatures.computeIfAbsent(account, a -> new LongAdder()).increment();
    sightings.seen(account, Sightings.Kind.REFUSED);
    problem(
        response,
        status,
        status == 401 ? "Unauthorized" : "Not proven",
        "The signature is missing or wrong; nothing was stored.");
  }

  private void nobody(HttpServletResponse response, String account) throws IOException {
    if (configuration.suspended(account) == null) {
      problem(response, 404, "Not found", "No account is named '%s'.".formatted(account));
      return;
    }
    response.setHeader("Retry-After", "30");
    problem(
        response,
        503,
        "Unavailable",
        "The connector of account '%s' is at fault; nothing was taken.".formatted(account));
  }

  private static void unavailable(HttpServletResponse response, IntakeRefused refused)
      throws IOException {
    response.setHeader(
        "Retry-After", String.valueOf(Math.max(1, refused.retryAfter().toSeconds())));
    problem(response, 503, "Unavailable", refused.getMessage());
  }

  private void tooLarge(HttpServletResponse response, int most) throws IOException {
    problem(
        response,
        413,
        "Content too large",
        "The body is larger than %d bytes; nothing was stored.".formatted(most));
  }

  private static void problem(HttpServletResponse response, int status, String title, String detail)
      throws IOException {
    write(
        response,
        status,
        "application/problem+json",
        Json.text(
            Map.of("type", "about:blank", "title", title, "status", status, "detail", detail)));
  }

  private static void write(HttpServletResponse response, int status, String type, String body)
      throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    response.setContentType(type);
    response.setContentLength(bytes.length);
    response.getOutputStream().write(bytes);
  }
}
