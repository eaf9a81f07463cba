package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * An order as it is placed: the payload and how the shop routes it.
 *
 * @param payload the body of {@code orders/create}
 * @param routing which lines are shipped from where; empty when nothing is shipped
 */
record NewOrder(ObjectNode payload, List<Route> routing) {

  /** Lines that one location ships or hands over. */
  record Route(int location, String method, List<Portion> portions) {}

  /** This many of a line. */
  record Portion(long lineId, int quantity) {}
}
