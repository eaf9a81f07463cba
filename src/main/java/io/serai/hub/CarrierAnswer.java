package io.serai.hub;

import io.serai.support.Ids;
import java.util.UUID;

/**
 * What a carrier answered about one parcel, applied before the answer is recorded: when the process
 * dies in between, the carrier is asked again and says the same, which then changes nothing.
 *
 * @param operation what it was asked
 * @param key the parcel and how often it had been offered around
 * @param answer what it says, or null when it refuses or has nothing to say
 * @param refusal why it does not, or null
 */
record CarrierAnswer(
    UUID orderId, String account, String operation, String key, Object answer, String refusal)
    implements ParcelCommand {
  @Override
  public ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var order = book.ordersById.get(orderId);
    var slash = key.lastIndexOf('/');
    var parcel = order == null ? null : book.parcels.get(Ids.uuid("pcl", key.substring(0, slash)));
    if (parcel == null) {
      return new ApplyResult.NoEffect(orderId, "The parcel is not known.");
    }
    return new Parceling(book, fulfilling)
        .answered(order, parcel, Integer.parseInt(key.substring(slash + 1)), this, cause);
  }
}
