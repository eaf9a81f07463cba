package io.serai.transport;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A receipt that we give, as the headers and body of an answer or a request: signed when the sender
 * asked for that.
 */
public record As2Receipt(Map<String, String> headers, byte[] body) {
  private static final String TAKEN = "The message was received, and its file is stored.";

  /** That a file was taken. */
  public static As2Receipt taken(As2Partner partner, As2Request request, String mic) {
    return taken(partner, request.messageId(), mic, request.wantsSignature());
  }

  /** The same, of a message that is remembered. */
  static As2Receipt taken(As2Partner partner, String messageId, String mic, boolean signed) {
    return of(
        partner.ours(),
        partner.theirs(),
        Mdn.write(
            partner.ours(),
            messageId,
            Mdn.PROCESSED,
            mic,
            TAKEN,
            signed ? partner.identity() : null));
  }

  /** That a message was not taken, and why. */
  public static As2Receipt refused(
      As2Partner partner, As2Request request, As2Refused why, String sentence) {
    return of(
        partner.ours(),
        partner.theirs(),
        Mdn.write(
            partner.ours(),
            request.messageId(),
            why.modifier(),
            null,
            sentence,
            request.wantsSignature() ? partner.identity() : null));
  }

  /** What a sender hears that nobody knows, and that nobody signs for. */
  public static As2Receipt stranger(As2Request request, String sentence) {
    return of(
        request.to(),
        request.from(),
        Mdn.write(
            request.to(), request.messageId(), As2Refused.AUTHENTICATION, null, sentence, null));
  }

  private static As2Receipt of(String from, String to, MimePart part) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("AS2-Version", "1.2");
    headers.put("AS2-From", As2Request.header(from));
    headers.put("AS2-To", As2Request.header(to));
    headers.put("Message-ID", "<" + UUID.randomUUID() + "@serai>");
    headers.put("MIME-Version", "1.0");
    headers.putAll(part.headers());
    return new As2Receipt(headers, part.body());
  }
}
