package io.serai.catalog;

import java.util.List;

/** The documents the hub knows, by name. */
public final class Documents {
  /** What holds several documents, a file or a page: it is divided and never applied. */
  public static final String BATCH = "batch";

  /** An X12 file: its sets become documents of their own. */
  public static final String INTERCHANGE = "interchange";

  /** What we answer to an X12 file. */
  public static final String FUNCTIONAL_ACKNOWLEDGMENT = "functional-acknowledgment";

  /** What we answer later to a message over AS2. */
  public static final String RECEIPT = "receipt";

  /** All of them, in the order of their lives. */
  public static final List<String> ALL =
      List.of(
          "order",
          "order-change",
          "cancellation",
          "return",
          "refund",
          "capture",
          "stock",
          "listing",
          "fulfillment-request",
          "fulfillment-response",
          "shipment",
          "tracking",
          "rate-request",
          "label-request",
          "label-file",
          "label-void",
          "acknowledgment",
          "invoice",
          "event",
          "event-file",
          "alert",
          "goods-announcement",
          BATCH,
          INTERCHANGE,
          FUNCTIONAL_ACKNOWLEDGMENT,
          RECEIPT);

  private Documents() {}

  /** Whether a document is no document of the business: it holds or answers some. */
  public static boolean isContainer(String document) {
    return BATCH.equals(document)
        || INTERCHANGE.equals(document)
        || FUNCTIONAL_ACKNOWLEDGMENT.equals(document)
        || RECEIPT.equals(document);
  }

  /** Whether a document only says that there is something to read: it is no state of anything. */
  public static boolean isHint(String document) {
    return "order-change".equals(document) || BATCH.equals(document);
  }
}
