package io.serai.deadletter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serai.deadletter.Normalizer.Canonical;
import io.serai.deadletter.Normalizer.Normalized;
import io.serai.deadletter.Normalizer.Raw;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * What replaying a message would do now: normalized by today's route and mapping, and compared with
 * the order as it was applied before. Writes nothing and holds no lock; works for messages of every
 * state, so a corrected mapping can be tried on what went well, too.
 *
 * <p>The gap: only {@code order} documents are compared, because only their canonical form is kept;
 * others are shown as new. Stock and decisions are not simulated.
 */
public final class DryRun {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final DataSource database;
  private final Normalizer normalizer;
  private final LockedFields locked;

  /** Dry runs of stored messages through {@code normalizer}; nothing of them is locked. */
  public DryRun(DataSource database, Normalizer normalizer) {
    this(database, normalizer, LockedFields.none());
  }

  /**
   * Dry runs of stored messages.
   *
   * @param normalizer makes documents of them
   * @param locked what other bytes than the stored ones may not change
   */
  public DryRun(DataSource database, Normalizer normalizer, LockedFields locked) {
    this.database = database;
    this.normalizer = normalizer;
    this.locked = locked;
  }

  /** What would come of it. */
  public enum Outcome {
    /** The documents that were applied before. */
    SAME,
    /** An order that differs from what was applied before. */
    DIFFERENT,
    /** Documents that nothing applied before can be compared with. */
    NEW,
    /** The route would ignore it. */
    IGNORED,
    /** The route would fail. */
    FAILED
  }

  /**
   * One leaf that differs.
   *
   * @param path JSON pointer
   * @param before as JSON, or null where there was none
   * @param after as JSON, or null where there would be none
   */
  public record Difference(String path, String before, String after) {}

  /**
   * What a dry run found.
   *
   * @param id the message's
   * @param outcome what would come of it
   * @param sentence the same for a person
   * @param documents what the route would apply
   * @param differences of the order, when it differs
   */
  public record Report(
      String id,
      Outcome outcome,
      String sentence,
      List<Canonical> documents,
      List<Difference> differences) {}

  private record Stored(Raw raw, JsonNode applied) {}

  /** A dry run of a message as it is stored; empty when there is no such message or payload. */
  public Optional<Report> of(String id) {
    return of(id, null);
  }

  /** A dry run of a message as if its bytes were {@code body}: the look before an edit. */
  public Optional<Report> of(String id, byte[] body) {
    return stored(id).map(stored -> body == null ? report(id, stored) : edited(id, stored, body));
  }

  private Report edited(String id, Stored stored, byte[] body) {
    return locked
        .refusal(stored.raw(), body)
        .map(refusal -> new Report(id, Outcome.FAILED, refusal, List.of(), List.of()))
        .orElseGet(() -> report(id, with(stored, body)));
  }

  /** What an edit of a message has to leave as it is; empty when there is no such message. */
  public List<LockedFields.Locked> locked(String id) {
    return stored(id).map(stored -> locked.of(stored.raw())).orElse(List.of());
  }

  private Optional<Stored> stored(String id) {
    return ItemId.parse(id)
        .filter(item -> item.type() == DeadLetterType.MESSAGE)
        .flatMap(
            item ->
                Transaction.run(
                    database, connection -> Optional.ofNullable(read(connection, item.number()))));
  }

  /** The bytes of a message as they are stored; empty when there is no such message or payload. */
  Optional<byte[]> payload(String id) {
    return stored(id).map(stored -> stored.raw().body());
  }

  private Report report(String id, Stored stored) {
    return switch (normalizer.normalize(stored.raw())) {
      case Normalized.Failed failed ->
          new Report(
              id,
              Outcome.FAILED,
              "It would fail as %s: %s"
                  .formatted(failed.failure().kind(), failed.failure().sentence()),
              List.of(),
              List.of());
      case Normalized.Ignored ignored ->
          new Report(
              id,
              Outcome.IGNORED,
              "It would be ignored: " + ignored.reason(),
              List.of(),
              List.of());
      case Normalized.Documents made -> compared(id, stored.applied(), made.documents());
    };
  }

  private static Report compared(String id, JsonNode applied, List<Canonical> documents) {
    var order = documents.stream().filter(d -> d.document().equals("order")).findFirst();
    var names = documents.stream().map(Canonical::document).collect(Collectors.joining(", "));
    if (order.isEmpty() || applied == null) {
      return new Report(
          id,
          Outcome.NEW,
          "It would apply for the first time: " + names + ".",
          documents,
          List.of());
    }
    var differences = JsonDiff.between(applied, order.get().content());
    return differences.isEmpty()
        ? new Report(
            id, Outcome.SAME, "It would apply what was applied before.", documents, differences)
        : new Report(
            id,
            Outcome.DIFFERENT,
            "It would change %d place%s of the order, '%s' first."
                .formatted(
                    differences.size(),
                    differences.size() == 1 ? "" : "s",
                    differences.getFirst().path()),
            documents,
            differences);
  }

  private static Stored with(Stored stored, byte[] body) {
    var raw = stored.raw();
    return new Stored(
        new Raw(
            raw.id(),
            raw.account(),
            raw.document(),
            raw.eventType(),
            raw.key(),
            raw.contentType(),
            body),
        stored.applied());
  }

  private static Stored read(Connection connection, long message) throws SQLException {
    try (var select =
        connection.prepareStatement(
            """
            SELECT m.account, m.document, m.event_type, m.message_key, p.content_type, p.body,
                   o.document
            FROM inbox_message m
            JOIN message_payload p ON p.message_id = m.id AND p.received_at = m.received_at
            LEFT JOIN sales_order s
              ON s.id = m.order_id
              OR (m.order_id IS NULL AND m.document = 'order'
                  AND s.account = m.account AND s.channel_order_id = m.message_key)
            LEFT JOIN order_document o ON o.order_id = s.id
            WHERE m.id = ?
            """)) {
      select.setLong(1, message);
      try (var row = select.executeQuery()) {
        if (!row.next()) {
          return null;
        }
        var applied = row.getString(7);
        return new Stored(
            new Raw(
                message,
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getBytes(6)),
            applied == null ? null : JSON.readTree(applied));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e); // a json column holds JSON
      }
    }
  }
}
