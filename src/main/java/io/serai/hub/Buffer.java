package io.serai.hub;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A part of stock that is kept back from sale: so many units, or a share of what is on hand.
 *
 * @param sku the article, or empty for every one
 * @param node the node, or empty for every one
 * @param channel the channel it is kept back from, or empty for all of them
 * @param units how many, or null
 * @param percent of what is on hand, rounded up, or null
 */
public record Buffer(String sku, String node, String channel, Integer units, Integer percent) {
  /** The larger the more specific: a SKU says more than a node, and a node more than nothing. */
  private int weight() {
    return (sku.isEmpty() ? 0 : 2) + (node.isEmpty() ? 0 : 1);
  }

  /** What is kept back of so many units. */
  static int kept(Integer units, Integer percent, int onHand) {
    return units != null
        ? units
        : percent == null ? 0 : Math.toIntExact(((long) onHand * percent + 99) / 100);
  }

  /** What this keeps back of so many units. */
  public int kept(int onHand) {
    return kept(units, percent, onHand);
  }

  /**
   * The one that holds for an article at a node towards a channel: the most specific, and none when
   * none fits. An empty channel asks for what is kept back from all of them.
   */
  public static Optional<Buffer> of(List<Buffer> buffers, String sku, String node, String channel) {
    return buffers.stream()
        .filter(b -> b.channel.equals(channel))
        .filter(b -> b.sku.isEmpty() || b.sku.equals(sku))
        .filter(b -> b.node.isEmpty() || b.node.equals(node))
        .max(Comparator.comparingInt(Buffer::weight));
  }
}
