package io.serai.api;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.support.Json;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A message beside one of its kind that went through. */
@Tag(
    name = "messages",
    description = "What arrived, what became of it, and the deliveries it caused.")
@RestController
@RequestMapping(path = "/api/v1", produces = "application/json")
public final class ComparisonApi {
  /** So many fields are shown of each comparison. */
  static final int SHOWN = 500;

  // A good one that lies further back tells little, and is not searched for.
  private static final int REACH = 100_000;

  private final Reads reads;
  private final MessageReads messages;
  private final PersonalDataReads personal;

  ComparisonApi(Reads reads, MessageReads messages, PersonalDataReads personal) {
    this.reads = reads;
    this.messages = messages;
    this.personal = personal;
  }

  /** What is otherwise in a message than in one that went through. */
  @Schema(name = "Comparison")
  public record Comparison(
      @Schema(example = "msg_17") String id,
      @Schema(description = "The one it is compared with.", example = "msg_12") String with,
      Instant withReceivedAt,
      @Schema(description = "How many fields are otherwise; the first 500 are listed.") int total,
      @Schema(
              description =
                  "What it lacks, what it has more, what is of another kind, and what has another value, in this order;"
                      + " places in lists are `*`. What could name a person is masked for viewers.")
          List<Otherwise> differences) {}

  /** One field that is otherwise. */
  @Schema(name = "FieldOtherwise")
  public record Otherwise(
      @Schema(
              description =
                  "A JSON pointer; of X12 and EDIFACT segment and element, of CSV the column.",
              example = "/shipping_lines/*/code")
          String path,
      @Schema(description = "MISSING, ADDED, KIND or VALUE.", example = "MISSING") String what,
      @Schema(description = "Values in the good one, five at most.") String good,
      @Schema(description = "Values in this one, five at most.") String now) {}

  private record Good(String id, Instant receivedAt) {}

  @Operation(
      summary = "Compare a message with a good one",
      description =
          "Field by field, whatever the order of lists, with the last before it of the same account, document and event"
              + " that went through, or with any other. 404 when there is none, or a payload is past its retention.")
  @GetMapping("/messages/{id}/comparison")
  @Allows(Role.VIEWER)
  public Comparison compare(
      @Parameter(example = "msg_17") @PathVariable String id,
      @Parameter(description = "Compare it with this one instead.", example = "msg_12")
          @RequestParam(required = false)
          String with,
      Caller caller) {
    boolean personalData = caller.mayReadPersonalData();
    var good = Words.present(with) == null ? lastGood(id) : named(with.strip());
    var mine = shape(id);
    var other = shape(good.id());
    var all = mine.against(other);
    if (personalData) {
      personal.note(caller, id);
      personal.note(caller, good.id());
    }
    return new Comparison(
        id,
        good.id(),
        good.receivedAt(),
        all.size(),
        all.stream()
            .limit(SHOWN)
            .map(one -> personalData || one.what().equals("KIND") ? one : masked(one))
            .toList());
  }

  private Shape shape(String id) {
    var body = messages.body(id);
    var shape = body.length > Payload.LARGEST_SHOWN ? null : Shape.of(body);
    if (shape == null) {
      throw Problem.unprocessable(
          "The payload of message '%s' is larger than %d KB, or neither JSON, X12, EDIFACT nor CSV; download both to compare them."
              .formatted(id, Payload.LARGEST_SHOWN >> 10));
    }
    return shape;
  }

  private Good lastGood(String id) {
    long number = Cursor.id("msg", id);
    return reads.read(
        jdbc -> {
          if (jdbc.sql("SELECT 1 FROM inbox_message WHERE id = :id")
              .param("id", number)
              .query()
              .listOfRows()
              .isEmpty()) {
            throw unknown(id);
          }
          return jdbc.sql(
                  """
                  SELECT g.id, g.received_at FROM inbox_message m JOIN inbox_message g
                    ON g.id < m.id AND g.id > m.id - :reach AND g.account = m.account AND g.document = m.document
                    AND g.event_type IS NOT DISTINCT FROM m.event_type
                  WHERE m.id = :id AND g.state = 'APPLIED' ORDER BY g.id DESC LIMIT 1
                  """)
              .param("id", number)
              .param("reach", REACH)
              .query(
                  (row, n) ->
                      new Good("msg_" + row.getLong("id"), Reads.instant(row, "received_at")))
              .optional()
              .orElseThrow(
                  () ->
                      Problem.notFound(
                          "Nothing of the kind of message '%s' went through before it; name one to compare it with."
                              .formatted(Words.cut(id))));
        });
  }

  private Good named(String id) {
    long number = Cursor.id("msg", id);
    return reads.read(
        jdbc ->
            jdbc.sql("SELECT received_at FROM inbox_message WHERE id = :id")
                .param("id", number)
                .query((row, n) -> new Good(id, Reads.instant(row, "received_at")))
                .optional()
                .orElseThrow(() -> unknown(id)));
  }

  private static Problem unknown(String id) {
    return Problem.notFound(
        "Message '%s' is not known; list the messages to find its id.".formatted(Words.cut(id)));
  }

  private static Otherwise masked(Otherwise one) {
    return new Otherwise(
        one.path(), one.what(), masked(one.path(), one.good()), masked(one.path(), one.now()));
  }

  // Of segments and columns nobody knows what names a person.
  private static String masked(String path, String values) {
    if (values == null) {
      return null;
    }
    return Arrays.stream(values.split(", (?=[\\[{\"0-9tfn-])"))
        .map(
            value -> {
              try {
                return PersonalData.masked(path.replace("/*", ""), value);
              } catch (Json.Unreadable cut) {
                return PersonalData.MASK;
              }
            })
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
