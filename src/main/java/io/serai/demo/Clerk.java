package io.serai.demo;

import io.serai.support.Ids;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import javax.sql.DataSource;

/**
 * Who packs in the store that buys its own labels: two seconds after a request is there, its units
 * are in a parcel, and the hub is told so through its public interface.
 *
 * <p>Nothing is remembered here: what is packed stands in the hub, so a clerk who was killed goes
 * on with what is not.
 */
final class Clerk {
  /** What a print weighs with its tube. */
  static final int PRINT_GRAMS = 150;

  private static final int TUBE_GRAMS = 200;

  private static final String WAITING =
      """
      SELECT f.id, o.id, o.channel_order_id, sum(r.quantity - r.shipped - r.released),
        f.created_at < now() - interval '2 seconds' AND o.hold IS NULL
      FROM fulfillment_order f
      JOIN sales_order o ON o.id = f.order_id
      JOIN reservation r ON r.fulfillment_order_id = f.id
      WHERE f.node = ? AND f.state IN ('REQUESTED', 'ACCEPTED') AND r.quantity > r.shipped + r.released
        AND NOT EXISTS (SELECT 1 FROM parcel p WHERE p.fulfillment_order_id = f.id AND p.state NOT IN ('VOIDED', 'ABANDONED'))
      GROUP BY f.id, f.created_at, o.id, o.channel_order_id, o.hold""";

  private static final String ON_THE_WAY =
      "SELECT count(*) FROM parcel WHERE node = ? AND state IN ('RATING', 'BUYING', 'LABELED', 'VOIDING', 'SHIPPED')";

  private final DataSource database;
  private final Api hub;
  private final Predicate<String> mayPack;
  private boolean idle;

  /**
   * A clerk of the store {@link Stage#PRINTS}.
   *
   * @param mayPack whether an order, by the channel's id, is to be packed yet
   */
  Clerk(DataSource database, Api hub, Predicate<String> mayPack) {
    this.database = database;
    this.hub = hub;
    this.mayPack = mayPack;
  }

  /** Packs what is to be packed; what the hub does not take now is tried again later. */
  void work() throws SQLException {
    var left = 0;
    try (var connection = database.getConnection();
        var waiting = connection.prepareStatement(WAITING);
        var moving = connection.prepareStatement(ON_THE_WAY)) {
      waiting.setString(1, Stage.PRINTS);
      try (var rows = waiting.executeQuery()) {
        while (rows.next()) {
          left++;
          if (rows.getBoolean(5) && mayPack.test(rows.getString(3))) {
            pack(
                Ids.text("ful", rows.getObject(1, UUID.class)),
                Ids.text("ord", rows.getObject(2, UUID.class)),
                rows.getInt(4));
          }
        }
      }
      moving.setString(1, Stage.PRINTS);
      try (var row = moving.executeQuery()) {
        row.next();
        idle = left + row.getInt(1) == 0;
      }
    }
  }

  private void pack(String request, String order, int units) {
    try {
      hub.post(
          "/api/v1/orders/" + order + "/pack",
          Map.of(
              "fulfillment",
              request,
              "parcels",
              List.of(
                  Map.of(
                      "weight",
                      TUBE_GRAMS + PRINT_GRAMS * units,
                      "length",
                      620,
                      "width",
                      90,
                      "height",
                      90))));
    } catch (DemoRefused notNow) {
      // The order changed meanwhile, or the hub cannot write just now: it is still to be packed.
    }
  }

  /** Whether all is packed and every parcel has arrived, or stopped and is listed. */
  boolean idle() {
    return idle;
  }
}
