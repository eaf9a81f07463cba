package io.serai.exchange;

import static io.serai.exchange.AnExchange.answer;
import static io.serai.exchange.AnExchange.interchange;
import static io.serai.exchange.AnExchange.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.database.TestDatabase;
import io.serai.deadletter.DeadLetters;
import io.serai.deadletter.Replay;
import io.serai.deadletter.Verdict;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.inbox.InboxMessage;
import io.serai.support.Await;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a partner's file: its sets, its answer, and what it answers. */
class IncomingIT {
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

  private String sent() {
    return exchange.text(
        "SELECT convert_from(body, 'LATIN1') FROM interchange_content ORDER BY interchange_id DESC LIMIT 1");
  }

  @Test
  void oneBadSetNeverHoldsItsNeighbors() throws Exception {
    exchange.takes(interchange(905, "P", "PO", order("PO-1"), "850REF*DP*1~\n", order("PO-3")));

    assertThat(exchange.books())
        .containsExactly(
            "message 1 interchange SPLIT",
            "message 2 order RECEIVED",
            "message 3 interchange PARKED",
            "message 4 order RECEIVED",
            "interchange IN 000000905 PARTLY_ACCEPTED",
            "interchange OUT 000000001 STORED",
            "set IN 850 ACCEPTED",
            "set IN 850 REFUSED",
            "set IN 850 ACCEPTED",
            "set OUT 997 SENT",
            "delivery functional-acknowledgment READY",
            "number GROUP 1",
            "number INTERCHANGE 1",
            "failure INVALID");
    assertThat(sent())
        .contains("AK2*850*0001~\nAK5*A~", "AK2*850*0002~", "AK5*R*", "AK9*P*3*3*2~")
        .contains("*ZZ*SERAIHUB       *08*RETAILHUB      *");
    assertThat(exchange.text("SELECT sentence FROM failure"))
        .startsWith(
            "Set 850 '0002' of interchange '000000905' from 'store' was refused (line 9): Segment BEG");
    assertThat(exchange.texts("SELECT message_key FROM inbox_message WHERE document = 'order'"))
        .containsExactly("PO-1", "PO-3");
    assertThat(exchange.text("SELECT reason FROM inbox_message WHERE id = 1"))
        .isEqualTo("1 interchanges of 'file.edi': 2 sets taken, 1 refused.");
  }

  @Test
  void aRefusedSetIsReadAgainAloneAndTakenWhenItIsCorrect() throws Exception {
    exchange.takes(interchange(905, "P", "PO", "850BEG*00*SA***20260301~\nPO1*1*2*EA*9~\n"));
    var body =
        exchange.text(
            "SELECT convert_from(body, 'LATIN1') FROM message_payload WHERE message_id = 2");
    var key = exchange.text("SELECT message_key FROM inbox_message WHERE id = 2");
    var answers = exchange.number("SELECT count(*) FROM delivery");

    assertThatThrownBy(() -> exchange.take(exchange.claimed(2, body.getBytes(), key, "850 0001")))
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> assertThat(e.failure().kind()).isEqualTo(FailureKind.INVALID));
    var corrected = body.replace("BEG*00*SA***", "BEG*00*SA*PO-9**");
    exchange.take(exchange.claimed(2, corrected.getBytes(), key, "850 0001"));

