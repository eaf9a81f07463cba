package io.serai.allocation;

import java.util.List;

/**
 * Everything a site decided about allocation: its rules, what counts how much, and how far an order
 * may be split. Immutable; a changed file makes a new one.
 *
 * @param name of the rule set
 * @param version changes whenever the rules do
 * @param home the country whose orders are not international, or null
 * @param weights what counts how much
 * @param checks which of the built-in filters are on
 * @param splitting how far an order may be split
 */
public record Policy(
    String name,
    String version,
    String home,
    List<Rule> rules,
    List<Weight> weights,
    Checks checks,
    Splitting splitting,
    Distances distances) {

  /** Complete at one node, in the order of the list; nothing else counts. */
  public static final Policy STANDARD =
      new Policy(
          "standard",
          "1",
          null,
          List.of(),
          List.of(new Weight(Scorers.COMPLETE, 1000), new Weight(Scorers.PRIORITY, 10)),
          Checks.ALL,
          Splitting.FREE,
          Distances.NONE);

  /** How many points the best value of a scorer gives. */
  public record Weight(Scorer scorer, double weight) {}

  /**
   * The built-in filters.
   *
   * @param servedCountry a node that does not send to the country drops out
   * @param capacity a node that was given all it takes that day drops out
   * @param onTime a node that cannot keep the promise drops out
   * @param customs a node that would have to declare an article without a tariff number drops out
   */
  public record Checks(boolean servedCountry, boolean capacity, boolean onTime, boolean customs) {
    /** Countries and capacity are checked; a promise is a matter of weights. */
    public static final Checks ALL = new Checks(true, true, false);

    /** Checks for a site that declares nothing. */
    public Checks(boolean servedCountry, boolean capacity, boolean onTime) {
      this(servedCountry, capacity, onTime, false);
    }
  }

  /**
   * Limits of a split.
   *
   * @param maxShipments most shipments of one order
   * @param minValuePerShipment least value of each shipment of a split order, in its currency
   * @param shipAvailable whether what is there leaves when something is short; else all wait
   */
  public record Splitting(int maxShipments, double minValuePerShipment, boolean shipAvailable) {
    /** Any number of shipments of any value; what is short makes the whole order wait. */
    public static final Splitting FREE = new Splitting(Integer.MAX_VALUE, 0, false);

    Splitting with(Rule.Splitting rule) {
      return new Splitting(
          rule.maxShipments() == null ? maxShipments : rule.maxShipments(),
          rule.minValuePerShipment() == null ? minValuePerShipment : rule.minValuePerShipment(),
          rule.shipAvailable() == null ? shipAvailable : rule.shipAvailable());
    }
  }

  /** Whether any rule gives orders a class of priority. */
  public boolean ranks() {
    return rules.stream()
        .flatMap(r -> r.effects().stream())
        .anyMatch(Rule.Priority.class::isInstance);
  }

  /** Name and version, as decisions record them. */
  public String id() {
    return name + '@' + version;
  }
}
