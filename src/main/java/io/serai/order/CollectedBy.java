package io.serai.order;

/** Who takes and remits a tax. */
public enum CollectedBy {
  MERCHANT,
  CHANNEL
}
