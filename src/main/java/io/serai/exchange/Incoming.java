package io.serai.exchange;

import io.serai.catalog.Documents;
import io.serai.edi.Acknowledgment;
import io.serai.edi.Contrl;
import io.serai.edi.EdiFault;
import io.serai.edi.EdiListener;
import io.serai.edi.EdiReader;
import io.serai.edi.FileReport;
import io.serai.edi.GroupReport;
import io.serai.edi.InterchangeReport;
import io.serai.edi.Outcome;
import io.serai.edi.SetReport;
import io.serai.edi.SetTree;
import io.serai.edi.Standard;
import io.serai.edi.TransactionSet;
import io.serai.edi.X12Writer;
import io.serai.exchange.ExchangeStore.SetRow;
import io.serai.exchange.PartnerProfile.EnvelopeAnswer;
import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.inbox.Arrival;
import io.serai.inbox.Inbox;
import io.serai.inbox.InboxMessage;
import io.serai.inbox.IntakeRefused;
import io.serai.support.Json;
import io.serai.support.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * Takes files of partners in: judges, acknowledges, and makes every set that is taken a message of
 * its own.
 *
 * <p>Guarantee: what was in the file, what we answer, and the messages its sets become are stored
 * in the transaction that ends the file's message, so a crash leaves all of it or nothing, and the
 * file is then read again. A set that is refused is a message, too, parked with its first fault; it
 * holds none of its neighbors. Files of an account are read in order of arrival, and they and the
 * pieces of a file that are read again take their numbers one after the other on all nodes, which
 * is what makes the look for a number that was used before safe. Where no agreement lets a set in,
 * by whom it is from, to or meant for, reading it again does not either.
 */
public final class Incoming {
  /** Begins the key of a message that holds one set which was refused before. */
  private static final String REFUSED_SET = "refused-set:";

  /** Begins the key of a message that holds a piece of a file. */
  private static final String REST_OF_FILE = "piece-of-file:";

  /** Numbers that were used before are remembered for as long as anybody may ask. */
  private static final Duration MEMORY = Duration.ofDays(731);

  private static final EdiListener NOBODY = new EdiListener() {};

  private final DataSource database;
  private final Clock clock;

