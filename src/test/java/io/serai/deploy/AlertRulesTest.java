package io.serai.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.serai.deploy.Promql.Series;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules over series that are made up; over those of a hub they are tested where one runs. */
class AlertRulesTest {
  private static final String PAUSED = "SeraiEndpointPaused";

  @TempDir Path folder;

  private static Series hub(long until, LongFunction<List<String>> shown) {
    var series = new Series();
    for (var at = 0L; at <= until; at += AlertRules.STEP) {
      AlertRules.scraped(series, shown.apply(at), at);
    }
    return series;
  }

  private static Series paused(long until, LongToDoubleFunction value) {
    return hub(
        until,
        at ->
            List.of(
                "serai_intake_refused 0.0",
                "serai_endpoint_paused{destination=\"northwind\"} " + value.applyAsDouble(at)));
  }

  // Refused credentials pause for a minute; then one call is made, is refused, and it pauses again.
  @Test
  void credentialsThatAreRefusedForHalfAnHourAreToldThoughEachPauseIsAMinute() throws Exception {
    var rules = new AlertRules();
    var until = 3_000L;
    var series = paused(until, at -> at % 300 == 270 ? 0 : 1);

    var fired = rules.fired(series, until);

    assertThat(fired.keySet()).containsExactly(PAUSED);
    assertThat(fired.get(PAUSED).getFirst()).isEqualTo(1_800);
    assertThat(fired.get(PAUSED)).endsWith(until);
  }

  @Test
  void prometheusItselfTellsThemAtTheSameTimes() throws Exception {
    var rules = new AlertRules();
    var until = 3_000L;
    var series = paused(until, at -> at % 300 == 270 ? 0 : 1);
    rules.askPromtool(folder, series, rules.fired(series, until), 1_770, 1_830, until);
    var gone = hub(600, at -> List.of("serai_intake_refused 0.0"));
    rules.askPromtool(folder, gone, rules.fired(gone, 1_500), 600, 1_500);
  }

  @Test
  void documentsThatWaitInTheTopicAreToldTogetherHoweverManyReplicasReadThem() throws Exception {
    var rules = new AlertRules();
    var series = hub(900, at -> List.of("serai_intake_refused 0.0", "serai_transport_behind 600"));
    assertThat(rules.fired(series, 900)).isEmpty();
    for (var at = 0L; at <= 900; at += AlertRules.STEP) {
      series.add(
          Map.of(
              "__name__",
              "serai_transport_behind",
              "namespace",
              RenderedChart.NAMESPACE,
              "pod",
              "orders-1"),
          at,
          500);
    }

    var fired = rules.fired(series, 900);

    assertThat(fired.keySet()).containsExactly("SeraiTransportBehind");
    assertThat(fired.get("SeraiTransportBehind").getFirst()).isEqualTo(300);
  }

  @Test
  void pausesOfAMinuteThatComeSeldomOrEndAreNotTold() throws Exception {
    var rules = new AlertRules();
    assertThat(rules.fired(paused(7_200, at -> at % 600 < 60 ? 1 : 0), 7_200)).isEmpty();
    assertThat(rules.fired(paused(7_200, at -> at < 1_440 ? 1 : 0), 7_200)).isEmpty();

    var ended = rules.fired(paused(7_200, at -> at < 3_600 ? 1 : 0), 7_200);

    assertThat(ended.get(PAUSED).getLast()).isBetween(3_600L, 3_900L);
  }

  @Test
  void hubsThatNobodyCanAskAreMissed() throws Exception {
    var rules = new AlertRules();
    var series = hub(600, at -> List.of("serai_intake_refused 0.0"));

    var fired = rules.fired(series, 1_500);

    assertThat(fired.keySet()).containsExactly("SeraiAbsent");
    assertThat(fired.get("SeraiAbsent").getFirst()).isBetween(720L, 1_050L);
  }

  @Test
  void whatCannotBeReachedCountsNeitherAsOldNorForScaling() throws Exception {
    var rules = new AlertRules();
    var old = "serai_outbox_oldest_seconds{destination=\"northwind\"} 3600.0";
    var reachable = hub(1_200, at -> List.of("serai_intake_refused 0.0", old));
    var open =
        hub(
            1_200,
            at ->
                List.of(
                    "serai_intake_refused 0.0",
                    old,
                    "serai_endpoint_breaker{destination=\"northwind\"} 0.5"));

    assertThat(rules.fired(reachable, 1_200).keySet()).containsExactly("SeraiOutboxOld");
    assertThat(rules.fired(open, 1_200).keySet()).containsExactly("SeraiEndpointOpen");
  }

  @Test
  void ratesAreThoseOfPrometheus() {
    var series = new Series();
    for (var at = 0L; at <= 600; at += 30) {
      series.add(Map.of("__name__", "c_total", "pod", "a"), at, at >= 300 ? at - 300 : at);
      series.add(Map.of("__name__", "c_total", "pod", "b"), at, 7);
    }

    assertThat(new Promql("sum by (x) (rate(c_total[5m]))").at(series, 300).get(Map.of()))
        .isCloseTo(240 * (300 / 270.0) / 300, within(1e-9));
    assertThat(
            new Promql("max by (pod) (delta(c_total[5m]))").at(series, 600).get(Map.of("pod", "a")))
        .isCloseTo(300, within(1e-9));
    assertThat(new Promql("c_total{pod=\"b\"} > 7").at(series, 600)).isEmpty();
    assertThatThrownBy(() -> new Promql("histogram_quantile(0.9, c_total)"))
        .hasMessageContaining("'histogram_quantile' is not understood");
  }
}
