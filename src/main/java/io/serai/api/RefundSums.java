package io.serai.api;

import io.serai.hub.Worth;
import io.serai.order.Order;
import io.serai.support.Json;
import java.math.BigDecimal;
import java.util.Map;
import java.util.UUID;

/** How much a refund is, alone and with what people asked for of its order before. */
final class RefundSums {
  private final Reads reads;

  RefundSums(Reads reads) {
    this.reads = reads;
  }

  /**
   * A sum.
   *
   * @param wanted what is asked for now
   * @param together that and what people asked for before; all of it counts, so that many small
   *     ones are no way round
   */
  record Sum(String currency, BigDecimal wanted, BigDecimal together) {}

  /** Of an order; null when it has not arrived, so that nothing of it can be given back. */
  Sum of(UUID order, Map<String, Integer> units, BigDecimal amount) {
    return reads.read(
        jdbc ->
            jdbc.sql(
                    """
                    SELECT d.document::text AS document,
                           (SELECT coalesce(sum(r.amount), 0) FROM refund_request r
                            WHERE r.order_id = d.order_id AND r.return_id IS NULL
                              AND r.state NOT IN ('REFUSED', 'DROPPED')) AS before,
                           ARRAY(SELECT r.amount FROM refund_request r
                            WHERE r.order_id = d.order_id AND r.return_id IS NULL AND r.state = 'REFUSED') AS refused
                    FROM order_document d WHERE d.order_id = :order
                    """)
                .param("order", order)
                .query(
                    (row, n) -> {
                      var state = Json.as(Json.tree(row.getString("document")), Order.class);
                      var wanted = amount == null ? new Worth(state).of(units).amount() : amount;
                      var before = row.getBigDecimal("before");
                      // A replay asks for it again; the same sum once more takes its place.
                      for (var refused : (BigDecimal[]) row.getArray("refused").getArray()) {
                        before = refused.compareTo(wanted) == 0 ? before : before.add(refused);
                      }
                      return new Sum(state.currency(), wanted, wanted.add(before));
                    })
                .optional()
                .orElse(null));
  }

  /** Whether this refund is asked for already. */
  boolean knows(UUID refund) {
    return reads.read(
        jdbc ->
            jdbc.sql("SELECT count(*) FROM refund_request WHERE id = :id")
                    .param("id", refund)
                    .query(Integer.class)
                    .single()
                > 0);
  }
}
