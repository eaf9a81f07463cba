package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;

/** Knows a canonical order from anything else. */
@FunctionalInterface
public interface OrderJudge {
  /**
   * Judges one order.
   *
   * @throws io.serai.failure.FailureException naming the first fault and its path
   */
  void judge(JsonNode order, String account);
}
