package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.catalog.Account;
import io.serai.catalog.Catalog;
import io.serai.catalog.Secret;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.support.ManualClock;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a route that only read from a partner ended with, and what that is taken for. */
class ReadsTest {
  private static final Place PLACE = new Place("acme-orders-in", "ask", "northwind");
  private static final String WHAT = "The poll of 'northwind' for 'order'";

  private final ManualClock clock = new ManualClock();
  private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());
  private final Account account = account();
  private final Reads reads = new Reads(account, clock);

  private static Account account() {
    var profile =
        Catalog.open(ReadsTest.class.getClassLoader(), null).edition().connectors().get("rest-3pl");
    var sample = Account.sample(profile);
    var values = new HashMap<>(sample.values());
    values.put("api-key", List.of(Secret.of("canary-key")));
    return new Account("northwind", profile, values, Map.of(), sample.limits());
  }

  private Failure name(Throwable thrown) {
    return reads.name(exchange, thrown, PLACE, WHAT);
  }

  private static Exception answered(int status, String body, Map<String, String> headers) {
    return new HttpOperationFailedException(
        "http://3pl.example", status, "status", null, headers, body);
  }

  @ParameterizedTest
  @CsvSource({
    "503, TRANSIENT, It is tried again by itself.",
    "429, THROTTLED, It waits until the partner takes more.",
    "401, AUTH, Correct the account's credentials; its work waits."
  })
  void whatThePartnerRefusedSaysItsStatusAndWhatFollows(
      int status, FailureKind kind, String advice) {
    var failure = name(answered(status, "{}", Map.of("retry-after", "9")));

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.sentence())
        .isEqualTo(
            "%s needs an answer of 'northwind', which said HTTP %d. %s"
                .formatted(WHAT, status, advice));
    assertThat(failure.status()).isEqualTo(status);
    assertThat(failure.place()).isEqualTo(PLACE);
    assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(9));
  }

  @Test
  void whatTheNetworkDidIsCuredByTime() {
    for (var thrown : List.of(new ConnectException("refused"), new IOException("refused"))) {
      var failure = name(new IllegalStateException("outer", thrown));

      assertThat(failure.kind()).isEqualTo(FailureKind.TRANSIENT);
      assertThat(failure.sentence())
          .isEqualTo(
              "%s needs an answer of 'northwind', and none came that can be read (outer). It is tried again by itself."
                  .formatted(WHAT));
    }
  }

  @Test
  void whatWeProveOurselvesByIsShownToNobodyThoughThePartnerShowsIt() {
    var tokens =
        new Tokens(new Hub(null, null, null, null, null, null, null, null, null, null, clock));
    TokenUse.watch(exchange, tokens, account);
    TokenUse.given(exchange, "northwind", "app", "canary-app");
    exchange.setVariable(Variables.TOKEN, "canary-issued");

    var refused =
        name(
            answered(401, "{\"echo\":\"Bearer canary-issued, canary-app, canary-key\"}", Map.of()));
    var broken = name(new IOException("canary-key, canary-app and canary-issued are no headers"));

    assertThat(refused.evidence()).isEqualTo("{\"echo\":\"Bearer ********, ********, ********\"}");
    assertThat(broken.sentence())
        .contains("(********, ******** and ******** are no headers)")
        .doesNotContain("canary");
    tokens.close();
  }

  @Test
  void whereEvidenceIsCutNoBeginningOfASecretStays() {
    var body = " ".repeat(Failure.EVIDENCE_LIMIT - 6) + "canary-key";

    assertThat(name(answered(500, body, Map.of())).evidence().strip()).isEqualTo("******…");
  }
}
