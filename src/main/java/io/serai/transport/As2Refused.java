package io.serai.transport;

/** A message that is not taken, as AS2 has a word for it (RFC 4130, 7.4 and 7.5). */
public final class As2Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  static final String AUTHENTICATION = "processed/error: authentication-failed";
  static final String INTEGRITY = "processed/error: integrity-check-failed";
  static final String DECRYPTION = "processed/error: decryption-failed";
  static final String DECOMPRESSION = "processed/error: decompression-failed";
  static final String SECURITY = "processed/error: insufficient-message-security";
  static final String UNEXPECTED = "processed/error: unexpected-processing-error";
  static final String UNSUPPORTED_FORMAT = "failed/failure: unsupported format";
  static final String UNSUPPORTED_DIGEST = "failed/failure: unsupported MIC-algorithms";

  private final String modifier;

  /**
   * For a reason.
   *
   * @param modifier the disposition that the sender is told
   * @param why as the end of a sentence
   */
  As2Refused(String modifier, String why) {
    this(modifier, why, null);
  }

  /** With what the sender does not hear, or null. */
  As2Refused(String modifier, String why, As2Refused untold) {
    super(why, untold);
    this.modifier = modifier;
  }

  /** Why, for whoever runs the hub: it may be more than the sender hears. */
  public String reason() {
    return getCause() == null ? getMessage() : getCause().getMessage();
  }

  /** The disposition that the sender is told. */
  public String modifier() {
    return modifier;
  }
}
