package io.serai.exchange;

import io.serai.edi.Answers;
import io.serai.edi.Segment;
import io.serai.edi.Standard;
import io.serai.edi.TransactionSet;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.inbox.Arrival;
import io.serai.inbox.Inbox;
import io.serai.support.Json;
import io.serai.support.Statements;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds what a partner's answers are about, in the transaction that takes their file in.
 *
 * <p>Guarantee: the first answer to a set counts; when the last set of an interchange is answered,
 * the delivery that carried it is told, by an acknowledgment that is a message of its own and finds
 * the delivery even while its sending is still being recorded. What answers nothing of ours, or
 * takes an answer back, is a message, too, and is parked.
 */
final class Answered {
  private static final String SENT = "SENT";

  /** One set of ours that an answer may be about. */
  private record Ours(
      long interchange,
      int place,
      String control,
      String setId,
      String setControl,
      String subject,
      String outcome,
      Long delivery,
      String key,
      String document,
      String state,
      boolean unknown,
      boolean current) {
    boolean isOpen() {
      return current
          && ("READY".equals(state)
              || "SENDING".equals(state)
              || "PENDING".equals(state)
              || "PARKED".equals(state) && unknown);
    }

    String named() {
      return "%s '%s' of interchange '%s'".formatted(setId, setControl, control)
          + (subject == null ? "" : " (order '%s')".formatted(subject));
    }
  }

  private static final String COLUMNS =
      """
      SELECT s.interchange_id, s.place, i.control, s.set_id, s.control, s.subject, s.outcome, i.delivery_id, i.delivery_key,
        d.document, d.state, d.outcome_unknown, d.revision = i.delivery_revision
      FROM interchange_set s JOIN interchange i ON i.id = s.interchange_id LEFT JOIN delivery d ON d.id = i.delivery_id
      """;

  private static final String OF_GROUP =
      COLUMNS
          + """
            WHERE s.account = ? AND s.direction = 'OUT' AND s.functional_id = ? AND s.group_control = ? AND i.usage = ?
            ORDER BY s.interchange_id DESC, s.place LIMIT 10000""";

  private static final String OF_INTERCHANGE =
      COLUMNS
          + """
            WHERE s.interchange_id = (SELECT id FROM interchange WHERE account = ? AND direction = 'OUT' AND control = ?
              AND usage = ? AND sender = ? AND receiver = ? ORDER BY id DESC LIMIT 1)
            ORDER BY s.place""";

  private static final String OF_SUBJECT =
      COLUMNS
          + """
            WHERE s.account = ? AND s.direction = 'OUT' AND s.subject = ? AND s.set_id = ? AND i.usage = ?
            ORDER BY s.interchange_id DESC, s.place LIMIT 1""";

  private static final String ANSWER =
      """
      UPDATE interchange_set SET outcome = ?, sentence = coalesce(?, sentence), answered_by = ?, answered_at = ?
      WHERE interchange_id = ? AND place = ?""";

  private static final String OPEN_SETS =
      """
      SELECT count(*) FILTER (WHERE outcome = 'SENT'), string_agg(sentence, ' ' ORDER BY place) FILTER (WHERE outcome = 'REFUSED'),
        count(*) FILTER (WHERE outcome = 'REFUSED')
      FROM interchange_set WHERE interchange_id = ?""";

  private final Agreement with;
  private final Inbox.Parts parts;
  private final Instant now;
  private int answers;
  private int strange;

  Answered(Agreement with, Inbox.Parts parts, Instant now) {
    this.with = with;
    this.parts = parts;
    this.now = now;
  }

  /** What came of it, for people; empty when nothing answered us. */
  String summary() {
    return answers + strange == 0
        ? ""
        : " %d sets of ours answered, %d answers without one.".formatted(answers, strange);
  }

  /**
   * Takes a 997, 999, 824 or CONTRL.
   *
   * @param by the interchange it came in
   * @param dedupe names it among the messages
   */
  void set(long by, TransactionSet set, String dedupe) throws SQLException {
    var usage = set.interchange().usage();
    if (set.report().id().equals("CONTRL")) {
      var delimiters = set.interchange().delimiters();
      whole(by, usage, Answers.contrl(set.segments(), delimiters), dedupe);
    } else if (set.report().id().equals("824")) {
      var documents = Answers.documents(set.segments());
      for (var i = 0; i < documents.size(); i++) {
        document(by, usage, documents.get(i), dedupe + '/' + (i + 1));
      }
    } else {
      group(by, usage, Answers.group(set.segments()), dedupe);
    }
  }

