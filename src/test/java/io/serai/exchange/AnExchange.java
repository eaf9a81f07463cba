package io.serai.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.catalog.Faults;
import io.serai.database.TestDatabase;
import io.serai.exchange.PartnerProfile.Identity;
import io.serai.failure.FailureException;
import io.serai.inbox.Accepted;
import io.serai.inbox.Arrival;
import io.serai.inbox.Inbox;
import io.serai.inbox.InboxMessage;
import io.serai.inbox.InboxRunner;
import io.serai.support.Json;
import io.serai.support.ManualClock;
import io.serai.support.Sha256;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * The exchange with one retailer over a database, whose connection breaks when the test says so.
 */
final class AnExchange implements AutoCloseable {
  static final String PROFILE =
      """
      partner: retailer
      title: A retailer
      description: Orders in, answers out.
      version: "004010"
      ids:
        ours: { qualifier: ZZ, id: SERAIHUB }
        theirs: { qualifier: "08", id: RETAILHUB }
      writing: { line-end: lf, file-name: "{set}-{interchange}.edi" }
      receives:
        "850": { document: order }
        "860": { document: order-change }
        "824": {}
        "997": {}
      acknowledgments: { with: "997", ta1: asked }
      sends:
        "855": { acknowledged-within: 24h, after: "850", within: 24h }
        "856": { acknowledged-within: 24h }
        "810": {}
      """;

  final TestDatabase database;
  final ManualClock clock = new ManualClock();

  /** How many statements still go through before the connection breaks; none breaks below zero. */
  final AtomicInteger statements = new AtomicInteger(-1);

  final Incoming incoming;
  final Outgoing outgoing;
  Agreement with;
  private final InboxRunner runner;
  private final Inbox inbox;

  AnExchange(TestDatabase database) {
    this.database = database;
    this.with = agreement(PROFILE);
    this.runner =
        new InboxRunner(
            () -> database.connect("inbox"),
            clock,
            "node-1",
            new InboxRunner.Settings(2_000, 250, Duration.ofMillis(50), Duration.ofSeconds(60)));
    this.inbox =
        new Inbox(
            () -> breaking(database.connect("accept")),
            clock,
            "node-1",
            Inbox.Limits.DEFAULT,
            runner,
            Optional::empty);
    this.incoming = new Incoming(database.dataSource(), clock);
    this.outgoing =
        new Outgoing(
            (DataSource)
                Proxy.newProxyInstance(
                    AnExchange.class.getClassLoader(),
                    new Class<?>[] {DataSource.class},
                    (proxy, method, args) -> breaking(database.dataSource().getConnection())),
            clock);
  }

  static Agreement agreement(String profile) {
    var faults = new Faults("connectors/retailer.partner.yaml");
    var read = PartnerReader.read("connectors/retailer.partner.yaml", profile, faults);
    assertThat(faults.list()).isEmpty();
    var ours = read.ours();
    var theirs = read.theirs();
    return new Agreement("store", read, ours, theirs, read.test());
  }

  /** The same partner under another id. */
  void theyAre(String id) {
    with =
        new Agreement(
            with.account(), with.profile(), with.ours(), new Identity("08", id, null), with.test());
  }

