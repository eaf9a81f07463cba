package io.serai.order;

/**
 * A label that a carrier sold, or its file alone.
 *
 * @param carrier who brings it, in our words
 * @param cost what it took for it, or null when it does not say
 * @param reference the carrier's name for what was bought, needed to void it
 * @param format ZPL, PDF, PNG or GIF
 * @param file the label itself, in Base64; null where it has to be fetched
 * @param fileUrl where it is fetched, or null
 */
public record Label(
    String trackingNumber,
    String trackingUrl,
    String carrier,
    String service,
    Money cost,
    String reference,
    String format,
    String file,
    String fileUrl) {
  /** The same without the file. */
  public Label withoutFile() {
    return new Label(
        trackingNumber, trackingUrl, carrier, service, cost, reference, format, null, fileUrl);
  }
}
