package io.serai.simulator;

import java.util.Map;

/**
 * A stand-in for a channel: orders are placed in it, and it is told what became of them.
 *
 * <p>Order ids are unlike those of any other kind of channel, so that a warehouse's ledger, which
 * knows nothing but the order id, says which channel an order came from.
 */
public interface ChannelSimulator extends Simulator {

  /** Its knobs; those every channel has are added to them. */
  ControlApi control();

  /** The connector that deals with it. */
  default String connector() {
    return name();
  }

  /**
   * What a hub on this machine has to be told to deal with it: the parameters of {@link
   * #connector()}, with schedules for somebody who watches.
   */
  Map<String, Object> parameters();

  /** Wants this many orders in total, at a rate; 0 means as fast as possible. Returns at once. */
  void createUpTo(int total, double perSecond);

  /** How many orders there are. */
  int placed();

  /** How many webhooks or notifications it still owes; 0 for a channel that is only asked. */
  int owed();

  /** What it holds, in the words that all channels have in common. */
  ChannelBooks books();
}
