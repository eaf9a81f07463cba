package io.serai.reconcile;

import java.time.Duration;
import java.time.LocalTime;

/**
 * When and how far accounts are compared.
 *
 * @param at when every night, in UTC
 * @param window how far back orders are compared at night
 * @param grace what is younger is under way and not compared
 * @param everyB after how many nights a SKU of class B is compared again
 * @param everyC the same for class C
 * @param shareA which part of the units sold the SKUs of class A make up, in percent
 * @param shareB which part those of class A and B make up together
 */
public record Terms(
    LocalTime at, Duration window, Duration grace, int everyB, int everyC, int shareA, int shareB) {
  /** Half past two, three days, a quarter of an hour; daily, weekly, monthly. */
  public static final Terms USUAL =
      new Terms(LocalTime.of(2, 30), Duration.ofDays(3), Duration.ofMinutes(15), 7, 30, 80, 95);
}
