package io.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveEventsTest {
  private final ArrayDeque<HomeReads.Pulse> pulses = new ArrayDeque<>();
  private int asked;
  private final LiveEvents events =
      new LiveEvents(
          () -> {
            asked++;
            return pulses.size() > 1 ? pulses.poll() : pulses.peek();
          },
          Duration.ofHours(1)); // nobody looks but the test

  @AfterEach
  void close() {
    events.close();
  }

  @Test
  void nobodyListeningMeansNobodyIsAsked() {
    assertThat(events.beat()).isEmpty();
    assertThat(asked).isZero();
  }

  @Test
  void onlyWhatChangedIsTold() {
    pulses.addAll(
        List.of(
            new HomeReads.Pulse("1", "1", "1"),
            new HomeReads.Pulse("2", "1", "1"),
            new HomeReads.Pulse("2", "2", "3"),
            new HomeReads.Pulse("2", "2", "3")));
    events.listen();

    assertThat(events.beat()).isEmpty();
    assertThat(events.beat()).containsExactly("dead-letters");
    assertThat(events.beat()).containsExactly("jobs", "orders");
    assertThat(events.beat()).isEmpty();
  }

  @Test
  void closingEndsEveryStream() {
    pulses.add(new HomeReads.Pulse("1", "1", "1"));
    events.listen();
    assertThat(events.listening()).isEqualTo(1);

    events.close();

    assertThat(events.listening()).isZero();
  }

  @Test
  void whatIsNewIsCountedWhereItCanBe() {
    var before = new HomeReads.Pulse("10/3/2", "1", "100");

    assertThat(LiveEvents.more("dead-letters", before, new HomeReads.Pulse("14/5/3", "1", "100")))
        .isEqualTo("+3");
    assertThat(LiveEvents.more("dead-letters", before, new HomeReads.Pulse("14/1/2", "1", "100")))
        .as("some were ended")
        .isEmpty();
    assertThat(LiveEvents.more("orders", before, new HomeReads.Pulse("10/3/2", "1", "107")))
        .isEqualTo("+7");
    assertThat(LiveEvents.more("jobs", before, new HomeReads.Pulse("10/3/2", "2", "100")))
        .isEmpty();
  }
}
