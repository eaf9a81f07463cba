package io.serai.exchange;

import static io.serai.exchange.AnExchange.answer;
import static io.serai.exchange.AnExchange.interchange;
import static io.serai.exchange.AnExchange.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.serai.database.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The documents about one order as one chain, and what is owed on it. */
class ConversationsIT {
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

  private Conversations.Conversation about(String subject) throws SQLException {
    try (var connection = DATABASE.dataSource().getConnection()) {
      return Conversations.of(connection, exchange.with, subject);
    }
  }

  private List<Conversations.Overdue> overdue() throws SQLException {
    try (var connection = DATABASE.dataSource().getConnection()) {
      return Conversations.overdue(connection, exchange.with, exchange.clock.instant(), 50);
    }
  }

  private List<String> steps(String subject) throws SQLException {
    return about(subject).steps().stream()
        .map(s -> (s.incoming() ? "-> " : "<- ") + s.set() + " " + s.outcome())
        .toList();
  }

  private List<String> owed(String subject) throws SQLException {
    return about(subject).owed().stream()
        .map(o -> (o.weOwe() ? "we owe " : "they owe ") + o.set() + " after " + o.after())
        .toList();
  }

  @Test
  void theChainGrowsDocumentByDocumentAndSaysWhoIsNext() throws Exception {
    exchange.takes(interchange(905, "P", "PO", order("PO-1")));
    assertThat(steps("PO-1")).containsExactly("-> 850 ACCEPTED");
    assertThat(owed("PO-1")).containsExactly("we owe 855 after 850");
    assertThat(about("PO-1").owed().getFirst().due())
        .isEqualTo(exchange.clock.instant().plus(Duration.ofHours(24)));

    exchange.clock.advance(Duration.ofMinutes(5));
    exchange.sends(exchange.owes("acknowledgment", "PO-1"), AnExchange.acknowledging("PO-1"));
    assertThat(steps("PO-1")).containsExactly("-> 850 ACCEPTED", "<- 855 SENDING");
    assertThat(owed("PO-1")).containsExactly("they owe 997 after 855");

    exchange.takes(interchange(906, "P", "FA", answer("PR", "1", "A")));
    assertThat(steps("PO-1")).containsExactly("-> 850 ACCEPTED", "<- 855 CONFIRMED");
    assertThat(owed("PO-1")).isEmpty();
  }

  @Test
  void whatIsOwedLongerThanAgreedIsOverdueUntilItGoes() throws Exception {
    exchange.takes(interchange(905, "P", "PO", order("PO-1"), order("PO-2")));
    assertThat(overdue()).isEmpty();

    exchange.clock.advance(Duration.ofHours(25));
    assertThat(overdue())
        .extracting(o -> o.subject() + " " + o.clock().set() + " " + o.clock().weOwe())
        .containsExactlyInAnyOrder("PO-1 855 true", "PO-2 855 true");

    exchange.sends(exchange.owes("acknowledgment", "PO-1"), AnExchange.acknowledging("PO-1"));
    assertThat(overdue()).extracting(Conversations.Overdue::subject).containsExactly("PO-2");
  }

  @Test
  void aRefusedAnswerIsStillOwed() throws Exception {
    exchange.takes(interchange(905, "P", "PO", order("PO-1")));
    exchange.sends(exchange.owes("acknowledgment", "PO-1"), AnExchange.acknowledging("PO-1"));

    exchange.takes(
        interchange(906, "P", "FA", answer("PR", "1", "R", "AK2*855*0001~\nAK5*R*1~\n")));
    exchange.clock.advance(Duration.ofHours(25));

    assertThat(owed("PO-1")).containsExactly("we owe 855 after 850");
    assertThat(overdue()).extracting(Conversations.Overdue::subject).containsExactly("PO-1");
  }

  @Test
  void nothingIsOwedForATestOrForWhatWasRefused() throws Exception {
    exchange.takes(interchange(905, "T", "PO", order("PO-1")));
    exchange.takes(interchange(906, "P", "PO", order("PO-2").replace("20260301", "20261301")));
    exchange.clock.advance(Duration.ofHours(25));

    assertThat(steps("PO-1")).containsExactly("-> 850 TEST");
    assertThat(steps("PO-2")).containsExactly("-> 850 REFUSED");
    assertThat(owed("PO-1")).isEmpty();
    assertThat(owed("PO-2")).isEmpty();
    assertThat(overdue()).isEmpty();
  }

  @Test
  void aRefusedSetThatIsTakenWhenItIsReadAgainAnswersAndIsToBeAnswered() throws Exception {
    exchange.with =
        AnExchange.agreement(
            AnExchange.PROFILE.replace(
                "order-change }", "order-change, after: \"855\", within: 24h }"));
    exchange.takes(interchange(905, "P", "PO", order("PO-1").replace("20260301", "20261301")));
    taken("20261301", "20260301");
    assertThat(owed("PO-1")).containsExactly("we owe 855 after 850");
    exchange.sends(exchange.owes("acknowledgment", "PO-1"), AnExchange.acknowledging("PO-1"));
    exchange.takes(interchange(906, "P", "FA", answer("PR", "1", "A")));
    exchange.takes(
        interchange(
            907, "P", "PC", "860BCH*04*SA*PO-1***20261301~\nPOC*1*QD*1*1*EA*9.9**VN*MUG~\n"));
    exchange.clock.advance(Duration.ofHours(25));
    assertThat(owed("PO-1")).containsExactly("they owe 860 after 855");

    taken("20261301", "20260301");

    assertThat(steps("PO-1"))
        .containsExactly("-> 850 ACCEPTED", "<- 855 CONFIRMED", "-> 860 ACCEPTED");
    assertThat(owed("PO-1")).isEmpty();
    assertThat(overdue()).isEmpty();
  }

  private void taken(String wrong, String right) throws Exception {
    var id =
        exchange.number(
            "SELECT id FROM inbox_message WHERE state = 'PARKED' AND document = 'interchange'");
    var body =
        exchange.text(
            "SELECT convert_from(body, 'LATIN1') FROM message_payload WHERE message_id = " + id);
    var key = exchange.text("SELECT message_key FROM inbox_message WHERE id = " + id);
    exchange.take(exchange.claimed(id, body.replace(wrong, right).getBytes(), key, "set"));
  }

  @Test
  void whatIsSentAgainIsAwaitedAsLongAsTheFirstTime() throws Exception {
    var sending = exchange.owes("acknowledgment", "PO-1");
    exchange.sends(sending, AnExchange.acknowledging("PO-1"));
    exchange.clock.advance(Duration.ofHours(30));
    var until = exchange.clock.instant().plus(Duration.ofHours(24));
    exchange.execute(
        "UPDATE delivery SET state = 'PENDING', due_at = '%s' WHERE id = %d"
            .formatted(until, sending.id()));

    assertThat(about("PO-1").owed())
        .extracting(Conversations.Owed::set, Conversations.Owed::due)
        .containsExactly(tuple("997", until));
  }

  @Test
  void theNewestOrdersComeFirstPageByPage() throws Exception {
    exchange.takes(interchange(905, "P", "PO", order("PO-1"), order("PO-2")));
    exchange.takes(interchange(906, "P", "PO", order("PO-3")));

    try (var connection = DATABASE.dataSource().getConnection()) {
      var first = Conversations.newest(connection, "store", null, 2);
      var rest = Conversations.newest(connection, "store", first.getLast().place(), 2);

      assertThat(first).extracting(Conversations.Opening::subject).containsExactly("PO-3", "PO-2");
      assertThat(rest).extracting(Conversations.Opening::subject).containsExactly("PO-1");
    }
  }
}
