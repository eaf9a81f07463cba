package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.access.Caller;
import io.serai.catalog.Configuration;
import io.serai.failure.FailureException;
import io.serai.inbox.Accepted;
import io.serai.inbox.Arrival;
import io.serai.inbox.Intake;
import io.serai.support.Json;
import io.serai.support.Sha256;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Takes canonical orders from programs, through the inbox like every other order.
 *
 * <p>Guarantee: answered after the commit. One Idempotency-Key stands for one body, decided by the
 * database: the same body again is the same order, another is refused. Gap: when the answer is lost
 * the sender does not know; sending again under the same key is safe.
 */
final class OrderIntake {
  /** The connector whose accounts take orders this way. */
  static final String CONNECTOR = "api";

  static final int LONGEST_KEY = 255;
  private static final long PATIENCE_SECONDS = 30;

  private final Intake inbox;
  private final Configuration configuration;
  private final OrderJudge judge;
  private final JdbcClient jdbc;
  private final Clock clock;

  OrderIntake(
      Intake inbox,
      Configuration configuration,
      OrderJudge judge,
      DataSource database,
      Clock clock) {
    this.inbox = inbox;
    this.configuration = configuration;
    this.judge = judge;
    this.jdbc = JdbcClient.create(database);
    this.clock = clock;
  }

  /** What came of it: the message, and how the order is found once it is applied. */
  record Taken(Accepted accepted, String order) {}

  /** Takes one order from this caller and returns after the commit. */
  Taken take(byte[] body, String key, Caller caller) {
    var order = Json.tree(body);
    var account = text(order, "/channel/account");
    var channelOrderId = text(order, "/channel/orderId");
    if (!caller.mayName(account)) {
      throw Problem.forbidden(
          "'%s' may send no order of channel '%s'; use another token."
              .formatted(caller.name(), Words.cut(account)));
    }
    checkAccount(account);
    judge(order, account);
    var sha256 = Sha256.of(body);
    if (key != null) {
      claim(key, sha256);
    }
    var arrival =
        new Arrival(
            account,
            "order",
            channelOrderId,
            key == null ? "sha256:" + HexFormat.of().formatHex(sha256) : "key:" + key,
            order.path("updatedAt").asText(null),
            null,
            "application/json",
            body);
    var answer = new CompletableFuture<Accepted>();
    inbox.accept(
        arrival,
        (accepted, fault) -> {
          if (fault == null) {
            answer.complete(accepted);
          } else {
            answer.completeExceptionally(fault);
          }
        });
    try {
      return new Taken(
          answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join(),
          account + ":" + channelOrderId);
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException fault) {
        throw fault;
      }
      throw Problem.unavailable(
          "The order was not committed within %d s; send it again under the same key."
              .formatted(PATIENCE_SECONDS));
    }
  }

  private static String text(JsonNode order, String pointer) {
    var value = order.at(pointer);
    if (!value.isTextual() || value.textValue().isBlank()) {
      throw Problem.unprocessable(
          "The order has no '%s'; give it as text."
              .formatted(pointer.substring(1).replace('/', '.')));
    }
    return value.textValue();
  }

  private void checkAccount(String name) {
    var account = configuration.account(name);
    if (account == null || !account.profile().name().equals(CONNECTOR)) {
      throw Problem.unprocessable(
          "Channel account '%s' takes no orders here; name one of connector '%s' or configure serai.channels.%s.connector: %s."
              .formatted(
                  Words.cut(name),
                  CONNECTOR,
                  account == null ? Words.cut(name) : "<name>",
                  CONNECTOR));
    }
  }

  private void judge(JsonNode order, String account) {
    try {
      judge.judge(order, account);
    } catch (FailureException e) {
      throw Problem.unprocessable(
          e.failure()
              .sentence()
              .replace(
                  "Correct the mapping or the sender's data, then replay.",
                  "Correct it and send it again."));
    }
  }

  private void claim(String key, byte[] sha256) {
    if (key.length() > LONGEST_KEY || !key.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      throw Problem.badRequest(
          "Idempotency-Key '%s' is longer than %d characters or not plain text; shorten it."
              .formatted(Words.cut(key), LONGEST_KEY));
    }
    jdbc.sql(
            """
            INSERT INTO api_request (idempotency_key, sha256, answer, created_at)
            VALUES (:key, :sha256, '{}', :now) ON CONFLICT DO NOTHING
            """)
        .param("key", key)
        .param("sha256", sha256)
        .param("now", Timestamp.from(clock.instant()))
        .update();
    var first =
        jdbc.sql("SELECT sha256 FROM api_request WHERE idempotency_key = :key")
            .param("key", key)
            .query((row, n) -> row.getBytes(1))
            .single();
    if (!Arrays.equals(first, sha256)) {
      throw Problem.unprocessable(
          "Idempotency-Key '%s' was used for another body; send this one under a key of its own."
              .formatted(Words.cut(key)));
    }
  }
}
