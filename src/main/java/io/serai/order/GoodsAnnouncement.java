package io.serai.order;

import java.time.Instant;
import java.util.List;

/**
 * What a warehouse is told to expect (the document {@code goods-announcement}).
 *
 * @param number of the announcement; what is received comes back under it
 * @param replaces whether it was announced before, with other goods or for another time
 */
public record GoodsAnnouncement(
    String number,
    String node,
    Instant announcedAt,
    Instant expectedAt,
    Boolean replaces,
    String billOfLading,
    String carrier,
    String scac,
    List<Line> lines) {

  /** Lines are never null. */
  public GoodsAnnouncement {
    lines = lines == null ? List.of() : List.copyOf(lines);
  }

  /** Units of one article. */
  public record Line(String sku, String title, String lot, int quantity) {}
}
