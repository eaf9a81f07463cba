package io.serai.simulator;

import static io.serai.simulator.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stand-in of a till tells every ticket until it is heard, however the line is. */
class PosRestSimulatorTest {

  private static final Instant MORNING = Instant.parse("2026-03-02T10:00:00Z");

  @TempDir Path folder;
  private final Ear ear = new Ear();
  private PosRestSimulator till;

  @BeforeEach
  void open() {
    till = PosRestSimulator.start(options());
  }

  @AfterEach
  void close() {
    till.close();
    ear.close();
  }

  private PosRestOptions options() {
    return PosRestOptions.in(folder).uploadsTo(ear.url()).retrySpan(Duration.ofSeconds(2));
  }

  private List<String> heard() {
    var ids = new ArrayList<String>();
    for (var request : ear.heard()) {
      Ear.json(request).get("tickets").forEach(ticket -> ids.add(ticket.get("id").asText()));
    }
    return ids;
  }

  @Test
  void aSaleIsToldAtOnceWithATokenAndAKey() {
    var id = till.sell("MUG-BLU", 2, MORNING);

    soon(() -> assertThat(heard()).containsExactly(id));
    var request = ear.heard().getFirst();
    assertThat(request.header("Authorization")).contains("Bearer till-upload-token");
    assertThat(request.header("Idempotency-Key")).contains(id);
    var ticket = Ear.json(request).at("/tickets/0");
    assertThat(Instant.from(java.time.OffsetDateTime.parse(ticket.get("at").asText())))
        .isEqualTo(MORNING);
    assertThat(ticket.get("total").asText()).isEqualTo("48.00");
    soon(() -> assertThat(till.owed()).isZero());
    assertThat(till.books().acknowledged()).containsExactly(id);
  }

  @Test
  void whatWasSoldWithoutALineIsToldLaterAndTwiceInOtherBatches() {
    till.online(false);
    var ids = new ArrayList<String>();
    for (var i = 0; i < 8; i++) {
      ids.add(till.sell("MUG-BLU", 1, MORNING.plusSeconds(60 * i)));
    }
    assertThat(till.owed()).isEqualTo(8);

    till.upload(2);

    soon(() -> assertThat(till.owed()).isZero());
    assertThat(heard()).hasSize(16).containsAll(ids);
    assertThat(ear.heard()).extracting(r -> r.header("Idempotency-Key")).doesNotHaveDuplicates();
    assertThat(ear.heard()).extracting(r -> Ear.json(r).toString()).doesNotHaveDuplicates();
  }

  @Test
  void whatIsSwallowedIsToldAgain() {
    till.moods().set(Mood.of(Mood.Kind.DROPPING).times(1));

    var id = till.sell("MUG-BLU", 1, MORNING);

    soon(() -> assertThat(heard()).containsExactly(id));
  }

  @Test
  void itForgetsNoTicketWhenItIsSwitchedOff() {
    ear.answering(503);
    var told = till.sell("MUG-BLU", 1, MORNING);
    till.online(false);
    var kept = till.sell("MUG-RED", 1, MORNING);
    soon(() -> assertThat(heard()).isNotEmpty());
    till.close();
    ear.answering(200);

    till = PosRestSimulator.start(options().oftenOffline());

    soon(() -> assertThat(till.owed()).isZero());
    assertThat(till.books().acknowledged()).contains(told, kept);
  }

  @Test
  void whatComesBackNamesItsSaleAndLiesThereAgain() {
    var sale = till.sell("MUG-BLU", 2, MORNING);
    var back = till.giveBack("MUG-BLU", 1, sale, MORNING.plusSeconds(60));

    soon(() -> assertThat(heard()).contains(sale, back));
    assertThat(till.books().taken()).containsEntry("MUG-BLU", 1);
    assertThat(till.books().orders()).containsOnlyKeys(sale);
    var ticket =
        ear.heard().stream()
            .map(r -> Ear.json(r).at("/tickets/0"))
            .filter(t -> t.get("id").asText().equals(back))
            .findFirst()
            .orElseThrow();
    assertThat(ticket.get("of").asText()).isEqualTo(sale);
    assertThat(ticket.at("/lines/0/ofLine").asText()).isEqualTo("1");
    assertThat(ticket.at("/lines/0/quantity").asInt()).isEqualTo(-1);
  }
}
