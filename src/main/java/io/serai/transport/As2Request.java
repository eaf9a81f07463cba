package io.serai.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A message or a receipt as it came over HTTP, before anything of it is believed.
 *
 * @param headers by their names in small letters
 */
public record As2Request(Map<String, String> headers, byte[] body) {
  private static final int LONGEST = 998;

  /** Who says to have sent it. */
  public String from() {
    return name(headers.get("as2-from"));
  }

  /** Who is to have it. */
  public String to() {
    return name(headers.get("as2-to"));
  }

  /** Its own id, as the sender wrote it; null when it has none that can be given back. */
  public String messageId() {
    return id(headers.get("message-id"));
  }

  /** Whether the sender wants to hear what became of it. */
  public boolean wantsReceipt() {
    return headers.containsKey("disposition-notification-to");
  }

  /** Where the sender wants to hear it later, or null when it waits for the answer. */
  public String receiptTo() {
    var to = headers.get("receipt-delivery-option");
    return to == null || to.isBlank() ? null : to.strip();
  }

  /** Whether the receipt is to be signed. */
  public boolean wantsSignature() {
    return option("signed-receipt-protocol").contains("pkcs7-signature");
  }

  /** The digests one of which the receipt is to have, as the sender calls them, best first. */
  public List<String> digests() {
    return option("signed-receipt-micalg").stream()
        .filter(word -> !word.equals("optional") && !word.equals("required"))
        .toList();
  }

  private List<String> option(String name) {
    var words = new ArrayList<String>();
    for (var option : headers.getOrDefault("disposition-notification-options", "").split(";")) {
      var equals = option.indexOf('=');
      if (equals > 0 && option.substring(0, equals).strip().equalsIgnoreCase(name)) {
        for (var word : option.substring(equals + 1).split(",")) {
          words.add(word.strip().toLowerCase(Locale.ROOT));
        }
      }
    }
    return words;
  }

  /** An AS2 name without the quotes that it needs when it holds a blank. */
  static String name(String header) {
    if (header == null) {
      return null;
    }
    var name = header.strip();
    return name.length() > 1 && name.startsWith("\"") && name.endsWith("\"")
        ? name.substring(1, name.length() - 1).replaceAll("\\\\(.)", "$1")
        : name;
  }

  /** An AS2 name as a header. */
  static String header(String name) {
    return name.indexOf(' ') < 0 && name.indexOf('"') < 0 && name.indexOf('\\') < 0
        ? name
        : '"' + name.replaceAll("([\"\\\\])", "\\\\$1") + '"';
  }

  /** A message's id as text of one line, or null when there is none. */
  static String id(String header) {
    if (header == null || header.isBlank() || header.length() > LONGEST) {
      return null;
    }
    return header.chars().allMatch(c -> c > 31 && c < 127) ? header.strip() : null;
  }
}
