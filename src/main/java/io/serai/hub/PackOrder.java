package io.serai.hub;

import io.serai.order.ParcelRequest;
import java.util.List;
import java.util.UUID;

/**
 * A node's own people have packed what they were asked to send: each parcel is offered to the
 * node's carriers.
 *
 * @param fulfillmentId which request, or null for the only one that can be packed
 */
public record PackOrder(UUID orderId, UUID fulfillmentId, List<Packed> parcels)
    implements ParcelCommand {
  /**
   * One parcel.
   *
   * @param lines what is in it; empty for all that is not packed yet
   */
  public record Packed(ParcelRequest.Size size, List<Content> lines) {
    /** Lines are never null. */
    public Packed {
      lines = lines == null ? List.of() : List.copyOf(lines);
    }
  }

  /** So many of one line. */
  public record Content(String lineId, int quantity) {}

  @Override
  public boolean sends() {
    return true;
  }

  @Override
  public ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var order = book.ordersById.get(orderId);
    return order == null
        ? new ApplyResult.NoEffect(null, "The order is not known.")
        : new Packer(book, new Parceling(book, fulfilling)).pack(order, this, cause);
  }
}
