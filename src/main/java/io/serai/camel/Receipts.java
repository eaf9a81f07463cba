package io.serai.camel;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.catalog.Account;
import io.serai.catalog.MappingException;
import io.serai.catalog.Mishap;
import io.serai.catalog.Repeat;
import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.outbox.Delivery;
import io.serai.outbox.Outcome;
import io.serai.support.Json;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;

/**
 * Reads what an outbox route ended with. Only a receipt that says so is success: garbage, half an
 * answer, HTML and an error inside HTTP 200 are what they are, and after the request has left they
 * are an unknown outcome.
 */
final class Receipts {
  /** What partners answer with a document of its own. */
  private static final Map<String, String> ANSWERS =
      Map.of("rate-request", "rates", "label-request", "label", "label-file", "label");

  private final Account account;
  private final Repeat repeat;
  private final boolean lookup;
  private final CanonicalDocuments documents;
  private final Clock clock;

  Receipts(
      Account account, String document, boolean lookup, CanonicalDocuments documents, Clock clock) {
    this.documents = documents;
    this.account = account;
    this.repeat = account.repeat(document);
    this.lookup = lookup;
    this.clock = clock;
  }

  Outcome read(Exchange exchange, Delivery delivery) {
    var outcome = masked(understand(exchange, delivery), exchange);
    return outcome instanceof Outcome.Failed failed
            && failed.failure().kind() == FailureKind.AUTH
            && !(exchange.getException() instanceof NotAsked)
            && TokenUse.refused(exchange)
        ? new Outcome.Failed(withAnotherToken(failed.failure(), delivery.destination()))
        : outcome;
  }

  private Outcome masked(Outcome outcome, Exchange exchange) {
    return switch (outcome) {
      case Outcome.Failed failed ->
          new Outcome.Failed(Masking.of(failed.failure(), account, exchange));
      case Outcome.Items items ->
          new Outcome.Items(
              items.items().stream()
                  .map(item -> new Outcome.Item(item.key(), masked(item.outcome(), exchange)))
                  .toList());
      default -> outcome;
    };
  }

  // The endpoint rests only for the moment that fetching another token takes.
  static Failure withAnotherToken(Failure failure, String destination) {
    return new Failure(
        failure.kind(),
        "'%s' refused the access token. Another one is asked for, once.".formatted(destination),
        failure.place(),
        failure.evidence(),
        failure.status(),
        Duration.ofSeconds(1));
  }

  private Outcome understand(Exchange exchange, Delivery delivery) {
    var place = Places.of(exchange, delivery.destination());
    var failed = exchange.getException();
    if (failed instanceof NotAsked notAsked) {
      var failure = notAsked.failure();
      return notAsked.putOff()
          ? new Outcome.PutOff(failure.retryAfter())
          : new Outcome.Failed(failure.at(place));
    }
    if (failed != null) {
      return new Outcome.Failed(name(exchange, failed, delivery, place));
    }
    var body = exchange.getMessage().getBody();
    if (!(body instanceof JsonNode receipt) || !receipt.isObject()) {
      return unreadable(exchange, delivery, place, "it is no receipt");
    }
    if (receipt.path("items").isArray()) {
      var items = new ArrayList<Outcome.Item>();
      for (var item : receipt.get("items")) {
        items.add(
            new Outcome.Item(item.path("key").asText(), one(exchange, item, delivery, place)));
      }
      return new Outcome.Items(items);
    }
    return one(exchange, receipt, delivery, place);
  }

