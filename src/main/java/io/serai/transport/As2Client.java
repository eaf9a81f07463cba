package io.serai.transport;

import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;

/**
 * Posts to a partner's AS2 server. Redirects are not followed, answers are bounded, and all of it
 * has one deadline.
 *
 * <p>camel-as2's client chooses a Message-ID of its own for each attempt, waits three seconds for
 * an answer to {@code Expect: 100-continue}, and ends well without a receipt; so it cannot repeat a
 * message as the same message, or tell what became of it.
 */
final class As2Client implements AutoCloseable {
  private static final int MOST_ANSWER_BYTES = 1 << 20;

  /** What was answered. */
  record Answer(int status, Map<String, List<String>> headers, byte[] body) {
    /** As a MIME entity. */
    MimePart entity() {
      var flat = new LinkedHashMap<String, String>();
      headers.forEach(
          (name, values) -> flat.putIfAbsent(name.toLowerCase(Locale.ROOT), values.getFirst()));
      return MimePart.of(flat, body);
    }
  }

  private final String account;
  private final Duration call;
  private final HttpClient http;

  As2Client(String account, Duration connect, Duration call, List<X509Certificate> trust) {
    this.account = account;
    this.call = call;
    var builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(connect);
    if (!trust.isEmpty()) {
      builder.sslContext(trusting(trust));
    }
    this.http = builder.build();
  }

  private static SSLContext trusting(List<X509Certificate> trust) {
    try {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (var certificate : trust) {
        store.setCertificateEntry("trust-" + store.size(), certificate);
      }
      var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e); // a store in memory
    }
  }

  /**
   * Posts once.
   *
   * @throws FailureException of unknown outcome once the other side may have all of it
   */
  Answer post(URI to, Map<String, String> headers, byte[] body) {
    var request =
        HttpRequest.newBuilder(to).POST(HttpRequest.BodyPublishers.ofByteArray(body)).timeout(call);
    headers.forEach(request::header);
    var answered = http.sendAsync(request.build(), info -> bounded());
    try {
      var response = answered.get(call.toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(response.statusCode(), response.headers().map(), response.body());
    } catch (TimeoutException e) {
      answered.cancel(true);
      throw unknown(to, "it did not answer within " + call.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      answered.cancel(true);
      Thread.currentThread().interrupt();
      throw unknown(to, "the sending was broken off", e);
    } catch (ExecutionException e) {
      throw named(to, e.getCause());
    }
  }

  // What is longer than any receipt is not kept.
  private static HttpResponse.BodySubscriber<byte[]> bounded() {
    var kept = new ByteArrayOutputStream();
    return BodySubscribers.mapping(
        BodySubscribers.ofByteArrayConsumer(
            part ->
                part.ifPresent(
                    bytes -> {
                      if (kept.size() + bytes.length <= MOST_ANSWER_BYTES) {
                        kept.writeBytes(bytes);
                      }
                    })),
        nothing -> kept.toByteArray());
  }

  private FailureException named(URI to, Throwable e) {
    if (e instanceof SSLHandshakeException) {
      return failed(
          FailureKind.AUTH,
          "The HTTPS certificate of '%s' is not trusted (%s), and nothing was sent. Correct 'as2-url', or set 'as2-https-certificate' to what it is to be proven by."
              .formatted(to.getAuthority(), reason(e)),
          e);
    }
    if (e instanceof ConnectException || e instanceof HttpConnectTimeoutException) {
      return failed(
          FailureKind.TRANSIENT,
          "'%s' cannot be reached at '%s' (%s). It is tried again by itself."
              .formatted(account, to.getAuthority(), reason(e)),
          e);
    }
    return unknown(to, "the connection broke (" + reason(e) + ")", e);
  }

  private static String reason(Throwable e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private FailureException unknown(URI to, String why, Throwable cause) {
    return failed(
        FailureKind.UNKNOWN_OUTCOME,
        "Whether '%s' has what was sent to '%s' is unknown: %s."
            .formatted(account, to.getAuthority(), why),
        cause);
  }

  private FailureException failed(FailureKind kind, String sentence, Throwable cause) {
    return new FailureException(Failure.of(kind, sentence, Place.of(account)), cause);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
