package io.serai.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.fault.FaultProxy.Way;
import io.serai.support.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyTest {
  private Echo echo;
  private FaultProxy proxy;

  @BeforeEach
  void begin() throws IOException {
    echo = new Echo();
    proxy = FaultProxy.to("127.0.0.1", echo.server.getLocalPort());
  }

  @AfterEach
  void end() throws IOException {
    proxy.close();
    echo.server.close();
  }

  @Test
  void everythingPassesUntilItIsToldOtherwise() throws IOException {
    try (var client = connect()) {
      say(client, "hello");

      assertThat(hear(client, 5)).isEqualTo("hello");
    }
    assertThat(proxy.accepted()).isEqualTo(1);
    // Whoever a byte is for may have it, and answer, before the proxy has counted it.
    for (var way : Way.values()) {
      Await.until("it is counted", Duration.ofSeconds(30), () -> proxy.passed(way) == 5);
    }
  }

  @Test
  void aHalfClosedConnectionStillAnswers() throws IOException {
    try (var client = connect()) {
      say(client, "hello");
      client.shutdownOutput();

      assertThat(new String(client.getInputStream().readAllBytes(), UTF_8)).isEqualTo("hello");
    }
    Await.until("no connection is left", Duration.ofSeconds(30), () -> proxy.open() == 0);
  }

  @Test
  void aDelayedPieceArrivesLater() throws IOException {
    proxy.delay(Duration.ofMillis(100));
    try (var client = connect()) {
      var started = System.nanoTime();
      say(client, "hello");

      assertThat(hear(client, 5)).isEqualTo("hello");
      assertThat(Duration.ofNanos(System.nanoTime() - started))
          .isGreaterThan(Duration.ofMillis(190));
    }
  }

  @Test
  void anAnswerIsCutAfterSoManyBytes() throws IOException {
    proxy.cutAfter(Way.ANSWER, 3);
    try (var client = connect()) {
      say(client, "hello");

      assertThat(new String(client.getInputStream().readAllBytes(), UTF_8)).isEqualTo("hel");
    }
    assertThat(echo.heard.get()).isEqualTo(5);
  }

  @Test
  void aRequestIsCutAfterSoManyBytesAndTheRestNeverArrives() throws IOException {
    proxy.cutAfter(Way.REQUEST, 2);
    try (var client = connect()) {
      say(client, "hello");

      client.getInputStream().readAllBytes();
    }
    Await.until("the target heard two", Duration.ofSeconds(30), () -> echo.heard.get() == 2);
  }

  @Test
  void aResetIsSeenAsOne() throws IOException {
    proxy.resetAfter(Way.REQUEST, 0);
    try (var client = connect()) {
      say(client, "hello");

      assertThatThrownBy(() -> hear(client, 1)).isInstanceOf(SocketException.class);
    }
    assertThat(echo.heard.get()).isZero();
  }

  @Test
  void aSwallowedAnswerLeavesTheClientToItsDeadline() throws IOException {
    proxy.swallowAnswers();
    try (var client = connect()) {
      client.setSoTimeout(200);
      say(client, "hello");

      assertThatThrownBy(() -> hear(client, 1)).isInstanceOf(SocketTimeoutException.class);
      Await.until("the target heard all", Duration.ofSeconds(30), () -> echo.heard.get() == 5);
    }
  }

  @Test
  void aLostAnswerMeansTheEffectHappened() throws IOException {
    proxy.loseAnswers();
    try (var client = connect()) {
      say(client, "hello");

      assertThatThrownBy(() -> hear(client, 1)).isInstanceOf(SocketException.class);
    }
    assertThat(echo.heard.get()).isEqualTo(5);
  }

  @Test
  void aRefusedConnectionNeverReachesTheTarget() {
    proxy.refuse();
    assertThatThrownBy(
            () -> {
              try (var client = connect()) { // which may see the reset itself
                say(client, "hello");
                hear(client, 1);
              }
            })
        .isInstanceOf(SocketException.class);
    assertThat(proxy.accepted()).isEqualTo(1);
    assertThat(echo.accepted.get()).isZero();
  }

  @Test
  void whatItIsToldHoldsForOpenConnectionsToo() throws IOException {
    try (var client = connect()) {
      say(client, "hello");
      assertThat(hear(client, 5)).isEqualTo("hello");

      proxy.cutAfter(Way.ANSWER, 2);
      say(client, "again");

      assertThat(new String(client.getInputStream().readAllBytes(), UTF_8)).isEqualTo("ag");
    }
    proxy.forward();
    try (var client = connect()) {
      say(client, "hello");
      assertThat(hear(client, 5)).isEqualTo("hello");
      proxy.resetAll();
      assertThatThrownBy(() -> hear(client, 1)).isInstanceOf(SocketException.class);
    }
  }

  @Test
  void aTargetThatIsAwayIsAReset() throws IOException {
    echo.server.close();
    assertThatThrownBy(
            () -> {
              try (var client = connect()) { // which may see the reset itself
                hear(client, 1);
              }
            })
        .isInstanceOf(IOException.class);
    assertThat(proxy.accepted()).isEqualTo(1);
  }

  private Socket connect() throws IOException {
    var client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    client.setSoTimeout(30_000);
    client.setTcpNoDelay(true);
    return client;
  }

  private static void say(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(UTF_8));
  }

  private static String hear(Socket client, int bytes) throws IOException {
    var heard = client.getInputStream().readNBytes(bytes);
    if (heard.length < bytes) {
      throw new SocketException("ended after " + heard.length);
    }
    return new String(heard, UTF_8);
  }

  /** Answers what it hears. */
  private static final class Echo {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger heard = new AtomicInteger();
    private final AtomicInteger accepted = new AtomicInteger();

    Echo() throws IOException {
      Thread.ofVirtual().start(this::accept);
    }

    private void accept() {
      while (!server.isClosed()) {
        try {
          var client = server.accept();
          accepted.incrementAndGet();
          Thread.ofVirtual().start(() -> echo(client));
        } catch (IOException e) {
          return;
        }
      }
    }

    private void echo(Socket client) {
      try (client) {
        var buffer = new byte[1024];
        for (int read; (read = client.getInputStream().read(buffer)) >= 0; ) {
          heard.addAndGet(read);
          client.getOutputStream().write(buffer, 0, read);
        }
      } catch (IOException e) {
        // the client is gone
      }
    }
  }
}
