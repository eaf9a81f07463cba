package io.serai.transport;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * A receipt for a message: what became of it, and the digest of what was understood (RFC 8098, RFC
 * 4130).
 *
 * @param messageId of the message it is for
 * @param disposition {@code processed}, or that and why it was not
 * @param mic the digest as base64, or null
 * @param digest what the digest is, in our words, or null
 * @param text what it says to people
 * @param signed whether the partner signed it
 */
public record Mdn(
    String messageId, String disposition, String mic, String digest, String text, boolean signed) {
  /** All went well. */
  static final String PROCESSED = "processed";

  private static final int LONGEST_TEXT = 500;

  /** Whether the partner took the message. */
  public boolean isPositive() {
    var said = disposition.toLowerCase(Locale.ROOT);
    return said.equals(PROCESSED) || said.startsWith(PROCESSED + "/warning");
  }

  /** Whether the partner does not take the message because it knows it. */
  public boolean isDuplicate() {
    return !isPositive() && disposition.toLowerCase(Locale.ROOT).contains("duplicate");
  }

  /** What the partner says, in one line. */
  public String said() {
    return text.isEmpty() ? disposition : disposition + " (" + text + ")";
  }

  /**
   * Why it is no proof of what became of a message, as the end of a sentence, or null.
   *
   * @param mustBeSigned whether only signed receipts count
   */
  public String doubt(As2Memory.Sent sent, boolean mustBeSigned) {
    if (mustBeSigned && !signed) {
      return "its receipt is not signed";
    }
    if (!sent.messageId().equals(messageId)) {
      return "its receipt is for message '%s'".formatted(messageId);
    }
    if (!isPositive()) {
      return null;
    }
    if (!mustBeSigned && (mic == null || !sent.digest().equals(digest))) {
      return null; // nobody asked for a digest
    }
    if (mic == null) {
      return "its receipt has no digest of what it understood";
    }
    return sent.digest().equals(digest) && same(sent.mic(), mic)
        ? null
        : "its receipt has the digest of other bytes than we sent";
  }

  private static boolean same(String ours, String theirs) {
    try {
      return Arrays.equals(
          Base64.getDecoder().decode(ours), Base64.getMimeDecoder().decode(theirs));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * As the headers and body of an answer.
   *
   * @param mic of what was understood, with its name behind it, or null
   * @param signer who signs it, or null
   */
  static MimePart write(
      String to, String messageId, String disposition, String mic, String text, Identity signer) {
    var boundary = "----serai-" + UUID.randomUUID();
    var fields = new LinkedHashMap<String, String>();
    fields.put("Reporting-UA", "Serai");
    fields.put("Original-Recipient", "rfc822; " + As2Request.header(to));
    fields.put("Final-Recipient", "rfc822; " + As2Request.header(to));
    fields.put("Original-Message-ID", messageId);
    fields.put("Disposition", "automatic-action/MDN-sent-automatically; " + disposition);
    if (mic != null) {
      fields.put("Received-Content-MIC", mic);
    }
    var body =
        MimePart.multipart(
            boundary,
            MimePart.write(
                ordered(
                    "Content-Type", "text/plain; charset=us-ascii",
                    "Content-Transfer-Encoding", "7bit"),
                (ascii(text) + "\r\n").getBytes(StandardCharsets.US_ASCII)),
            MimePart.write(
                ordered(
                    "Content-Type", "message/disposition-notification",
                    "Content-Transfer-Encoding", "7bit"),
                MimePart.write(fields, new byte[0])));
    var headers =
        ordered(
            "Content-Type",
            "multipart/report; report-type=disposition-notification; boundary=\"%s\""
                .formatted(boundary));
    return signer == null
        ? MimePart.of(headers, body)
        : SecureMime.sign(MimePart.write(headers, body), signer, "sha-256");
  }

  /**
   * Reads one.
   *
   * @param known who may have signed it
   * @throws As2Refused when it is signed by somebody else
   * @throws MimeFault when it is none
   */
  static Mdn read(MimePart answer, List<X509Certificate> known, Instant now) {
    var signed = answer.type().equals("multipart/signed");
    return of(signed ? SecureMime.verify(answer, known, now).content() : answer, signed);
  }

  /** Reads one that is proven as far as it can be. */
  static Mdn of(MimePart report, boolean signed) {
    if (!isReport(report)) {
      throw new MimeFault("it is no receipt");
    }
    Map<String, String> fields = null;
    var text = "";
    for (var part : report.parts()) {
      if (part.type().equals("message/disposition-notification")) {
        fields = MimePart.parse(part.content()).headers();
      } else if (part.type().equals("text/plain") && text.isEmpty()) {
        text = shown(new String(part.content().exact(), StandardCharsets.UTF_8).strip());
      }
    }
    var disposition = fields == null ? null : fields.get("disposition");
    if (disposition == null || disposition.indexOf(';') < 0) {
      throw new MimeFault("it is a receipt that says nothing of what became of the message");
    }
    var mic = fields.get("received-content-mic");
    var comma = mic == null ? -1 : mic.lastIndexOf(',');
    return new Mdn(
        As2Request.id(fields.get("original-message-id")),
        shown(disposition.substring(disposition.indexOf(';') + 1).strip()),
        comma < 0 ? null : mic.substring(0, comma).strip(),
        comma < 0 ? null : SecureMime.digest(mic.substring(comma + 1)),
        text,
        signed);
  }

  static boolean isReport(MimePart part) {
    return part.type().equals("multipart/report");
  }

  private static Map<String, String> ordered(String... pairs) {
    var map = new LinkedHashMap<String, String>();
    for (var i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return map;
  }

  private static String ascii(String text) {
    return text.replaceAll("[^ -~]", "?");
  }

  private static String shown(String text) {
    var line = text.replaceAll("\\s+", " ");
    return FileNames.shown(
        line.length() > LONGEST_TEXT ? line.substring(0, LONGEST_TEXT) + "…" : line);
  }
}
