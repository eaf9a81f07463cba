package io.serai.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.database.TestDatabase;
import io.serai.failure.FailureException;
import io.serai.support.Json;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is sent, in which envelope, under which number, and how often. */
class OutgoingIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private AnExchange exchange;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    exchange = new AnExchange(DATABASE);
  }

  @AfterEach
  void close() {
    exchange.close();
  }

  private static String text(Outgoing.File file) {
    return new String(file.body(), StandardCharsets.ISO_8859_1);
  }

  @Test
  void everyAttemptAtARevisionSendsTheSameFile() throws Exception {
    var sending = exchange.owes("acknowledgment", "PO-1");
    var first = exchange.sends(sending, AnExchange.acknowledging("PO-1"));
    exchange.clock.advance(java.time.Duration.ofHours(5));

    var again = exchange.sends(sending, AnExchange.acknowledging("PO-OTHER"));
    var revised =
        exchange.sends(
            new Outgoing.Sending(sending.id(), 2, "anew"), AnExchange.acknowledging("PO-1"));

    assertThat(again.body()).isEqualTo(first.body());
    assertThat(again.fileName()).isEqualTo("855-000000001.edi");
    assertThat(again.acknowledgeBy()).isEqualTo(exchange.clock.instant().plusSeconds(86_400));
    assertThat(text(first))
        .startsWith(
            "ISA*00*          *00*          *ZZ*SERAIHUB       *08*RETAILHUB      *260302*1000*U*00401*000000001*0*P*>~\nGS*PR*SERAIHUB*RETAILHUB*20260302*1000*1*X*004010~\n");
    assertThat(revised.interchange()).isEqualTo("000000002");
  }

  @Test
  void whateverBreaksNobodyWaitsForever() {
    var broken =
        new Outgoing(
            (DataSource)
                Proxy.newProxyInstance(
                    OutgoingIT.class.getClassLoader(),
                    new Class<?>[] {DataSource.class},
                    (proxy, method, args) -> {
                      throw new LinkageError("no such driver");
                    }),
            exchange.clock);

    var asked =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    CompletableFuture.runAsync(
                        () ->
                            assertThatThrownBy(
                                    () ->
                                        broken.wrap(
                                            exchange.with,
                                            new Outgoing.Sending(i, 1, "k" + i),
                                            AnExchange.acknowledging("PO-" + i)))
                                .isInstanceOf(IllegalStateException.class)
                                .hasRootCauseMessage("no such driver")))
            .toList();

    assertThat(asked).allSatisfy(one -> assertThat(one).succeedsWithin(60, TimeUnit.SECONDS));
  }

  @Test
  void whatCannotBeWrittenTakesNoNumber() {
    var bad = (ObjectNode) AnExchange.acknowledging("PO-1");
    ((ObjectNode) bad.at("/body/BAK")).put("BAK04", "yesterday");

    assertThatThrownBy(() -> exchange.sends(exchange.owes("acknowledgment", "PO-1"), bad))
        .isInstanceOfSatisfying(
            FailureException.class,
            e ->
                assertThat(e.failure().sentence())
                    .startsWith(
                        "Nothing was sent to 'store': document 1 of 1 (855) cannot be written: BAK04"));

    assertThat(exchange.number("SELECT count(*) FROM control_number")).isZero();
    assertThat(exchange.number("SELECT count(*) FROM interchange")).isZero();
  }

  @Test
  void whatWasNotAgreedIsNotSent() {
    assertThatThrownBy(
            () ->
                exchange.sends(
                    exchange.owes("invoice", "PO-1"),
                    Json.tree("{\"set\": \"846\", \"body\": {}}")))
        .isInstanceOfSatisfying(
            FailureException.class,
            e ->
                assertThat(e.failure().sentence())
                    .isEqualTo(
                        "Nothing was sent to 'store': set '846' is not among those that partner profile 'retailer' sends. Correct the mapping or the document, then replay."));
  }

  @Test
  void numbersAreGivenOnceAndInARowWhoeverAsks() throws Exception {
    var sendings =
        IntStream.range(0, 24).mapToObj(i -> exchange.owes("acknowledgment", "PO-" + i)).toList();
    var otherNode = new Outgoing(DATABASE.dataSource(), exchange.clock);
    var asked = new ArrayList<CompletableFuture<String>>();
    for (var sending : sendings) {
      for (var node : List.of(exchange.outgoing, otherNode, otherNode)) {
        asked.add(
            CompletableFuture.supplyAsync(
                () -> {
                  try {
                    return text(node.wrap(exchange.with, sending, AnExchange.acknowledging("PO")));
                  } catch (SQLException e) {
                    throw new AssertionError(e);
                  }
                }));
      }
    }

    var files = new ArrayList<String>();
    for (var one : asked) {
      files.add(one.get(60, TimeUnit.SECONDS));
    }

    assertThat(files.stream().distinct()).hasSize(24);
    assertThat(exchange.texts("SELECT control::int FROM interchange ORDER BY control"))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 24).mapToObj(String::valueOf).toList());
    assertThat(
            exchange.texts(
                "SELECT group_control::int FROM interchange_set ORDER BY group_control::int"))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 24).mapToObj(String::valueOf).toList());
  }

  @Test
  void oneThatCannotBeWrittenTakesNoNumberFromThoseBesideIt() throws Exception {
    var asked = new ArrayList<CompletableFuture<Outgoing.File>>();
    for (var i = 0; i < 24; i++) {
      var sending = exchange.owes("acknowledgment", "PO-" + i);
      var document = AnExchange.acknowledging("PO-" + i);
      if (i % 6 == 3) {
        ((ObjectNode) document.at("/body/BAK")).put("BAK04", "yesterday");
      }
      asked.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return exchange.sends(sending, document);
                } catch (SQLException e) {
                  throw new AssertionError(e);
                }
              }));
    }

    var written = 0;
    for (var i = 0; i < asked.size(); i++) {
      var one = asked.get(i);
      if (i % 6 == 3) {
        assertThatThrownBy(() -> one.get(60, TimeUnit.SECONDS))
            .hasCauseInstanceOf(FailureException.class);
      } else {
        assertThat(text(one.get(60, TimeUnit.SECONDS))).contains("*PO-" + i + "*");
        written++;
      }
    }

    assertThat(exchange.texts("SELECT control::int FROM interchange ORDER BY control"))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, written).mapToObj(String::valueOf).toList());
    assertThat(exchange.texts("SELECT last FROM control_number WHERE level = 'GROUP'"))
        .containsExactly(String.valueOf(written));
  }

  @Test
  void afterTheLastNumberComesTheFirstInTheNextCycle() throws Exception {
    exchange.sends(exchange.owes("acknowledgment", "PO-1"), AnExchange.acknowledging("PO-1"));
    exchange.execute("UPDATE control_number SET last = 999999999 WHERE level = 'INTERCHANGE'");

    var file =
        exchange.sends(exchange.owes("acknowledgment", "PO-2"), AnExchange.acknowledging("PO-2"));

    assertThat(file.interchange()).isEqualTo("000000001");
    assertThat(exchange.texts("SELECT cycle FROM interchange ORDER BY id"))
        .containsExactly("1", "2");
  }

  @Test
  void whateverStatementTheConnectionBreaksAtADocumentHasOneNumberOrNone() throws Exception {
    var sending = exchange.owes("acknowledgment", "PO-1");
    var before = exchange.books();
    var breaks = 0;

    for (var at = 0; ; at++) {
      exchange.statements.set(at);
      try {
        exchange.sends(sending, AnExchange.acknowledging("PO-1"));
        break;
      } catch (SQLException e) {
        breaks++;
        if (exchange.number("SELECT count(*) FROM interchange") == 0) {
          assertThat(exchange.books()).as("broken at statement %d", at).isEqualTo(before);
        }
      }
    }

    exchange.statements.set(-1);
    assertThat(breaks).isGreaterThan(4);
    assertThat(exchange.texts("SELECT control FROM interchange")).containsExactly("000000001");
    assertThat(exchange.texts("SELECT last FROM control_number")).containsExactly("1", "1");
  }
}