  private Connection breaking(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            AnExchange.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, args) -> {
              if (List.of("prepareStatement", "commit").contains(method.getName())
                  && statements.get() >= 0
                  && statements.getAndDecrement() == 0) {
                statements.set(-1);
                connection.abort(Runnable::run);
                throw new SQLException("The test broke the connection", "08006");
              }
              try {
                return method.invoke(connection, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** Stores a file as if its sender had heard yes; answers its message, claimed. */
  InboxMessage came(String name, String file) throws Exception {
    var accepted = accepted(name, file);
    assertThat(accepted.duplicate()).isFalse();
    return claimed(
        accepted.messageId(), file.getBytes(StandardCharsets.ISO_8859_1), "interchange", name);
  }

  /** Whether a file that comes is none but one that came before. */
  boolean knows(String file) throws Exception {
    return accepted("file.edi", file).duplicate();
  }

  private Accepted accepted(String name, String file) throws Exception {
    var body = file.getBytes(StandardCharsets.ISO_8859_1);
    var answer = new CompletableFuture<Accepted>();
    inbox.accept(
        incoming.came(
            new Arrival(
                "store",
                "interchange",
                "interchange",
                Arrival.BY_CONTENT + Sha256.hex(body),
                null,
                name,
                "application/edi-x12",
                body)),
        (ok, error) -> {
          if (error == null) {
            answer.complete(ok);
          } else {
            answer.completeExceptionally(error);
          }
        });
    return answer.get(30, TimeUnit.SECONDS);
  }

  /** Claims a message as the runner does. */
  InboxMessage claimed(long id, byte[] body, String key, String event) {
    execute(
        "UPDATE inbox_message SET state = 'RUNNING', fence = 7, lease_until = now() + interval '1 hour' WHERE id = "
            + id);
    return new InboxMessage(
        id, "store", "interchange", key, null, event, clock.instant(), 0, 7, body);
  }

  /** Reads a message's file. */
  void take(InboxMessage message) throws SQLException {
    incoming.take(inbox, message, with, new Incoming.Owing("IDEMPOTENT", Duration.ofHours(48)));
  }

  /** A file comes and is read. */
  InboxMessage takes(String file) throws Exception {
    var message = came("file.edi", file);
    take(message);
    return message;
  }

  /** Owes the retailer a document; answers its delivery. */
  Outgoing.Sending owes(String document, String key) {
    var id =
        number(
            """
            WITH d AS (
              INSERT INTO delivery (destination, document, operation, lane, business_key, idempotency_key, repeat_mode, state,
                due_at, deadline_at, created_at)
              VALUES ('store', '%1$s', '%1$s', 'store/%2$s', '%2$s', '%1$s:%2$s', 'QUERYABLE', 'SENDING', now(), now(), now())
              RETURNING id)
            INSERT INTO delivery_content (delivery_id, content) SELECT id, '{}' FROM d RETURNING delivery_id"""
                .formatted(document, key));
    return new Outgoing.Sending(id, 1, document + ":" + key);
  }

  Outgoing.File sends(Outgoing.Sending sending, JsonNode documents)
      throws SQLException, FailureException {
    return outgoing.wrap(with, sending, documents);
  }

  /** An 855 that accepts a one-line order. */
  static JsonNode acknowledging(String order) {
    return Json.tree(
        """
        {"set": "855", "body": {
          "BAK": {"BAK01": "00", "BAK02": "AC", "BAK03": "%s", "BAK04": "20260301"},
          "PO1Loop": [{"PO1": {"PO101": "1", "PO102": "2", "PO103": "EA", "PO104": "9.9", "PO106": "VN", "PO107": "MUG"},
            "ACKLoop": [{"ACK": {"ACK01": "IA", "ACK02": "2", "ACK03": "EA"}}]}]}}"""
            .formatted(order));
  }

  /** An interchange of theirs. */
  static String interchange(int control, String usage, String group, String... sets) {
    var text = new StringBuilder();
    text.append(
            "ISA*00*          *00*          *08*RETAILHUB      *ZZ*SERAIHUB       *260302*0915*U*00401*")
        .append("%09d*0*%s*>~\n".formatted(control, usage));
    text.append("GS*%s*RETAILHUB*SERAIHUB*20260302*0915*%d*X*004010~\n".formatted(group, control));
    for (var i = 0; i < sets.length; i++) {
      var number = "%04d".formatted(i + 1);
      var id = sets[i].substring(0, 3);
      var body = sets[i].substring(3);
      var segments = (int) body.chars().filter(c -> c == '~').count() + 2;
      text.append("ST*%s*%s~\n".formatted(id, number)).append(body);
      text.append("SE*%d*%s~\n".formatted(segments, number));
    }
    text.append("GE*%d*%d~\nIEA*1*%09d~\n".formatted(sets.length, control, control));
    return text.toString();
  }

  /** An order of theirs, one line. */
  static String order(String number) {
    return "850BEG*00*SA*%s**20260301~\nPO1*1*2*EA*9.9**VN*MUG~\nCTT*1~\n".formatted(number);
  }

  /** What they say of a group of ours. */
  static String answer(String functionalId, String group, String result, String... segments) {
    return "997AK1*%s*%s~\n%sAK9*%s*1*1*%d~\n"
        .formatted(
            functionalId, group, String.join("", segments), result, result.equals("R") ? 0 : 1);
  }

  long number(String sql) {
    return Long.parseLong(text(sql));
  }

  String text(String sql) {
    return texts(sql).stream().findFirst().orElse(null);
  }

  List<String> texts(String sql) {
    try (var connection = database.dataSource().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var found = new ArrayList<String>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  void execute(String sql) {
    try (var connection = database.dataSource().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  /** What stands in every table that an exchange writes, one row a line. */
  List<String> books() {
    var all = new ArrayList<String>();
    Iterator<String> tables =
        List.of(
                "SELECT 'message ' || id || ' ' || document || ' ' || state FROM inbox_message ORDER BY id",
                "SELECT 'interchange ' || direction || ' ' || control || ' ' || state FROM interchange ORDER BY id",
                "SELECT 'set ' || direction || ' ' || set_id || ' ' || outcome FROM interchange_set ORDER BY interchange_id, place",
                "SELECT 'delivery ' || document || ' ' || state FROM delivery ORDER BY id",
                "SELECT 'number ' || level || ' ' || last FROM control_number ORDER BY level, functional_id",
                "SELECT 'failure ' || kind FROM failure ORDER BY id")
            .iterator();
    tables.forEachRemaining(sql -> all.addAll(texts(sql)));
    return all;
  }

  @Override
  public void close() {
    inbox.close();
    runner.close();
  }
}