  /** Takes a TA1. */
  void interchange(long by, String usage, Segment ta1, String dedupe) throws SQLException {
    var answer = Answers.interchange(ta1);
    var ours =
        find(
            OF_INTERCHANGE,
            with.account(),
            answer.control(),
            usage,
            with.ours().text(),
            with.theirs().text());
    if (ours.isEmpty()) {
      // an interchange that holds only a TA1 has no set
      if (!answer.accepted() || !known(answer.control(), usage)) {
        strange(
            dedupe,
            answer.control(),
            "A TA1 of '%s' %s interchange '%s': %s Ask the partner what is wrong; nothing waits for it."
                .formatted(
                    with.account(),
                    answer.accepted() ? "accepts" : "refuses",
                    answer.control(),
                    answer.accepted() ? "it was never sent." : answer.reason()));
      }
      return;
    }
    if (!answer.accepted()) {
      // the envelope is wrong: nothing in it was read. When it is right the groups are still judged
      var said = new LinkedHashMap<Ours, Answers.OfSet>();
      for (var one : ours) {
        said.put(
            one,
            new Answers.OfSet(
                one.setId(),
                one.setControl(),
                false,
                answer.code(),
                "the interchange: " + answer.reason()));
      }
      note(by, said, dedupe);
    }
  }

  // What is said of an interchange holds for each of its messages that is not named.
  private void whole(long by, String usage, Answers.OfWhole answer, String dedupe)
      throws SQLException {
    var ours =
        find(
            OF_INTERCHANGE,
            with.account(),
            padded(answer.control()),
            usage,
            with.ours().text(),
            with.theirs().text());
    if (ours.isEmpty()) {
      strange(
          dedupe,
          answer.control(),
          "'%s' answers interchange '%s', which was never sent to it. Ask the partner what it means."
              .formatted(with.account(), answer.control()));
      return;
    }
    var said = new LinkedHashMap<Ours, Answers.OfSet>();
    for (var one : ours) {
      said.put(
          one,
          new Answers.OfSet(
              one.setId(), one.setControl(), answer.accepted(), answer.code(), answer.reason()));
    }
    for (var message : answer.messages()) {
      var one = ours.stream().filter(o -> same(o.setControl(), message.control())).findFirst();
      if (one.isPresent()) {
        said.put(one.get(), message);
      } else {
        strange(
            dedupe + '/' + message.control(),
            message.control(),
            "'%s' answers message %s '%s' of interchange '%s', which that interchange did not have. Ask the partner what it means."
                .formatted(with.account(), message.set(), message.control(), answer.control()));
      }
    }
    note(by, said, dedupe);
  }

  // Partners may give a reference back without the zeros in front.
  private static String padded(String control) {
    return control.matches("\\d{1,8}") ? "%09d".formatted(Integer.parseInt(control)) : control;
  }

  private boolean known(String control, String usage) throws SQLException {
    var found = new ArrayList<Boolean>();
    new Statements()
        .query(
            "SELECT EXISTS (SELECT 1 FROM interchange WHERE account = ? AND direction = 'OUT' AND control = ? AND usage = ?)",
            rows -> {
              rows.next();
              found.add(rows.getBoolean(1));
            },
            with.account(),
            control,
            usage)
        .execute(parts.connection());
    return found.getFirst();
  }

  private void group(long by, String usage, Answers.OfGroup answer, String dedupe)
      throws SQLException {
    var all =
        find(OF_GROUP, with.account(), answer.functionalId(), number(answer.control()), usage);
    // numbers begin anew one day: the newest group that has it is meant
    var ours =
        all.stream().filter(one -> one.interchange() == all.getFirst().interchange()).toList();
    var said = new LinkedHashMap<Ours, Answers.OfSet>();
    for (var one : ours) {
      said.put(
          one,
          new Answers.OfSet(
              one.setId(),
              one.setControl(),
              answer.accepted(),
              null,
              answer.accepted() ? null : answer.reason()));
    }
    for (var set : answer.sets()) {
      var one =
          ours.stream()
              .filter(o -> o.setId().equals(set.set()) && same(o.setControl(), set.control()))
              .findFirst();
      if (one.isPresent()) {
        said.put(one.get(), set);
      } else if (!ours.isEmpty()) {
        strange(
            dedupe + '/' + set.control(),
            set.control(),
            "'%s' answers %s '%s' of group %s '%s', which that group did not have. Ask the partner what it means."
                .formatted(
                    with.account(),
                    set.set(),
                    set.control(),
                    answer.functionalId(),
                    answer.control()));
      }
    }
    if (ours.isEmpty()) {
      strange(
          dedupe,
          answer.functionalId() + '/' + answer.control(),
          "'%s' answers group %s '%s', which was never sent to it. Ask the partner what it means."
              .formatted(with.account(), answer.functionalId(), answer.control()));
      return;
    }
    note(by, said, dedupe);
  }

  private void document(long by, String usage, Answers.OfDocument answer, String dedupe)
      throws SQLException {
    if (answer.accepted()) {
      return; // that it was read, its 997 says
    }
    var found =
        answer.group().isEmpty()
            ? find(OF_SUBJECT, with.account(), answer.reference(), answer.set(), usage)
            : find(
                    OF_GROUP,
                    with.account(),
                    String.valueOf(Standard.group(answer.set())),
                    number(answer.group()),
                    usage)
                .stream()
                .filter(o -> same(o.setControl(), answer.control()))
                .limit(1)
                .toList();
    if (found.isEmpty()) {
      strange(
          dedupe,
          answer.reference(),
          "'%s' refuses %s '%s', which was never sent to it under that number: %s Ask the partner which document it means."
              .formatted(
                  with.account(),
                  answer.set().isEmpty() ? "document" : answer.set(),
                  answer.reference(),
                  answer.reason()));
      return;
    }
    var one = found.getFirst();
    note(
        by,
        Map.of(
            one,
            new Answers.OfSet(
                one.setId(), one.setControl(), false, answer.code(), answer.reason())),
        dedupe);
  }

