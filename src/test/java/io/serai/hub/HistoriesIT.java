package io.serai.hub;

import io.serai.database.TestDatabase;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Whole lives of orders, with everything that may happen to them told late, twice, out of order and
 * over connections that break: what the hub believes ends as what really happened, each unit is
 * sent or cancelled or waits for a reason that it names, and the channel heard of it once.
 */
class HistoriesIT {
  private static TestDatabase database;

  @BeforeContainer
  static void open() {
    database = new TestDatabase().open();
  }

  @AfterContainer
  static void close() {
    database.close();
  }

  @Provide
  Arbitrary<List<Market.Event>> history() {
    return Combinators.combine(
            Arbitraries.of(Market.LIKELY),
            Arbitraries.integers().between(0, 11),
            Arbitraries.integers().between(0, 11))
        .as(Market.Event::new)
        .list()
        .ofMinSize(8)
        .ofMaxSize(40);
  }

  @Property(seed = "20260303", tries = 40, shrinking = ShrinkingMode.BOUNDED)
  void whateverHappensEndsAsItReallyHappened(@ForAll("history") List<Market.Event> history) {
    live(history);
  }

  @Tag("long")
  @Property(seed = "20260304", tries = 1000, shrinking = ShrinkingMode.BOUNDED)
  void aThousandHistoriesEndAsTheyReallyHappened(@ForAll("history") List<Market.Event> history) {
    live(history);
  }

  private static void live(List<Market.Event> history) {
    database.clear();
    try (var market = new Market(database)) {
      history.forEach(market::happens);
      market.settles();
      market.isAsItReallyHappened();
    }
  }
}
