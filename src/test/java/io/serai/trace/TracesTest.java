package io.serai.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.support.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TracesTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";

  @Test
  void aSendersStepIsReadAsTheW3cWritesIt() {
    assertThat(Mark.told("00-" + TRACE + "-" + SPAN + "-01")).isEqualTo(new Mark(TRACE, SPAN));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473\n-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0<"
      })
  void anythingElseIsNoStep(String told) {
    assertThat(Mark.told(told)).isNull();
  }

  @Test
  void noHeaderIsNoStep() {
    assertThat(Mark.told(null)).isNull();
  }

  @Test
  void stepsOfALaneShareItsTraceAndHaveNamesOfTheirOwn() {
    var lane = Mark.lane("shop", "1001");

    assertThat(Mark.applied(lane, 7)).isEqualTo(Mark.applied("shop/1001", 7));
    assertThat(Mark.accepted(lane, 7).trace()).isEqualTo(Mark.delivered(lane, 9, 1).trace());
    assertThat(Mark.accepted(lane, 7).span()).isNotEqualTo(Mark.applied(lane, 7).span());
    assertThat(Mark.normalized(lane, 7, 1)).isNotEqualTo(Mark.normalized(lane, 7, 2));
    assertThat(Mark.applied("shop/1002", 7).trace()).isNotEqualTo(Mark.applied(lane, 7).trace());
  }

  @Test
  void onlyAccountsThatAreNamedHearOfIt() {
    try (var traces = Traces.to(MemoryExporter.NAME, Set.of("northwind"))) {
      var step = new Mark(TRACE, SPAN);

      assertThat(traces.traceparent("northwind", step))
          .isEqualTo("00-" + TRACE + "-" + SPAN + "-01");
      assertThat(traces.traceparent("annex", step)).isNull();
    }
  }

  @Test
  void nobodyIsToldUnlessAsked() {
    assertThat(Traces.to("none", Set.of("northwind"))).isSameAs(Traces.OFF);
    assertThat(Traces.OFF.on()).isFalse();
    assertThat(Traces.OFF.traceparent("northwind", new Mark(TRACE, SPAN))).isNull();
  }

  @Test
  void anExporterThatIsNotThereCostsTheTracesAndNothingElse() {
    assertThat(Traces.to("nosuch", Set.of())).isSameAs(Traces.OFF);
  }

  @Test
  void aFailureIsToldByItsKind() {
    var mark = Mark.applied("failing/1", 1);
    try (var traces = Traces.to(MemoryExporter.NAME, Set.of())) {
      traces.tell(
          new Step(
              "apply order",
              mark,
              null,
              null,
              Step.Kind.INTERNAL,
              Instant.EPOCH,
              Instant.EPOCH.plusMillis(5),
              Map.of("serai.attempt", 2),
              "UNMAPPED"));
    }

    // closing waits for 2 s only
    Await.until(
        "it is told", Duration.ofSeconds(60), () -> !MemoryExporter.trace(mark.trace()).isEmpty());
    var told = MemoryExporter.trace(mark.trace());
    assertThat(told).hasSize(1);
    assertThat(told.getFirst().getSpanId()).isEqualTo(mark.span());
    assertThat(told.getFirst().getStatus().getDescription()).isEqualTo("UNMAPPED");
    assertThat(told.getFirst().getEndEpochNanos()).isEqualTo(5_000_000);
  }
}
