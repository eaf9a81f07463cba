package io.serai.hub;

import io.serai.order.Party;
import java.time.Duration;
import java.util.List;

/**
 * How a node whose own people pack gets its labels.
 *
 * @param carriers accounts that are asked, preferred first
 * @param shipFrom who sends it and from where, as it stands on the label
 * @param labelFormat what its printer takes: ZPL, PDF or PNG
 * @param fastest whether speed decides between those that come in time; otherwise the price does
 * @param atLabel whether the label is enough to say that it has left; otherwise the first scan is
 * @param patience how long a carrier may take to name its prices, and how long one that cannot be
 *     reached is waited for before another one is asked for the label
 * @param noMovement how long a parcel may stay without a scan
 */
public record Packing(
    List<String> carriers,
    Party shipFrom,
    String labelFormat,
    boolean fastest,
    boolean atLabel,
    Duration patience,
    Duration noMovement) {
  /** Carriers are never null. */
  public Packing {
    carriers = List.copyOf(carriers);
  }
}
