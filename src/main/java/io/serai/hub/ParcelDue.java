package io.serai.hub;

import java.util.UUID;

/**
 * The time of a parcel has come though nobody said anything of it. Looks at it and sets its next
 * time; safe to apply as often as one likes.
 */
record ParcelDue(UUID orderId, UUID parcelId) implements ParcelCommand {
  @Override
  public ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var order = book.ordersById.get(orderId);
    var parcel = order == null ? null : book.parcels.get(parcelId);
    if (parcel == null || parcel.dueAt == null || parcel.dueAt.isAfter(book.now)) {
      return new ApplyResult.NoEffect(orderId, "It is not due.");
    }
    new Parceling(book, fulfilling).due(order, parcel, cause);
    return new ApplyResult.Applied(orderId, null);
  }
}
