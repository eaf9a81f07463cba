package io.serai.catalog;

import java.util.List;

/** The documents the hub knows, by name. */
public final class Documents {
  /** What holds several documents, a file or a page: it is divided and never applied. */
  public static final String BATCH = "batch";

  /** All of them, in the order of their lives. */
  public static final List<String> ALL =
      List.of(
          "order",
          "order-change",
          "cancellation",
          "return",
          "refund",
          "stock",
          "listing",
          "fulfillment-request",
          "fulfillment-response",
          "shipment",
          "tracking",
          "acknowledgment",
          "invoice",
          BATCH);

  private Documents() {}

  /** Whether a document only says that there is something to read: it is no state of anything. */
  public static boolean isHint(String document) {
    return "order-change".equals(document) || BATCH.equals(document);
  }
}
