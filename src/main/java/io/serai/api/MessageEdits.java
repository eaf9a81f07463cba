package io.serai.api;

import io.serai.deadletter.JsonDiff;
import io.serai.support.Json;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Payloads that people replaced, each with what they changed. */
final class MessageEdits {
  private static final int COMPARED = 5;

  private MessageEdits() {}

  private record Kept(MessageViews.Edit edit, byte[] body) {}

  /** Newest first. */
  static List<MessageViews.Edit> of(JdbcClient jdbc, long message, boolean personalData) {
    var edits =
        jdbc.sql(
                """
                SELECT edited_at, actor, reason, sha256,
                       CASE WHEN length(body) <= :most AND row_number() OVER (ORDER BY edited_at DESC) <= :compared
                            THEN body END AS body
                FROM message_edit WHERE message_id = :id ORDER BY edited_at DESC LIMIT 100
                """)
            .param("id", message)
            .param("most", Payload.LARGEST_SHOWN)
            .param("compared", COMPARED)
            .query(
                (row, n) ->
                    new Kept(
                        new MessageViews.Edit(
                            Reads.instant(row, "edited_at"),
                            row.getString("actor"),
                            row.getString("reason"),
                            HexFormat.of().formatHex(row.getBytes("sha256")),
                            null),
                        row.getBytes("body")))
            .list();
    var shown = new ArrayList<MessageViews.Edit>();
    var after = edits.isEmpty() ? null : now(jdbc, message);
    for (var kept : edits) {
      var edit = kept.edit();
      shown.add(
          new MessageViews.Edit(
              edit.editedAt(),
              edit.actor(),
              edit.reason(),
              edit.sha256(),
              differences(kept.body(), after, personalData)));
      after = kept.body();
    }
    return shown;
  }

  private static byte[] now(JdbcClient jdbc, long message) {
    return jdbc.sql(
            """
            SELECT p.body FROM inbox_message m
            JOIN message_payload p ON p.message_id = m.id AND p.received_at = m.received_at
            WHERE m.id = :id AND length(p.body) <= :most
            """)
        .param("id", message)
        .param("most", Payload.LARGEST_SHOWN)
        .query((row, n) -> row.getBytes(1))
        .optional()
        .orElse(null);
  }

  private static List<DeadLetterViews.Difference> differences(
      byte[] before, byte[] after, boolean personalData) {
    if (before == null || after == null) {
      return null;
    }
    try {
      return JsonDiff.between(Json.tree(before), Json.tree(after)).stream()
          .map(
              one ->
                  new DeadLetterViews.Difference(
                      one.path(),
                      personalData ? one.before() : PersonalData.masked(one.path(), one.before()),
                      personalData ? one.after() : PersonalData.masked(one.path(), one.after())))
          .toList();
    } catch (Json.Unreadable notJson) {
      return null;
    }
  }
}
