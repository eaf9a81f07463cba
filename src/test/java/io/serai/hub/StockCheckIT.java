package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.hub.StockCheck.Finding;
import io.serai.hub.StockCheck.Open;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Books that balance, and books that somebody cooked. */
class StockCheckIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private AHub hub;
  private StockCheck check;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    hub = new AHub(DATABASE);
    check = new StockCheck(DATABASE.dataSource(), hub.clock);
    hub.has("MUG-BLU", NEAR, 10).has("MUG-BLU", FAR, 5).has("TEE-RED", NEAR, 3);
    hub.apply(anOrder().numbered("1001").with("MUG-BLU", 4).with("TEE-RED", 1).build());
  }

  @AfterEach
  void close() {
    hub.close();
  }

  private String drift() {
    return hub.text("SELECT sentence FROM stock_case WHERE kind = 'DRIFT' AND closed_at IS NULL");
  }

  @Test
  void booksThatBalanceAreReadOnce() throws SQLException {
    assertThat(check.run()).isEqualTo(new Finding(3, 0));
    assertThat(check.run()).isEqualTo(new Finding(0, 0));

    hub.apply(anOrder().numbered("1002").with("MUG-BLU", 1).build());

    assertThat(check.run()).isEqualTo(new Finding(1, 0));
    assertThat(check.open()).isEqualTo(new Open(0, 0, 0, 0));
  }

  @Test
  void aLevelThatIsNotWhatItsMovementsAddUpToIsNamedUntilItIsAgain() throws SQLException {
    check.run();
    hub.run("UPDATE stock_level SET on_hand = 11 WHERE sku = 'MUG-BLU' AND node = 'nj-1'");

    assertThat(check.run().drifting()).isEqualTo(1);

    assertThat(drift())
        .isEqualTo(
            "The books of SKU 'MUG-BLU' at node 'nj-1' do not balance: on hand is 11 and its"
                + " movements add up to 10. Count it, and report its movements.");
    assertThat(check.open()).isEqualTo(new Open(0, 0, 1, 0));
    hub.run("UPDATE stock_level SET on_hand = 10 WHERE sku = 'MUG-BLU' AND node = 'nj-1'");
    assertThat(check.run().drifting()).isZero();
    assertThat(hub.number("SELECT count(*) FROM stock_case WHERE closed_at IS NULL")).isZero();
  }

  @Test
  void aPromiseWithoutAReservationIsNamed() throws SQLException {
    hub.run("UPDATE reservation SET released = 1 WHERE sku = 'MUG-BLU'");

    assertThat(check.run().drifting()).isEqualTo(1);

    assertThat(drift()).contains("promised is 4 and its open reservations add up to 3");
  }

  @Test
  void aMovementThatWasTakenOutOfTheLedgerIsNoticed() throws SQLException {
    hub.run("DELETE FROM stock_movement WHERE cause = 'reserve' AND sku = 'TEE-RED'");

    assertThat(check.run().drifting()).isEqualTo(1);

    assertThat(drift()).contains("allocated is 1 and its movements add up to 0");
  }

  @Test
  void everyTermIsKept() throws SQLException {
    hub.run("UPDATE stock_level SET damaged = 1, safety = 2 WHERE sku = 'TEE-RED'");

    check.run();

    assertThat(drift())
        .contains("damaged is 1 and its movements add up to 0")
        .contains("safety is 2 and its movements add up to 0");
  }
}
