package io.serai.camel;

import io.serai.catalog.Account;
import io.serai.catalog.ConnectorProfile.Token;
import io.serai.database.Lease;
import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Access tokens that partners grant for a time. Asked for once over all replicas, under a lease,
 * kept sealed in the database, and asked for anew before they lapse, so that usually nobody waits.
 *
 * <p>Guarantee: a token that the partner refused is replaced once; when the new one is refused as
 * well, asking again is left to the next pause of the endpoint. Gap: where the partner changes the
 * refresh token with every answer, an answer that is lost (process death between it and our commit)
 * takes the authorization with it.
 */
final class Tokens implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);

  /** A token is not used for a call that it may not outlive. */
  private static final Duration LEAST_LEFT = Duration.ofSeconds(15);

  /** When the last one was replaced so lately, the next would be refused, too. */
  private static final Duration BETWEEN_REPLACEMENTS = Duration.ofSeconds(10);

  /** How long a refusal stands before the partner is asked again. */
  private static final Duration REFUSAL_STANDS = Duration.ofSeconds(30);

  private static final Duration WHILE_OTHERS_ASK = Duration.ofMillis(200);
  private static final int STORE_TRIES = 5;

  private static final class Slot {
    TokenRow held;
    String refusedToken;
    Instant refusedAt = Instant.EPOCH;
    CompletableFuture<TokenRow> asking;
    FailureException refusal;
    Instant notBefore = Instant.EPOCH;
  }

  private final Hub hub;
  private final Map<String, Slot> slots = new ConcurrentHashMap<>();
  private final ExecutorService executor =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("serai-token-", 0).factory());
  private HttpClient http;
  private volatile boolean closed;

  Tokens(Hub hub) {
    this.hub = hub;
  }

  /**
   * A token that is good for now.
   *
   * @param name as the connector calls it, or null for the one without a name
   * @return completed at once when it is at hand; with {@link NotAsked} when there is none
   */
  CompletableFuture<TokenRow> get(Account account, String name) {
    var slot = slot(account, name);
    var now = hub.clock().instant();
    synchronized (slot) {
      var held = slot.held;
      if (held != null && usable(held, now)) {
        if (due(held, now) && slot.asking == null && !now.isBefore(slot.notBefore)) {
          ask(account, name, slot);
        }
        return CompletableFuture.completedFuture(held);
      }
      if (slot.refusal != null && now.isBefore(slot.notBefore)) {
        return CompletableFuture.failedFuture(slot.refusal);
      }
      return slot.asking == null ? ask(account, name, slot) : slot.asking;
    }
  }

  /**
   * The partner refused a token.
   *
   * @return whether another may help: false when this one has itself just replaced a refused one
   */
  boolean refused(Account account, String name, String token) {
    var slot = slot(account, name);
    synchronized (slot) {
      if (slot.held == null || !slot.held.access().equals(token)) {
        return true;
      }
      var now = hub.clock().instant();
      if (now.isBefore(slot.refusedAt.plus(BETWEEN_REPLACEMENTS))) {
        return false;
      }
      slot.held = null;
      slot.refusedToken = token;
      slot.refusedAt = now;
      return true;
    }
  }

  private Slot slot(Account account, String name) {
    return slots.computeIfAbsent(
        account.name() + '/' + (name == null ? "" : name), key -> new Slot());
  }

  private static boolean usable(TokenRow row, Instant now) {
    return now.plus(LEAST_LEFT).isBefore(row.expiresAt());
  }

  // In the last tenth of its life, and in the last minute.
  private static boolean due(TokenRow row, Instant now) {
    var tenth = Duration.between(row.obtainedAt(), row.expiresAt()).dividedBy(10);
    var early = tenth.compareTo(Duration.ofMinutes(1)) < 0 ? Duration.ofMinutes(1) : tenth;
    return now.plus(early).isAfter(row.expiresAt());
  }

  private CompletableFuture<TokenRow> ask(Account account, String name, Slot slot) {
    var asking = new CompletableFuture<TokenRow>();
    slot.asking = asking;
    executor.execute(
        () -> {
          TokenRow row = null;
          FailureException failure = null;
          try {
            row = obtain(account, name, slot);
          } catch (FailureException e) {
            failure = e;
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = unavailable(account, "the hub stops", e);
          } catch (SQLException | RuntimeException e) {
            failure = unavailable(account, String.valueOf(e.getMessage()), e);
          }
          synchronized (slot) {
            slot.asking = null;
            slot.held = row == null ? slot.held : row;
            var auth = failure != null && failure.failure().kind() == FailureKind.AUTH;
            slot.refusal = auth ? failure : null;
            // A token that is only due is asked for again after a while, not with every call.
            slot.notBefore =
                failure == null ? Instant.EPOCH : hub.clock().instant().plus(REFUSAL_STANDS);
          }
          if (failure == null) {
            asking.complete(row);
          } else {
            LOG.warn("{}", failure.getMessage());
            asking.completeExceptionally(failure);
          }
        });
    return asking;
  }

  // One replica asks; the others look whether it has.
  private TokenRow obtain(Account account, String name, Slot slot)
      throws SQLException, InterruptedException {
    var token = account.profile().token(name);
    var seal = seal(account, token);
    var key = name == null ? "" : name;
    var deadlines = account.profile().deadlines();
    var term = deadlines.call().multipliedBy(2).plusSeconds(10 + STORE_TRIES);
    var until = System.nanoTime() + term.toNanos();
    while (true) {
      var row = read(account, key, seal, slot);
      if (row != null && !due(row, hub.clock().instant())) {
        return row;
      }
      var lease = hub.leases().acquire("token/" + account.name() + "/" + key, term);
      if (lease.isPresent()) {
        try {
          row = read(account, key, seal, slot);
          return row != null && !due(row, hub.clock().instant())
              ? row
              : fetch(account, key, token, seal, lease.get());
        } finally {
          hub.leases().release(lease.get());
        }
      }
      if (row != null) {
        return row;
      }
      if (closed || System.nanoTime() > until) {
        throw unavailable(account, "another replica asks for it and gets no answer", null);
      }
      TimeUnit.NANOSECONDS.sleep(WHILE_OTHERS_ASK.toNanos());
    }
  }

  // What the database has, unless it lapses or is the one that the partner refused.
  private TokenRow read(Account account, String key, Seal seal, Slot slot) throws SQLException {
    TokenRow row;
    try (var connection = hub.dataSource().getConnection()) {
      row = TokenRow.read(connection, account.name(), key, seal);
    }
    synchronized (slot) {
      return row == null
              || !usable(row, hub.clock().instant())
              || row.access().equals(slot.refusedToken)
          ? null
          : row;
    }
  }

  private TokenRow fetch(Account account, String key, Token token, Seal seal, Lease lease)
      throws SQLException, InterruptedException {
    String refresh = null;
    if (token.refreshToken() != null) {
      try (var connection = hub.dataSource().getConnection()) {
        var last = TokenRow.read(connection, account.name(), key, seal);
        refresh =
            last == null || last.refresh() == null
                ? TokenRequest.value(account, token.refreshToken())
                : last.refresh();
      }
    }
    var request = new TokenRequest(client(), hub.clock(), hub.configuration()::mask);
    TokenRow row;
    try {
      row = request.ask(account, token, refresh);
    } catch (NotAsked e) {
      if (e.failure().kind() == FailureKind.AUTH) {
        try (var connection = hub.dataSource().getConnection()) {
          var at = hub.clock().instant();
          TokenRow.refuse(connection, account.name(), key, seal, at, e.getMessage(), lease.fence());
        }
      }
      throw e;
    }
    store(account, key, seal, lease, row);
    return row;
  }

  // It is worth waiting for: where refresh tokens change, only this one is good from now on.
  private void store(Account account, String key, Seal seal, Lease lease, TokenRow row)
      throws InterruptedException {
    for (var i = 1; ; i++) {
      try (var connection = hub.dataSource().getConnection()) {
        row.write(connection, account.name(), key, seal, lease.fence());
        return;
      } catch (SQLException e) {
        if (i == STORE_TRIES) {
          LOG.error("The access token of account '{}' could not be kept", account.name(), e);
          return;
        }
        TimeUnit.SECONDS.sleep(1);
      }
    }
  }

  // Made of what was granted, so that a grant of another time is not mixed up with it.
  private static Seal seal(Account account, Token token) {
    var parameter = token.refreshToken() == null ? token.clientSecret() : token.refreshToken();
    return new Seal(
        TokenRequest.value(account, parameter).getBytes(StandardCharsets.UTF_8), account.name());
  }

  private static FailureException unavailable(Account account, String why, Throwable cause) {
    return NotAsked.stopped(
        Failure.of(
            FailureKind.TRANSIENT,
            "The access token of account '%s' could not be had (%s). It is asked for again by itself."
                .formatted(account.name(), why),
            Place.of(account.name())),
        cause);
  }

  /** How partners are asked beside the routes. */
  synchronized HttpClient client() {
    if (http == null) {
      http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    }
    return http;
  }

  @Override
  public void close() {
    closed = true;
    // Not interrupted: an answer that is on its way may hold the only refresh token that is good.
    executor.shutdown();
    try {
      executor.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      if (http != null) {
        http.shutdownNow();
        http = null;
      }
    }
  }
}
