package io.serai.order;

import java.util.List;

/**
 * One parcel as carriers are asked about it: what it would cost, then for its label, then for the
 * label's file or to take it back.
 *
 * @param parcelId ours, and the reference by which the carrier finds it again
 * @param round how often it was offered around; with the id it is the reference of one purchase
 * @param account the carrier's account
 * @param note what the driver is to know, or null
 * @param quote what is bought, else null
 * @param ratesReference the carrier's name for what was rated, else null
 * @param label what was bought, when its file is wanted or it is taken back, else null
 */
public record ParcelRequest(
    String parcelId,
    int round,
    String account,
    String orderId,
    ChannelRef channel,
    String node,
    Party shipFrom,
    Party shipTo,
    Service service,
    String note,
    Size size,
    List<Line> lines,
    String currency,
    String labelFormat,
    Rates.Quote quote,
    String ratesReference,
    Label label) {
  /** Lines are never null. */
  public ParcelRequest {
    lines = lines == null ? List.of() : List.copyOf(lines);
  }

  /** Weight in grams and edges in millimeters; an edge that nobody measured is null. */
  public record Size(int weight, Integer length, Integer width, Integer height) {}

  /** So many of one line. */
  public record Line(
      String lineId, String sku, String title, int quantity, String hsCode, String originCountry) {}

  /** The same, asked of one account. */
  public ParcelRequest of(String name, int times) {
    return with(name, times, shipTo, null, null, null);
  }

  /** The same, to another address. */
  public ParcelRequest to(Party corrected) {
    return with(account, round, corrected, quote, ratesReference, label);
  }

  /** The same, to buy a quote. */
  public ParcelRequest buying(String name, Rates.Quote bought, String reference) {
    return with(name, round, shipTo, bought, reference, null);
  }

  /** The same, about a label that was bought. */
  public ParcelRequest about(String name, Label bought) {
    return with(name, round, shipTo, quote, ratesReference, bought);
  }

  /** The label of its quote, of which only the carrier's name is known. */
  public Label soldAs(String name) {
    return new Label(
        name, null, quote.carrier(), quote.service(), quote.cost(), name, labelFormat, null, null);
  }

  private ParcelRequest with(
      String name, int times, Party to, Rates.Quote bought, String reference, Label its) {
    return new ParcelRequest(
        parcelId,
        times,
        name,
        orderId,
        channel,
        node,
        shipFrom,
        to,
        service,
        note,
        size,
        lines,
        currency,
        labelFormat,
        bought,
        reference,
        its);
  }
}
