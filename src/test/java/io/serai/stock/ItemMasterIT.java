package io.serai.stock;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.stock.Item.Part;
import io.serai.support.ManualClock;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ItemMasterIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final ManualClock clock = new ManualClock();
  private ItemMaster master;

  @BeforeEach
  void open() throws SQLException {
    DATABASE.truncate();
    master = new ItemMaster(DATABASE.dataSource(), clock);
    master.refresh();
  }

  private static Item item(String sku, Part... components) {
    return new Item(
        sku, "A " + sku, Set.of("fragile", "gift"), 350, "691200", "PT", List.of(components));
  }

  @Test
  void whatWasSaidOfAnItemIsReadBackByEveryReplica() throws SQLException {
    var other = new ItemMaster(DATABASE.dataSource(), clock);
    var set = item("SET", new Part("MUG", 2), new Part("TEA", 1));

    assertThat(master.putItems(List.of(set))).isEmpty();

    assertThat(master.get().find("SET")).contains(set);
    assertThat(other.get().find("SET")).isEmpty();
    assertThat(other.refresh()).isTrue();
    assertThat(other.get().find("SET")).contains(set);
    assertThat(other.refresh()).isFalse();
  }

  @Test
  void theSameSkuAgainReplacesWhatWasSaid() throws SQLException {
    master.putItems(List.of(item("SET", new Part("MUG", 2), new Part("TEA", 1))));

    master.putItems(List.of(item("SET", new Part("MUG", 3))));

    assertThat(master.get().parts("shop", "SET")).containsExactly(new Part("MUG", 3));
  }

  @Test
  void aSetOfSetsIsRefusedWhicheverComesFirst() throws SQLException {
    master.putItems(List.of(item("SET", new Part("MUG", 2))));

    assertThat(master.putItems(List.of(item("BOX", new Part("SET", 2)))))
        .containsExactly(
            new ItemMaster.Refused(
                "BOX",
                "SKU 'BOX' is a set and names 'SET' as a component, which is a set too; name what"
                    + " that one consists of."));
    assertThat(master.putItems(List.of(item("MUG", new Part("CLAY", 1)), item("CUP"))))
        .containsExactly(
            new ItemMaster.Refused(
                "MUG",
                "SKU 'MUG' cannot be a set: it is a component of one. Take it out of that set"
                    + " first."));
    assertThat(master.get().find("CUP")).isPresent();
    assertThat(master.get().find("BOX")).isEmpty();
    assertThat(master.putItems(List.of(item("LOOP", new Part("LOOP", 1))))).hasSize(1);
  }

  @Test
  void whatIsForgottenIsGone() throws SQLException {
    master.putItems(List.of(item("SET", new Part("MUG", 2))));
    master.putReferences(
        List.of(
            new CrossReference("shop", "MUG-6", "MUG", 6),
            new CrossReference(null, "MUG-6", "MUG", 5)));

    assertThat(master.removeItem("SET")).isTrue();
    assertThat(master.removeItem("SET")).isFalse();
    assertThat(master.removeReference("shop", "MUG-6")).isTrue();
    assertThat(master.removeReference("shop", "MUG-6")).isFalse();

    assertThat(master.get().parts("shop", "SET")).containsExactly(new Part("SET", 1));
    assertThat(master.get().parts("shop", "MUG-6")).containsExactly(new Part("MUG", 5));
  }

  @Test
  void whatChannelsShowOfAChangedCodeIsComputedAnew() throws SQLException {
    master.putItems(List.of(item("SET", new Part("MUG", 2))));
    master.putReferences(List.of(new CrossReference("shop", "SET-3", "SET", 3)));
    try (var connection = DATABASE.dataSource().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          """
          INSERT INTO publication (account, listing_id, sku) VALUES
            ('shop', '1', 'SET'), ('shop', '2', 'SET-3'), ('shop', '3', 'MUG'), ('shop', '4', 'TEA')""");
    }

    master.putItems(List.of(item("SET", new Part("MUG", 1))));

    try (var connection = DATABASE.dataSource().getConnection();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT sku FROM publication WHERE marked_at IS NOT NULL ORDER BY sku")) {
      var marked = new ArrayList<String>();
      while (rows.next()) {
        marked.add(rows.getString(1));
      }
      assertThat(marked).containsExactly("SET", "SET-3");
    }
  }
}
