package io.serai.order;

/** What was sold on a line. */
public enum LineKind {
  PHYSICAL,
  DIGITAL,
  GIFT_CARD,
  SERVICE,
  TIP,
  /** The sold set; its components are lines of their own that name it as parent. */
  BUNDLE;

  /** Whether lines of this kind can be sent by a warehouse at all. */
  public boolean isGoods() {
    return this == PHYSICAL;
  }
}
