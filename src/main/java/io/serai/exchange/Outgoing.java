package io.serai.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.edi.Document;
import io.serai.edi.EdifactWriter;
import io.serai.edi.SetTree;
import io.serai.edi.Standard;
import io.serai.edi.Unwritable;
import io.serai.edi.X12Writer;
import io.serai.exchange.ExchangeStore.SetRow;
import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.support.Sha256;
import io.serai.support.SqlStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
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
   * @param interchange ISA13 or UNB05
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

  private static final int MOST_TOGETHER = 50;
  private static final int MOST_TRIES = 5;
  private static final long LINGER = TimeUnit.MILLISECONDS.toNanos(10);

  private final DataSource database;
  private final Clock clock;
  private final Map<String, Turn> turns = new ConcurrentHashMap<>();

  /** Keeps what it wraps in a database. */
  public Outgoing(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * The interchange of a delivery's revision: the one that is stored, or a new one. Calls for one
   * account that come at the same time share a transaction: whoever is first writes for all.
   *
   * @param documents {@code {"set": "856", "body": tree}}, or a list of such
   * @throws FailureException when it cannot be written
   */
  public File wrap(Agreement with, Sending sending, JsonNode documents) throws SQLException {
    var wrap = new Wrap(with, sending, documents(with, documents), acknowledgeBy(with, documents));
    var turn = turns.computeIfAbsent(with.account(), account -> new Turn());
    turn.waiting.add(wrap);
    turn.lock.lock();
    try {
      while (!wrap.done) {
        turn.linger();
        together(turn.next());
      }
    } finally {
      turn.lock.unlock();
    }
    return wrap.file();
  }

  /** What of one account waits to be written; the lock is the writer's. */
  private static final class Turn {
    final Queue<Wrap> waiting = new ConcurrentLinkedQueue<>();
    final Lock lock = new ReentrantLock();
    private long begun = System.nanoTime() - LINGER;
    private int taken = 1;

    // In a rush a commit costs more than those that come a moment later.
    void linger() {
      var apart = (System.nanoTime() - begun) / taken;
      if (apart < LINGER / 2 && waiting.size() < MOST_TOGETHER / 2) {
        LockSupport.parkNanos(LINGER);
      }
      begun = System.nanoTime();
    }

    // What was agreed may have changed between two of them.
    List<Wrap> next() {
      var next = new ArrayList<Wrap>();
      for (var one = waiting.peek();
          one != null
              && next.size() < MOST_TOGETHER
              && (next.isEmpty() || one.with.equals(next.getFirst().with));
          one = waiting.peek()) {
        next.add(waiting.poll());
      }
      taken = next.size();
      return next;
    }
  }

  /** One file on its way; changed under its turn's lock only. */
  private static final class Wrap {
    final Agreement with;
    final Sending sending;
    final List<Document> documents;
    final Instant acknowledgeBy;
    boolean done;
    private File file;
    private Throwable failure;

    Wrap(Agreement with, Sending sending, List<Document> documents, Instant acknowledgeBy) {
      this.with = with;
      this.sending = sending;
      this.documents = documents;
      this.acknowledgeBy = acknowledgeBy;
    }

    void is(String control, String fileName, byte[] body) {
      done = true;
      file = new File(control, fileName, body, acknowledgeBy);
    }

    void failed(Throwable why) {
      done = true;
      failure = why;
    }

    File file() throws SQLException {
      switch (failure) {
        case null -> {
          return file;
        }
        case SQLException e -> throw new SQLException(e.getMessage(), e.getSQLState(), e);
        case FailureException e -> throw e;
        default -> throw new IllegalStateException(failure);
      }
    }

    String set() {
      return documents.isEmpty() ? "" : documents.getFirst().set();
    }

    String functionalId() {
      // messages of EDIFACT go without groups
      return with.profile().standard() == Standard.EDIFACT
          ? ""
          : String.valueOf(Standard.group(set()));
    }
  }

  /** The interchange that was stored with its delivery: an acknowledgment of ours. */
  public File stored(Sending sending) throws SQLException {
    try (var connection = database.getConnection()) {
      // a new revision of it is the same answer
      for (var revision = sending.revision(); revision > 0; revision--) {
        var asked = new Sending(sending.id(), revision, sending.key());
        for (var stored : ExchangeStore.stored(connection, List.of(asked))) {
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

  private List<Document> documents(Agreement with, JsonNode documents) {
    var written = new ArrayList<Document>();
    for (var document : documents.isArray() ? documents : List.of(documents)) {
      written.add(document(with, document));
    }
    return written;
  }

  // Whatever happens, each of them has its file or its failure afterwards.
  private void together(List<Wrap> wraps) {
    try {
      write(wraps);
    } catch (SQLException | RuntimeException | Error e) {
      var left = wraps.stream().filter(wrap -> !wrap.done).toList();
      if (left.size() > 1 && !(e instanceof SQLException sql && SqlStates.isConnectionLost(sql))) {
        left.forEach(wrap -> together(List.of(wrap)));
      } else {
        left.forEach(wrap -> wrap.failed(e));
      }
    }
  }

  private void write(List<Wrap> wraps) throws SQLException {
    try (var connection = database.getConnection()) {
      for (var tries = 0; tries < MOST_TRIES + wraps.size(); tries++) {
        var left = wraps.stream().filter(wrap -> !wrap.done).toList();
        for (var stored : ExchangeStore.stored(connection, sendings(left))) {
          for (var wrap : left) {
            if (stored.is(wrap.sending)) {
              wrap.is(stored.control(), stored.fileName(), stored.body());
            }
          }
        }
        left = first(left);
        if (left.isEmpty()) {
          return;
        }
        connection.setAutoCommit(false);
        try {
          var goes = goes(connection, left);
          if (goes != null && store(connection, left, goes)) {
            connection.commit();
            for (var i = 0; i < left.size(); i++) {
              var one = goes.get(i);
              left.get(i).is(one.control().padded(), one.fileName(), one.body());
            }
          } else {
            // one cannot be written, or another node was faster: all numbers are given back
            connection.rollback();
          }
        } catch (SQLException | RuntimeException | Error e) {
          connection.rollback();
          throw e;
        } finally {
          connection.setAutoCommit(true);
        }
      }
    }
    throw new SQLException("Other nodes write the same deliveries again and again", "40001");
  }

  // Who asks for the same revision a second time finds it stored.
  private static List<Wrap> first(List<Wrap> wraps) {
    var first = new LinkedHashMap<Long, Wrap>();
    wraps.stream()
        .filter(wrap -> !wrap.done)
        .forEach(wrap -> first.putIfAbsent(wrap.sending.id(), wrap));
    return List.copyOf(first.values());
  }

  private static List<Sending> sendings(List<Wrap> wraps) {
    return wraps.stream().map(wrap -> wrap.sending).toList();
  }

  private Document document(Agreement with, JsonNode document) {
    var set = document.path("set").asText("");
    if (!with.profile().sends().containsKey(set)) {
      throw refused(
          with,
          "%s '%s' is not among those that partner profile '%s' sends"
              .formatted(with.profile().standard().document(), set, with.profile().name()));
    }
    try {
      return new Document(
          set,
          SetTree.segments(set, document.path("body"), with.profile().delimiters().component()));
    } catch (Unwritable e) {
      throw refused(with, e.getMessage());
    }
  }

  // Null when one of them cannot be written, which is then told so.
  private List<ExchangeStore.Goes> goes(Connection connection, List<Wrap> wraps)
      throws SQLException {
    var now = clock.instant();
    var with = wraps.getFirst().with;
    var usage = with.usage();
    var controls =
        ControlNumbers.interchanges(connection, with, usage, wraps.size(), now).iterator();
    var kinds = new TreeMap<String, Integer>();
    wraps.forEach(wrap -> kinds.merge(wrap.functionalId(), 1, Integer::sum));
    var groups = new HashMap<String, Iterator<ControlNumbers.Number>>();
    kinds.remove("");
    for (var kind : kinds.entrySet()) {
      groups.put(
          kind.getKey(),
          ControlNumbers.groups(connection, with, usage, kind.getKey(), kind.getValue(), now)
              .iterator());
    }
    var goes = new ArrayList<ExchangeStore.Goes>();
    for (var wrap : wraps) {
      var control = controls.next();
      var kind = groups.get(wrap.functionalId());
      var group = kind == null ? null : kind.next();
      try {
        var body = write(wrap, control, group, now);
        var sets = sets(wrap, group);
        goes.add(
            new ExchangeStore.Goes(
                with,
                usage,
                control,
                with.profile().version(),
                with.fileName(wrap.set(), control.padded(), sets.getFirst().subject(), now),
                body,
                Sha256.of(body),
                wrap.sending.id(),
                wrap.sending.revision(),
                wrap.sending.key(),
                sets));
      } catch (Unwritable e) {
        wrap.failed(refused(with, e.getMessage()));
        return null;
      }
    }
    return goes;
  }

  private static byte[] write(
      Wrap wrap, ControlNumbers.Number control, ControlNumbers.Number group, Instant now) {
    var with = wrap.with;
    return group == null
        ? EdifactWriter.write(
            with.edifactEnvelope(), control.value(), with.local(now), wrap.documents)
        : X12Writer.write(
            with.envelope(),
            new X12Writer.Numbers(control.value(), group.value()),
            with.local(now),
            wrap.documents);
  }

  private static List<SetRow> sets(Wrap wrap, ControlNumbers.Number group) {
    var sets = new ArrayList<SetRow>();
    for (var document : wrap.documents) {
      sets.add(
          new SetRow(
              sets.size() + 1,
              wrap.functionalId(),
              group == null ? "" : Integer.toString(group.value()),
              document.set(),
              "%04d".formatted(sets.size() + 1),
              Subject.of(document.set(), document.segments()),
              "SENT",
              null,
              null,
              null));
    }
    return sets;
  }

  // False when another node stored one of them meanwhile.
  private boolean store(Connection connection, List<Wrap> wraps, List<ExchangeStore.Goes> goes)
      throws SQLException {
    var ids = ExchangeStore.goes(connection, goes, clock.instant());
    if (ids.size() < wraps.size()) {
      return false;
    }
    ExchangeStore.sets(connection, ids, goes, clock.instant());
    return true;
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
