package io.serai.allocation;

import io.serai.allocation.Distances.Distance;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What conditions and scorers may look at: the question, and the line and node that are being
 * judged. Figures are worked out when first asked for and kept for the rest of the decision. Not
 * safe for concurrent use.
 */
public final class Situation {
  private static final int UNKNOWN = Integer.MIN_VALUE;

  private final Policy policy;
  private final Question question;
  private final Map<String, Integer> bySku = new HashMap<>();
  private final int[][] available;
  private final Map<String, Integer> skuIndex = new HashMap<>();
  private final Distance[] distances;
  private final boolean[] measured;
  private final LocalDate[] departures;
  private Want line;
  private int node;

  Situation(Policy policy, Question question) {
    this.policy = policy;
    this.question = question;
    for (var want : question.wants()) {
      bySku.merge(want.sku(), want.quantity(), Integer::sum);
      skuIndex.putIfAbsent(want.sku(), skuIndex.size());
    }
    var nodes = question.nodes().size();
    available = new int[nodes][skuIndex.size()];
    for (var n = 0; n < nodes; n++) {
      var id = question.nodes().get(n).id();
      for (var sku : skuIndex.entrySet()) {
        var there = question.stock().at(sku.getKey(), id);
        available[n][sku.getValue()] = there.isPresent() ? Math.max(0, there.getAsInt()) : UNKNOWN;
      }
    }
    distances = new Distance[nodes];
    measured = new boolean[nodes];
    departures = new LocalDate[nodes];
  }

  Situation at(Want judged) {
    line = judged;
    return this;
  }

  Situation at(int judged) {
    node = judged;
    return this;
  }

  /** What is to be decided. */
  public Question question() {
    return question;
  }

  /** The order. */
  public OrderFacts order() {
    return question.order();
  }

  /** The wanted lines. */
  public List<Want> wants() {
    return question.wants();
  }

  /** The line that is being judged, or null when none is. */
  public Want line() {
    return line;
  }

  /** The node that is being judged. */
  public Candidate node() {
    return question.nodes().get(node);
  }

  /** The site's country, or null. */
  public String home() {
    return policy.home();
  }

  /** Wanted units of each SKU. */
  Map<String, Integer> bySku() {
    return bySku;
  }

  /** Units of a SKU that a node can promise; empty of meaning when it does not stock it. */
  int availableAt(int atNode, String sku) {
    return Math.max(0, available[atNode][skuIndex.get(sku)]);
  }

  boolean stocks(int atNode, String sku) {
    return available[atNode][skuIndex.get(sku)] != UNKNOWN;
  }

  boolean completeAt(int atNode) {
    for (var wanted : bySku.entrySet()) {
      if (availableAt(atNode, wanted.getKey()) < wanted.getValue()) {
        return false;
      }
    }
    return true;
  }

  /** Whether the node can promise every line. */
  public boolean complete() {
    return completeAt(node);
  }

  /** Units of the line's SKU that the node can promise; zero when no line is being judged. */
  public int available() {
    return line == null ? 0 : availableAt(node, line.sku());
  }

  /** Wanted units. */
  public int units() {
    var units = 0;
    for (var want : question.wants()) {
      units += want.quantity();
    }
    return units;
  }

  /** Kilograms of all lines, as far as they are known. */
  public double weight() {
    var weight = 0.0;
    for (var want : question.wants()) {
      weight += want.facts().weight() * want.quantity();
    }
    return weight;
  }

  /** Hours until the order has to arrive, or to leave when only that is promised; else endless. */
  public double slaHours() {
    var order = question.order();
    var due = order.deliverBy() == null ? order.shipBy() : order.deliverBy();
    return due == null
        ? Double.POSITIVE_INFINITY
        : Duration.between(question.now(), due).toMinutes() / 60.0;
  }

  /** The way from the node to the destination, or null when no table knows. */
  public Distance distance() {
    return distanceFrom(node);
  }

  Distance distanceFrom(int atNode) {
    if (!measured[atNode]) {
      measured[atNode] = true;
      distances[atNode] =
          policy
              .distances()
              .between(
                  question.order().country(),
                  question.order().postalCode(),
                  question.nodes().get(atNode));
    }
    return distances[atNode];
  }

  /** The day on which the node would hand the order over. */
  public LocalDate shipsOn() {
    return shipsOn(node);
  }

  LocalDate shipsOn(int atNode) {
    if (departures[atNode] == null) {
      departures[atNode] = question.nodes().get(atNode).hours().departure(question.now());
    }
    return departures[atNode];
  }

  /** Orders the node still takes on the day it would ship; a great number when it takes any. */
  public int capacityLeft() {
    var capacity = node().capacityPerDay();
    return capacity == null
        ? Integer.MAX_VALUE
        : Math.max(0, capacity - question.load().on(node().id(), shipsOn()));
  }

  /** Days that a shipment of the node would come too late; zero when on time or never promised. */
  public int daysLate() {
    return daysLate(node);
  }

  int daysLate(int atNode) {
    var order = question.order();
    var candidate = question.nodes().get(atNode);
    var late = 0L;
    if (order.shipBy() != null) {
      late =
          Math.max(
              late,
              shipsOn(atNode).toEpochDay()
                  - order.shipBy().atZone(candidate.hours().zone()).toLocalDate().toEpochDay());
    }
    var transit = candidate.transitTo(order.country());
    if (order.deliverBy() != null && transit != null) {
      var promised = order.deliverBy().atZone(candidate.hours().zone()).toLocalDate();
      late = Math.max(late, shipsOn(atNode).plusDays(transit).toEpochDay() - promised.toEpochDay());
    }
    return (int) Math.min(late, 10_000);
  }

  int indexOf(String id) {
    for (var n = 0; n < question.nodes().size(); n++) {
      if (question.nodes().get(n).id().equals(id)) {
        return n;
      }
    }
    throw new IllegalArgumentException("'" + id + "' is none of the nodes in question");
  }
}