    assertThat(
            exchange.texts("SELECT document || ' ' || message_key FROM inbox_message ORDER BY id"))
        .containsExactly("interchange interchange", "interchange " + key, "order PO-9");
    assertThat(exchange.number("SELECT count(*) FROM delivery")).isEqualTo(answers);
    assertThat(
            exchange.texts(
                "SELECT s.outcome || ' ' || s.subject || ' ' || m.id || ' ' || s.sentence FROM interchange_set s JOIN inbox_message m ON m.document = s.document AND m.dedupe_key = s.dedupe_key WHERE s.set_id = '850'"))
        .as("its interchange shows it as taken, with its message")
        .containsExactly(
            "ACCEPTED PO-9 3 Refused at first and taken when it was read again: BEG03 (purchase order number) is missing; it must be there.");
  }

  @ParameterizedTest
  @CsvSource({
    "*RETAILHUB      *,*STRANGER1      *,The sender is '08/STRANGER1'",
    "*SERAIHUB       *,*OTHERHUB       *,The receiver is 'ZZ/OTHERHUB'"
  })
  void readAgainASetForOthersIsRefusedInTheSameWords(String was, String is, String sentence)
      throws Exception {
    var file = interchange(905, "P", "PO", order("PO-1"));
    exchange.takes(file.substring(0, 106).replace(was, is) + file.substring(106));
    var first = exchange.text("SELECT sentence FROM failure");
    assertThat(first)
        .contains(sentence, " When the partner has our TA1, it is to send it again. To take it");

    assertThatThrownBy(() -> exchange.take(refusedSet("")))
        .isInstanceOf(FailureException.class)
        .hasMessage(
            first.replace(
                "When the partner has our TA1, it is to send it again.",
                "It was read again by us alone, and the partner hears nothing."));

    assertThat(exchange.texts("SELECT document FROM inbox_message"))
        .containsExactly("interchange", "interchange");
  }

  @Test
  void readAgainATestIsNotAppliedNorAnythingElseWhereTestsWereAgreed() throws Exception {
    exchange.takes(interchange(905, "P", "PO", "850BEG*00*SA***20260301~\nPO1*1*2*EA*9~\n"));

    assertThatThrownBy(() -> exchange.take(refusedSet("T")))
        .hasMessage(
            "Set 850 '0001' is a test (ISA15 is T), and tests of 'store' are never applied. Discard it.");
    exchange.with =
        new Agreement(
            "store", exchange.with.profile(), exchange.with.ours(), exchange.with.theirs(), true);
    assertThatThrownBy(() -> exchange.take(refusedSet("P")))
        .hasMessageContaining("ISA15 (usage) is 'P', and only tests were agreed.");

    exchange.take(refusedSet("T"));
    assertThat(exchange.texts("SELECT message_key FROM inbox_message WHERE document = 'order'"))
        .containsExactly("PO-9");
  }

  @Test
  void aSetWhoseNumberWasUsedBeforeIsTakenWhenItIsReadAgain() throws Exception {
    exchange.takes(interchange(905, "P", "PO", order("PO-1")));
    exchange.takes(interchange(905, "P", "PO", order("PO-2")));
    var key = exchange.text("SELECT message_key FROM inbox_message WHERE id = 4");
    var body =
        exchange.text(
            "SELECT convert_from(body, 'LATIN1') FROM message_payload WHERE message_id = 4");

    exchange.take(exchange.claimed(4, body.getBytes(), key, "850 0001"));

    assertThat(exchange.texts("SELECT message_key FROM inbox_message WHERE document = 'order'"))
        .containsExactly("PO-1", "PO-2");
  }

  // Message 2, with its order's number where that misses, and under another usage unless it is
  // empty.
  private InboxMessage refusedSet(String usage) {
    var body =
        exchange
            .text("SELECT convert_from(body, 'LATIN1') FROM message_payload WHERE message_id = 2")
            .replace("BEG*00*SA***", "BEG*00*SA*PO-9**");
    if (!usage.isEmpty()) {
      body = body.replace("*0*P*>", "*0*" + usage + "*>");
    }
    var key = exchange.text("SELECT message_key FROM inbox_message WHERE id = 2");
    return exchange.claimed(2, body.getBytes(StandardCharsets.ISO_8859_1), key, "850 0001");
  }

  @Test
  void piecesOfAFileAreJudgedWhenNoOtherNodeJudgesOneOfTheAccount() throws Exception {
    var message = exchange.came("file.edi", interchange(905, "P", "PO", order("PO-1")));
    try (var other = DATABASE.dataSource().getConnection()) {
      other.setAutoCommit(false);
      ExchangeStore.alone(other, "store");
      var taking = CompletableFuture.runAsync(() -> unchecked(message));
      Await.until(
          "it waits for the other",
          Duration.ofSeconds(60),
          () ->
              exchange.number(
                      "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                  == 1);
      assertThat(exchange.number("SELECT count(*) FROM interchange")).isZero();
      other.rollback();

      taking.get(60, TimeUnit.SECONDS);
    }
    assertThat(exchange.texts("SELECT state FROM interchange WHERE direction = 'IN'"))
        .containsExactly("ACCEPTED");
  }

  private void unchecked(InboxMessage message) {
    try {
      exchange.take(message);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theSameInterchangeAgainHasNoSecondEffect() throws Exception {
    var one = interchange(905, "P", "PO", order("PO-1"));
    exchange.takes(one);

    exchange.takes(one + "\n" + interchange(906, "P", "PO", order("PO-2")));

    assertThat(
            exchange.texts(
                "SELECT message_key FROM inbox_message WHERE document = 'order' ORDER BY id"))
        .containsExactly("PO-1", "PO-2");
    assertThat(exchange.texts("SELECT state FROM interchange WHERE direction = 'IN' ORDER BY id"))
        .containsExactly("ACCEPTED", "DUPLICATE", "ACCEPTED");
    assertThat(exchange.texts("SELECT sentence FROM interchange WHERE state = 'DUPLICATE'"))
        .containsExactly(
            "The same interchange came before, in message 'msg_1'; it has no second effect.");
  }

  @Test
  void aFileOfWhichNothingWasTakenIsJudgedAnewWhenItComesAgain() throws Exception {
    var file = interchange(905, "P", "PO", order("PO-1"));
    exchange.theyAre("ELSEWHERE");
    exchange.takes(file);
    exchange.takes(file);
    exchange.theyAre("RETAILHUB");

    exchange.takes(file);

    assertThat(exchange.texts("SELECT document || ' ' || state FROM inbox_message ORDER BY id"))
        .as("what the files before it left has ended")
        .containsExactly(
            "interchange SPLIT",
            "interchange SUPERSEDED",
            "interchange SPLIT",
            "interchange SUPERSEDED",
            "interchange SPLIT",
            "order RECEIVED");
    assertThat(exchange.texts("SELECT superseded_by FROM inbox_message WHERE state = 'SUPERSEDED'"))
        .containsExactly("3", "5");
    assertThat(exchange.texts("SELECT state FROM interchange WHERE direction = 'IN' ORDER BY id"))
        .containsExactly("REFUSED", "REFUSED", "ACCEPTED");
    assertThat(exchange.number("SELECT count(*) FROM delivery"))
        .as("each is answered")
        .isEqualTo(3);
    assertThat(exchange.knows(file)).as("now it was taken").isTrue();
  }

  @Test
  void aFileThatCannotBeReadIsReadAnewWhenItComesAgain() throws Exception {
    var file = "ISA no more of it";
    for (var i = 0; i < 3; i++) {
      var message = exchange.came("file.edi", file);
      assertThat(exchange.knows(file)).as("it is being read").isTrue();
      assertThatThrownBy(() -> exchange.take(message)).isInstanceOf(FailureException.class);
      exchange.execute("UPDATE inbox_message SET state = 'PARKED' WHERE id = " + message.id());
    }

    assertThat(exchange.texts("SELECT state FROM inbox_message ORDER BY id"))
        .as("one dead letter and no more")
        .containsExactly("SUPERSEDED", "SUPERSEDED", "PARKED");
  }

  @Test
  void aTestOfWhichNothingWasTakenIsJudgedAnew() throws Exception {
    var file = interchange(905, "T", "PO", "850REF*DP*1~\n");
    exchange.takes(file);

    exchange.takes(file);

    assertThat(exchange.texts("SELECT state FROM interchange WHERE direction = 'IN'"))
        .containsExactly("TEST", "TEST");
    assertThat(exchange.number("SELECT count(*) FROM delivery")).isEqualTo(2);
  }

  @Test
  void aFileThatWasTakenInPartOrByReplayStaysADuplicate() throws Exception {
    var part = interchange(905, "P", "PO", order("PO-1"), "850REF*DP*1~\n");
    exchange.takes(part);
    assertThat(exchange.knows(part)).isTrue();

    var whole = interchange(906, "P", "PO", order("PO-2"));
    exchange.theyAre("ELSEWHERE");
    var refused = exchange.takes(whole).id() + 1;
    exchange.theyAre("RETAILHUB");
    exchange.take(
        exchange.claimed(
            refused,
            exchange
                .text(
                    "SELECT convert_from(body, 'LATIN1') FROM message_payload WHERE message_id = "
                        + refused)
                .getBytes(StandardCharsets.ISO_8859_1),
            exchange.text("SELECT message_key FROM inbox_message WHERE id = " + refused),
            "850 0001"));

    assertThat(exchange.knows(whole)).isTrue();
    exchange.takes(whole + "\n" + interchange(907, "P", "PO", order("PO-3")));
    assertThat(
            exchange.texts(
                "SELECT message_key FROM inbox_message WHERE document = 'order' ORDER BY id"))
        .containsExactly("PO-1", "PO-2", "PO-3");
  }

  @Test
  void aNumberUnderWhichNothingWasTakenMayBeUsedAgain() throws Exception {
    exchange.takes(interchange(905, "P", "PO", "850REF*DP*1~\n"));

    exchange.takes(interchange(905, "P", "PO", order("PO-1")));

    assertThat(
            exchange.texts(
                "SELECT state || coalesce(' ' || sentence, '') FROM interchange WHERE direction = 'IN' ORDER BY id"))
        .containsExactly(
            "REFUSED Segment BEG (beginning of the purchase order) is missing; it must come before REF here.",
            "ACCEPTED");
  }

  @Test
  void aNumberThatComesAgainWithOtherContentIsRefusedAndNothingOfItIsLost() throws Exception {
    exchange.takes(interchange(905, "P", "PO", order("PO-1")));

    exchange.takes(interchange(905, "P", "PO", order("PO-2")));

    assertThat(sent()).contains("TA1*000000905*260302*0915*R*025~");
    assertThat(exchange.texts("SELECT state FROM inbox_message ORDER BY id"))
        .containsExactly("SPLIT", "RECEIVED", "SPLIT", "PARKED");
    assertThat(exchange.text("SELECT sentence FROM failure"))
        .contains(
            "ISA13 (interchange control number) is '000000905', which this sender used before with other content, in message 'msg_1'.");
  }

  @Test
  void aTestIsAcknowledgedAndNeverApplied() throws Exception {
    exchange.takes(interchange(905, "T", "PO", order("PO-1"), "850REF*DP*1~\n"));

    assertThat(exchange.texts("SELECT state FROM inbox_message")).containsExactly("SPLIT");
    assertThat(sent()).contains("*0*T*>~", "AK9*P*2*2*1~");
    assertThat(exchange.texts("SELECT usage || ' ' || state FROM interchange ORDER BY id"))
        .containsExactly("T TEST", "T STORED");
    assertThat(exchange.texts("SELECT usage || last FROM control_number ORDER BY level"))
        .containsExactly("T1", "T1");
  }

  @ParameterizedTest
  @CsvSource({
    "RETAILHUB,STRANGER1,006,The sender is '08/STRANGER1'",
    "SERAIHUB,OTHERHUB,008,The receiver is 'ZZ/OTHERHUB'",
    "*08*,*01*,005,The sender is '01/RETAILHUB'",
    "*ZZ*,*01*,007,The receiver is '01/SERAIHUB'"
  })
  void whoIsNotMeantIsToldSo(String was, String is, String code, String sentence) throws Exception {
    var file = interchange(905, "P", "PO", order("PO-1"));
    var isa = file.substring(0, 106).replace(was, is);

    exchange.takes(isa + file.substring(106));

    assertThat(sent()).contains("TA1*000000905*260302*0915*R*" + code + "~");
    assertThat(exchange.text("SELECT sentence FROM failure")).contains(sentence);
    assertThat(exchange.texts("SELECT state FROM inbox_message ORDER BY id"))
        .containsExactly("SPLIT", "PARKED");
  }

  @Test
  void aSetThatWasNotAgreedIsRefused() throws Exception {
    exchange.takes(
        interchange(
            905,
            "P",
            "SW",
            "945W06*F*D-1*20260301~\nN1*ST*A*92*7045~\nLX*1~\nW12*SH*1*1**EA**VN*MUG~\n"));

    assertThat(sent()).contains("AK2*945*0001~\nAK5*R*1~");
    assertThat(exchange.text("SELECT sentence FROM failure"))
        .contains("Set 945 (warehouse shipping advice) was not agreed with this partner.");
  }

  @Test
  void aGroupsNumberComesOnceWhereThatWasAgreed() throws Exception {
    exchange.with = AnExchange.agreement(AnExchange.PROFILE + "reading: { group-numbers: ever }\n");
    exchange.takes(interchange(905, "P", "PO", order("PO-1")));

    exchange.takes(
        interchange(906, "P", "PO", order("PO-2"))
            .replace("*906*X*", "*905*X*")
            .replace("GE*1*906", "GE*1*905"));

    assertThat(sent()).contains("AK9*R*1*1*0*19~");
    assertThat(exchange.text("SELECT sentence FROM failure"))
        .contains(
            "GS06 (group control number) is '905', which was used before, in message 'msg_1'.");
  }

  @Test
  void whatIsNoInterchangeIsParkedAsTheFileItIs() throws Exception {
    var message = exchange.came("order.pdf", "%PDF-1.7 what is this");

    assertThatThrownBy(() -> exchange.take(message))
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> {
              assertThat(e.failure().kind()).isEqualTo(FailureKind.UNREADABLE);
              assertThat(e.failure().sentence())
                  .startsWith(
                      "File 'order.pdf' of 'store' holds no interchange that can be read: ");
            });
    assertThat(exchange.number("SELECT count(*) FROM interchange")).isZero();
  }

  @Test
  void whatIsCutOffBehindAGoodInterchangeIsNotForgotten() throws Exception {
    var second = interchange(906, "P", "PO", order("PO-2"));

    exchange.takes(interchange(905, "P", "PO", order("PO-1")) + second.substring(0, 60));

    assertThat(exchange.texts("SELECT document || ' ' || state FROM inbox_message ORDER BY id"))
        .containsExactly("interchange SPLIT", "order RECEIVED", "interchange PARKED");
    assertThat(exchange.text("SELECT kind || ': ' || sentence FROM failure"))
        .startsWith(
            "UNREADABLE: The rest of file 'file.edi' of 'store' cannot be read (line 10): ");

    exchange.take(
        exchange.claimed(
            3,
            second.getBytes(),
            exchange.text("SELECT message_key FROM inbox_message WHERE id = 3"),
            "file.edi"));
    assertThat(exchange.texts("SELECT message_key FROM inbox_message WHERE document = 'order'"))
        .containsExactly("PO-1", "PO-2");
  }

  @Test
  void aTruncatedFileIsToldAndNothingOfItIsTaken() throws Exception {
    var file = interchange(905, "P", "PO", order("PO-1"), order("PO-2"));

    exchange.takes(file.substring(0, file.indexOf("GE*")));

    assertThat(exchange.texts("SELECT state FROM inbox_message ORDER BY id"))
        .containsExactly("SPLIT", "PARKED", "PARKED");
    assertThat(sent()).contains("TA1*000000905*260302*0915*R*023~");
  }

  @Test
  void aRefusedInterchangeWithoutASetIsShownAsAWhole() throws Exception {
    var file =
        interchange(905, "P", "PO", order("PO-1"))
            .replaceAll("(?s)GS.*GE[^~]*~\n", "")
            .replace("IEA*1*", "IEA*3*");

    exchange.takes(file);

    assertThat(exchange.texts("SELECT state FROM inbox_message ORDER BY id"))
        .containsExactly("SPLIT", "PARKED");
    assertThat(exchange.text("SELECT sentence FROM failure"))
        .startsWith(
            "Interchange '000000905' from 'store' was refused and no set in it could be read: IEA01 claims '3' groups");
  }

  @Test
  void anAcknowledgedSetTellsTheDeliveryThatCarriedIt() throws Exception {
    exchange.sends(exchange.owes("acknowledgment", "PO-1"), AnExchange.acknowledging("PO-1"));

    exchange.takes(interchange(905, "P", "FA", answer("PR", "1", "A", "AK2*855*0001~\nAK5*A~\n")));

    assertThat(
            exchange.texts(
                "SELECT outcome || ' ' || subject FROM interchange_set WHERE set_id = '855'"))
        .containsExactly("CONFIRMED PO-1");
    var told =
        exchange.text(
            "SELECT convert_from(p.body, 'UTF8') FROM inbox_message m JOIN message_payload p ON p.message_id = m.id WHERE m.document = 'acknowledgment'");
    assertThat(told).contains("\"deliveryKey\":\"acknowledgment:PO-1\"", "\"state\":\"ACCEPTED\"");
    assertThat(exchange.texts("SELECT set_id FROM interchange_set WHERE direction = 'OUT'"))
        .as("an acknowledgment is never acknowledged")
        .containsExactly("855");
  }

  @Test
  void aRefusedSetTellsSegmentAndElement() throws Exception {
    exchange.sends(exchange.owes("acknowledgment", "PO-1"), AnExchange.acknowledging("PO-1"));

    exchange.takes(
        interchange(
            905,
            "P",
            "FA",
            answer("PR", "1", "R", "AK2*855*0001~\nAK3*PO1*3**8~\nAK4*3*355*7*EA~\nAK5*R*5~\n")));

    var told =
        exchange.text(
            "SELECT convert_from(p.body, 'UTF8') FROM inbox_message m JOIN message_payload p ON p.message_id = m.id WHERE m.document = 'acknowledgment'");
    assertThat(told)
        .contains(
            "\"state\":\"REJECTED\"",
            "855 '0001' of interchange '000000001' (order 'PO-1'): PO103 (segment 3 of the set) 'EA' is no code they take.");
    assertThat(exchange.texts("SELECT outcome FROM interchange_set WHERE set_id = '855'"))
        .containsExactly("REFUSED");
  }

  @Test
  void anAnswerThatComesTwiceCountsOnceAndOneThatIsTakenBackIsShown() throws Exception {
    exchange.sends(exchange.owes("acknowledgment", "PO-1"), AnExchange.acknowledging("PO-1"));
    var yes = answer("PR", "1", "A");

    exchange.takes(interchange(905, "P", "FA", yes));
    exchange.takes(interchange(906, "P", "FA", yes));
    exchange.execute("UPDATE delivery SET state = 'CONFIRMED' WHERE document = 'acknowledgment'");
    exchange.takes(
        interchange(907, "P", "FA", answer("PR", "1", "R", "AK2*855*0001~\nAK5*R*1~\n")));

    assertThat(
            exchange.texts(
                "SELECT state FROM inbox_message WHERE document = 'acknowledgment' ORDER BY id"))
        .containsExactly("RECEIVED", "PARKED");
    assertThat(exchange.text("SELECT sentence FROM failure"))
        .isEqualTo(
            "'store' refuses 855 '0001' of interchange '000000001' (order 'PO-1'), which was done with: they do not take such sets. Correct the cause with the partner and have it sent again, then discard this.");
  }

  @Test
  void anAnswerAfterAReplayCounts() throws Exception {
    var sending = exchange.owes("acknowledgment", "PO-1");
    exchange.sends(sending, AnExchange.acknowledging("PO-1"));
    var no = answer("PR", "1", "R", "AK2*855*0001~\nAK5*R*1~\n");
    exchange.takes(interchange(905, "P", "FA", no));
    exchange.execute("UPDATE delivery SET state = 'PARKED' WHERE id = " + sending.id());

    replayed(sending);
    exchange.takes(interchange(906, "P", "FA", no));
    exchange.execute("UPDATE delivery SET state = 'PARKED' WHERE id = " + sending.id());
    replayed(sending);
    exchange.takes(interchange(907, "P", "FA", answer("PR", "1", "A", "AK2*855*0001~\nAK5*A~\n")));

    assertThat(
            exchange.texts(
                "SELECT convert_from(p.body, 'UTF8')::json ->> 'state' FROM inbox_message m JOIN message_payload p ON p.message_id = m.id WHERE m.document = 'acknowledgment' AND m.state = 'RECEIVED' ORDER BY m.id"))
        .containsExactly("REJECTED", "REJECTED", "ACCEPTED");
    assertThat(exchange.texts("SELECT sentence FROM failure")).isEmpty();
    assertThat(
            exchange.texts(
                "SELECT s.outcome || ' ' || i.control FROM interchange_set s JOIN interchange i ON i.id = s.answered_by WHERE s.set_id = '855'"))
        .containsExactly("CONFIRMED 000000907");
    assertThat(exchange.text("SELECT sentence FROM interchange_set WHERE set_id = '855'"))
        .as("what they refused first is not forgotten")
        .startsWith("Sent again after it was refused: ");
  }

  private void replayed(Outgoing.Sending sending) {
    var id = "dlv_" + sending.id();
    var replay = new Replay(DATABASE.dataSource(), exchange.clock, order -> false);
    assertThat(replay.one(id, "they say so", "ann", DeadLetters.AS_IT_IS))
        .isInstanceOf(Verdict.Done.class);
  }

  @Test
  void anAnswerToWhatWasNeverSentIsShown() throws Exception {
    exchange.takes(interchange(905, "P", "FA", answer("SH", "4711", "A")));

    assertThat(exchange.texts("SELECT state FROM inbox_message ORDER BY id"))
        .containsExactly("SPLIT", "PARKED");
    assertThat(exchange.text("SELECT sentence FROM failure"))
        .isEqualTo(
            "'store' answers group SH '4711', which was never sent to it. Ask the partner what it means.");
  }

  @Test
  void aRefusedEnvelopeRefusesAllThatWasInIt() throws Exception {
    exchange.sends(exchange.owes("acknowledgment", "PO-1"), AnExchange.acknowledging("PO-1"));
    var file =
        interchange(905, "P", "FA", "997AK1*XX*1~\nAK9*A*1*1*1~\n")
            .replaceAll("(?s)GS.*GE[^~]*~\n", "TA1*000000001*260302*1000*R*006~\n")
            .replace("IEA*1*", "IEA*0*");

    exchange.takes(file);

    assertThat(
            exchange.texts(
                "SELECT outcome || ': ' || sentence FROM interchange_set WHERE set_id = '855'"))
        .containsExactly("REFUSED: the interchange: the sender's id is not known to them.");
    assertThat(exchange.texts("SELECT document || ' ' || state FROM inbox_message ORDER BY id"))
        .containsExactly("interchange SPLIT", "acknowledgment RECEIVED");
  }

  @Test
  void whateverStatementTheConnectionBreaksAtAllOfAFileIsTakenOnceOrNothing() throws Exception {
    exchange.sends(exchange.owes("acknowledgment", "PO-0"), AnExchange.acknowledging("PO-0"));
    var file =
        interchange(905, "P", "PO", order("PO-1"), "850REF*DP*1~\n", order("PO-3"))
            + interchange(906, "P", "FA", answer("PR", "1", "A"))
            + interchange(907, "P", "PO", order("PO-4"));
    var message = exchange.came("all.edi", file);
    var before = exchange.books();
    var breaks = 0;

    for (var at = 0; ; at++) {
      exchange.statements.set(at);
      try {
        exchange.take(message);
        break;
      } catch (SQLException e) {
        breaks++;
        assertThat(exchange.books()).as("broken at statement %d", at).isEqualTo(before);
      }
    }

    exchange.statements.set(-1);
    assertThat(breaks).isGreaterThan(20);
    assertThat(exchange.texts("SELECT state FROM inbox_message ORDER BY id"))
        .containsExactly("SPLIT", "RECEIVED", "PARKED", "RECEIVED", "RECEIVED", "RECEIVED");
    assertThat(
            exchange.texts("SELECT control FROM interchange WHERE direction = 'OUT' ORDER BY id"))
        .as("a crash gives no number away")
        .containsExactly("000000001", "000000002", "000000003");
  }

  @Test
  void aFileWhoseClaimWasLostIsNotTaken() throws Exception {
    var message = exchange.came("file.edi", interchange(905, "P", "PO", order("PO-1")));
    exchange.execute("UPDATE inbox_message SET fence = 8");

    assertThatThrownBy(() -> exchange.take(message)).isInstanceOf(SQLException.class);

    assertThat(exchange.books()).containsExactly("message 1 interchange RUNNING");
  }
}
