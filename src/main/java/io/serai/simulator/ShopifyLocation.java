package io.serai.simulator;

import java.util.List;

/** The places a shop may have, by their index. */
final class ShopifyLocation {

  static final List<String> NAMES =
      List.of("Jersey City Warehouse", "Reno Warehouse", "Hoboken Store");

  private ShopifyLocation() {}
}
