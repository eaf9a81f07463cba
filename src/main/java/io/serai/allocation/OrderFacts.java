package io.serai.allocation;

import java.time.Instant;
import java.util.List;

/**
 * What an order says that rules may ask. Each is asked only when a rule wants it, so an
 * implementation may read its document late; what is not known is null, except where said
 * otherwise.
 */
public interface OrderFacts {
  /** An order of which nothing is known. */
  OrderFacts NONE = new OrderFacts() {};

  /** The account it was sold through. */
  default String account() {
    return null;
  }

  /** The connector of that account, for instance {@code shopify}. */
  default String channel() {
    return null;
  }

  /** The marketplace within the channel. */
  default String marketplace() {
    return null;
  }

  /** What it is, for instance {@code SALE}. */
  default String type() {
    return null;
  }

  /** What it is charged in. */
  default String currency() {
    return null;
  }

  /** The total, for comparing only; zero when the channel gives none. */
  default double value() {
    return 0;
  }

  /** The channel's tags. */
  default List<String> tags() {
    return List.of();
  }

  /** Whether a company buys. */
  default boolean b2b() {
    return false;
  }

  /** Whether it is a present. */
  default boolean gift() {
    return false;
  }

  /**
   * Whether all of it waits while something is short, whatever the rules say; false when the buyer
   * takes what is there, unless a rule says otherwise; null when nobody said.
   */
  default Boolean shipComplete() {
    return null;
  }

  /** The transport the buyer chose, in the channel's words. */
  default String service() {
    return null;
  }

  /** When it has to leave. */
  default Instant shipBy() {
    return null;
  }

  /** When it has to arrive. */
  default Instant deliverBy() {
    return null;
  }

  /** Where it goes: ISO 3166-1 alpha-2. */
  default String country() {
    return null;
  }

  /** Where it goes: ISO 3166-2 subdivision or the channel's code. */
  default String region() {
    return null;
  }

  /** Where it goes. */
  default String city() {
    return null;
  }

  /** Where it goes. */
  default String postalCode() {
    return null;
  }

  /** What kind of place it goes to, for instance {@code RESIDENTIAL}. */
  default String addressType() {
    return null;
  }
}
