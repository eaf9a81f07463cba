package io.serai.transport;

import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.support.CrashPoint;
import io.serai.support.Sha256;
import io.serai.support.Statements;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts files into a partner's folder: under a name that nobody looks at, then, when all of it is
 * there, under its own.
 *
 * <p>Guarantee: nobody sees half a file, and no file that is there is overwritten. How far it came
 * is committed before each step that the other side may notice, so that {@link #find} tells whether
 * a file was put there, the partner having taken it meanwhile or not. An attempt that was overtaken
 * gives its file no name, and had it given it one before it died, without a note, nothing is
 * written again: a file is written anew only when the former attempt's was first moved out of its
 * reach. Gap: a partner that clears away names beginning with a dot while we write is taken for one
 * that took the file.
 */
public final class FilePost {
  /** What we know of a file that we were to put there. */
  enum State {
    WRITING,
    RENAMING,
    STANDS
  }

  private record Row(
      String folder, String name, long size, byte[] sha256, State state, int claim) {}

  private static final Logger LOG = LoggerFactory.getLogger(FilePost.class);

  private final DataSource database;
  private final Clock clock;
  private final String account;
  private final MailboxSource mailboxes;

  /** For one account. */
  public FilePost(DataSource database, Clock clock, String account, MailboxSource mailboxes) {
    this.database = database;
    this.clock = clock;
    this.account = account;
    this.mailboxes = mailboxes;
  }

  /**
   * Puts a file there, once for a key; again when a person replays what the partner refused, was
   * silent about or never had.
   *
   * @param key the same for all attempts, and for no other file
   * @param claim grows with each attempt: one that was overtaken gives up
   * @return where it stands
   * @throws FailureException of unknown outcome once the other side may have seen it
   */
  public String put(String key, int claim, String folder, String name, byte[] content)
      throws SQLException {
    var refusal = FileNames.refusal(name);
    if (refusal != null || name.startsWith(".")) {
      throw failed(
          FailureKind.CONFIG,
          "A file for '%s' is to be called '%s', and %s. Correct what names it, then replay."
              .formatted(
                  account,
                  FileNames.shown(name),
                  refusal == null ? "names with a dot before them are hidden" : refusal),
          null);
    }
    var path = Mailbox.path(folder, name);
    var row = new Row(folder, name, content.length, Sha256.of(content), State.WRITING, claim);
    var before = read(key);
    if (before != null && Arrays.equals(before.sha256(), row.sha256())) {
      var found = settled(key, before, claim);
      if (found.isPresent()) {
        return found.get(); // asked again for what is done
      }
    }
    var renaming = false;
    try (var mailbox = mailboxes.open()) {
      var there = mailbox.look(path);
      if (there.isPresent()) {
        if (isOurs(mailbox, path, there.get(), row)) {
          stands(key, row);
          return path;
        }
        throw failed(
            FailureKind.REFUSED,
            "A file '%s' with other content lies in folder '%s' of '%s', and nothing is overwritten. Ask the partner to take it, then replay."
                .formatted(name, folder, account),
            null);
      }
      if (!begins(key, row)) {
        // whoever was before us has come further than we saw, or somebody is faster
        var found = settled(key, read(key), claim);
        if (found.isPresent()) {
          return found.get();
        }
        if (!begins(key, row)) {
          throw overtaken(name);
        }
      }
      if (before != null) {
        clear(mailbox, temporary(before, key)); // whoever stalls over it can name it no more
        clear(mailbox, withdrawn(before, key));
      }
      var temporary = temporary(row, key);
      mailbox.write(temporary, content);
      var written = mailbox.look(temporary);
      if (written.isEmpty() || written.get().size() != content.length) {
        throw failed(
            FailureKind.TRANSIENT,
            "File '%s' came to '%s' with %d of %d bytes. It is written anew."
                .formatted(
                    name, account, written.map(Mailbox.Entry::size).orElse(0L), content.length),
            null);
      }
      if (!goesOn(key, row, State.RENAMING)) {
        clear(mailbox, temporary);
        throw overtaken(name);
      }
      CrashPoint.hit(CrashPoint.BEFORE_FILE_RENAME);
      renaming = true;
      mailbox.move(temporary, path);
      stands(key, row);
      return path;
    } catch (MailboxException e) {
      throw failed(
          renaming ? FailureKind.UNKNOWN_OUTCOME : e.kind(),
          renaming
              ? "File '%s' was written to '%s', and whether it got its name is unknown (%s). It is looked for before it is written again."
                  .formatted(name, account, e.getMessage())
              : "File '%s' could not be put into folder '%s' of '%s': %s"
                  .formatted(name, folder, account, e.getMessage()),
          e);
    } catch (IOException e) {
      throw failed(
          renaming ? FailureKind.UNKNOWN_OUTCOME : FailureKind.TRANSIENT,
          "File '%s' for '%s' was broken off (%s).".formatted(name, account, e.getMessage()),
          e);
    }
  }

  // What became of the attempt before this one, so that it can do nothing any more.
  private Optional<String> settled(String key, Row before, int claim) throws SQLException {
    if (before == null || before.state() == State.WRITING) {
      return Optional.empty();
    }
    if (before.state() == State.RENAMING && before.claim() > claim) {
      throw overtaken(before.name());
    }
    return find(key);
  }

  /**
   * Where a file stands or stood that may have been put there; empty when it never had its name,
   * and whoever was to give it one cannot do so any more.
   *
   * @throws FailureException when that cannot be told now
   */
  public Optional<String> find(String key) throws SQLException {
    var row = read(key);
    if (row == null || row.state() == State.WRITING) {
      return Optional.empty(); // its name is given last
    }
    var path = Mailbox.path(row.folder(), row.name());
    if (row.state() == State.STANDS) {
      return Optional.of(path);
    }
    try (var mailbox = mailboxes.open()) {
      if (liesThere(mailbox, path, row)) {
        goesOn(key, row, State.STANDS);
        return Optional.of(path);
      }
      if (withdraws(mailbox, row, key)) {
        if (!goesOn(key, row, State.WRITING)) {
          throw overtaken(row.name());
        }
        clear(mailbox, withdrawn(row, key));
        return Optional.empty();
      }
      // written, looked at, and gone from its former name: it has its own, or the partner took it
      if (!goesOn(key, row, State.STANDS) && !isNoted(key)) {
        throw overtaken(row.name());
      }
      return Optional.of(path);
    } catch (IOException e) {
      throw failed(
          e instanceof MailboxException known && known.kind() == FailureKind.AUTH
              ? FailureKind.AUTH
              : FailureKind.TRANSIENT,
          "Whether file '%s' stands at '%s' could not be looked up: %s"
              .formatted(row.name(), account, e.getMessage()),
          e);
    }
  }

  private boolean isNoted(String key) throws SQLException {
    var row = read(key);
    return row != null && row.state() == State.STANDS;
  }

  private static boolean liesThere(Mailbox mailbox, String path, Row row) throws IOException {
    var there = mailbox.look(path);
    return there.isPresent() && isOurs(mailbox, path, there.get(), row);
  }

  // Moved, it cannot be named by an attempt that stalls just before it would; had it been, there is
  // nothing to move.
  private static boolean withdraws(Mailbox mailbox, Row row, String key) throws IOException {
    var temporary = temporary(row, key);
    var withdrawn = withdrawn(row, key);
    if (mailbox.look(temporary).isPresent()) {
      try {
        mailbox.move(temporary, withdrawn);
      } catch (MailboxException e) {
        if (mailbox.look(temporary).isPresent()) {
          throw e;
        }
      }
    }
    return mailbox.look(withdrawn).isPresent();
  }

  private FailureException overtaken(String name) {
    return failed(
        FailureKind.TRANSIENT,
        "A later attempt puts file '%s' to '%s'. This one gave up.".formatted(name, account),
        null);
  }

  private static void clear(Mailbox mailbox, String temporary) throws IOException {
    try {
      if (mailbox.look(temporary).isPresent()) {
        mailbox.delete(temporary);
      }
    } catch (MailboxException e) {
      LOG.warn("'{}' lies there for nothing: {}", temporary, e.getMessage());
    }
  }

  // Hidden by its dot, and by an ending that says that it is not done. Each attempt has its own, so
  // that none names what another is still writing.
  private static String temporary(Row row, String key) {
    return hidden(row, key, "");
  }

  private static String withdrawn(Row row, String key) {
    return hidden(row, key, ".withdrawn");
  }

  private static String hidden(Row row, String key, String what) {
    return Mailbox.path(
        row.folder(),
        "."
            + row.name()
            + "."
            + Sha256.hex(key.getBytes(StandardCharsets.UTF_8)).substring(0, 8)
            + "."
            + row.claim()
            + what
            + ".part");
  }

  private static boolean isOurs(Mailbox mailbox, String path, Mailbox.Entry there, Row row)
      throws IOException {
    return there.size() == row.size()
        && Arrays.equals(Sha256.of(mailbox.read(path, (int) row.size())), row.sha256());
  }

  private Row read(String key) throws SQLException {
    try (var connection = database.getConnection();
        var statement =
            connection.prepareStatement(
                """
                SELECT folder, name, size, sha256, state, claim FROM sent_file
                WHERE account = ? AND delivery_key = ?""")) {
      statement.setString(1, account);
      statement.setString(2, key);
      try (var rows = statement.executeQuery()) {
        return rows.next()
            ? new Row(
                rows.getString(1),
                rows.getString(2),
                rows.getLong(3),
                rows.getBytes(4),
                State.valueOf(rows.getString(5)),
                rows.getInt(6))
            : null;
      }
    }
  }

  /** Answers whether no later attempt is at it, and none before it came further than writing. */
  private boolean begins(String key, Row row) throws SQLException {
    return store(
        key,
        row,
        State.WRITING,
        " WHERE sent_file.claim <= excluded.claim AND (sent_file.state = 'WRITING' OR sent_file.sha256 <> excluded.sha256)");
  }

  // It does, whoever else is at it: they see it then.
  private void stands(String key, Row row) throws SQLException {
    store(key, row, State.STANDS, "");
  }

  private boolean store(String key, Row row, State state, String unless) throws SQLException {
    return change(
        """
        INSERT INTO sent_file (account, delivery_key, folder, name, size, sha256, state, claim, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (account, delivery_key) DO UPDATE SET folder = excluded.folder, name = excluded.name, size = excluded.size,
          sha256 = excluded.sha256, state = excluded.state, claim = excluded.claim, updated_at = excluded.updated_at"""
            + unless,
        account,
        key,
        row.folder(),
        row.name(),
        row.size(),
        row.sha256(),
        state.name(),
        row.claim(),
        clock.instant());
  }

  /** Answers whether it was still this attempt's, as far as it had come. */
  private boolean goesOn(String key, Row row, State state) throws SQLException {
    return change(
        "UPDATE sent_file SET state = ?, updated_at = ? WHERE account = ? AND delivery_key = ? AND claim = ? AND state = ?",
        state.name(),
        clock.instant(),
        account,
        key,
        row.claim(),
        row.state().name());
  }

  private boolean change(String sql, Object... parameters) throws SQLException {
    var changed = new boolean[1];
    try (var connection = database.getConnection()) {
      new Statements()
          .query(sql + " RETURNING claim", rows -> changed[0] = rows.next(), parameters)
          .execute(connection);
    }
    return changed[0];
  }

  private FailureException failed(FailureKind kind, String sentence, Throwable cause) {
    return new FailureException(Failure.of(kind, sentence, Place.of(account)), cause);
  }
}
