package io.serai.allocation;

/** So many units of one SKU, wanted by one order line. */
public record Want(int lineNo, String sku, int quantity) {}
