package io.serai.rules;

import io.serai.allocation.Candidate;
import io.serai.allocation.Distances;
import io.serai.catalog.Faults;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where places are, from a table of countries and beginnings of postal codes: the longest beginning
 * that is there counts, else the middle of the country. What had to be used instead of the place
 * itself is named.
 *
 * <p>Gap: distances are as the crow flies, between middles of areas.
 */
final class Locations implements Distances {
  private static final double EARTH = 6_371;
  private static final int LONGEST = 12;

  private record Place(double latitude, double longitude) {}

  private record Found(String area, Place place) {}

  private final Map<String, Place> places;
  private final Map<String, Integer> longest;
  private final Map<String, Double> known = new ConcurrentHashMap<>();

  private Locations(Map<String, Place> places, Map<String, Integer> longest) {
    this.places = places;
    this.longest = longest;
  }

  /**
   * Reads lines of {@code country,prefix,latitude,longitude}; a first line with the names of the
   * columns, empty lines and lines that start with {@code #} say nothing.
   */
  static Locations read(String text, Faults faults) {
    var places = new HashMap<String, Place>();
    var longest = new HashMap<String, Integer>();
    var number = 0;
    var bad = new HashSet<Integer>();
    for (var line : text.lines().toList()) {
      number++;
      if (line.isBlank() || line.startsWith("#") || line.startsWith("country,")) {
        continue;
      }
      var parts = line.split(",", -1);
      var place = parts.length == 4 ? place(parts[2], parts[3]) : null;
      if (place == null
          || !parts[0].strip().matches("[A-Z]{2}")
          || parts[1].strip().length() > LONGEST) {
        if (bad.size() < 20) {
          faults.at(
              number,
              "'" + line.strip() + "' is no place",
              "Write country,prefix,latitude,longitude, as in US,100,40.71,-74.01");
        }
        bad.add(number);
        continue;
      }
      var prefix = code(parts[1]);
      if (places.put(area(parts[0].strip(), prefix), place) != null) {
        faults.at(
            number,
            "Place '"
                + parts[0].strip()
                + "' with prefix '"
                + parts[1].strip()
                + "' is there twice",
            "Keep one");
      }
      longest.merge(parts[0].strip(), prefix.length(), Math::max);
    }
    return new Locations(places, longest);
  }

  private static Place place(String latitude, String longitude) {
    try {
      var place =
          new Place(Double.parseDouble(latitude.strip()), Double.parseDouble(longitude.strip()));
      return Math.abs(place.latitude()) <= 90 && Math.abs(place.longitude()) <= 180 ? place : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static String area(String country, String prefix) {
    return country + '/' + prefix;
  }

  private static String code(String postalCode) {
    var code = new StringBuilder(postalCode.length());
    for (var i = 0; i < postalCode.length(); i++) {
      var letter = postalCode.charAt(i);
      if (Character.isLetterOrDigit(letter)) {
        code.append(letter);
      }
    }
    return code.toString().toUpperCase(Locale.ROOT);
  }

  private Found find(String country, String postalCode) {
    if (country == null) {
      return null;
    }
    var most = longest.get(country);
    if (most == null) {
      return null;
    }
    var code = postalCode == null ? "" : code(postalCode);
    for (var length = Math.min(most, code.length()); length >= 0; length--) {
      var area = area(country, code.substring(0, length));
      var place = places.get(area);
      if (place != null) {
        return new Found(area, place);
      }
    }
    return null;
  }

  @Override
  public Distance between(String country, String postalCode, Candidate node) {
    var to = find(country, postalCode);
    var from = find(node.country(), node.postalCode());
    if (to == null || from == null) {
      return null;
    }
    var kilometers =
        known.computeIfAbsent(
            to.area() + '>' + from.area(), way -> kilometers(to.place(), from.place()));
    return new Distance(kilometers, fallback(to, postalCode));
  }

  private static String fallback(Found to, String postalCode) {
    var slash = to.area().indexOf('/');
    var prefix = to.area().substring(slash + 1);
    if (prefix.isEmpty()) {
      return "from the middle of '" + to.area().substring(0, slash) + "'";
    }
    return prefix.equals(code(postalCode))
        ? null
        : "from the area '" + prefix + "' of '" + to.area().substring(0, slash) + "'";
  }

  // The way over a ball, by the haversine of the angle between.
  private static double kilometers(Place one, Place other) {
    var latitudes = Math.toRadians(other.latitude() - one.latitude());
    var longitudes = Math.toRadians(other.longitude() - one.longitude());
    var angle =
        Math.pow(Math.sin(latitudes / 2), 2)
            + Math.cos(Math.toRadians(one.latitude()))
                * Math.cos(Math.toRadians(other.latitude()))
                * Math.pow(Math.sin(longitudes / 2), 2);
    return 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(angle)));
  }
}