  private Outcome one(Exchange exchange, JsonNode receipt, Delivery delivery, Place place) {
    var named = receipt.path("remoteId").asText(null);
    var remoteId = named == null ? null : WebhookConsumer.clean(named);
    return switch (receipt.path("outcome").asText("")) {
      case "confirmed" -> confirmed(exchange, receipt, remoteId, delivery, place);
      case "found" ->
          lookup
              ? confirmed(exchange, receipt, remoteId, delivery, place)
              : unreadable(exchange, delivery, place, "only a look-up finds");
      case "absent" ->
          lookup
              ? new Outcome.Absent()
              : unreadable(exchange, delivery, place, "only a look-up misses");
      case "pending" -> pending(receipt, remoteId);
      case "failed" -> {
        var code = receipt.path("code").asText(null);
        var kind = account.profile().errors().classify(status(exchange), code, Mishap.NONE, repeat);
        var said = receipt.path("sentence").asText(code == null ? "an error without a code" : code);
        yield new Outcome.Failed(
            new Failure(
                kind,
                "'%s' answered '%s' to '%s'. %s"
                    .formatted(delivery.destination(), said, delivery.businessKey(), advice(kind)),
                place,
                Masking.text(receipt.toString(), account, exchange),
                status(exchange),
                seconds(receipt.path("retryAfter"))));
      }
      default -> unreadable(exchange, delivery, place, "it names no outcome");
    };
  }

  // What a partner gives for it must be readable: done is done, whatever we make of its words.
  private Outcome confirmed(
      Exchange exchange, JsonNode receipt, String remoteId, Delivery delivery, Place place) {
    var document = ANSWERS.get(delivery.document());
    if (document == null) {
      return new Outcome.Confirmed(remoteId);
    }
    var sold = "label-request".equals(delivery.document());
    if (!receipt.path("answer").isObject()
        || sold && !receipt.at("/answer/trackingNumber").isTextual()) {
      return unreadable(exchange, delivery, place, "it brings no '" + document + "'");
    }
    try {
      return new Outcome.Confirmed(
          remoteId, documents.read(document, receipt.get("answer"), delivery.destination()));
    } catch (FailureException e) {
      return unreadable(exchange, delivery, place, e.failure().sentence());
    }
  }

  private Outcome pending(JsonNode receipt, String remoteId) {
    var due = receipt.path("due").asText(null);
    try {
      return new Outcome.Pending(
          remoteId, due == null ? clock.instant().plus(acknowledge()) : Instant.parse(due));
    } catch (DateTimeException e) {
      return new Outcome.Pending(remoteId, clock.instant().plus(acknowledge()));
    }
  }

  private Duration acknowledge() {
    var said = account.profile().deadlines().acknowledge();
    return said == null ? Duration.ofHours(1) : said;
  }

  private Outcome unreadable(Exchange exchange, Delivery delivery, Place place, String why) {
    return new Outcome.Failed(
        new Failure(
            lookup ? FailureKind.TRANSIENT : FailureKind.UNKNOWN_OUTCOME,
            "'%s' gave an answer to '%s' that cannot be read (%s), so what happened is unknown. Nothing is sent blindly; compare with the partner."
                .formatted(delivery.destination(), delivery.businessKey(), why),
            place,
            Masking.text(evidence(exchange), account, exchange),
            status(exchange),
            null));
  }

  private Failure name(Exchange exchange, Throwable thrown, Delivery delivery, Place place) {
    if (thrown instanceof HttpOperationFailedException http) {
      var code = code(http.getResponseBody());
      var kind =
          account.profile().errors().classify(http.getStatusCode(), code, Mishap.NONE, repeat);
      return new Failure(
          lookup && kind == FailureKind.UNKNOWN_OUTCOME ? FailureKind.TRANSIENT : kind,
          "'%s' answered HTTP %d to '%s'. %s"
              .formatted(
                  delivery.destination(),
                  http.getStatusCode(),
                  delivery.businessKey(),
                  advice(kind)),
          place,
          Masking.text(http.getResponseBody(), account, exchange),
          http.getStatusCode(),
          retryAfter(http.getResponseHeaders(), clock));
    }
    var answered = status(exchange) != null;
    if (!answered && thrown instanceof MappingException refused && refused.code() != null) {
      var kind = account.profile().errors().classify(null, refused.code(), Mishap.NONE, repeat);
      return Failure.of(kind, refused.getMessage(), place);
    }
    if (thrown instanceof FailureException
        || thrown instanceof MappingException
        || thrown instanceof Json.Unreadable) {
      if (answered) {
        return ((Outcome.Failed) unreadable(exchange, delivery, place, thrown.getMessage()))
            .failure();
      }
      return Places.name(thrown, place, "Delivery '%s'".formatted(delivery.publicId()));
    }
    var mishap = mishap(thrown);
    var kind = account.profile().errors().classify(null, null, mishap, repeat);
    return Failure.of(
        lookup && kind == FailureKind.UNKNOWN_OUTCOME ? FailureKind.TRANSIENT : kind,
        "'%s' could not be asked for '%s' (%s). %s"
            .formatted(
                delivery.destination(),
                delivery.businessKey(),
                reason(thrown),
                advice(kind, thrown)),
        place);
  }

