package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.catalog.Account;
import io.serai.catalog.Catalog;
import io.serai.catalog.Repeat;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.order.Label;
import io.serai.outbox.Delivery;
import io.serai.outbox.Outcome;
import io.serai.outbox.RepeatMode;
import io.serai.support.Json;
import io.serai.support.ManualClock;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an outbox route ended with, and what that is taken for. */
class ReceiptsTest {
  private static final Delivery DELIVERY =
      new Delivery(
          7,
          "northwind",
          "fulfillment-request",
          "fulfillment-request",
          "northwind/ful_1",
          null,
          "ful_1",
          1,
          "fulfillment-request:ful_1:1",
          RepeatMode.IDEMPOTENT,
          Json.tree("{}"),
          false,
          0,
          ManualClock.START,
          ManualClock.START,
          1,
          ManualClock.START);

  private final ManualClock clock = new ManualClock();
  private final DefaultCamelContext context = new DefaultCamelContext();

  private Account account(Repeat repeat) {
    var profile =
        Catalog.open(getClass().getClassLoader(), null).edition().connectors().get("rest-3pl");
    var sample = Account.sample(profile);
    return new Account(
        "northwind",
        profile,
        sample.values(),
        Map.of("fulfillment-request", repeat),
        sample.limits());
  }

  private Receipts receipts(Repeat repeat, boolean lookup) {
    return new Receipts(
        account(repeat), "fulfillment-request", lookup, new CanonicalDocuments(), clock);
  }

  private Outcome read(Exchange exchange) {
    return receipts(Repeat.IDEMPOTENT, false).read(exchange, DELIVERY);
  }

  private Exchange ended(Object body) {
    var exchange = new DefaultExchange(context);
    exchange.getMessage().setBody(body);
    exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
    return exchange;
  }

  private Exchange receipt(String json) {
    return ended(Json.tree(json));
  }

  private Exchange threw(Exception thrown) {
    var exchange = new DefaultExchange(context);
    exchange.setException(thrown);
    return exchange;
  }

  private static Exception answered(int status, String body, Map<String, String> headers) {
    return new HttpOperationFailedException(
        "http://3pl.example", status, "status", null, headers, body);
  }

  private static Failure failure(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    return ((Outcome.Failed) outcome).failure();
  }

  @Test
  void whatOurOwnStepsStoppedSaysWhatFollowsWhateverWasAnsweredBefore() {
    var spent =
        new Failure(
            FailureKind.THROTTLED,
            "It bears no more now.",
            Place.of("northwind"),
            null,
            null,
            Duration.ofSeconds(9));
    var refused = Failure.of(FailureKind.AUTH, "It is not authorized.", Place.of("northwind"));
    for (var before : new Integer[] {null, 200}) {
      var putOff = threw(NotAsked.withoutQuota(spent));
      putOff.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, before);
      var stopped = threw(NotAsked.stopped(refused, null));
      stopped.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, before);

