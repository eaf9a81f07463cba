package io.serai.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.database.TestDatabase;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.support.ManualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** How a file comes to a partner once, whole, and under its name. */
class FilePostIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final byte[] CONTENT = "an order".getBytes(StandardCharsets.UTF_8);

  private final Steps mailbox = new Steps();
  private Path folder;
  private FilePost post;
  private int claim;

  @BeforeEach
  void begin(@TempDir Path home) {
    DATABASE.truncate();
    folder = home;
    post = new FilePost(DATABASE.dataSource(), new ManualClock(), "northwind", () -> mailbox);
  }

  private String put(String key, String name) throws SQLException {
    return post.put(key, ++claim, folder.toString(), name, CONTENT);
  }

  private List<String> lying() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFileHasItsNameWhenAllOfItIsThere() throws Exception {
    assertThat(put("k1", "order.edi")).isEqualTo(folder + "/order.edi");

    assertThat(lying()).containsExactly("order.edi");
    assertThat(Files.readAllBytes(folder.resolve("order.edi"))).isEqualTo(CONTENT);
    assertThat(mailbox.seen).as("nobody saw half of it").containsExactly("order.edi:8");
    assertThat(post.find("k1")).contains(folder + "/order.edi");
  }

  @Test
  void askedAgainItPutsNothingThereThoughThePartnerTookIt() throws Exception {
    put("k1", "order.edi");
    Files.delete(folder.resolve("order.edi"));

    assertThat(put("k1", "order.edi")).isEqualTo(folder + "/order.edi");

    assertThat(lying()).isEmpty();
  }

  @Test
  void whatBrokeOffBeforeItsNameWasGivenIsAbsentAndIsWrittenAnew() throws Exception {
    mailbox.breakAt = "write";
    assertThatThrownBy(() -> put("k1", "order.edi"))
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> assertThat(e.failure().kind()).isEqualTo(FailureKind.TRANSIENT));
    assertThat(post.find("k1")).isEmpty();

    mailbox.breakAt = null;
    put("k1", "order.edi");

    assertThat(lying()).containsExactly("order.edi");
  }

  @Test
  void whatBrokeOffInTheMiddleOfItsNamingIsLookedFor() throws Exception {
    mailbox.breakAt = "move";
    assertThatThrownBy(() -> put("k1", "order.edi"))
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> assertThat(e.failure().kind()).isEqualTo(FailureKind.UNKNOWN_OUTCOME));
    mailbox.breakAt = null;

    assertThat(post.find("k1")).as("it has its former name").isEmpty();
    put("k1", "order.edi");
    assertThat(lying()).containsExactly("order.edi");
  }

  @Test
  void whatGotItsNameThoughNobodyHeardIsFoundWhetherThePartnerTookItOrNot() throws Exception {
    mailbox.breakAt = "moved";
    assertThatThrownBy(() -> put("k1", "one.edi")).isInstanceOf(FailureException.class);
    assertThatThrownBy(() -> put("k2", "two.edi")).isInstanceOf(FailureException.class);
    mailbox.breakAt = null;
    Files.delete(folder.resolve("two.edi"));

    assertThat(post.find("k1")).contains(folder + "/one.edi");
    assertThat(post.find("k2")).as("the partner took it").contains(folder + "/two.edi");
    assertThat(lying()).containsExactly("one.edi");
  }

  @Test
  void anAttemptThatWasOvertakenWhileItWroteGivesNothingItsName() throws Exception {
    mailbox.meanwhile =
        () -> {
          put("k1", "order.edi");
          Files.delete(folder.resolve("order.edi")); // the partner took it
          return null;
        };

    assertThatThrownBy(() -> put("k1", "order.edi"))
        .hasMessage("A later attempt puts file 'order.edi' to 'northwind'. This one gave up.")
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> assertThat(e.failure().kind()).isEqualTo(FailureKind.TRANSIENT));

    assertThat(lying()).isEmpty();
    assertThat(put("k1", "order.edi")).isEqualTo(folder + "/order.edi");
    assertThat(lying()).as("it was there").isEmpty();
  }

  @Test
  void anAttemptThatWasOvertakenBeforeItBeganWritesNothing() throws Exception {
    mailbox.breakAt = "write";
    assertThatThrownBy(() -> put("k1", "order.edi")).isInstanceOf(FailureException.class);
    assertThatThrownBy(() -> put("k1", "order.edi")).isInstanceOf(FailureException.class);
    mailbox.breakAt = null;

    assertThatThrownBy(() -> post.put("k1", 1, folder.toString(), "order.edi", CONTENT))
        .hasMessageContaining("This one gave up.");

    assertThat(lying()).singleElement().asString().endsWith(".2.part");
  }

  @Test
  void whatWasNamedByAnAttemptThatDiedBeforeItsNoteIsNotWrittenAgain() throws Exception {
    mailbox.breakAt = "move";
    assertThatThrownBy(() -> put("k1", "order.edi")).isInstanceOf(FailureException.class);
    mailbox.breakAt = null;
    mailbox.beforeMove = this::namedAndTaken;

    assertThat(put("k1", "order.edi")).isEqualTo(folder + "/order.edi");

    assertThat(lying()).as("the partner has it").isEmpty();
    assertThat(post.find("k1")).contains(folder + "/order.edi");
  }

  @Test
  void whatWasNamedSinceTheNextAttemptLookedIsNotWrittenAgain() throws Exception {
    mailbox.breakAt = "write";
    assertThatThrownBy(() -> put("k1", "order.edi")).isInstanceOf(FailureException.class);
    mailbox.breakAt = null;
    mailbox.beforeLook =
        () -> {
          execute("UPDATE sent_file SET state = 'RENAMING'"); // as the one that stalled notes it
          return namedAndTaken();
        };

    assertThat(put("k1", "order.edi")).isEqualTo(folder + "/order.edi");

    assertThat(lying()).as("the partner has it").isEmpty();
    assertThat(mailbox.seen).isEmpty();
  }

  @Test
  void anAttemptThatStallsBeforeItNamesItsFileFindsItWithdrawn() throws Exception {
    mailbox.beforeMove =
        () -> {
          put("k1", "order.edi");
          Files.delete(folder.resolve("order.edi")); // the partner took it
          return null;
        };

    assertThatThrownBy(() -> put("k1", "order.edi")).isInstanceOf(FailureException.class);

    assertThat(lying()).isEmpty();
    assertThat(put("k1", "order.edi")).isEqualTo(folder + "/order.edi");
    assertThat(lying()).as("it was there once").isEmpty();
    assertThat(mailbox.seen).containsExactly("order.edi:8");
  }

  @Test
  void whatDiedBetweenWithdrawingAFileAndItsNoteIsWrittenAnew() throws Exception {
    mailbox.breakAt = "move";
    assertThatThrownBy(() -> put("k1", "order.edi")).isInstanceOf(FailureException.class);
    mailbox.breakAt = null;
    var left = folder.resolve(lying().getFirst());
    Files.move(left, Path.of(left.toString().replace(".1.part", ".1.withdrawn.part")));

    assertThat(post.find("k1")).isEmpty();
    put("k1", "order.edi");

    assertThat(lying()).containsExactly("order.edi");
  }

  // What a stalled attempt does when it goes on, and the partner then; it dies before its note.
  private Void namedAndTaken() throws IOException {
    try (var files = Files.list(folder)) {
      Files.delete(files.findFirst().orElseThrow());
    }
    return null;
  }

  private static void execute(String sql) throws SQLException {
    try (var connection = DATABASE.dataSource().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void anotherFileOfThatNameIsNotOverwritten() throws Exception {
    Files.writeString(folder.resolve("order.edi"), "another");

    assertThatThrownBy(() -> put("k1", "order.edi"))
        .hasMessage(
            "A file 'order.edi' with other content lies in folder '%s' of 'northwind', and nothing is overwritten. Ask the partner to take it, then replay.",
            folder)
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> assertThat(e.failure().kind()).isEqualTo(FailureKind.REFUSED));

    assertThat(Files.readString(folder.resolve("order.edi"))).isEqualTo("another");
    assertThat(lying()).containsExactly("order.edi");
  }

  @Test
  void aNameThatLeadsElsewhereIsNotUsed() {
    for (var name : List.of("../order.edi", "/etc/order.edi", ".order", "a*b")) {
      assertThatThrownBy(() -> put("k1", name))
          .isInstanceOfSatisfying(
              FailureException.class,
              e -> assertThat(e.failure().kind()).isEqualTo(FailureKind.CONFIG));
    }
    assertThat(folder).isEmptyDirectory();
  }

  /** The folder, as the partner sees it after each step, and with a step at which it breaks off. */
  private final class Steps implements Mailbox {
    private final Mailbox files = new FolderMailbox();
    final List<String> seen = new ArrayList<>();
    String breakAt;
    Callable<Void> meanwhile;
    Callable<Void> beforeMove;
    Callable<Void> beforeLook;

    private void others(Callable<Void> step) {
      try {
        if (step != null) {
          step.call();
        }
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }

    private void at(String step) throws IOException {
      try (var all = Files.list(folder)) {
        for (var file : all.toList()) {
          var name = file.getFileName().toString();
          if (!name.startsWith(".")) {
            seen.add(name + ":" + Files.size(file));
          }
        }
      }
      if (step.equals(breakAt)) {
        throw new MailboxException(FailureKind.TRANSIENT, "The line is dead.", null);
      }
    }

    @Override
    public List<Entry> list(String where, int most) throws IOException {
      return files.list(where, most);
    }

    @Override
    public Optional<Entry> look(String path) throws IOException {
      var other = beforeLook;
      beforeLook = null;
      others(other);
      return files.look(path);
    }

    @Override
    public byte[] read(String path, int most) throws IOException {
      return files.read(path, most);
    }

    @Override
    public void write(String path, byte[] content) throws IOException {
      files.write(path, Arrays.copyOf(content, content.length / 2));
      at("write");
      var other = meanwhile;
      meanwhile = null;
      others(other);
      files.write(path, content);
    }

    @Override
    public void move(String from, String to) throws IOException {
      at("move");
      var other = beforeMove;
      beforeMove = null;
      others(other);
      files.move(from, to);
      at("moved");
    }

    @Override
    public void delete(String path) throws IOException {
      files.delete(path);
    }

    @Override
    public void makeFolder(String where) throws IOException {
      files.makeFolder(where);
    }

    @Override
    public void close() {
      files.close();
    }
  }
}