  static Mishap mishap(Throwable thrown) {
    var handshake = Handshakes.mishap(thrown);
    if (handshake != null) {
      return handshake;
    }
    for (var cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException
          || cause instanceof UnknownHostException
          || cause instanceof NoRouteToHostException) {
        return Mishap.NOT_SENT;
      }
      if (cause instanceof SSLException
          && String.valueOf(cause.getMessage()).contains("handshake")) {
        return Mishap.NOT_SENT;
      }
      if (cause.getCause() == cause) {
        break;
      }
    }
    return Mishap.SENT;
  }

  static String reason(Throwable thrown) {
    var refusal = Handshakes.refusal(thrown);
    if (refusal != null) {
      return refusal.why();
    }
    var message = thrown.getMessage();
    return message == null
        ? thrown.getClass().getSimpleName()
        : message.lines().findFirst().orElse(message);
  }

  /** What to do about a call that did not come about. */
  static String advice(FailureKind kind, Throwable thrown) {
    var refusal = Handshakes.refusal(thrown);
    return refusal == null ? advice(kind) : refusal.advice();
  }

  static String advice(FailureKind kind) {
    return switch (kind) {
      case TRANSIENT -> "It is tried again by itself.";
      case THROTTLED -> "It waits until the partner takes more.";
      case AUTH -> "Correct the account's credentials; its work waits.";
      case STALE -> "It is computed anew and sent again.";
      case UNKNOWN_OUTCOME -> "Whether it happened is unknown; it is never sent again blindly.";
      case CONFIG -> "Correct the configuration, then replay.";
      default -> "Correct the cause with the partner, then replay.";
    };
  }

  static String code(String body) {
    if (body == null || body.isBlank() || body.charAt(0) != '{') {
      return null;
    }
    try {
      var tree = Json.tree(body);
      for (var pointer :
          new String[] {
            "/code",
            "/error/code",
            "/errors/0/code",
            "/response/errors/0/code",
            "/errors/0/extensions/code",
            "/errors/0/errorId"
          }) {
        var code = tree.at(pointer);
        if (code.isTextual() || code.isIntegralNumber()) {
          return code.asText();
        }
      }
      return null;
    } catch (Json.Unreadable e) {
      return null; // an error page, not a code
    }
  }

  static Integer status(Exchange exchange) {
    return exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
  }

  private static String evidence(Exchange exchange) {
    var body = exchange.getMessage().getBody();
    return switch (body) {
      case null -> null;
      case byte[] bytes ->
          new String(
              bytes, 0, Math.min(bytes.length, 8 * Failure.EVIDENCE_LIMIT), StandardCharsets.UTF_8);
      default -> body.toString();
    };
  }

  static Duration retryAfter(Map<String, String> headers, Clock clock) {
    if (headers == null) {
      return null;
    }
    for (var header : headers.entrySet()) {
      if ("Retry-After".equalsIgnoreCase(header.getKey())) {
        return retryAfter(header.getValue(), clock);
      }
    }
    return null;
  }

  /** RFC 9110, 10.2.3: seconds, or an HTTP date. */
  private static Duration retryAfter(String value, Clock clock) {
    try {
      if (value.matches("[0-9]{1,9}")) {
        return Duration.ofSeconds(Long.parseLong(value));
      }
      var at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      var wait = Duration.between(clock.instant(), at);
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static Duration seconds(JsonNode value) {
    return value.isNumber() ? Duration.ofMillis((long) (value.asDouble() * 1_000)) : null;
  }
}
