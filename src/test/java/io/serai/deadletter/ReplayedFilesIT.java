package io.serai.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.failure.FailureKind;
import io.serai.support.ManualClock;
import io.serai.transport.FilePost;
import io.serai.transport.FolderMailbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which files are put into a partner's folder a second time when their delivery is replayed. */
class ReplayedFilesIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final byte[] CONTENT = "ISA".getBytes(StandardCharsets.UTF_8);

  private final ManualClock clock = new ManualClock();
  private Path folder;
  private FilePost post;
  private Pile pile;
  private Replay replay;
  private DeadLetters deadLetters;

  @BeforeEach
  void begin(@TempDir Path home) {
    DATABASE.truncate();
    folder = home;
    pile = new Pile(DATABASE.dataSource(), clock);
    post = new FilePost(DATABASE.dataSource(), clock, "northwind", FolderMailbox::new);
    replay = new Replay(DATABASE.dataSource(), clock, order -> false);
    deadLetters =
        new DeadLetters(
            DATABASE.dataSource(),
            clock,
            new Aftermath() {
              @Override
              public void confirmed(Connection connection, long delivery, String reference) {}

              @Override
              public void discarded(Connection connection, long delivery, String reason) {}
            });
  }

  /** Puts the first delivery's file there, as an attempt does. */
  private void put() throws SQLException {
    post.put("idem-k1", 1, folder.toString(), "ship.edi", CONTENT);
  }

  /** The same, and the partner takes it. */
  private void putAndTaken() throws SQLException, IOException {
    put();
    Files.delete(folder.resolve("ship.edi"));
  }

  private List<String> lying() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).toList();
    }
  }

  private void replayed(String id) {
    assertThat(replay.one(id, "they say so", "ann", 7)).isEqualTo(new Verdict.Done(id, "READY", 8));
  }

  @Test
  void whatThePartnerWasSilentAboutIsPutThereAgain() throws Exception {
    var id =
        pile.delivery()
            .ofUnknownOutcome()
            .failedBy(FailureKind.SILENT, "No 997 came. Ask the partner.")
            .lies();
    putAndTaken();
    put();
    assertThat(lying()).as("an attempt by itself repeats nothing").isEmpty();

    replayed(id);
    put();

    assertThat(lying()).containsExactly("ship.edi");
    assertThat(pile.row(id)).containsEntry("revision", "1").containsEntry("state", "READY");
  }

  @ParameterizedTest
  @CsvSource({"SENT, 1", "REFUSED, 0"})
  void byWhichIdAFileLeftIsForgottenOnlyOnceAReceiptAnswered(String state, int left)
      throws Exception {
    var id =
        pile.delivery()
            .ofUnknownOutcome()
            .failedBy(FailureKind.SILENT, "No receipt came. Ask the partner.")
            .lies();
    try (var connection = DATABASE.dataSource().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO as2_sent (account, delivery_key, message_id, mic, digest, state, owed, sent_at) VALUES ('northwind', 'idem-k1', '<1@hub>', 'YWJj', 'sha-256', '%s', false, now())"
              .formatted(state));

      replayed(id);

      try (var rows = statement.executeQuery("SELECT count(*) FROM as2_sent")) {
        rows.next();
        assertThat(rows.getInt(1)).isEqualTo(left);
      }
    }
  }

  @Test
  void whatThePartnerRefusedIsPutThereAgain() throws Exception {
    var id = pile.delivery().failedBy(FailureKind.REFUSED, "AK5 R. Correct it.").lies();
    putAndTaken();

    replayed(id);
    put();

    assertThat(lying()).containsExactly("ship.edi");
  }

  @Test
  void whatDidNotHappenIsPutThereAgain() throws Exception {
    var id = pile.delivery().ofUnknownOutcome().lies();
    putAndTaken();

    assertThat(deadLetters.resolve(id, Resolution.didNotHappen(), "asked", "ann", 7))
        .isEqualTo(new Verdict.Done(id, "READY", 8));
    put();

    assertThat(lying()).containsExactly("ship.edi");
  }

  @Test
  void whatStillLiesThereIsNotWrittenAnew() throws Exception {
    var id = pile.delivery().failedBy(FailureKind.REFUSED, "AK5 R. Correct it.").lies();
    put();
    var before = Files.getLastModifiedTime(folder.resolve("ship.edi"));

    replayed(id);
    put();

    assertThat(lying()).containsExactly("ship.edi");
    assertThat(Files.getLastModifiedTime(folder.resolve("ship.edi"))).isEqualTo(before);
  }

  @Test
  void ofUnknownOutcomeWithoutAVerdictNothingIsPutThereAgain() throws Exception {
    var unknown = pile.delivery().ofUnknownOutcome().lies();
    putAndTaken();

    replayed(unknown);
    put();

    assertThat(lying()).isEmpty();
  }

  @Test
  void anotherAccountsFilesAreRemembered() throws Exception {
    pile.delivery().lies(); // k1 is northwind's
    var other = pile.delivery().to("contoso").failedBy(FailureKind.REFUSED, "No.").lies();
    putAndTaken();
    post.put("idem-k2", 1, folder.toString(), "other.edi", CONTENT);
    Files.delete(folder.resolve("other.edi"));

    replayed(other);
    put();
    post.put("idem-k2", 1, folder.toString(), "other.edi", CONTENT);

    assertThat(lying()).isEmpty();
  }
}
