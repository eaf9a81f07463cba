package io.serai.camel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks a partner beside the routes for something short.
 *
 * <p>Guarantee: it ends in time, the body included, which the client's own timeout does not cover,
 * and holds no more of the body than was allowed; what is longer is cut off.
 */
final class ShortAnswers {
  private ShortAnswers() {}

  /**
   * Sends a request and waits for its whole answer.
   *
   * @param most bytes of the body that are kept
   * @param within what request and answer may take together
   * @throws HttpTimeoutException when they take longer; the connection is given up
   */
  static HttpResponse<byte[]> ask(HttpClient http, HttpRequest request, int most, Duration within)
      throws IOException, InterruptedException {
    var answer = http.sendAsync(request, about -> new Beginning(most));
    try {
      return answer.get(within.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new HttpTimeoutException("no answer in time");
    } catch (InterruptedException e) {
      answer.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }
  }

  /** Keeps so many bytes and reads no further. */
  private static final class Beginning implements HttpResponse.BodySubscriber<byte[]> {
    private final int most;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private Flow.Subscription subscription;

    Beginning(int most) {
      this.most = most;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
      return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      subscription.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
      for (var part : parts) {
        var taken = new byte[Math.min(part.remaining(), most - bytes.size())];
        part.get(taken);
        bytes.writeBytes(taken);
      }
      if (bytes.size() == most) {
        subscription.cancel();
        body.complete(bytes.toByteArray());
      } else {
        subscription.request(1);
      }
    }

    @Override
    public void onError(Throwable thrown) {
      body.completeExceptionally(thrown);
    }

    @Override
    public void onComplete() {
      body.complete(bytes.toByteArray());
    }
  }
}
