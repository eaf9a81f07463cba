package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.catalog.Account;
import io.serai.catalog.Catalog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HealthWarningsTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
  private static final HealthViews.Webhooks QUIET =
      new HealthViews.Webhooks(null, 0, null, 0, null);
  private static final HealthViews.Drift NO_DRIFT = new HealthViews.Drift(0, null);

  private final Account shop =
      Account.sample(
          Catalog.open(HealthWarningsTest.class.getClassLoader(), null)
              .edition()
              .connectors()
              .get("shopify"));

  private List<String> webhooks(HealthViews.Webhooks webhooks, HealthViews.Poll... polls) {
    return HealthWarnings.of(shop, webhooks, List.of(polls), List.of(), null, NO_DRIFT, null, NOW);
  }

  private static HealthViews.Poll poll(Duration behind) {
    return new HealthViews.Poll(
        "order", NOW.minus(behind), behind.toSeconds(), false, NOW, NOW, null, null, null, null);
  }

  private static HealthViews.Poll failing(
      String kind, String why, Duration wellAgo, Duration leftAlone) {
    return new HealthViews.Poll(
        "order",
        NOW,
        0L,
        false,
        NOW,
        wellAgo == null ? null : ago(wellAgo),
        NOW,
        kind,
        why,
        leftAlone == null ? null : NOW.plus(leftAlone));
  }

  @Test
  void aPollThatFailsSaysSinceWhenWhyAndUntilWhen() {
    var denied = "Its token was refused. Correct the account's credentials; its work waits.";

    assertThat(
            HealthWarnings.of(
                shop,
                null,
                List.of(
                    failing("AUTH", denied, Duration.ofHours(3), Duration.ofMinutes(5)),
                    failing("TRANSIENT", "HTTP 503.", null, null),
                    failing("THROTTLED", "Slower.", Duration.ofMinutes(9), Duration.ofMinutes(1)),
                    failing("THROTTLED", "Slower.", Duration.ofHours(2), null)),
                List.of(),
                null,
                null,
                null,
                NOW))
        .containsExactly(
            "The poll of 'shopify-sample' for 'order' last went well 3 h ago: "
                + denied
                + " It is left alone for 5 min.",
            "The poll of 'shopify-sample' for 'order' never went well: HTTP 503.",
            "The poll of 'shopify-sample' for 'order' last went well 2 h ago: Slower.");
  }

  private static Instant ago(Duration time) {
    return NOW.minus(time);
  }

  @Test
  void whatIsWellIsNotWarnedOf() {
    var webhooks =
        new HealthViews.Webhooks(ago(Duration.ofMinutes(1)), 9, ago(Duration.ofHours(1)), 1, null);
    var stock = new HealthViews.Stock(3, ago(Duration.ofSeconds(20)), NOW);

    assertThat(
            HealthWarnings.of(
                shop,
                webhooks,
                List.of(poll(Duration.ofMinutes(5))),
                List.of(),
                stock,
                NO_DRIFT,
                486L,
                NOW))
        .isEmpty();
    assertThat(HealthWarnings.of(shop, null, List.of(), List.of(), null, null, null, NOW))
        .isEmpty();
  }

  @Test
  void aRefusedWebhookIsWarnedOfUntilAProvenOneComes() {
    var refused =
        new HealthViews.Webhooks(ago(Duration.ofHours(2)), 9, ago(Duration.ofMinutes(5)), 1, null);

    assertThat(webhooks(refused))
        .containsExactly(
            "The last webhook of 'shopify-sample' was refused 5 min ago, its proof missing or wrong; compare its secret with the channel's.");
    assertThat(webhooks(new HealthViews.Webhooks(NOW, 10, refused.lastRefusedAt(), 1, null)))
        .isEmpty();
  }

  @Test
  void aChannelThatOnlyItsPollsHearIsNotSubscribed() {
    assertThat(webhooks(QUIET, poll(Duration.ofMinutes(5))))
        .containsExactly(
            "No webhook of 'shopify-sample' was ever seen, only its polls bring messages; subscribe '/webhooks/shopify-sample' at the channel.");
    assertThat(webhooks(QUIET)).as("nothing came at all yet").isEmpty();
  }

  @Test
  void whoseFilesAreFetchedHasNothingToSubscribeTo() {
    var retailers =
        Account.samples(
            Catalog.open(HealthWarningsTest.class.getClassLoader(), null)
                .edition()
                .connectors()
                .get("x12-retailer"));

    assertThat(retailers)
        .filteredOn(
            one ->
                !HealthWarnings.of(
                        one,
                        QUIET,
                        List.of(poll(Duration.ofMinutes(5))),
                        List.of(),
                        null,
                        NO_DRIFT,
                        null,
                        NOW)
                    .isEmpty())
        .extracting(one -> one.text("transport"))
        .containsExactly("upload");
  }

  @Test
  void aPollFarBehindIsWarnedOf() {
    assertThat(webhooks(new HealthViews.Webhooks(NOW, 1, null, 0, null), poll(Duration.ofHours(7))))
        .containsExactly(
            "The poll of 'shopify-sample' for 'order' is 7 h behind; look into the log for why it does not finish.");
  }

  @Test
  void stockThatIsShownTooLongIsWarnedOf() {
    var stock = new HealthViews.Stock(1, ago(Duration.ofMinutes(6)), null);

    assertThat(HealthWarnings.of(shop, null, List.of(), List.of(), stock, NO_DRIFT, null, NOW))
        .containsExactly(
            "1 listing of 'shopify-sample' shows a former quantity, the oldest for 6 min.");
  }

  @Test
  void anInterfaceThatEndsIsWarnedOfThreeMonthsBefore() {
    assertThat(HealthWarnings.of(shop, null, List.of(), List.of(), null, NO_DRIFT, 89L, NOW))
        .containsExactly(
            "Version '2026-07' of its interface ends on 2027-07-01, in 89 days; move connector 'shopify' to a later one.");
    assertThat(HealthWarnings.of(shop, null, List.of(), List.of(), null, NO_DRIFT, -1L, NOW))
        .containsExactly(
            "Version '2026-07' of its interface ended on 2027-07-01; move connector 'shopify' to a later one.");
    assertThat(HealthWarnings.of(shop, null, List.of(), List.of(), null, NO_DRIFT, 90L, NOW))
        .isEmpty();
  }

  @Test
  void freshDriftIsWarnedOfAndOldDriftIsNot() {
    assertThat(
            HealthWarnings.of(
                shop,
                null,
                List.of(),
                List.of(),
                null,
                new HealthViews.Drift(2, ago(Duration.ofHours(3))),
                null,
                NOW))
        .containsExactly(
            "'shopify-sample' says 2 values that no mapping lists, last 3 h ago; they were kept as text.");
    assertThat(
            HealthWarnings.of(
                shop,
                null,
                List.of(),
                List.of(),
                null,
                new HealthViews.Drift(2, ago(Duration.ofDays(2))),
                null,
                NOW))
        .isEmpty();
  }

  @Test
  void aTokenThatIsNotGrantedIsWarnedOfFirst() {
    var refused =
        new HealthViews.Token(
            "app", null, null, ago(Duration.ofMinutes(9)), "Its secret is wrong.");

    assertThat(HealthWarnings.of(shop, null, List.of(), List.of(refused), null, NO_DRIFT, -1L, NOW))
        .hasSize(2)
        .first()
        .isEqualTo("'shopify-sample' grants no access token 'app' for 9 min: Its secret is wrong.");
  }

  @Test
  void aFileThatIsLeftIsWarnedOfWithTheReason() {
    var files = new TreeMap<String, Optional<String>>();
    files.put("march.csv", Optional.empty());
    files.put("old", Optional.of("it is a folder or a link, and only files are taken"));
    var csv =
        Account.sample(
            Catalog.open(HealthWarningsTest.class.getClassLoader(), null)
                .edition()
                .connectors()
                .get("csv-stock"));

    assertThat(HealthWarnings.and(List.of("Else."), csv, files))
        .containsExactly(
            "Else.",
            "File 'march.csv' in the folder of 'csv-stock-sample' is larger than 48 MB and is left where it lies; split it.",
            "File 'old' in the folder of 'csv-stock-sample' is left where it lies: it is a folder or a link, and only files are taken.");
  }
}
