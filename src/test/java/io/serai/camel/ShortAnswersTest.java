package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is read of an answer, and how long it is waited for. */
class ShortAnswersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch stalled = new CountDownLatch(1);
  private final HttpClient http = HttpClient.newHttpClient();
  private HttpServer partner;

  @BeforeEach
  void start() throws IOException {
    partner = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    partner.setExecutor(threads);
    partner.createContext(
        "/",
        exchange -> {
          var bytes = "0123456789".repeat(1_000).getBytes(StandardCharsets.US_ASCII);
          exchange.sendResponseHeaders(203, bytes.length);
          if (exchange.getRequestURI().getPath().equals("/stalls")) {
            exchange.getResponseBody().write(bytes, 0, 100);
            exchange.getResponseBody().flush();
            try {
              stalled.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          } else {
            exchange.getResponseBody().write(bytes);
          }
          exchange.close();
        });
    partner.start();
  }

  @AfterEach
  void stop() {
    stalled.countDown();
    http.shutdownNow();
    partner.stop(0);
    threads.shutdownNow();
  }

  private HttpResponse<byte[]> ask(String path, int most, Duration within)
      throws IOException, InterruptedException {
    var root = "http://127.0.0.1:" + partner.getAddress().getPort();
    return ShortAnswers.ask(
        http, HttpRequest.newBuilder(URI.create(root + path)).build(), most, within);
  }

  @Test
  void anAnswerIsReadToItsEnd() throws Exception {
    var answer = ask("/", 10_001, PATIENCE);

    assertThat(answer.statusCode()).isEqualTo(203);
    assertThat(answer.body()).hasSize(10_000).endsWith('8', '9');
  }

  @Test
  void ofALongOneTheBeginningIsKept() throws Exception {
    var answer = ask("/", 15, PATIENCE);

    assertThat(answer.statusCode()).isEqualTo(203);
    assertThat(answer.body()).asString(StandardCharsets.US_ASCII).isEqualTo("012345678901234");
  }

  @Test
  void oneThatStopsInItsMiddleIsNotWaitedForLongerThanIsAllowed() {
    assertThatThrownBy(() -> ask("/stalls", 10_001, Duration.ofMillis(300)))
        .isInstanceOf(HttpTimeoutException.class)
        .hasMessage("no answer in time");
  }

  @Test
  void aPartnerThatIsNotThereIsNamedAsSuch() {
    partner.stop(0);

    assertThatThrownBy(() -> ask("/", 10, PATIENCE)).isInstanceOf(ConnectException.class);
  }
}
