package io.serai.hub;

import io.serai.support.Ids;
import java.util.UUID;

/**
 * A carrier that was asked whether it sold a label says that it did not. When the parcel went
 * another way meanwhile, as after a crash between a refusal and its record, nobody asks it again.
 *
 * @param deliveryId the request, which this node holds while the look-up's outcome is not recorded
 */
record LabelAbsent(UUID orderId, String account, String key, long deliveryId)
    implements ParcelCommand {
  @Override
  public ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var order = book.ordersById.get(orderId);
    var slash = key.lastIndexOf('/');
    var parcel = order == null ? null : book.parcels.get(Ids.uuid("pcl", key.substring(0, slash)));
    if (parcel == null
        || parcel.state == WorkingParcel.State.BUYING
            && account.equals(parcel.account)
            && key.equals(parcel.key())) {
      return new ApplyResult.NoEffect(orderId, "It is still to be bought.");
    }
    book.withdrawn.add(deliveryId);
    return new ApplyResult.Applied(orderId, null);
  }
}
