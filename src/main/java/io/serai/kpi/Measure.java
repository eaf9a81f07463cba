package io.serai.kpi;

/** How facts become a figure. */
public enum Measure {
  /** How many of all count, in percent. */
  SHARE("%", "round(100.0 * count(*) FILTER (WHERE hit) / nullif(count(*), 0), 2)", null, null),
  /** How many there are to a hundred. */
  PER_100("per 100", "round(100.0 * sum(amount) / nullif(count(*), 0), 2)", null, null),
  /** How long it takes: the median, and how long for nineteen of twenty and for the slowest. */
  DURATION(
      "seconds",
      "round(percentile_cont(0.5) WITHIN GROUP (ORDER BY amount)::numeric, 1)",
      "round(percentile_cont(0.95) WITHIN GROUP (ORDER BY amount)::numeric, 1)",
      "round(max(amount), 1)"),
  /** How many there are. */
  COUNT("", "count(*) FILTER (WHERE hit)", null, null);

  private final String unit;
  private final String value;
  private final String p95;
  private final String most;

  Measure(String unit, String value, String p95, String most) {
    this.unit = unit;
    this.value = value;
    this.p95 = p95;
    this.most = most;
  }

  /** The unit of the figure. */
  public String unit() {
    return unit;
  }

  String value() {
    return value;
  }

  String p95() {
    return p95 == null ? "NULL::numeric" : p95;
  }

  String most() {
    return most == null ? "NULL::numeric" : most;
  }
}