      assertThat(read(putOff)).isEqualTo(new Outcome.PutOff(Duration.ofSeconds(9)));
      assertThat(failure(read(stopped)).kind()).isEqualTo(FailureKind.AUTH);
      assertThat(failure(read(stopped)).sentence()).isEqualTo("It is not authorized.");
      assertThat(failure(read(stopped)).retryAfter()).isNull();
    }
  }

  @Test
  void aYesThatBringsNoLabelIsAnUnknownOutcomeBecauseOneMayBeSold() {
    var profile =
        Catalog.open(getClass().getClassLoader(), null).edition().connectors().get("easypost");
    var sample = Account.sample(profile);
    var account =
        new Account(
            "easypost-main",
            profile,
            sample.values(),
            Map.of("label-request", Repeat.QUERYABLE),
            sample.limits());
    var purchase =
        new Delivery(
            7,
            "easypost-main",
            "label-request",
            "label-request",
            "easypost-main/pcl_1",
            null,
            "pcl_1/1",
            1,
            "label-request:pcl_1/1:1",
            RepeatMode.QUERYABLE,
            Json.tree("{}"),
            false,
            0,
            ManualClock.START,
            ManualClock.START,
            1,
            ManualClock.START);
    var receipts = new Receipts(account, "label-request", false, new CanonicalDocuments(), clock);

    for (var answer : List.of("", ",\"answer\":{}", ",\"answer\":{\"file\":\"XlhB\"}")) {
      var outcome =
          receipts.read(
              receipt("{\"outcome\":\"confirmed\",\"remoteId\":\"1Z\"" + answer + "}"), purchase);
      assertThat(failure(outcome).kind()).as(answer).isEqualTo(FailureKind.UNKNOWN_OUTCOME);
    }
    var sold =
        receipts.read(
            receipt(
                """
                {"outcome":"confirmed","remoteId":"1Z0001","answer":{"trackingNumber":"1Z0001","carrier":"ups","service":"03",
                 "format":"ZPL","file":"XlhB"}}"""),
            purchase);
    assertThat(sold)
        .isEqualTo(
            new Outcome.Confirmed(
                "1Z0001", new Label("1Z0001", null, "ups", "03", null, null, "ZPL", "XlhB", null)));
  }

  @Test
  void aTokenThatLapsesIsReplacedOnceAndAKeyThatIsRefusedIsNot() {
    var exchange = threw(answered(401, "{}", Map.of()));
    var account = account(Repeat.IDEMPOTENT);
    var tokens =
        new Tokens(new Hub(null, null, null, null, null, null, null, null, null, null, clock));
    TokenUse.watch(exchange, tokens, account);

    assertThat(failure(read(exchange)).retryAfter()).as("no token was fetched for it").isNull();

    TokenUse.given(exchange, "northwind", null, "lapsed");
    var failure = failure(read(exchange));
    assertThat(failure.kind()).isEqualTo(FailureKind.AUTH);
    assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(1));
    assertThat(failure.sentence())
        .isEqualTo("'northwind' refused the access token. Another one is asked for, once.");
    tokens.close();
  }

  @Test
  void howLongAJobMayTakeIsSaidByTheProfileWhereTheAnswerDoesNot(@TempDir Path home)
      throws IOException {
    Files.createDirectories(home.resolve("connectors"));
    Files.writeString(
        home.resolve("connectors/acme.connector.yaml"),
        "{ connector: acme, title: A, kind: partner, description: D, deadlines: { acknowledge: 4h } }");
    var profile =
        Catalog.open(getClass().getClassLoader(), home).edition().connectors().get("acme");
    var account = new Account("northwind", profile, Map.of(), Map.of(), null);
    var receipts =
        new Receipts(account, "fulfillment-request", false, new CanonicalDocuments(), clock);

    assertThat(receipts.read(receipt("{\"outcome\":\"pending\"}"), DELIVERY))
        .isEqualTo(new Outcome.Pending(null, clock.instant().plus(Duration.ofHours(4))));
  }

  @Test
  void whatWeProveOurselvesByIsShownToNobodyThoughThePartnerShowsIt() {
    var exchange =
        threw(answered(400, "{\"echo\":\"Bearer canary-issued, canary-key\"}", Map.of()));
    exchange.setVariable("token", "canary-issued");
    var secret = io.serai.catalog.Secret.of("canary-key");
    var known = account(Repeat.IDEMPOTENT);
    var values = new java.util.HashMap<>(known.values());
    values.put("api-key", java.util.List.of(secret));
    var account =
        new Account(known.name(), known.profile(), values, known.outcomes(), known.limits());

    var failure =
        failure(
            new Receipts(account, "fulfillment-request", false, new CanonicalDocuments(), clock)
                .read(exchange, DELIVERY));
    var item =
        (Outcome.Items)
            new Receipts(account, "fulfillment-request", false, new CanonicalDocuments(), clock)
                .read(
                    receipt(
                        "{\"items\":[{\"key\":\"a\",\"outcome\":\"failed\",\"code\":\"X\",\"sentence\":\"canary-key is wrong\"}]}"),
                    DELIVERY);

    assertThat(failure.evidence()).isEqualTo("{\"echo\":\"Bearer ********, ********\"}");
    assertThat(failure(item.items().get(0).outcome()).sentence())
        .contains("'******** is wrong'")
        .doesNotContain("canary");
  }

  @Test
  void whereEvidenceIsCutNoBeginningOfATokenStays() {
    var text = " ".repeat(Failure.EVIDENCE_LIMIT - 6) + "canary-issued";
    var refused = threw(answered(500, text, Map.of()));
    refused.setVariable("token", "canary-issued");
    var unreadable = ended(text.getBytes(StandardCharsets.UTF_8));
    unreadable.setVariable("token", "canary-issued");

    for (var exchange : new Exchange[] {refused, unreadable}) {
      assertThat(failure(read(exchange)).evidence().strip()).isEqualTo("******…");
    }
  }

  @Test
  void onlyAReceiptThatSaysSoIsSuccess() {
    assertThat(read(receipt("{\"outcome\":\"confirmed\",\"remoteId\":\"F-1\"}")))
        .isEqualTo(new Outcome.Confirmed("F-1"));
    assertThat(read(receipt("{\"outcome\":\"confirmed\"}"))).isEqualTo(new Outcome.Confirmed(null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "null",
        "true",
        "\"confirmed\"",
        "{\"outcome\":\"CONFIRMED\"}",
        "{\"outcome\":true}",
        "{\"outcome\":null}",
        "{\"status\":\"accepted\",\"reference\":\"F-1\"}",
        "{\"items\":{}}"
      })
  void whatIsNoReceiptIsAnUnknownOutcome(String json) {
    var failure = failure(read(receipt(json)));

    assertThat(failure.kind()).isEqualTo(FailureKind.UNKNOWN_OUTCOME);
    assertThat(failure.sentence()).contains("'northwind'").contains("'ful_1'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html><body>Welcome</body></html>", "{\"outcome\":\"confi", ""})
  void bytesThatNoMappingReadAreAnUnknownOutcomeAndKeptAsEvidence(String text) {
    var failure = failure(read(ended(text.getBytes(StandardCharsets.UTF_8))));

    assertThat(failure.kind()).isEqualTo(FailureKind.UNKNOWN_OUTCOME);
    assertThat(failure.evidence()).isEqualTo(text);
    assertThat(failure.status()).isEqualTo(200);
  }

  @Test
  void anEndlessAnswerIsCutToWhatAPersonReads() {
    var failure = failure(read(ended(new byte[1 << 20])));

    assertThat(failure.evidence()).hasSizeLessThanOrEqualTo(Failure.EVIDENCE_LIMIT + 1);
  }

  @Test
  void anAnswerThatAMappingCouldNotReadIsAnUnknownOutcomeAfterTheRequestLeft() {
    var exchange = ended("<html>".getBytes(StandardCharsets.UTF_8));
    exchange.setException(unreadable());

    assertThat(failure(read(exchange)).kind()).isEqualTo(FailureKind.UNKNOWN_OUTCOME);
  }

  @Test
  void aMappingThatFailsBeforeTheRequestLeftSentNothing() {
    assertThat(failure(read(threw(unreadable()))).kind()).isEqualTo(FailureKind.UNREADABLE);
  }

  private static Json.Unreadable unreadable() {
    try {
      Json.tree("<html>");
      throw new AssertionError("read");
    } catch (Json.Unreadable e) {
      return e;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "UNKNOWN_SKU, REFUSED",
    "UNAUTHORIZED, AUTH",
    "THROTTLED, THROTTLED",
    "NOBODY_KNOWS_THIS, REFUSED"
  })
  void aFailedReceiptIsNamedByTheConnectorsTable(String code, FailureKind kind) {
    var failure =
        failure(
            read(
                receipt(
                    "{\"outcome\":\"failed\",\"code\":\"%s\",\"sentence\":\"No.\",\"retryAfter\":1.5}"
                        .formatted(code))));

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.sentence()).contains("'No.'").contains("'ful_1'");
    assertThat(failure.retryAfter()).isEqualTo(Duration.ofMillis(1500));
  }

  @Test
  void aPendingReceiptIsDueWhenItSaysOrInAnHour() {
    assertThat(
            read(
                receipt(
                    "{\"outcome\":\"pending\",\"remoteId\":\"F-1\",\"due\":\"2026-03-02T12:00:00Z\"}")))
        .isEqualTo(new Outcome.Pending("F-1", ManualClock.START.plus(Duration.ofHours(2))));
    for (var due : new String[] {"", ",\"due\":\"soon\""}) {
      assertThat(read(receipt("{\"outcome\":\"pending\",\"remoteId\":\"F-1\"%s}".formatted(due))))
          .isEqualTo(new Outcome.Pending("F-1", ManualClock.START.plus(Duration.ofHours(1))));
    }
  }

  @Test
  void ofABatchEveryItemHasItsOwnOutcome() {
    var outcome =
        read(
            receipt(
                """
                {"items":[{"key":"a","outcome":"confirmed"},{"key":"b","outcome":"failed","code":"UNKNOWN_SKU"},{"key":"c"}]}"""));

    var items = ((Outcome.Items) outcome).items();
    assertThat(items).extracting(Outcome.Item::key).containsExactly("a", "b", "c");
    assertThat(items.get(0).outcome()).isEqualTo(new Outcome.Confirmed(null));
    assertThat(failure(items.get(1).outcome()).kind()).isEqualTo(FailureKind.REFUSED);
    assertThat(failure(items.get(2).outcome()).kind()).isEqualTo(FailureKind.UNKNOWN_OUTCOME);
  }

  @Test
  void onlyALookUpFindsOrMisses() {
    var lookup = receipts(Repeat.QUERYABLE, true);

    assertThat(lookup.read(receipt("{\"outcome\":\"found\",\"remoteId\":\"F-1\"}"), DELIVERY))
        .isEqualTo(new Outcome.Confirmed("F-1"));
    assertThat(lookup.read(receipt("{\"outcome\":\"absent\"}"), DELIVERY))
        .isEqualTo(new Outcome.Absent());
    for (var outcome : new String[] {"found", "absent"}) {
      assertThat(failure(read(receipt("{\"outcome\":\"%s\"}".formatted(outcome)))).kind())
          .isEqualTo(FailureKind.UNKNOWN_OUTCOME);
    }
  }

  @Test
  void aLookUpThatCannotBeReadOnlyMeansAskingAgain() {
    var lookup = receipts(Repeat.QUERYABLE, true);

    assertThat(failure(lookup.read(ended("<html>".getBytes()), DELIVERY)).kind())
        .isEqualTo(FailureKind.TRANSIENT);
    assertThat(failure(lookup.read(threw(answered(503, "", Map.of())), DELIVERY)).kind())
        .isEqualTo(FailureKind.TRANSIENT);
    assertThat(failure(lookup.read(threw(new IOException("reset")), DELIVERY)).kind())
        .isEqualTo(FailureKind.TRANSIENT);
  }

  @ParameterizedTest
  @EnumSource(Repeat.class)
  void aCallThatNeverLeftDidNothingAndOneThatWasCutMayHaveDoneIt(Repeat repeat) {
    var receipts = receipts(repeat, false);

    assertThat(failure(receipts.read(threw(new ConnectException("refused")), DELIVERY)).kind())
        .isEqualTo(FailureKind.TRANSIENT);
    assertThat(failure(receipts.read(threw(new IOException("reset by peer")), DELIVERY)).kind())
        .isEqualTo(FailureKind.UNKNOWN_OUTCOME);
  }

  @ParameterizedTest
  @CsvSource({"IDEMPOTENT, TRANSIENT", "QUERYABLE, UNKNOWN_OUTCOME", "BLIND, UNKNOWN_OUTCOME"})
  void aBrokenServerMayHaveDoneIt(Repeat repeat, FailureKind kind) {
    var failure =
        failure(receipts(repeat, false).read(threw(answered(503, "busy", Map.of())), DELIVERY));

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.sentence()).contains("HTTP 503").contains("'ful_1'");
    assertThat(failure.evidence()).isEqualTo("busy");
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "90; 90",
        "'Mon, 02 Mar 2026 10:05:00 GMT'; 300",
        "'Mon, 02 Mar 2026 09:00:00 GMT'; 0",
        "soon; ",
        "-1; "
      },
      delimiter = ';')
  void retryAfterIsSecondsOrADate(String value, Long seconds) {
    var failure = failure(read(threw(answered(429, "", Map.of("retry-after", value)))));

    assertThat(failure.kind()).isEqualTo(FailureKind.THROTTLED);
    assertThat(failure.retryAfter())
        .isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"code\":\"UNAUTHORIZED\"}",
        "{\"error\":{\"code\":\"UNAUTHORIZED\"}}",
        "{\"errors\":[{\"code\":\"UNAUTHORIZED\"}]}",
        "{\"errors\":[{\"extensions\":{\"code\":\"UNAUTHORIZED\"}}]}"
      })
  void aCodeInTheFaultsBodyGoesBeforeTheStatus(String body) {
    assertThat(failure(read(threw(answered(400, body, Map.of())))).kind())
        .isEqualTo(FailureKind.AUTH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"code\":7}", "<html>UNAUTHORIZED</html>"})
  void withoutACodeTheStatusDecides(String body) {
    assertThat(failure(read(threw(answered(400, body, Map.of())))).kind())
        .isEqualTo(FailureKind.REFUSED);
  }

  @Test
  void aReferenceThatNoDatabaseCouldHoldIsMadeVisible() {
    assertThat(read(receipt("{\"outcome\":\"confirmed\",\"remoteId\":\"F\\u0000-1\"}")))
        .isEqualTo(new Outcome.Confirmed("F\uFFFD-1"));
  }
}
