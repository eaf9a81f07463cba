package io.serai.order;

import java.util.List;

/**
 * Where something goes, as the channel wrote it: nothing is corrected, transliterated or cut.
 *
 * @param lines street lines, in order
 * @param region ISO 3166-2 subdivision or the channel's code
 * @param regionText the region in words, when the channel gives words
 * @param postalCode text, leading zeros kept
 * @param countryCode ISO 3166-1 alpha-2
 * @param type RESIDENTIAL, COMMERCIAL, POBOX, STORE, PICKUP_POINT, HUB, or the channel's word
 * @param gln number of the place in GS1's register: who knows it needs no street
 * @param placeNumber number the channel gave the place, of a store for instance
 */
public record Address(
    List<String> lines,
    String city,
    String region,
    String regionText,
    String postalCode,
    String countryCode,
    String type,
    String gln,
    String placeNumber) {

  /** Lines are never null. */
  public Address {
    lines = lines == null ? List.of() : List.copyOf(lines);
  }

  /** One that has no number. */
  public Address(
      List<String> lines,
      String city,
      String region,
      String regionText,
      String postalCode,
      String countryCode,
      String type) {
    this(lines, city, region, regionText, postalCode, countryCode, type, null, null);
  }
}
