package io.serai.hub;

import java.util.UUID;

/**
 * What a person does to a parcel that is packed.
 *
 * @param what {@link What}
 */
public record ParcelAction(UUID orderId, UUID parcelId, What what, String reason)
    implements ParcelCommand {
  /** What can be done. */
  public enum What {
    /** Its label, if it has one, is taken back, and its units are there to be packed anew. */
    VOID,
    /** It was handed to the carrier, whatever its scans say. */
    HAND_OVER,
    /** Carriers that made no offer are asked again at once. */
    ASK_AGAIN
  }

  @Override
  public ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var order = book.ordersById.get(orderId);
    var parcel = order == null ? null : book.parcels.get(parcelId);
    if (parcel == null) {
      return new ApplyResult.NoEffect(orderId, "The parcel is not known.");
    }
    return new Parceling(book, fulfilling).act(order, parcel, this, cause);
  }
}
