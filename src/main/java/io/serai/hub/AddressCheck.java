package io.serai.hub;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.order.Address;
import io.serai.support.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Whether what left went where it was asked to go.
 *
 * <p>A node that tells the request's hash back proves that it printed that address; one that tells
 * an address is compared by country and postal code only, because carriers and nodes spell streets
 * as they like. Gap: a node that tells neither is believed.
 */
final class AddressCheck {
  private static final int DIGITS = 32;

  private AddressCheck() {}

  /**
   * Tells an address from another, whatever its capitals, blanks and punctuation; null where there
   * is none.
   */
  static String hash(JsonNode address) {
    if (!address.isObject()) {
      return null;
    }
    var text = new StringBuilder();
    address.path("lines").forEach(line -> plain(line.asText(""), text).append('|'));
    for (var part : new String[] {"city", "region", "regionText", "postalCode", "countryCode"}) {
      plain(address.path(part).asText(""), text).append('|');
    }
    return Sha256.hex(text.toString().getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS);
  }

  /**
   * Why it went elsewhere, as the rest of a sentence; null when nothing says so.
   *
   * @param former where it was asked to go before the order's address was changed, or null
   */
  static String fault(WorkingOrder order, JsonNode former, String hash, Address told) {
    if (hash == null && told == null || order.document == null) {
      return null;
    }
    var fault = fault(order.document.path("shipTo").path("address"), hash, told);
    return former == null || fault == null || fault(former.path("address"), hash, told) != null
        ? fault
        : null;
  }

  private static String fault(JsonNode asked, String hash, Address told) {
    if (!asked.isObject()) {
      return null;
    }
    if (hash != null && !hash.equals(hash(asked))) {
      return "went to an address with another hash than that of the order";
    }
    if (told == null) {
      return null;
    }
    var country = asked.path("countryCode").asText("");
    if (told.countryCode() != null
        && !country.isEmpty()
        && !country.equalsIgnoreCase(told.countryCode())) {
      return "went to country '%s', and the order is for '%s'"
          .formatted(told.countryCode(), country);
    }
    var wanted = plain(asked.path("postalCode").asText(""), new StringBuilder());
    var got = plain(told.postalCode() == null ? "" : told.postalCode(), new StringBuilder());
    var shorter = Math.min(wanted.length(), got.length()); // ZIP and ZIP+4 are one place
    return shorter > 0 && !wanted.substring(0, shorter).contentEquals(got.substring(0, shorter))
        ? "went to another postal code than that of the order"
        : null;
  }

  private static StringBuilder plain(String text, StringBuilder to) {
    var upper = text.toUpperCase(Locale.ROOT);
    for (var i = 0; i < upper.length(); i++) {
      if (Character.isLetterOrDigit(upper.charAt(i))) {
        to.append(upper.charAt(i));
      }
    }
    return to;
  }
}
