package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.support.Json;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a mapping made is a record, or is none; what waited too long is left to others. */
class TopicProducerTest {
  @Test
  void aRecordIsWhatTheMappingSaysAndNothingElse() {
    var record =
        TopicProducer.record(
            "lake",
            "a-route",
            Json.tree(
                "{\"topic\":\"t\",\"key\":\"k\",\"headers\":{\"ce_id\":\"evt_1\"},\"value\":{\"a\":1},\"more\":2}"));

    assertThat(record.topic()).isEqualTo("t");
    assertThat(record.key()).isEqualTo("k");
    assertThat(record.headers()).hasSize(1).containsEntry("ce_id", "evt_1");
    assertThat(record.value()).asString().isEqualTo("{\"a\":1}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"value\":{}}", "{\"topic\":\"t\",\"value\":\"text\"}", "[]"})
  void whatHasNoTopicOrNoValueIsAFaultOfTheMapping(String body) {
    assertThatThrownBy(() -> TopicProducer.record("lake", "a-route", Json.tree(body)))
        .hasMessage(
            "A record of 'lake' has no 'topic' or no 'value'. Correct the mapping before 'serai:kafka-send' in route 'a-route', then replay.");
  }

  @Test
  void whatMayBeAnotherReplicasIsNotSent() {
    var until = Instant.parse("2026-03-02T10:00:00Z");

    TopicProducer.inTime("lake", until, until);
    TopicProducer.inTime("lake", null, until);
    assertThatThrownBy(() -> TopicProducer.inTime("lake", until, until.plusSeconds(1)))
        .hasMessage(
            "A record for 'lake' waited so long for its turn that another replica may take it up. It is tried again.");
  }
}
