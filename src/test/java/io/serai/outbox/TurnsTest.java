package io.serai.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serai.support.ManualClock;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who goes first when places at an endpoint are free. */
class TurnsTest {
  private final ManualClock clock = new ManualClock();
  private final Endpoint endpoint = new Endpoint("northwind");
  private final Map<Turns.Which, Integer> due = new EnumMap<>(Turns.Which.class);
  private final List<String> asked = new ArrayList<>();

  private List<Delivery> claim(Turns.Which which, Instant since, int limit) {
    asked.add(which + " " + limit);
    var there = Math.min(limit, due.getOrDefault(which, 0));
    due.merge(which, -there, Integer::sum);
    var claimed = new ArrayList<Delivery>();
    for (var i = 0; i < there; i++) {
      claimed.add(delivery());
    }
    return claimed;
  }

  private Delivery delivery() {
    return new Delivery(
        1,
        "northwind",
        "shipment",
        "shipment",
        "northwind/shp_1",
        null,
        "shp_1",
        1,
        "key-1",
        RepeatMode.IDEMPOTENT,
        JsonNodeFactory.instance.objectNode(),
        false,
        0,
        clock.instant(),
        clock.instant(),
        1,
        clock.instant());
  }

  private int take(int places) throws SQLException {
    asked.clear();
    return Turns.take(endpoint, clock.instant(), places, this::claim).size();
  }

  @Test
  void asARuleWhatIsDueLongestGoesFirst() throws Exception {
    due.put(Turns.Which.ANY, 5);

    assertThat(take(10)).isEqualTo(5);

    assertThat(asked).containsExactly("ANY 10");
  }

  @Test
  void whenTheBudgetIsUsedUpRetriesWaitAndFirstTriesGoOn() throws Exception {
    endpoint.budget.retries(100);
    due.put(Turns.Which.FIRST_TRIES, 10);
    due.put(Turns.Which.RETRIES, 10);

    assertThat(take(10)).isEqualTo(10);

    assertThat(asked).containsExactly("FIRST_TRIES 10");
  }

  @Test
  void noMoreRetriesThanTheBudgetHas() throws Exception {
    endpoint.budget.retries(97);
    due.put(Turns.Which.FIRST_TRIES, 100);
    due.put(Turns.Which.RETRIES, 100);

    assertThat(take(10)).isEqualTo(10);

    assertThat(asked).containsExactly("RETRIES 3", "FIRST_TRIES 7");
  }

  @Test
  void afterAnOutageNeitherOldNorNewKeepsTheOtherOut() throws Exception {
    endpoint.ramp.follow(clock.instant(), 100);
    due.put(Turns.Which.NEW, 1_000);
    due.put(Turns.Which.OLD, 1_000);

    assertThat(take(10)).isEqualTo(10);

    assertThat(asked).containsExactly("NEW 3", "OLD 7");
  }

  @Test
  void placesThatNewOnesDoNotNeedGoToOldOnes() throws Exception {
    endpoint.ramp.follow(clock.instant(), 100);
    due.put(Turns.Which.NEW, 1);
    due.put(Turns.Which.OLD, 1_000);

    assertThat(take(10)).isEqualTo(10);

    assertThat(asked).containsExactly("NEW 3", "OLD 9");
  }

  @Test
  void placesThatOldOnesDoNotNeedGoToNewOnes() throws Exception {
    endpoint.ramp.follow(clock.instant(), 100);
    due.put(Turns.Which.NEW, 1_000);
    due.put(Turns.Which.OLD, 2);

    assertThat(take(10)).isEqualTo(10);

    assertThat(asked).containsExactly("NEW 3", "OLD 7", "NEW 5");
  }

  @Test
  void afterAnOutageTheBudgetHoldsToo() throws Exception {
    endpoint.ramp.follow(clock.instant(), 100);
    endpoint.budget.retries(98);
    due.put(Turns.Which.NEW, 1_000);
    due.put(Turns.Which.RETRIES, 1_000);
    due.put(Turns.Which.OLD_FIRST_TRIES, 1_000);

    assertThat(take(10)).isEqualTo(10);

    assertThat(asked).containsExactly("NEW 3", "RETRIES 2", "OLD_FIRST_TRIES 5");
  }

  @Test
  void whatWasClaimedBeforeTheDatabaseWentAwayIsNotLost() throws Exception {
    endpoint.ramp.follow(clock.instant(), 100);
    Turns.Claim away =
        (which, since, limit) -> {
          if (which == Turns.Which.OLD) {
            throw new SQLException("away");
          }
          return List.of(delivery());
        };

    assertThat(Turns.take(endpoint, clock.instant(), 10, away)).hasSize(1);
    assertThatThrownBy(
            () ->
                Turns.take(
                    new Endpoint("fabrikam"),
                    clock.instant(),
                    10,
                    (which, since, limit) -> {
                      throw new SQLException("away");
                    }))
        .isInstanceOf(SQLException.class);
  }
}
