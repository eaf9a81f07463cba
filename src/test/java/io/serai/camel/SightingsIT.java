package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.camel.Sightings.Kind;
import io.serai.database.TestDatabase;
import io.serai.support.ManualClock;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SightingsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final ManualClock clock = new ManualClock();

  @BeforeEach
  void empty() {
    DATABASE.truncate();
  }

  private Sightings replica() {
    return new Sightings(DATABASE.dataSource(), clock);
  }

  private List<String> rows() throws SQLException {
    var rows = new ArrayList<String>();
    try (var connection = DATABASE.dataSource().getConnection();
        var statement =
            connection.prepareStatement(
                """
                SELECT account || ' ' || kind || ' ' || document || ' ' || count || ' '
                  || extract(epoch FROM ?::timestamptz - last_at)::int FROM account_sighting ORDER BY 1""")) {
      statement.setObject(1, clock.instant().atOffset(java.time.ZoneOffset.UTC));
      try (var found = statement.executeQuery()) {
        while (found.next()) {
          rows.add(found.getString(1));
        }
      }
    }
    return rows;
  }

  @Test
  void whatReplicasSawIsCountedTogetherAndTheLatestInstantStays() throws Exception {
    var one = replica();
    var other = replica();
    one.seen("shop", Kind.MESSAGE, "order");
    one.seen("shop", Kind.MESSAGE, "order");
    clock.advance(Duration.ofSeconds(60));
    other.seen("shop", Kind.MESSAGE, "order");
    other.seen("shop", Kind.REFUSED);

    other.flush();
    one.flush();

    assertThat(rows()).containsExactly("shop MESSAGE order 3 0", "shop REFUSED  1 0");
  }

  @Test
  void whatWasNotedIsNotNotedAgain() throws Exception {
    var one = replica();
    one.seen("shop", Kind.EFFECT, "stock");
    one.flush();
    clock.advance(Duration.ofSeconds(60));

    one.flush();

    assertThat(rows()).containsExactly("shop EFFECT stock 1 60");
  }

  @Test
  void whatCouldNotBeNotedIsNotedLater() throws Exception {
    var away = new boolean[] {true};
    var one =
        new Sightings(
            new org.springframework.jdbc.datasource.DelegatingDataSource(DATABASE.dataSource()) {
              @Override
              public java.sql.Connection getConnection() throws SQLException {
                if (away[0]) {
                  throw new SQLException("away");
                }
                return super.getConnection();
              }
            },
            clock);
    one.seen("shop", Kind.WEBHOOK);
    org.assertj.core.api.Assertions.assertThatThrownBy(one::flush).hasMessage("away");
    away[0] = false;

    one.flush();

    assertThat(rows()).containsExactly("shop WEBHOOK  1 0");
  }
}
