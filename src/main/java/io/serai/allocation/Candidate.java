package io.serai.allocation;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.Set;

/**
 * A node that might ship, as configured; where several stand in a list, the preferred one first.
 *
 * @param id the node's name in the configuration
 * @param type what kind of place: {@code 3pl}, {@code warehouse}, {@code store}, {@code supplier}
 *     or {@code channel}
 * @param partner the account that works there, or null for a node of our own
 * @param country ISO 3166-1 alpha-2, or null when not configured
 * @param region ISO 3166-2 without the country, or null
 * @param postalCode or null
 * @param capabilities what the node can handle besides ordinary goods
 * @param serves countries it sends to; empty when it sends everywhere
 * @param capacityPerDay most orders it takes a day, or null when it takes any number
 * @param hours when it works
 * @param cost what one shipment from here costs, in the currency the site reckons in; per country
 *     of destination, {@code *} for all others
 * @param transitDays days from the door to the buyer; per country of destination, {@code *} for all
 *     others
 * @param floor units of a SKU it should keep, zero when it may be emptied
 */
public record Candidate(
    String id,
    String type,
    String partner,
    String country,
    String region,
    String postalCode,
    Set<String> capabilities,
    Set<String> serves,
    Integer capacityPerDay,
    Hours hours,
    Map<String, Double> cost,
    Map<String, Integer> transitDays,
    int floor) {

  /**
   * When a node works.
   *
   * @param zone whose days and hours are meant
   * @param cutOff what comes later leaves on the next open day; null when the day decides
   * @param closedDays days of every week
   * @param closedDates single days
   */
  public record Hours(
      ZoneId zone, LocalTime cutOff, Set<DayOfWeek> closedDays, Set<LocalDate> closedDates) {
    /** Open on every day, all day. */
    public static final Hours ALWAYS = new Hours(ZoneId.of("UTC"), null, Set.of(), Set.of());

    /** The day on which leaves what is asked for now. */
    public LocalDate departure(Instant now) {
      var local = now.atZone(zone);
      var day = local.toLocalDate();
      if (cutOff != null && !local.toLocalTime().isBefore(cutOff)) {
        day = day.plusDays(1);
      }
      // A node that is closed for a year ships today for all we know: somebody wrote nonsense.
      for (var tries = 0; tries < 366; tries++) {
        if (!closedDays.contains(day.getDayOfWeek()) && !closedDates.contains(day)) {
          return day;
        }
        day = day.plusDays(1);
      }
      return day;
    }
  }

  /** Sets and maps are never null. */
  public Candidate {
    capabilities = Set.copyOf(capabilities);
    serves = Set.copyOf(serves);
    cost = Map.copyOf(cost);
    transitDays = Map.copyOf(transitDays);
  }

  /** A node of which nothing else is configured. */
  public Candidate(String id, String type, String partner, String country) {
    this(
        id,
        type,
        partner,
        country,
        null,
        null,
        Set.of(),
        Set.of(),
        null,
        Hours.ALWAYS,
        Map.of(),
        Map.of(),
        0);
  }

  /** What a shipment to a country costs from here, or null when nobody said. */
  public Double costTo(String destination) {
    return destination == null ? cost.get("*") : cost.getOrDefault(destination, cost.get("*"));
  }

  /** How many days a shipment to a country takes from here, or null when nobody said. */
  public Integer transitTo(String destination) {
    return destination == null
        ? transitDays.get("*")
        : transitDays.getOrDefault(destination, transitDays.get("*"));
  }

  /** Whether it sends to a country; an order that names none is not refused for it. */
  public boolean servesCountry(String destination) {
    return serves.isEmpty() || destination == null || serves.contains(destination);
  }
}
