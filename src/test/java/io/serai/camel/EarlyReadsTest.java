package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.catalog.Account;
import io.serai.catalog.Catalog;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.inbox.InboxMessage;
import io.serai.inbox.IntakeRefused;
import io.serai.support.ManualClock;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a route asked for too early or could not store, and what that is taken for. */
class EarlyReadsTest {
  private final ManualClock clock = new ManualClock();
  private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());

  private Failure named(String connector, Exception thrown) {
    var profile =
        Catalog.open(getClass().getClassLoader(), null).edition().connectors().get(connector);
    return new Reads(Account.sample(profile), clock)
        .name(exchange, thrown, new Place("a-route", "a-step", "shop"), "Message 'msg_7'");
  }

  private void running(String document) {
    var message =
        new InboxMessage(
            7, "shop", document, "1001", null, null, clock.instant(), 0, 1, "{}".getBytes());
    exchange.setProperty(InboxConsumer.RUN, new InboxConsumer.Run(message, false));
  }

  private static Exception answered(int status, String body) {
    return new HttpOperationFailedException(
        "http://shop.example", status, "status", null, Map.of(), body);
  }

  @ParameterizedTest
  @CsvSource({"amazon,order-change,NotFound", "ebay,order-change,32100", "square,batch,NOT_FOUND"})
  void whatAHintTellsOfAndIsNotFoundYetIsAskedForAgain(
      String connector, String document, String code) {
    running(document);

    var failure =
        named(connector, answered(404, "{\"errors\":[{\"code\":\"%s\"}]}".formatted(code)));

    assertThat(failure.kind()).isEqualTo(FailureKind.TRANSIENT);
    assertThat(failure.sentence())
        .startsWith("Message 'msg_7' needs an answer of '")
        .endsWith("', which said HTTP 404. It is tried again by itself.");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 410})
  void anotherRefusalOfAHintIsThePartnersLastWord(int status) {
    running("order-change");

    assertThat(named("ebay", answered(status, "{}")).kind()).isEqualTo(FailureKind.REFUSED);
  }

  @Test
  void whatAStateNeedsAndIsNotFoundIsRefused() {
    running("order");

    assertThat(named("ebay", answered(404, "{}")).kind()).isEqualTo(FailureKind.REFUSED);
  }

  @Test
  void whatAPollAsksForAndIsNotFoundIsRefused() {
    assertThat(named("ebay", answered(404, "{}")).kind()).isEqualTo(FailureKind.REFUSED);
  }

  @Test
  void whatCannotBeStoredNowIsTriedAgainAndNeverCorrectedInARoute() {
    exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
    running("batch");

    var full = named("square", new IntakeRefused("The disk is low.", Duration.ofSeconds(5)));
    var away =
        named(
            "square",
            new SQLException(
                "An I/O error occurred.\n  Detail: (Ada Example)",
                "08006",
                new IOException("reset")));

    assertThat(full.kind()).isEqualTo(FailureKind.THROTTLED);
    assertThat(full.retryAfter()).isEqualTo(Duration.ofSeconds(5));
    assertThat(full.sentence())
        .isEqualTo(
            "Message 'msg_7' has to wait: nothing can be stored now (The disk is low.). It is tried again by itself.");
    assertThat(away.kind()).isEqualTo(FailureKind.TRANSIENT);
    assertThat(away.sentence())
        .isEqualTo(
            "Message 'msg_7' led to something that could not be stored (An I/O error occurred.). It is tried again by itself.");
  }
}