  private void note(long by, Map<Ours, Answers.OfSet> said, String dedupe) throws SQLException {
    var interchanges = new LinkedHashMap<Long, Ours>();
    for (var entry : said.entrySet()) {
      var one = entry.getKey();
      var answer = entry.getValue();
      var outcome = answer.accepted() ? "CONFIRMED" : "REFUSED";
      if (one.outcome().equals(outcome)) {
        continue; // said before
      }
      if (!one.outcome().equals(SENT) && answer.accepted()) {
        strange(
            dedupe + '/' + one.setControl(),
            one.setControl(),
            "'%s' accepts %s and refused it before. Ask the partner which holds."
                .formatted(with.account(), one.named()));
        continue;
      }
      answers++;
      new Statements()
          .add(ANSWER, outcome, answer.reason(), by, now, one.interchange(), one.place())
          .execute(parts.connection());
      if (one.isOpen() && owed(one) && one.outcome().equals(SENT)) {
        interchanges.putIfAbsent(one.interchange(), one);
      } else if (!answer.accepted()) {
        refusedLater(one, answer, dedupe);
      }
    }
    for (var one : interchanges.values()) {
      tell(one, dedupe);
    }
  }

  private boolean owed(Ours one) {
    var sent = with.profile().sends().get(one.setId());
    return sent != null && sent.acknowledgedWithin() != null;
  }

  // Nothing waits any more that could be parked, so the answer itself is.
  private void refusedLater(Ours one, Answers.OfSet answer, String dedupe) throws SQLException {
    strange(
        dedupe + '/' + one.setControl(),
        one.key() == null ? one.setControl() : one.key(),
        "'%s' refuses %s, which was done with: %s Correct the cause with the partner and have it sent again, then discard this."
            .formatted(with.account(), one.named(), answer.reason()));
  }

  private void tell(Ours one, String dedupe) throws SQLException {
    var open = new ArrayList<Long>();
    var refused = new ArrayList<Long>();
    var reasons = new ArrayList<String>();
    new Statements()
        .query(
            OPEN_SETS,
            rows -> {
              rows.next();
              open.add(rows.getLong(1));
              reasons.add(rows.getString(2));
              refused.add(rows.getLong(3));
            },
            one.interchange())
        .execute(parts.connection());
    if (open.getFirst() > 0) {
      return;
    }
    var accepted = refused.getFirst() == 0;
    var body =
        Json.MAPPER
            .createObjectNode()
            .put("deliveryKey", one.key())
            .put("state", accepted ? "ACCEPTED" : "REJECTED")
            .put("reference", one.control())
            .put("occurredAt", now.toString());
    if (!accepted) {
      body.put("reason", one.named() + ": " + String.valueOf(reasons.getFirst()));
    }
    parts.add(
        new Arrival(
            with.account(),
            "acknowledgment",
            one.key(),
            dedupe + "=" + one.interchange(),
            null,
            null,
            "application/json",
            Json.bytes(body)));
  }

  private void strange(String dedupe, String about, String sentence) throws SQLException {
    strange++;
    var body =
        Json.MAPPER
            .createObjectNode()
            .put("remoteId", about.isEmpty() ? "-" : about)
            .put("state", "REJECTED")
            .put("reason", sentence)
            .put("occurredAt", now.toString());
    parts.park(
        new Arrival(
            with.account(),
            "acknowledgment",
            "unasked:" + dedupe,
            dedupe,
            null,
            null,
            "application/json",
            Json.bytes(body)),
        Failure.of(FailureKind.REFUSED, sentence, Place.of(with.account())));
  }

  private List<Ours> find(String sql, Object... values) throws SQLException {
    var found = new ArrayList<Ours>();
    new Statements()
        .query(
            sql,
            rows -> {
              while (rows.next()) {
                found.add(
                    new Ours(
                        rows.getLong(1),
                        rows.getInt(2),
                        rows.getString(3),
                        rows.getString(4),
                        rows.getString(5),
                        rows.getString(6),
                        rows.getString(7),
                        rows.getObject(8, Long.class),
                        rows.getString(9),
                        rows.getString(10),
                        rows.getString(11),
                        rows.getBoolean(12),
                        rows.getBoolean(13)));
              }
            },
            values)
        .execute(parts.connection());
    return found;
  }

  private static boolean same(String one, String other) {
    return number(one).equals(number(other));
  }

  // Partners may give a number back with other zeros in front.
  private static String number(String text) {
    return text.strip().replaceFirst("^0+(?=.)", "");
  }
}
