package io.serai.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a mail server hears, and what its answers mean. */
class MailPostTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
  private static final String PASSWORD = "canary-password";
  private static final String GREETING = "greeting";

  /** What the server says to a command, where it is not polite. */
  private final Map<String, String> answers = new ConcurrentHashMap<>();

  private final List<String> heard = new CopyOnWriteArrayList<>();
  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private void serve() {
    while (!server.isClosed()) {
      try (var socket = server.accept()) {
        var in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        var out = socket.getOutputStream();
        out.write((answers.getOrDefault(GREETING, "220 here") + "\r\n").getBytes());
        boolean content = false;
        for (var line = in.readLine(); line != null; line = in.readLine()) {
          heard.add(line);
          if (content && !line.equals(".")) {
            continue;
          }
          var word = content ? "." : line.split("[ :]")[0];
          content = word.equals("DATA");
          var answer =
              answers.getOrDefault(
                  word,
                  switch (word) {
                    case "EHLO" -> "250-here\r\n250 AUTH PLAIN";
                    case "DATA" -> "354 go on";
                    case "AUTH" -> "235 welcome";
                    default -> "250 ok";
                  });
          if (answer.isEmpty()) {
            break; // it hangs up
          }
          out.write((answer + "\r\n").getBytes());
        }
      } catch (IOException gone) {
        // the next one
      }
    }
  }

  private MailPost post(MailPost.Security security, String username) {
    return new MailPost(
        new MailPost.Settings(
            "ops-mail",
            "127.0.0.1",
            server.getLocalPort(),
            security,
            username,
            username == null ? null : PASSWORD,
            "serai@example.com",
            List.of("ops@example.com", "boss@example.com"),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30)));
  }

  private String send(String subject, String text) {
    return post(MailPost.Security.NONE, null)
        .send("alert:1:1", new MailPost.Mail(subject, text, "alt_1"), NOW);
  }

  private Failure refused(MailPost.Security security, String username) {
    return catchThrowableOfType(
            FailureException.class,
            () -> post(security, username).send("k", new MailPost.Mail("s", "t", null), NOW))
        .failure();
  }

  private Failure refused() {
    return refused(MailPost.Security.NONE, null);
  }

  @Test
  void aMailGoesToAllRecipientsUnderOneMessageId() {
    var first = send("1 stopped", "Look.\n");
    var again = send("1 stopped", "Look.\n");

    assertThat(again).isEqualTo(first).matches("<[0-9a-f]{32}@example\\.com>");
    assertThat(heard)
        .contains(
            "RCPT TO:<ops@example.com>",
            "RCPT TO:<boss@example.com>",
            "Message-ID: " + first,
            "Subject: 1 stopped",
            "Auto-Submitted: auto-generated",
            "Look.")
        .anyMatch(line -> line.startsWith("MAIL FROM:<serai@example.com>"))
        .anyMatch(line -> line.startsWith("References: <"));
  }

  @Test
  void nothingOfAMailBecomesAHeaderOrARecipient() {
    send(
        "stopped\r\nBcc: thief@example.com\r\n\r\nbody\u2028X-Evil: 1",
        "Hello\r\n.\r\nRCPT TO:<thief@example.com>\r\n");

    var heard = List.copyOf(this.heard); // the goodbye is still to come
    var commands = heard.subList(0, heard.indexOf("DATA"));
    assertThat(commands)
        .filteredOn(line -> line.startsWith("RCPT"))
        .containsExactly("RCPT TO:<ops@example.com>", "RCPT TO:<boss@example.com>");
    var headers = heard.subList(heard.indexOf("DATA") + 1, heard.indexOf(""));
    assertThat(headers).noneMatch(line -> line.startsWith("Bcc") || line.startsWith("X-Evil"));
    assertThat(headers).filteredOn(line -> line.startsWith("Subject:")).hasSize(1);
    assertThat(heard).as("a line of one dot does not end the mail").contains("..");
  }

  @Test
  void aSubjectIsOneLineOfModestLength() {
    assertThat(MailPost.line(" a\r\n b\tc\u0085d\u2029e ")).isEqualTo("a b c d e");
    assertThat(MailPost.line("x".repeat(500))).hasSize(201);
  }

  @Test
  void whatIsRefusedForGoodIsRefused() {
    answers.put("RCPT", "550 no such mailbox");
    var failure = refused();

    assertThat(failure.kind()).isEqualTo(FailureKind.REFUSED);
    assertThat(failure.sentence())
        .startsWith("The mail server of 'ops-mail' refused a mail (")
        .contains("550 no such mailbox")
        .endsWith("). Look at sender and recipients, then replay.");
    answers.clear();
    answers.put("MAIL", "553 not you");
    assertThat(refused().kind()).isEqualTo(FailureKind.REFUSED);
    answers.clear();
    answers.put(".", "554 spam");
    assertThat(refused().kind()).isEqualTo(FailureKind.REFUSED);
  }

  @Test
  void whatTimeMayCureIsTriedAgain() throws IOException {
    answers.put("RCPT", "451 later");
    var failure = refused();

    assertThat(failure.kind()).isEqualTo(FailureKind.TRANSIENT);
    assertThat(failure.sentence())
        .startsWith("The mail server of 'ops-mail' did not take a mail (")
        .endsWith("). It is tried again.");
    answers.clear();
    answers.put(".", "");
    assertThat(refused().kind()).as("nobody knows").isEqualTo(FailureKind.TRANSIENT);
    answers.clear();
    answers.put(GREETING, "421 closing");
    assertThat(refused().kind()).isEqualTo(FailureKind.TRANSIENT);
    server.close();
    assertThat(refused().kind()).as("nobody is there").isEqualTo(FailureKind.TRANSIENT);
  }

  @Test
  void aRefusedLoginIsNamedAndNeverShown() {
    answers.put("AUTH", "535 5.7.8 bad credentials");

    var failure = refused(MailPost.Security.NONE, "serai");

    assertThat(failure.kind()).isEqualTo(FailureKind.AUTH);
    assertThat(failure.sentence())
        .startsWith("The mail server of 'ops-mail' refuses the user name or the password (535")
        .endsWith("). Renew them, then replay.");
    assertThat(failure.toString()).doesNotContain(PASSWORD);
    assertThat(heard).anyMatch(line -> line.startsWith("AUTH PLAIN"));
  }

  @Test
  void withoutAPrivateConnectionNothingIsToldToTheServer() {
    var failure = refused(MailPost.Security.STARTTLS, "serai");

    assertThat(failure.kind()).isEqualTo(FailureKind.CONFIG);
    assertThat(failure.sentence())
        .startsWith("The mail server of 'ops-mail' cannot be trusted (STARTTLS is required")
        .endsWith("). Correct 'host', 'security' or its certificate, then replay.");
    assertThat(heard).noneMatch(line -> line.startsWith("AUTH") || line.startsWith("MAIL"));
  }

  private static MailPost.Settings settings(String sender) {
    return new MailPost.Settings(
        "ops-mail",
        "mail.example",
        25,
        MailPost.Security.NONE,
        "serai",
        PASSWORD,
        sender,
        List.of("ops@example.com"),
        Duration.ZERO,
        Duration.ZERO);
  }

  @Test
  void anAddressThatIsNoneIsRefusedBeforeAnythingIsSent() {
    assertThatThrownBy(() -> new MailPost(settings("a b@")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Account 'ops-mail' has a mail address that is none: ")
        .hasMessageEndingWith(". Correct 'sender' or 'recipients'.");
  }

  @Test
  void settingsNeverShowThePassword() {
    assertThat(settings("serai@example.com").toString()).doesNotContain(PASSWORD);
  }
}
