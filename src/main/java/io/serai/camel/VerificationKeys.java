package io.serai.camel;

import io.serai.catalog.Account;
import io.serai.failure.FailureException;
import io.serai.inbox.IntakeRefused;
import io.serai.support.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The public keys that a partner signs webhooks of one account with, asked for by their id and kept
 * for an hour. An id that everybody asks for at once is asked for once, and whoever invents ids
 * makes us neither remember more than {@link #MOST} of them, nor ask for more than {@link
 * #AT_A_TIME} together, nor hold up more than {@link #WAITING} requests.
 *
 * <p>A partner that cannot be asked has not changed its keys: one that was known serves on, also
 * while it is asked for again, and the partner is left alone for a minute at a time.
 */
final class VerificationKeys {
  static final int MOST = 50;
  static final int AT_A_TIME = 4;
  static final int WAITING = 16;
  static final Duration KEPT = Duration.ofHours(1);
  static final Duration UNKNOWN_KEPT = Duration.ofMinutes(5);
  static final Duration KEPT_ON = Duration.ofMinutes(1);

  private static final int LONGEST_ANSWER = 16 * 1024;
  private static final Duration COME_AGAIN = Duration.ofSeconds(10);

  /** A key and how signatures with it are made. */
  record Key(PublicKey key, String algorithm) {}

  /** What is known of an id; without a key, that there is none. */
  private record Known(Key key, Instant until) {}

  private final Account account;
  private final Tokens tokens;
  private final Clock clock;
  private final Semaphore asking = new Semaphore(AT_A_TIME);
  private final Semaphore waiting = new Semaphore(WAITING);
  private final Map<String, CompletableFuture<Key>> asked = new LinkedHashMap<>();
  private final Map<String, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > MOST;
        }
      };

  VerificationKeys(Account account, Tokens tokens, Clock clock) {
    this.account = account;
    this.tokens = tokens;
    this.clock = clock;
  }

  /**
   * The key of that id, or null when the partner has none.
   *
   * @throws IntakeRefused when the partner cannot be asked now
   */
  Key get(String id) {
    CompletableFuture<Key> answer;
    var mine = false;
    synchronized (known) {
      var one = known.get(id);
      if (one != null && clock.instant().isBefore(one.until())) {
        return one.key();
      }
      answer = asked.get(id);
      if (answer != null && one != null && one.key() != null) {
        return one.key();
      }
      if (answer == null) {
        if (!asking.tryAcquire()) {
          throw refused("too many of them are asked for", null);
        }
        mine = true;
        answer = new CompletableFuture<>();
        asked.put(id, answer);
      }
    }
    if (mine) {
      ask(id, answer);
    } else if (!waiting.tryAcquire()) {
      throw refused("too many wait for it", null);
    }
    try {
      return answer.get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IntakeRefused refused
          ? refused
          : refused(String.valueOf(e.getCause().getMessage()), e.getCause());
    } catch (TimeoutException e) {
      throw refused("no answer in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refused("the hub stops", e);
    } finally {
      if (!mine) {
        waiting.release();
      }
    }
  }

  private void ask(String id, CompletableFuture<Key> answer) {
    Key key = null;
    IntakeRefused failed = null;
    try {
      key = fetch(id);
    } catch (IntakeRefused e) {
      failed = e;
    } catch (IOException | RuntimeException e) {
      failed = refused(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failed = refused("the hub stops", e);
    }
    synchronized (known) {
      asked.remove(id);
      asking.release();
      var last = known.get(id);
      if (failed == null) {
        var kept = key == null ? UNKNOWN_KEPT : KEPT;
        known.put(id, new Known(key, clock.instant().plus(kept)));
      } else if (last != null && last.key() != null) {
        known.put(id, new Known(last.key(), clock.instant().plus(KEPT_ON)));
        key = last.key();
        failed = null;
      }
    }
    if (failed == null) {
      answer.complete(key);
    } else {
      answer.completeExceptionally(failed);
    }
  }

  private Key fetch(String id) throws IOException, InterruptedException {
    var verification = account.profile().verification();
    var call = account.profile().deadlines().call();
    var name = verification.token();
    var token = name == null ? null : token(name, call);
    var answer = ask(id, token, call);
    // Its time may be over early: another one is tried, once.
    if (answer.statusCode() == 401 && token != null && tokens.refused(account, name, token)) {
      answer = ask(id, token(name, call), call);
    }
    if (answer.statusCode() == 400 || answer.statusCode() == 404) {
      return null;
    }
    if (answer.statusCode() != 200) {
      throw refused("HTTP " + answer.statusCode(), null);
    }
    return read(answer.body());
  }

  private HttpResponse<byte[]> ask(String id, String token, Duration call)
      throws IOException, InterruptedException {
    var keys = TokenRequest.value(account, account.profile().verification().keyUrl());
    var request =
        HttpRequest.newBuilder(URI.create(keys + '/' + id)).header("Accept", "application/json");
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return ShortAnswers.ask(tokens.client(), request.build(), LONGEST_ANSWER, call);
  }

  private String token(String name, Duration call) {
    try {
      return tokens
          .get(account, name)
          .orTimeout(call.toMillis() * 2, TimeUnit.MILLISECONDS)
          .join()
          .access();
    } catch (CompletionException e) {
      var cause = e.getCause() instanceof FailureException ? e.getCause() : e;
      throw refused(cause.getMessage(), cause);
    }
  }

  private Key read(byte[] body) {
    try {
      var tree = Json.tree(body);
      var text =
          tree.path("key")
              .asText("")
              .replaceAll("-----(BEGIN|END) PUBLIC KEY-----", "")
              .replaceAll("\\s", "");
      var key =
          KeyFactory.getInstance("EC")
              .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(text)));
      var digest = tree.path("digest").asText("SHA256").replace("-", "");
      if (!digest.matches("SHA(1|256|384|512)")) {
        throw refused("its digest is '" + digest + "'", null);
      }
      return new Key(key, digest + "withECDSA");
    } catch (GeneralSecurityException | IllegalArgumentException | Json.Unreadable e) {
      throw refused("an answer that holds no key", e);
    }
  }

  private IntakeRefused refused(String why, Throwable cause) {
    var refused =
        new IntakeRefused(
            "The key that proves webhooks of account '%s' could not be had (%s); nothing was stored. Send it again."
                .formatted(account.name(), why),
            COME_AGAIN);
    if (cause != null) {
      refused.initCause(cause);
    }
    return refused;
  }
}
