package io.serai.allocation;

/**
 * So many units of one SKU, wanted by one order line.
 *
 * @param facts what else rules may ask of the line
 */
public record Want(int lineNo, String sku, int quantity, LineFacts facts) {
  /** Of a line of which nothing more is known. */
  public Want(int lineNo, String sku, int quantity) {
    this(lineNo, sku, quantity, LineFacts.NONE);
  }
}
