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
 * well, asking again is left to the next pause of the endpoint. An answer that cannot be committed
 * serves from memory and is tried to be committed until it is. Gap: where the partner changes the
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
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

  /** What an answer may take to be read and kept, besides the call. */
  private static final Duration TO_KEEP = Duration.ofSeconds(15);

  /** How often keeping an answer is still tried once the hub stops. */
  private static final int LAST_TRIES = 5;

  private static final class Slot {
    TokenRow held;

    /** What the partner answered last, whatever became of it. */
    Answered answered;

    String refusedToken;
    Instant refusedAt = Instant.EPOCH;
    CompletableFuture<TokenRow> asking;
    FailureException refusal;
    Instant notBefore = Instant.EPOCH;
  }

  /** A token as it was answered, and the grant it belongs to. */
  private record Answered(TokenRow row, String seal) {}

  /**
   * A token that is good for now.
   *
   * @param unkept the lease under which it is still to be kept, or null
   */
  private record Obtained(TokenRow row, Lease unkept) {}

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
      // Each gets a future of its own: who gives up waiting gives up for nobody else.
      return (slot.asking == null ? ask(account, name, slot) : slot.asking).copy();
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
          Obtained obtained = null;
          FailureException failure = null;
          try {
            obtained = obtain(account, name, slot);
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
            slot.held = obtained == null ? slot.held : obtained.row();
            var auth = failure != null && failure.failure().kind() == FailureKind.AUTH;
            slot.refusal = auth ? failure : null;
            // A token that is only due is asked for again after a while, not with every call.
            slot.notBefore =
                failure == null ? Instant.EPOCH : hub.clock().instant().plus(REFUSAL_STANDS);
          }
          if (failure == null) {
            asking.complete(obtained.row());
            if (obtained.unkept() != null) {
              keepOn(account, name, obtained);
            }
          } else {
            LOG.warn("{}", failure.getMessage());
            asking.completeExceptionally(failure);
          }
        });
    return asking;
  }

  // One replica asks; the others look whether it has.
  private Obtained obtain(Account account, String name, Slot slot)
      throws SQLException, InterruptedException {
    var token = account.profile().token(name);
    var seal = seal(account, token);
    var key = key(name);
    var term = term(account);
    var until = System.nanoTime() + term.toNanos();
    while (true) {
      var row = read(account, key, seal, slot);
      if (row != null && !due(row, hub.clock().instant())) {
        return new Obtained(row, null);
      }
      var lease = hub.leases().acquire(lease(account, key), term);
      if (lease.isPresent()) {
        return alone(account, key, token, seal, slot, lease.get());
      }
      if (row != null) {
        return new Obtained(row, null);
      }
      if (closed || System.nanoTime() > until) {
        throw unavailable(account, "another replica asks for it and gets no answer", null);
      }
      TimeUnit.NANOSECONDS.sleep(WHILE_OTHERS_ASK.toNanos());
    }
  }

  private Obtained alone(
      Account account, String key, Token token, Seal seal, Slot slot, Lease lease)
      throws SQLException, InterruptedException {
    var kept = true;
    try {
      var row = read(account, key, seal, slot);
      if (row == null || due(row, hub.clock().instant())) {
        row = fetch(account, key, token, seal, slot, lease);
        kept = kept(account, key, seal, lease, row);
      }
      return new Obtained(row, kept ? null : lease);
    } finally {
      if (kept) {
        release(lease);
      }
    }
  }

  private static String key(String name) {
    return name == null ? "" : name;
  }

  private static String lease(Account account, String key) {
    return "token/" + account.name() + "/" + key;
  }

  private static Duration term(Account account) {
    return account.profile().deadlines().call().multipliedBy(2).plus(TO_KEEP);
  }

  private void release(Lease lease) {
    try {
      hub.leases().release(lease);
    } catch (SQLException | RuntimeException e) {
      LOG.warn("Lease '{}' could not be given back ({}); it lapses.", lease.name(), e.getMessage());
    }
  }

  // What is known, unless it lapses or is the one that the partner refused.
  private TokenRow read(Account account, String key, Seal seal, Slot slot) throws SQLException {
    var row = last(account, key, seal, slot);
    synchronized (slot) {
      return row == null
              || !usable(row, hub.clock().instant())
              || row.access().equals(slot.refusedToken)
          ? null
          : row;
    }
  }

  // The newest of all answers: the database may not have had ours yet.
  private TokenRow last(Account account, String key, Seal seal, Slot slot) throws SQLException {
    var row = stored(account, key, seal);
    synchronized (slot) {
      var ours = slot.answered;
      return ours != null
              && ours.seal().equals(seal.id())
              && (row == null || ours.row().obtainedAt().isAfter(row.obtainedAt()))
          ? ours.row()
          : row;
    }
  }

  private TokenRow stored(Account account, String key, Seal seal) throws SQLException {
    try (var connection = hub.dataSource().getConnection()) {
      return TokenRow.read(connection, account.name(), key, seal);
    }
  }

  private TokenRow fetch(
      Account account, String key, Token token, Seal seal, Slot slot, Lease lease)
      throws SQLException, InterruptedException {
    String refresh = null;
    if (token.refreshToken() != null) {
      var last = last(account, key, seal, slot);
      refresh =
          last == null || last.refresh() == null
              ? TokenRequest.value(account, token.refreshToken())
              : last.refresh();
    }
    var request = new TokenRequest(client(), hub.clock(), hub.configuration()::mask);
    try {
      var row = request.ask(account, token, refresh);
      synchronized (slot) {
        slot.answered = new Answered(row, seal.id());
      }
      return row;
    } catch (NotAsked e) {
      if (e.failure().kind() == FailureKind.AUTH) {
        noteRefusal(account, key, seal, lease, e);
      }
      throw e;
    }
  }

  private void noteRefusal(Account account, String key, Seal seal, Lease lease, NotAsked refused) {
    try (var connection = hub.dataSource().getConnection()) {
      var at = hub.clock().instant();
      TokenRow.refuse(
          connection, account.name(), key, seal, at, refused.getMessage(), lease.fence());
    } catch (SQLException | RuntimeException e) {
      refused.addSuppressed(e); // what the partner said matters more
    }
  }

  private void keep(Account account, String key, Seal seal, Lease lease, TokenRow row)
      throws SQLException {
    try (var connection = hub.dataSource().getConnection()) {
      row.write(connection, account.name(), key, seal, lease.fence());
    }
  }

  // Before it is used: where refresh tokens change, only this one is good from now on.
  private boolean kept(Account account, String key, Seal seal, Lease lease, TokenRow row) {
    try {
      keep(account, key, seal, lease, row);
      return true;
    } catch (SQLException | RuntimeException e) {
      LOG.warn(
          "The access token of account '{}' could not be kept ({}). It serves, and is tried to be kept until it is.",
          account.name(),
          e.getMessage());
      return false;
    }
  }

  // Until the database has it, or what was answered to another replica after it.
  private void keepOn(Account account, String name, Obtained obtained) {
    var key = key(name);
    var seal = seal(account, account.profile().token(name));
    var lease = obtained.unkept();
    for (var left = LAST_TRIES; left > 0; left -= closed ? 1 : 0) {
      try {
        TimeUnit.NANOSECONDS.sleep(BETWEEN_TRIES.toNanos());
        var mine = hub.leases().renew(lease, term(account));
        if (mine.isEmpty()) {
          mine = hub.leases().acquire(lease.name(), term(account));
        }
        if (mine.isEmpty()) {
          continue; // another replica asks meanwhile
        }
        lease = mine.get();
        var there = stored(account, key, seal);
        if (there == null || !there.obtainedAt().isAfter(obtained.row().obtainedAt())) {
          keep(account, key, seal, lease, obtained.row());
        }
        release(lease);
        return;
      } catch (SQLException | RuntimeException e) {
        LOG.debug("The database does not answer yet: {}", e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    LOG.error(
        "The access token of account '{}' was not kept before the hub stopped. If its next one is refused, authorize it again.",
        account.name());
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
