package io.serai.hub;

import java.util.List;

/** Gives the levels of these SKUs, at one node or at all, the buffers that hold for them. */
record BufferSpread(String node, List<String> skus) {
  ApplyResult apply(Book book, Application cause) {
    skus.forEach(sku -> over(book, sku, node, cause));
    return new ApplyResult.Applied(null, null);
  }

  /** The same for one SKU; an empty node stands for all. */
  static void over(Book book, String sku, String node, Application cause) {
    book.stock
        .levels()
        .forEach(
            (key, level) -> {
              if (key.sku().equals(sku) && (node.isEmpty() || key.node().equals(node))) {
                rebuffer(book, key, level, cause);
              }
            });
  }

  private static void rebuffer(
      Book book, WorkingStock.Key key, WorkingStock.Level level, Application cause) {
    var before = level.available();
    var units = level.bufferUnits;
    var percent = level.bufferPercent;
    book.storeroom.buffer(key, level);
    if (level.bufferUnits == null && level.bufferPercent == null) {
      if (units != null || percent != null) {
        book.stock.shift(key, -level.safety, WorkingStock.SAFETY, "buffer", cause);
        level.safety = 0;
        level.reported = true;
      }
    } else {
      level.reported = true;
      book.stock.settle(key, level, cause);
    }
    book.stock.rose(key, level, before);
  }
}
