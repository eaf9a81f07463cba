package io.serai;

import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import io.serai.database.TestDatabase;
import io.serai.support.Json;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** People are told by mail of what needs them, over the real route and a real mail server. */
@TestInstance(Lifecycle.PER_CLASS)
class AlertMailIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String PASSWORD = "canary-mail-password";

  private final GreenMail mails =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
  private final AtomicBoolean shut = new AtomicBoolean(true);
  private final AtomicInteger refusals = new AtomicInteger();
  private ServerSocket gate;
  private HttpServer erp;
  private AWholeHub hub;

  @BeforeAll
  void start(@TempDir Path data) throws IOException {
    mails.setUser("serai@example.com", "serai", PASSWORD);
    mails.getUserManager().setAuthRequired(true);
    mails.start();
    gate = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::pass);
    erp = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    erp.createContext(
        "/events",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(
              refusals.getAndUpdate(n -> Math.max(0, n - 1)) > 0 ? 400 : 204, -1);
          exchange.close();
        });
    erp.start();
    hub =
        AWholeHub.over(DATABASE)
            .channel("b2b", "api")
            .partner(
                "erp",
                "event-webhook",
                "url",
                "http://127.0.0.1:" + erp.getAddress().getPort() + "/events",
                "signing-secret[0]",
                "a-secret-of-more-than-24-characters",
                "events[0]",
                "order.received")
            .partner(
                "ops-mail",
                "alert-mail",
                "host",
                "127.0.0.1",
                "port",
                gate.getLocalPort(),
                "security",
                "none",
                "username",
                "serai",
                "password",
                PASSWORD,
                "sender",
                "serai@example.com",
                "recipients[0]",
                "ops@example.com",
                "recipients[1]",
                "boss@example.com",
                "console-url",
                "https://serai.example",
                "after",
                "1s",
                "kinds[0]",
                "REFUSED")
            .start(data);
  }

  @AfterAll
  void stop() throws IOException {
    hub.close();
    erp.stop(0);
    gate.close();
    mails.stop();
  }

  /** In front of the mail server: while it is shut, nobody answers. */
  private void pass() {
    while (!gate.isClosed()) {
      try {
        var from = gate.accept();
        if (shut.get()) {
          from.close();
          continue;
        }
        var to = new Socket(InetAddress.getLoopbackAddress(), mails.getSmtp().getPort());
        Thread.ofVirtual().start(() -> copy(from, to));
        Thread.ofVirtual().start(() -> copy(to, from));
      } catch (IOException closed) {
        // the next one, or none any more
      }
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException gone) {
      // both ends know
    }
  }

  private List<MimeMessage> mails() {
    return List.of(mails.getReceivedMessages());
  }

  private static String subject(MimeMessage mail) {
    try {
      return mail.getSubject();
    } catch (MessagingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void peopleAreMailedOfWhatStoppedWhileItStandsAndWhenItIsOver() throws Exception {
    refusals.set(1);
    var order = anOrder().of("b2b").numbered("M-1").with("MUG-BLU", 1).build();
    assertThat(hub.api("POST", "/orders", Json.text(order)).statusCode()).isEqualTo(202);

    // The mail server is down: the mail is owed and tried again.
    await()
        .atMost(AWholeHub.PATIENCE)
        .until(
            () ->
                !hub.texts(
                        """
                        SELECT a.outcome FROM delivery_attempt a JOIN delivery d ON d.id = a.delivery_id
                        WHERE d.destination = 'ops-mail' AND a.outcome = 'TRANSIENT'""")
                    .isEmpty());
    assertThat(mails()).isEmpty();
    shut.set(false);

    await()
        .atMost(AWholeHub.PATIENCE)
        .until(
            () ->
                mails().stream()
                        .filter(mail -> subject(mail).equals("[Serai] 1 stopped at 'erp': REFUSED"))
                        .count()
                    == 2); // one mail, two mailboxes
    var mail = mails().getFirst();
    assertThat(mail.getRecipients(Message.RecipientType.TO))
        .extracting(Object::toString)
        .containsExactly("ops@example.com", "boss@example.com");
    assertThat(mail.getFrom()[0]).hasToString("serai@example.com");
    assertThat(GreenMailUtil.getBody(mail).replace("=\r\n", "").replace("=3D", "="))
        .contains("https://serai.example/console/dead-letters/group?fingerprint=");
    var thread = mail.getHeader("References")[0];

    var stopped =
        hub.texts(
            "SELECT 'dlv_' || id FROM delivery WHERE destination = 'erp' AND failure_id IS NOT NULL");
    var replay =
        hub.api(
            "POST",
            "/replays",
            "{\"selection\":{\"ids\":[\"%s\"]},\"reason\":\"it is right now\"}"
                .formatted(stopped.getFirst()));
    assertThat(replay.statusCode()).as(replay.body()).isEqualTo(202);

    await()
        .atMost(AWholeHub.PATIENCE)
        .until(
            () -> mails().stream().anyMatch(one -> subject(one).startsWith("[Serai] Cleared: ")));
    for (var one : mails()) {
      assertThat(one.getHeader("References")).as("one thread").containsExactly(thread);
    }
    assertThat(
            hub.texts(
                "SELECT f::text FROM failure f UNION ALL SELECT a::text FROM delivery_attempt a"))
        .noneMatch(text -> text.contains(PASSWORD));
  }
}