  /** Looks in a database for what came before, and dates what it stores by a clock. */
  public Incoming(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * A file as what it is now: the same as one that came before, or one to be judged anew, because
   * nothing of the one before was taken.
   *
   * @throws IntakeRefused when that cannot be told now
   */
  public Arrival came(Arrival file) {
    try (var connection = database.getConnection()) {
      return Resent.of(connection, file);
    } catch (SQLException e) {
      var refused =
          new IntakeRefused(
              "The database could not say whether the file came before; it was not taken. Send it again later.",
              Duration.ofSeconds(5));
      refused.initCause(e);
      throw refused;
    }
  }

  /**
   * What is owed for an account.
   *
   * @param repeat what happens when the same acknowledgment is sent twice
   * @param giveUp how long it may take to be sent
   */
  public record Owing(String repeat, Duration giveUp) {}

  /**
   * Reads a file and ends its message.
   *
   * @throws FailureException when nothing in it can be read, or a set that is read again is refused
   *     again
   */
  public void take(Inbox inbox, InboxMessage message, Agreement with, Owing owing)
      throws SQLException {
    if (message.messageKey().startsWith(REFUSED_SET)) {
      again(inbox, message, with);
      return;
    }
    var report = read(message.body(), with, NOBODY);
    if (report.interchanges().isEmpty()) {
      overtakes(message);
      throw Refusals.file(message, with, report.faults());
    }
    inbox.divide(message, parts -> new Division(message, with, owing, parts).run(report));
  }

  private void overtakes(InboxMessage message) throws SQLException {
    try (var connection = database.getConnection()) {
      Resent.overtakes(connection, message, clock.instant());
    }
  }

  private static FileReport read(byte[] file, Agreement with, EdiListener listener) {
    try {
      return EdiReader.read(
          with.profile().standard(), new ByteArrayInputStream(file), with.readOptions(), listener);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // One set that was refused: what is correct now, by another profile or an edited text, is taken.
  private void again(Inbox inbox, InboxMessage message, Agreement with) throws SQLException {
    var found = new ArrayList<TransactionSet>();
    var report =
        read(
            message.body(),
            with,
            new EdiListener() {
              @Override
              public void set(TransactionSet set) {
                found.add(set);
              }
            });
    if (found.size() != 1 || report.interchanges().size() != 1) {
      throw new FailureException(
          Failure.of(
              FailureKind.UNREADABLE,
              "Message '%s' should hold one set in its envelope and holds %d. Correct its text, then replay."
                  .formatted(message.publicId(), found.size()),
              Place.of(with.account())));
    }
    var set = found.getFirst();
    var interchange = Envelopes.parties(report.interchanges().getFirst(), with);
    var group = interchange.groups().getFirst();
    var outcome = group.sets().getFirst();
    if (!interchange.accepts(group, outcome)) {
      throw new FailureException(Refusals.again(with, interchange, group, outcome));
    }
    if (Envelopes.isOnlyTest(interchange, with)) {
      throw new FailureException(
          Failure.of(
              FailureKind.INVALID,
              "%s %s '%s' is a test (%s), and tests of '%s' are never applied. Discard it."
                  .formatted(
                      Refusals.named(with),
                      outcome.id(),
                      outcome.control(),
                      with.profile().standard() == Standard.X12 ? "ISA15 is T" : "UNB11 is 1",
                      with.account()),
              Place.of(with.account())));
    }
    var document = document(with, set);
    if (document == null) {
      throw new FailureException(
          Failure.of(
              FailureKind.INVALID,
              "%s %s '%s' answers what we sent and cannot be read a second time. Discard it."
                  .formatted(Refusals.named(with), outcome.id(), outcome.control()),
              Place.of(with.account())));
    }
    inbox.divide(
        message,
        parts -> {
          parts.add(arrival(with, set, document, message.publicId()));
          var row = row(0, set, outcome, document, message.publicId());
          var refused = message.messageKey().substring(REFUSED_SET.length());
          ExchangeStore.corrected(parts.connection(), with.account(), refused, row);
          return "The set was taken.";
        });
  }

  private static SetRow row(
      int place, TransactionSet set, SetReport outcome, String document, String dedupe) {
    return new SetRow(
        place,
        set.group().functionalId(),
        set.group().control(),
        outcome.id(),
        outcome.control(),
        Subject.of(outcome.id(), set.segments()),
        outcome.outcome().name(),
        null,
        document,
        dedupe);
  }

  private static String document(Agreement with, TransactionSet set) {
    var received = with.profile().receives().get(set.report().id());
    return received == null ? null : received.document(set);
  }

  private static Arrival arrival(
      Agreement with, TransactionSet set, String document, String dedupe) {
    var tree = SetTree.of(set);
    var subject = Subject.of(set.report().id(), set.segments());
    // stock is one lane: what is counted later counts; a return is one of its own, and stops no
    // other
    var key =
        "return".equals(document)
            ? dedupe
            : "stock".equals(document) || subject == null ? document : subject;
    return new Arrival(
        with.account(),
        document,
        key,
        dedupe,
        null,
        set.report().id() + ' ' + set.report().control(),
        "application/json",
        Json.bytes(tree));
  }

  /** One file on its way into its transaction. */
  private final class Division {
    private final InboxMessage message;
    private final Agreement with;
    private final Owing owing;
    private final Inbox.Parts parts;
    private final Connection connection;
    private final Instant now = clock.instant();
    private final List<Judged> judged = new ArrayList<>();
    private final Answered answered;
    private int taken;
    private int refused;

    Division(InboxMessage message, Agreement with, Owing owing, Inbox.Parts parts) {
      this.message = message;
      this.with = with;
      this.owing = owing;
      this.parts = parts;
      this.connection = parts.connection();
      this.answered = new Answered(with, parts, now);
    }

    String run(FileReport file) throws SQLException {
      ExchangeStore.alone(connection, with.account());
      Resent.overtakes(connection, message, now);
      var interchanges = file.interchanges();
      for (var i = 0; i < interchanges.size(); i++) {
        judged.add(judge(interchanges, i));
      }
      sets();
      for (var one : judged) {
        if (!"DUPLICATE".equals(one.state)) {
          envelopes(one);
          answer(one);
        }
      }
      empty(interchanges);
      rest(file.faults());
      return summary() + answered.summary();
    }

    private Judged judge(List<InterchangeReport> interchanges, int index) throws SQLException {
      var report = interchanges.get(index);
      var interchange = report.interchange();
      var hash = Sha256.of(message.body(), from(interchanges, index), until(interchanges, index));
      var sender = interchange.senderQualifier() + '/' + interchange.sender();
      var receiver = interchange.receiverQualifier() + '/' + interchange.receiver();
      var earlier =
          ExchangeStore.earlier(
              connection,
              with.account(),
              sender,
              receiver,
              interchange.usage(),
              interchange.control(),
              hash,
              now.minus(MEMORY));
      var state = (String) null;
      String sentence = null;
      if (earlier != null && earlier.same()) {
        state = "DUPLICATE";
        sentence =
            "The same interchange came before, in message 'msg_%d'; it has no second effect."
                .formatted(earlier.messageId());
      } else {
        report = groupsKnown(Envelopes.judge(report, with, earlier), sender);
        state =
            !report.outcome().taken()
                ? "REFUSED"
                : Envelopes.isOnlyTest(report, with) ? "TEST" : outcome(report);
        sentence =
            "REFUSED".equals(state)
                ? Refusals.firstFault(report).what()
                : Refusals.firstError(report.faults());
      }
      var id =
          ExchangeStore.came(
              connection,
              new ExchangeStore.Came(
                  with,
                  interchange.usage(),
                  sender,
                  receiver,
                  interchange.control(),
                  interchange.version(),
                  state,
                  sentence,
                  Refusals.name(message),
                  hash,
                  message.id(),
                  index + 1),
              now);
      return new Judged(id, index + 1, report, state);
    }

    private InterchangeReport groupsKnown(InterchangeReport report, String sender)
        throws SQLException {
      if (!with.profile().reading().groupNumbersOnce() || !report.outcome().taken()) {
        return report;
      }
      var groups = new ArrayList<GroupReport>();
      for (var group : report.groups()) {
        var before =
            ExchangeStore.earlierGroup(
                connection,
                with.account(),
                sender,
                report.interchange().usage(),
                group.group().functionalId(),
                group.group().control(),
                now.minus(MEMORY));
        groups.add(
            before == null ? group : group.usedBefore("in message 'msg_%d'".formatted(before)));
      }
      return report.with(groups);
    }

    // Reads the file a second time, now that it is known what is taken.
    private void sets() throws SQLException {
      try {
        read(
            message.body(),
            with,
            new EdiListener() {
              private int interchange;
              private int place;

              @Override
              public void set(TransactionSet set) {
                try {
                  Division.this.set(judged.get(interchange), ++place, set);
                } catch (SQLException e) {
                  throw new Failed(e);
                }
              }

              @Override
              public void interchange(InterchangeReport report) {
                interchange++;
                place = 0;
              }
            });
      } catch (Failed e) {
        throw e.cause;
      }
      for (var one : judged) {
        one.flush(connection, with, now);
      }
    }

    private void set(Judged in, int place, TransactionSet set) throws SQLException {
      var group = in.group(place);
      var outcome = in.set(place);
      var accepted = in.report.accepts(group, outcome);
      var document = document(with, set);
      var dedupe = "%s#%d.%d".formatted(message.publicId(), in.place, place);
      var failure = accepted ? null : Refusals.set(with, in.report, group, outcome);
      if ("ACCEPTED".equals(in.state)
          || "ACCEPTED_WITH_ERRORS".equals(in.state)
          || "PARTLY_ACCEPTED".equals(in.state)
          || "REFUSED".equals(in.state)) {
        if (!accepted) {
          refused++;
          parts.park(parked(in, set, dedupe), failure);
        } else if (document != null) {
          taken++;
          parts.add(arrival(with, set, document, dedupe));
        }
      }
      if (accepted && Standard.answers(outcome.id()) && in.taken()) {
        answered.set(in.id, set, dedupe);
      }
      var fault = accepted ? null : Refusals.firstFault(in.report, group, outcome);
      var row = row(place, set, outcome, document, dedupe);
      in.rows.add(
          accepted ? row.saying(Refusals.firstError(outcome.faults())) : row.refused(fault.what()));
      if (in.rows.size() == 500) {
        in.flush(connection, with, now);
      }
    }

    // What is refused as a whole and has no set that could tell of it.
    private void empty(List<InterchangeReport> interchanges) throws SQLException {
      for (var one : judged) {
        if ("REFUSED".equals(one.state) && one.sets.isEmpty()) {
          refused++;
          var fault = Refusals.firstFault(one.report);
          parts.park(
              raw(
                  "#%d".formatted(one.place),
                  Arrays.copyOfRange(
                      message.body(),
                      from(interchanges, one.place - 1),
                      until(interchanges, one.place - 1))),
              new Failure(
                  FailureKind.INVALID,
                  "Interchange '%s' from '%s' was refused and no set in it could be read: %s Have the partner send it again, or correct the text, then replay."
                      .formatted(one.report.interchange().control(), with.account(), fault.what()),
                  Place.of(with.account()),
                  Refusals.evidence(fault),
                  null,
                  null));
        }
      }
    }

    // Bytes behind the last interchange that could be read and that are no garbage.
    private void rest(List<EdiFault> faults) throws SQLException {
      for (var fault : faults) {
        if (fault.refuses()) {
          refused++;
          var from = (int) Math.max(0, Math.min(fault.place().offset(), message.body().length));
          parts.park(
              raw("#rest", Arrays.copyOfRange(message.body(), from, message.body().length)),
              Failure.of(
                  FailureKind.UNREADABLE,
                  "The rest of file '%s' of '%s' cannot be read (line %d): %s Have the partner send it again, or correct the text, then replay."
                      .formatted(
                          Refusals.name(message),
                          with.account(),
                          fault.place().line(),
                          fault.what()),
                  Place.of(with.account())));
          return;
        }
      }
    }

    /** A piece of the file as it came, read as a file of its own when it is replayed. */
    private Arrival raw(String which, byte[] body) {
      var dedupe = message.publicId() + which;
      return new Arrival(
          with.account(),
          Documents.INTERCHANGE,
          REST_OF_FILE + dedupe,
          dedupe,
          null,
          Refusals.name(message),
          with.mediaType(),
          body);
    }

    private Arrival parked(Judged in, TransactionSet set, String dedupe) {
      return new Arrival(
          with.account(),
          Documents.INTERCHANGE,
          REFUSED_SET + dedupe,
          dedupe,
          null,
          set.report().id() + ' ' + set.report().control(),
          with.mediaType(),
          Alone.of(message.body(), set, with));
    }

    private int from(List<InterchangeReport> interchanges, int index) {
      return (int) interchanges.get(index).interchange().offset();
    }

    // Without the white space behind it. The file may be large: no copy is made.
    private int until(List<InterchangeReport> interchanges, int index) {
      var body = message.body();
      var until = index + 1 < interchanges.size() ? from(interchanges, index + 1) : body.length;
      while (until > from(interchanges, index) && Character.isWhitespace(body[until - 1] & 0xff)) {
        until--;
      }
      return until;
    }

    private void envelopes(Judged one) throws SQLException {
      var all = one.report.acknowledgments();
      for (var i = 0; one.taken() && i < all.size(); i++) {
        answered.interchange(
            one.id,
            one.report.interchange().usage(),
            all.get(i),
            "%s#%d.TA1.%d".formatted(message.publicId(), one.place, i + 1));
      }
    }

    private void answer(Judged one) throws SQLException {
      var usage = one.report.interchange().usage();
      var answers = with.profile().answers();
      var key = "%s#%d".formatted(message.publicId(), one.place);
      if (with.profile().standard() == Standard.EDIFACT) {
        contrl(one, usage, key);
        return;
      }
      var answer = new Acknowledgment(one.report, answers.kind(), with.envelope());
      if (answers.envelope() != EnvelopeAnswer.NEVER) {
        var report =
            answers.envelope() == EnvelopeAnswer.ALWAYS
                ? new Acknowledgment(one.report.asking(), answers.kind(), with.envelope())
                : answer;
        if (report.answersEnvelope()) {
          var number = ControlNumbers.interchange(connection, with, usage, now);
          var body = report.envelope(number.value(), with.local(now)).orElseThrow();
          store(key + ":TA1", "TA1", usage, number, null, body);
        }
      }
      var groups = answer.groups();
      for (var i = 0; i < groups.size(); i++) {
        var number = ControlNumbers.interchange(connection, with, usage, now);
        var group = ControlNumbers.group(connection, with, usage, "FA", now);
        var body =
            answer.group(
                groups.get(i),
                new X12Writer.Numbers(number.value(), group.value()),
                with.local(now));
        store(key + "." + (i + 1) + ":" + answer.set(), answer.set(), usage, number, group, body);
      }
    }

    private void contrl(Judged one, String usage, String key) throws SQLException {
      var answer = new Contrl(one.report, with.edifactEnvelope());
      if (!answer.answers()) {
        return;
      }
      var number = ControlNumbers.interchange(connection, with, usage, now);
      var body = answer.write(number.value(), with.local(now));
      if (body.isPresent()) {
        store(key + ":CONTRL", "CONTRL", usage, number, null, body.get());
      }
    }

    private void store(
        String key,
        String set,
        String usage,
        ControlNumbers.Number number,
        ControlNumbers.Number group,
        byte[] body)
        throws SQLException {
      var name = with.fileName(set, number.padded(), null, now);
      var document = Documents.FUNCTIONAL_ACKNOWLEDGMENT;
      var content =
          Json.MAPPER
              .createObjectNode()
              .put("set", set)
              .put("interchange", number.padded())
              .put("answers", message.publicId())
              .put("fileName", name);
      var delivery =
          ExchangeStore.deliver(
              connection,
              with.account(),
              document,
              key,
              owing.repeat(),
              message.id(),
              Json.text(content),
              now,
              now.plus(owing.giveUp()));
      var sets =
          set.equals("TA1")
              ? List.<SetRow>of()
              : List.of(
                  new SetRow(
                      1,
                      group == null ? "" : "FA",
                      group == null ? "" : Integer.toString(group.value()),
                      set,
                      "0001",
                      null,
                      "SENT",
                      null,
                      null,
                      null));
      var goes =
          List.of(
              new ExchangeStore.Goes(
                  with,
                  usage,
                  number,
                  with.profile().version(),
                  name,
                  body,
                  Sha256.of(body),
                  delivery,
                  1,
                  document + ':' + key,
                  sets));
      ExchangeStore.sets(connection, ExchangeStore.goes(connection, goes, now), goes, now);
    }

    private String summary() {
      Map<String, Integer> states = new TreeMap<>();
      judged.forEach(one -> states.merge(one.state, 1, Integer::sum));
      var special =
          states.getOrDefault("DUPLICATE", 0) > 0
              ? " %d came before and had no effect.".formatted(states.get("DUPLICATE"))
              : "";
      special +=
          states.getOrDefault("TEST", 0) > 0
              ? " %d are tests, which were acknowledged and not applied."
                  .formatted(states.get("TEST"))
              : "";
      return "%d interchanges of '%s': %d sets taken, %d refused.%s"
          .formatted(judged.size(), Refusals.name(message), taken, refused, special);
    }
  }

  private static String outcome(InterchangeReport report) {
    var groups = report.groups();
    if (!groups.isEmpty()
        && report.acknowledgments().isEmpty()
        && groups.stream().noneMatch(g -> g.outcome().taken())) {
      return "REFUSED";
    }
    if (groups.stream().anyMatch(g -> g.outcome() != Outcome.ACCEPTED)) {
      return groups.stream()
              .allMatch(
                  g ->
                      g.outcome() == Outcome.ACCEPTED_WITH_ERRORS
                          || g.outcome() == Outcome.ACCEPTED)
          ? "ACCEPTED_WITH_ERRORS"
          : "PARTLY_ACCEPTED";
    }
    return report.outcome().name();
  }

  /** Carries what the database said through a listener. */
  private static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient SQLException cause;

    Failed(SQLException cause) {
      super(cause);
      this.cause = cause;
    }
  }
}
