package io.serai.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.edi.SetTree;
import io.serai.edi.Unwritable;
import io.serai.edi.X12;
import io.serai.edi.X12Writer;
import io.serai.exchange.ExchangeStore.SetRow;
import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.support.Sha256;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Wraps documents of ours in interchanges, each with numbers of its own.
 *
 * <p>Guarantee: numbers and bytes are stored in one transaction before anything is sent, under the
 * delivery's id and revision, so every attempt sends the same file, whichever node makes it and
 * whatever crashed in between; a document that cannot be written takes no number.
 */
public final class Outgoing {
  /**
   * A file to send.
   *
   * @param interchange ISA13
   * @param fileName how it is called
   * @param acknowledgeBy when its acknowledgment is overdue, or null when none is owed
   */
  public record File(String interchange, String fileName, byte[] body, Instant acknowledgeBy) {}

  /**
   * What is to be sent.
   *
   * @param id of the delivery
   * @param key its idempotency key
   */
  public record Sending(long id, int revision, String key) {}

  private final DataSource database;
  private final Clock clock;

  /** Keeps what it wraps in a database. */
  public Outgoing(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * The interchange of a delivery's revision: the one that is stored, or a new one.
   *
   * @param documents {@code {"set": "856", "body": tree}}, or a list of such
   * @throws FailureException when it cannot be written
   */
  public File wrap(Agreement with, Sending sending, JsonNode documents) throws SQLException {
    try (var connection = database.getConnection()) {
      var stored = ExchangeStore.stored(connection, sending.id(), sending.revision());
      if (stored == null) {
        stored = store(connection, with, sending, documents);
      }
      return new File(
          stored.control(), stored.fileName(), stored.body(), acknowledgeBy(with, documents));
    }
  }

  /** The interchange that was stored with its delivery: an acknowledgment of ours. */
  public File stored(Sending sending) throws SQLException {
    try (var connection = database.getConnection()) {
      // a new revision of it is the same answer
      for (var revision = sending.revision(); revision > 0; revision--) {
        var stored = ExchangeStore.stored(connection, sending.id(), revision);
        if (stored != null) {
          return new File(stored.control(), stored.fileName(), stored.body(), null);
        }
      }
    }
    throw new IllegalStateException(
        "Delivery 'dlv_%d' has no interchange.".formatted(sending.id()));
  }

  private Instant acknowledgeBy(Agreement with, JsonNode documents) {
    Duration least = null;
    for (var document : documents.isArray() ? documents : List.of(documents)) {
      var sent = with.profile().sends().get(document.path("set").asText(""));
      var within = sent == null ? null : sent.acknowledgedWithin();
      least = least == null || within != null && within.compareTo(least) < 0 ? within : least;
    }
    return least == null ? null : clock.instant().plus(least);
  }

  private ExchangeStore.Stored store(
      Connection connection, Agreement with, Sending sending, JsonNode documents)
      throws SQLException {
    var given = documents.isArray() ? documents : List.of(documents);
    var written = new ArrayList<X12Writer.Document>();
    for (var document : given) {
      written.add(document(with, document));
    }
    connection.setAutoCommit(false);
    try {
      store(connection, with, sending, written);
      connection.commit();
    } catch (Unwritable e) {
      connection.rollback();
      throw refused(with, e.getMessage());
    } catch (SQLException | RuntimeException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
    return ExchangeStore.stored(connection, sending.id(), sending.revision());
  }

  private X12Writer.Document document(Agreement with, JsonNode document) {
    var set = document.path("set").asText("");
    if (!with.profile().sends().containsKey(set)) {
      throw refused(
          with,
          "set '%s' is not among those that partner profile '%s' sends"
              .formatted(set, with.profile().name()));
    }
    try {
      return new X12Writer.Document(
          set,
          SetTree.segments(set, document.path("body"), with.profile().delimiters().component()));
    } catch (Unwritable e) {
      throw refused(with, e.getMessage());
    }
  }

  private void store(
      Connection connection, Agreement with, Sending sending, List<X12Writer.Document> documents)
      throws SQLException {
    var now = clock.instant();
    var usage = with.usage();
    var set = documents.isEmpty() ? "" : documents.getFirst().set();
    var functionalId = String.valueOf(X12.group(set));
    var control = ControlNumbers.interchange(connection, with, usage, now);
    var group = ControlNumbers.group(connection, with, usage, functionalId, now);
    var body =
        X12Writer.write(
            with.envelope(),
            new X12Writer.Numbers(control.value(), group.value()),
            with.local(now),
            documents);
    var sets = new ArrayList<SetRow>();
    for (var document : documents) {
      sets.add(
          new SetRow(
              sets.size() + 1,
              functionalId,
              Integer.toString(group.value()),
              document.set(),
              "%04d".formatted(sets.size() + 1),
              Subject.of(document.set(), document.segments()),
              "SENT",
              null,
              null,
              null));
    }
    var id =
        ExchangeStore.goes(
            connection,
            new ExchangeStore.Goes(
                with,
                usage,
                control,
                with.profile().version(),
                with.fileName(set, control.padded(), sets.getFirst().subject(), now),
                body,
                Sha256.of(body),
                sending.id(),
                sending.revision(),
                sending.key()),
            now);
    if (id == null) {
      // another node was faster: its interchange is the one, and these numbers are given back
      connection.rollback();
      return;
    }
    ExchangeStore.sets(connection, id, with.account(), "OUT", sets, now);
  }

  private static FailureException refused(Agreement with, String why) {
    var reason = why.endsWith(".") ? why.substring(0, why.length() - 1) : why;
    return new FailureException(
        Failure.of(
            FailureKind.INVALID,
            "Nothing was sent to '%s': %s. Correct the mapping or the document, then replay."
                .formatted(
                    with.account(), Character.toLowerCase(reason.charAt(0)) + reason.substring(1)),
            Place.of(with.account())));
  }
}
