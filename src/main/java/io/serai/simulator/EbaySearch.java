package io.serai.simulator;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What getOrders was asked for, judged as eBay judges it: a window of creation or, without one, of
 * modification, or up to fifty ids.
 *
 * @param byCreation whether the window is one of creation
 * @param ids the orders named; the window does not count then
 */
record EbaySearch(
    boolean byCreation, Instant from, Instant to, int limit, int offset, List<String> ids) {

  /** What was wrong with a question. */
  static final class Wrong extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int errorId;

    Wrong(int errorId, String message) {
      super(message);
      this.errorId = errorId;
    }

    int errorId() {
      return errorId;
    }
  }

  private static final Duration TWO_YEARS = Duration.ofDays(730);

  static EbaySearch of(Map<String, String> query, Instant now) {
    var limit = number(query.getOrDefault("limit", "50"), 31100, "limit");
    if (limit < 1 || limit > 200) {
      throw new Wrong(31100, "Invalid limit: " + limit);
    }
    var offset = number(query.getOrDefault("offset", "0"), 31000, "offset");
    if (offset < 0) {
      throw new Wrong(31000, "Invalid offset: " + offset);
    }
    if (query.containsKey("orderIds")) {
      var ids = List.of(query.get("orderIds").split(","));
      if (ids.size() > 50) {
        throw new Wrong(30900, "Exceeded maximum number of order IDs (the current limit is 50)");
      }
      return new EbaySearch(false, Instant.EPOCH, now, 200, 0, ids);
    }
    var search = new EbaySearch(true, now.minus(Duration.ofDays(90)), now, limit, offset, null);
    var filter = query.get("filter");
    if (filter == null || filter.isBlank()) {
      return search;
    }
    EbaySearch modified = null;
    for (var part : filter.split(",(?=[a-z]+:)")) {
      var name = part.replaceFirst(":.*$", "");
      var window = part.substring(Math.min(part.length(), name.length() + 1));
      switch (name) {
        case "creationdate" -> {
          return search.within(true, window, now);
        }
        case "lastmodifieddate" -> modified = search.within(false, window, now);
        case "orderfulfillmentstatus" -> {
          // narrows what the caller may as well sort out
        }
        default -> throw new Wrong(30700, "Invalid filter name: " + name);
      }
    }
    return modified == null ? search : modified;
  }

  private EbaySearch within(boolean created, String window, Instant now) {
    if (!window.matches("\\[.*\\.\\..*]")) {
      throw new Wrong(30800, "Invalid filter value " + window);
    }
    var at = window.indexOf("..");
    var first = window.substring(1, at);
    var last = window.substring(at + 2, window.length() - 1);
    if (first.isBlank()) {
      throw new Wrong(30820, "Start date is missing");
    }
    var start = instant(first);
    var end = last.isBlank() ? now : instant(last);
    if (end.isBefore(start)) {
      throw new Wrong(30840, "Start date should be before end date");
    }
    if (end.isAfter(now)) {
      throw new Wrong(30850, "Start and end dates can't be in the future");
    }
    if (start.isBefore(now.minus(TWO_YEARS))) {
      throw new Wrong(30830, "Time range between start date and end date must be within '2' years");
    }
    return new EbaySearch(created, start, end, limit, offset, null);
  }

  /** Whether an order with these times is among what was asked for. */
  boolean finds(Instant created, Instant modified) {
    var at = byCreation ? created : modified;
    return !at.isBefore(from) && !at.isAfter(to);
  }

  private static int number(String text, int errorId, String what) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new Wrong(errorId, "Invalid " + what + ": " + text);
    }
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new Wrong(30810, "Invalid date format");
    }
  }
}
