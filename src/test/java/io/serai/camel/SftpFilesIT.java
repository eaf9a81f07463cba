package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.serai.catalog.Catalog;
import io.serai.catalog.Configuration;
import io.serai.catalog.Edition;
import io.serai.catalog.Mappings;
import io.serai.database.Leases;
import io.serai.database.TestDatabase;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.fault.FaultProxy;
import io.serai.inbox.Inbox;
import io.serai.inbox.InboxRunner;
import io.serai.support.Await;
import io.serai.support.FreePort;
import io.serai.support.ManualClock;
import io.serai.transport.FilePost;
import io.serai.transport.SftpServer;
import java.io.IOException;
import java.io.StringWriter;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.env.MockEnvironment;

/** Files over SFTP, from a server of Apache MINA and from OpenSSH: fetched, put and looked up. */
class SftpFilesIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();
  @TempDir static Path home;

  private static final Path SSHD = Path.of(System.getProperty("serai.sshd", "/usr/sbin/sshd"));
  private static final String CONNECTOR =
      """
      connector: exchange
      title: Exchange
      kind: partner
      description: A partner that exchanges files.
      transports: [sftp]
      deadlines: { connect: 20s, call: 20s }
      """;
  private static Edition edition;
  private static final KeyPair SERVER = SftpServer.key("RSA", 2048);
  private static SftpServer server;
  private static Path root;

  private final ManualClock clock = new ManualClock();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final Map<String, String> settings = new LinkedHashMap<>();

  @BeforeAll
  static void serve() throws IOException {
    Files.createDirectories(home.resolve("connectors"));
    Files.writeString(home.resolve("connectors/exchange.connector.yaml"), CONNECTOR);
    edition = Catalog.open(SftpFilesIT.class.getClassLoader(), home).edition();
    root = home.resolve("server");
    server = new SftpServer(root);
  }

  @AfterAll
  static void stopServing() {
    server.close();
  }

  @BeforeEach
  void begin() throws IOException {
    DATABASE.truncate();
    for (var folder : List.of("out", "in")) {
      if (Files.exists(root.resolve(folder))) {
        try (var all = Files.walk(root.resolve(folder))) {
          for (var file : all.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
      Files.createDirectories(root.resolve(folder));
    }
    server.show(SERVER);
    set("host", "127.0.0.1");
    set("port", server.port());
    set("username", SftpServer.USER);
    set("password", SftpServer.PASSWORD);
    set("host-key", server.fingerprint());
    set("inbox-folder", "/out");
    set("outbox-folder", "/in");
  }

  @AfterEach
  void close() throws Exception {
    for (var one : opened) {
      one.close();
    }
  }

  private void set(String name, Object value) {
    settings.put("serai.partners.northwind." + name, value.toString());
  }

  private Hub hub() {
    var environment = new MockEnvironment();
    environment.setProperty("serai.partners.northwind.connector", "exchange");
    settings.forEach(environment::setProperty);
    var runner =
        new InboxRunner(
            () -> DATABASE.connect("inbox"), clock, "hub", InboxRunner.Settings.DEFAULT);
    var inbox =
        new Inbox(
            () -> DATABASE.connect("accept"),
            clock,
            "hub",
            Inbox.Limits.DEFAULT,
            runner,
            Optional::empty);
    opened.addAll(List.of(inbox, runner));
    return new Hub(
        Configuration.read(environment, edition),
        Mappings.builtIn(),
        null,
        inbox,
        runner,
        null,
        null,
        new Leases(DATABASE.dataSource(), clock, "hub"),
        DATABASE.dataSource(),
        null,
        clock);
  }

  private FilesConsumer consumer() throws Exception {
    var context = new DefaultCamelContext();
    context.disableJMX();
    context.addComponent("serai", new SeraiComponent(hub()));
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("serai:files/batch?account=northwind")
                .routeId("fetch")
                .to("serai:accept/batch?account=northwind");
          }
        });
    context.start();
    opened.add(0, context);
    return (FilesConsumer) context.getRoute("fetch").getConsumer();
  }

  private FilePost post() {
    var hub = hub();
    var context = new DefaultCamelContext();
    opened.add(0, context);
    return new FilePost(
        hub.dataSource(),
        clock,
        "northwind",
        AccountFiles.mailboxes(hub.configuration().account("northwind"), context));
  }

  private void write(String name, String text) throws IOException {
    var file = Files.writeString(root.resolve("out").resolve(name), text);
    Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
  }

  private void ringTwice(FilesConsumer consumer) {
    consumer.ring();
    clock.advance(Duration.ofSeconds(31));
    consumer.ring();
  }

  private static List<String> texts(String sql) {
    try (var connection = DATABASE.dataSource().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var texts = new ArrayList<String>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> stored() {
    return texts("SELECT event_type FROM inbox_message ORDER BY id");
  }

  private static String problem() {
    return texts(
            "SELECT coalesce(failure_kind || ' ' || failure, 'none') FROM poll_cursor WHERE account = 'northwind'")
        .get(0);
  }

  private static List<String> lying(String folder) throws IOException {
    try (var files = Files.list(root.resolve(folder))) {
      return files
          .filter(Files::isRegularFile)
          .map(f -> f.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void aFileIsStoredOnceUnderItsBytesAndArchivedOnTheServer() throws Exception {
    write("a.csv", "sku,on_hand\nMUG,1\n");
    var consumer = consumer();
    ringTwice(consumer);
    write("b.csv", "sku,on_hand\nMUG,1\n");
    ringTwice(consumer);
    write("b.csv", "sku,on_hand\nMUG,2\n");
    ringTwice(consumer);

    assertThat(problem()).isEqualTo("none");
    assertThat(stored())
        .as("other bytes under the same name are another file, other names for the same bytes not")
        .containsExactly("a.csv", "b.csv");
    assertThat(lying("out")).isEmpty();
    assertThat(lying("out/archive")).hasSize(3);
    assertThat(texts("SELECT name FROM fetched_file")).isEmpty();
  }

  @Test
  void tricksInNamesLeadNowhere() throws Exception {
    write("fine.csv", "fine");
    write("pattern*.csv", "x");
    write("back\\slash.csv", "x");
    write("line\nbreak.csv", "x");
    Files.createSymbolicLink(root.resolve("out/link.csv"), Path.of("/etc/passwd"));
    ringTwice(consumer());

    assertThat(problem()).isEqualTo("none");
    assertThat(stored()).containsExactly("fine.csv");
    assertThat(texts("SELECT name FROM fetched_file WHERE state = 'LEFT'"))
        .containsExactlyInAnyOrder(
            "pattern*.csv", "back\\slash.csv", "line\uFFFDbreak.csv", "link.csv");
  }

  @Test
  void aServerThatShowsAnotherKeyIsToldNothingAndItsWorkWaits() throws Exception {
    write("a.csv", "one");
    var consumer = consumer();
    consumer.ring();
    clock.advance(Duration.ofSeconds(31));
    var right = server.fingerprint();
    var before = server.asked();
    server.show(SftpServer.key("RSA", 2048));
    consumer.ring();

    assertThat(problem())
        .isEqualTo(
            "AUTH Looking for the files of 'northwind' with 'batch' did not finish: Server '127.0.0.1:%d' shows key '%s', and the account's 'host-key' names another. Nothing was said to it. Ask the partner whether it changed its key, and set 'host-key' if it did. It goes on by itself."
                .formatted(server.port(), server.fingerprint()));
    assertThat(server.asked()).isEqualTo(before);
    assertThat(stored()).isEmpty();
    assertThatThrownBy(() -> post().put("k1", 1, "/in", "a.edi", new byte[] {1}))
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> assertThat(e.failure().kind()).isEqualTo(FailureKind.AUTH));
    assertThat(lying("in")).isEmpty();

    // both, while it is being changed
    set("host-key", server.fingerprint() + "\n" + right);
    var changed = consumer();
    clock.advance(Duration.ofMinutes(2));
    ringTwice(changed);
    assertThat(stored()).containsExactly("a.csv");
  }

  @Test
  void aLineOfKnownHostsAsksForAKeyOfItsTypeAndAFingerprintForEach() throws Exception {
    write("a.csv", "one");
    server.show(SftpServer.key("EC", 256), SftpServer.key("RSA", 2048));
    set("host-key", server.knownHostsLine());
    ringTwice(consumer());
    assertThat(problem()).isEqualTo("none");

    write("b.csv", "two");
    set("host-key", server.fingerprint());
    ringTwice(consumer());

    assertThat(problem()).isEqualTo("none");
    assertThat(stored()).containsExactly("a.csv", "b.csv");
  }

  @Test
  void aWrongPasswordPausesTheAccountAndIsNowhereToBeRead() throws Exception {
    write("a.csv", "one");
    set("password", "canary-of-a-wrong-password");
    var consumer = consumer();
    consumer.ring();
    var tried = server.asked();
    consumer.ring();

    assertThat(problem())
        .startsWith("AUTH ")
        .contains("does not let 'northwind' in. Correct 'username', 'password' or 'private-key'.")
        .doesNotContain("canary");
    assertThat(server.asked()).as("rings are passed over meanwhile").isEqualTo(tried);
    clock.advance(Duration.ofMinutes(2));
    consumer.ring();
    assertThat(server.asked()).isGreaterThan(tried);
  }

  @Test
  void aPrivateKeyOpensIt() throws Exception {
    var key = SftpServer.key("RSA", 2048);
    server.let(key);
    settings.remove("serai.partners.northwind.password");
    set("private-key", pem(key));
    write("a.csv", "one");
    ringTwice(consumer());

    assertThat(problem()).isEqualTo("none");
    assertThat(stored()).containsExactly("a.csv");
  }

  private static String pem(KeyPair key) {
    var text = new StringWriter();
    text.append("-----BEGIN PRIVATE KEY-----\n");
    text.append(
        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getPrivate().getEncoded()));
    return text.append("\n-----END PRIVATE KEY-----\n").toString();
  }

  @Test
  void aServerThatCannotBeReachedIsTriedAtTheNextRing() throws Exception {
    write("a.csv", "one");
    try (var proxy = FaultProxy.to("127.0.0.1", server.port())) {
      set("port", proxy.port());
      proxy.refuse();
      var consumer = consumer();
      consumer.ring();
      assertThat(problem()).startsWith("TRANSIENT ");

      proxy.forward();
      ringTwice(consumer);
    }
    assertThat(problem()).isEqualTo("none");
    assertThat(stored()).containsExactly("a.csv");
  }

  @Test
  void whereverTheLineIsCutTheFileStandsThereOnceAndWhole() throws Exception {
    var content = new byte[12_000];
    new Random(7).nextBytes(content);
    try (var proxy = FaultProxy.to("127.0.0.1", server.port())) {
      set("port", proxy.port());
      var post = post();
      proxy.cutAfter(FaultProxy.Way.REQUEST, Long.MAX_VALUE);
      post.put("whole", 1, "/in", "whole.edi", content);
      var total = proxy.passed(FaultProxy.Way.REQUEST);
      for (var cut = 1_000L; cut < total; cut += total / 6) {
        cut(proxy, post, FaultProxy.Way.REQUEST, cut, content);
      }
      for (var cut : List.of(300L, 60L, 1L)) {
        cut(proxy, post, FaultProxy.Way.REQUEST, total - cut, content);
      }
    }
    assertThat(lying("in")).allSatisfy(name -> assertThat(name).doesNotStartWith("."));
    for (var name : lying("in")) {
      assertThat(Files.readAllBytes(root.resolve("in").resolve(name))).isEqualTo(content);
    }
  }

  private static void cut(
      FaultProxy proxy, FilePost post, FaultProxy.Way way, long at, byte[] content)
      throws SQLException {
    var name = "cut-at-" + at + ".edi";
    proxy.cutAfter(way, at);
    try {
      post.put(name, 1, "/in", name, content);
    } catch (FailureException e) {
      assertThat(e.failure().kind()).isIn(FailureKind.UNKNOWN_OUTCOME, FailureKind.TRANSIENT);
    }
    proxy.forward();
    if (post.find(name).isEmpty()) {
      post.put(name, 2, "/in", name, content);
    }
    assertThat(root.resolve("in").resolve(name)).exists();
  }

  @Test
  void openSshGivesAndTakesFilesAsWell(@TempDir Path folder) throws Exception {
    assumeTrue(
        Files.isExecutable(SSHD),
        "THERE IS NO OPENSSH SERVER AT " + SSHD + ", so files are not tried with it");
    try (var openSsh = new OpenSsh(SSHD, folder)) {
      set("port", openSsh.port);
      set("username", System.getProperty("user.name"));
      settings.remove("serai.partners.northwind.password");
      set("private-key", Files.readString(openSsh.clientKey));
      set("host-key", openSsh.hostKey);
      var out = Files.createDirectories(folder.resolve("out"));
      var in = Files.createDirectories(folder.resolve("in"));
      set("inbox-folder", out);
      set("outbox-folder", in);
      var file = Files.writeString(out.resolve("a.csv"), "one");
      Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
      ringTwice(consumer());

      assertThat(problem()).isEqualTo("none");
      assertThat(stored()).containsExactly("a.csv");
      assertThat(file).doesNotExist();
      assertThat(out.resolve("archive")).isNotEmptyDirectory();

      var post = post();
      post.put("k1", 1, in.toString(), "b.edi", "two".getBytes(StandardCharsets.UTF_8));
      assertThat(in.resolve("b.edi")).hasContent("two");
      Files.writeString(in.resolve("c.edi"), "another");
      assertThatThrownBy(
              () -> post.put("k2", 1, in.toString(), "c.edi", "x".getBytes(StandardCharsets.UTF_8)))
          .hasMessageContaining("nothing is overwritten");
    }
  }

  /** An OpenSSH server of our own, for whoever runs the test, on a free port. */
  private static final class OpenSsh implements AutoCloseable {
    final int port;
    final Path clientKey;
    final String hostKey;
    private final Process process;

    OpenSsh(Path program, Path folder) throws Exception {
      var host = key(folder.resolve("host"));
      clientKey = key(folder.resolve("client"));
      var public_ = Files.readString(Path.of(clientKey + ".pub"));
      var authorized = Files.writeString(folder.resolve("authorized"), public_);
      Files.setPosixFilePermissions(authorized, PosixFilePermissions.fromString("rw-------"));
      hostKey = "* " + Files.readString(Path.of(host + ".pub")).strip();
      port = FreePort.next();
      var config =
          Files.writeString(
              folder.resolve("config"),
              """
              Port %d
              ListenAddress 127.0.0.1
              HostKey %s
              AuthorizedKeysFile %s
              PidFile %s
              StrictModes no
              UsePAM no
              PasswordAuthentication no
              PermitRootLogin yes
              Subsystem sftp internal-sftp
              """
                  .formatted(port, host, authorized, folder.resolve("pid")));
      Files.createDirectories(Path.of("/run/sshd")); // it wants this one when it is root
      process =
          new ProcessBuilder(program.toString(), "-D", "-e", "-f", config.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("log").toFile())
              .start();
      Await.until(
          "OpenSSH listens",
          Duration.ofSeconds(60),
          () -> {
            try (var socket = new Socket("127.0.0.1", port)) {
              return socket.isConnected();
            }
          });
    }

    private static Path key(Path file) throws Exception {
      var made =
          new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file.toString())
              .inheritIO()
              .start()
              .waitFor();
      assertThat(made).isZero();
      return file;
    }

    @Override
    public void close() throws Exception {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
      process.waitFor();
    }
  }
}
