package io.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ShowTest {
  private final Instant now = Instant.parse("2026-03-02T10:00:00Z");

  @Test
  void agesAreToldInTheUnitThatFits() {
    assertThat(Show.ago(now.minusSeconds(5), now)).isEqualTo("5 s ago");
    assertThat(Show.ago(now.minus(Duration.ofMinutes(59)), now)).isEqualTo("59 min ago");
    assertThat(Show.ago(now.minus(Duration.ofMinutes(130)), now)).isEqualTo("2 h 10 min ago");
    assertThat(Show.ago(now.minus(Duration.ofDays(3)), now)).isEqualTo("3 days ago");
    assertThat(Show.ago(now.plusSeconds(7200), now)).isEqualTo("in 2 h");
  }

  @Test
  void aStateHasOneToneAndTheSameWordsEverywhere() {
    assertThat(Show.tone("PARKED")).isEqualTo("bad");
    assertThat(Show.tone("PARK")).isEqualTo("idle");
    assertThat(Show.tone(null)).isEqualTo("idle");
    assertThat(Show.words("IN_FULFILLMENT")).isEqualTo("in fulfillment");
  }

  @Test
  void onlyIdsThatHaveAPageAreLinks() {
    assertThat(Show.link("msg_1")).isEqualTo("/console/messages/msg_1");
    assertThat(Show.link("rpl_1")).isEqualTo("/console/jobs/rpl_1");
    assertThat(Show.link("node:nj-1")).isNull();
    assertThat(Show.link(null)).isNull();
  }

  @Test
  void textThatIsNoJsonStaysAsItIs() {
    assertThat(Show.pretty("{\"a\": ")).isEqualTo("{\"a\": ");
    assertThat(Show.pretty("ISA*00*")).isEqualTo("ISA*00*");
    assertThat(Show.pretty("{\"a\":1}")).isEqualTo("{\n  \"a\" : 1\n}");
  }

  @Test
  void aQuoteInACommandStaysInsideIt() {
    assertThat(Show.quoted("it's; rm -rf x")).isEqualTo("'it'\\''s; rm -rf x'");
  }
}
