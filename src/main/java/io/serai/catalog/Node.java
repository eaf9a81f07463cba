package io.serai.catalog;

import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A place that holds stock, as configured.
 *
 * @param name unique
 * @param type what kind of place
 * @param partner the account that runs it, or null when we do
 * @param code what the partner calls it, or null when it has only one
 * @param country ISO 3166-1 alpha-2, or null
 * @param region ISO 3166-2 without the country, or null
 * @param postalCode or null
 * @param traits what the choice between nodes looks at
 * @param packing how it gets labels for what its own people pack, or null when it buys none here
 */
public record Node(
    String name,
    String type,
    String partner,
    String code,
    String country,
    String region,
    String postalCode,
    Traits traits,
    Packing packing) {

  /** A node of which nothing matters for the choice. */
  public Node(
      String name,
      String type,
      String partner,
      String code,
      String country,
      String region,
      String postalCode) {
    this(name, type, partner, code, country, region, postalCode, Traits.NONE, null);
  }

  /**
   * How a node gets labels for what its own people pack.
   *
   * @param carriers accounts that are asked, preferred first
   * @param name who sends it, as it stands on the label
   * @param labelFormat {@code zpl} or {@code pdf}
   * @param by what decides between offers that come in time: {@code cost} or {@code speed}
   * @param shippedWhen what makes it sent: its first {@code scan}, or the {@code label}
   * @param patience how long a carrier may take to answer
   * @param noMovement how long a parcel may stay without a scan
   */
  public record Packing(
      List<String> carriers,
      String name,
      String company,
      String street,
      String city,
      String phone,
      String labelFormat,
      String by,
      String shippedWhen,
      Duration patience,
      Duration noMovement) {}

  /**
   * What the choice between nodes looks at.
   *
   * @param capabilities what the node can handle besides ordinary goods
   * @param serves countries it sends to; empty for all
   * @param capacityPerDay most orders a day, or null for any number
   * @param cutOff what comes later leaves on the next open day, or null
   * @param zone whose days and hours are meant
   * @param closedDays days of every week
   * @param closedDates single days
   * @param cost of a shipment by country of destination, {@code *} for all others
   * @param transitDays to the buyer by country of destination, {@code *} for all others
   * @param floor units of a SKU it should keep
   */
  public record Traits(
      Set<String> capabilities,
      Set<String> serves,
      Integer capacityPerDay,
      LocalTime cutOff,
      ZoneId zone,
      Set<DayOfWeek> closedDays,
      Set<LocalDate> closedDates,
      Map<String, BigDecimal> cost,
      Map<String, Integer> transitDays,
      int floor) {
    /** Nothing is configured. */
    public static final Traits NONE =
        new Traits(
            Set.of(),
            Set.of(),
            null,
            null,
            ZoneId.of("UTC"),
            Set.of(),
            Set.of(),
            Map.of(),
            Map.of(),
            0);
  }
}
