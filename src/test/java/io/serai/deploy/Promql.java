package io.serai.deploy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.DoubleBinaryOperator;
import java.util.regex.Pattern;

/**
 * The part of Prometheus' language that the shipped rules are written in, evaluated as Prometheus
 * does: an instant sees the last sample of five minutes, and rates are extended to their window.
 * What is none of it is refused and never guessed.
 */
public final class Promql {
  private static final long LOOK_BACK = 300;
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:([a-zA-Z_:][a-zA-Z0-9_:]*)|(\\d+(?:\\.\\d+)?)(?![a-z\\d])|(\\d+[smhd])|\"([^\"]*)\"|(>=|<=|==|!=|[-(){}\\[\\],=<>]))");
  private static final Map<String, Long> SECONDS =
      Map.of("s", 1L, "m", 60L, "h", 3600L, "d", 86400L);

  /** Samples by second, of each set of labels; the metric's name is the label {@code __name__}. */
  public static final class Series {
    private final Map<Map<String, String>, NavigableMap<Long, Double>> all = new HashMap<>();

    void add(Map<String, String> labels, long second, double value) {
      all.computeIfAbsent(labels, l -> new TreeMap<>()).put(second, value);
    }

    Map<Map<String, String>, NavigableMap<Long, Double>> all() {
      return all;
    }
  }

  private interface Node {
    Map<Map<String, String>, Double> at(Series series, long second);
  }

  private final List<String> tokens = new ArrayList<>();
  private int next;
  private final Node root;

  /** Reads an expression. */
  Promql(String text) {
    var matcher = TOKEN.matcher(text);
    var end = 0;
    while (end < text.length() && !text.substring(end).isBlank()) {
      if (!matcher.find(end) || matcher.start() != end) {
        throw new IllegalArgumentException("not understood: " + text.substring(end));
      }
      tokens.add(matcher.group(4) != null ? '"' + matcher.group(4) : matcher.group().strip());
      end = matcher.end();
    }
    root = or();
    if (next < tokens.size()) {
      throw new IllegalArgumentException("not understood: " + tokens.subList(next, tokens.size()));
    }
  }

  /** What it is at a second, by labels. */
  Map<Map<String, String>, Double> at(Series series, long second) {
    return root.at(series, second);
  }

  private String peek() {
    return next < tokens.size() ? tokens.get(next) : "";
  }

  private boolean take(String token) {
    if (peek().equals(token)) {
      next++;
      return true;
    }
    return false;
  }

  private void demand(String token) {
    if (!take(token)) {
      throw new IllegalArgumentException("'" + token + "' is missing before '" + peek() + "'");
    }
  }

  private Node or() {
    var left = unless();
    while (take("or")) {
      var first = left;
      var second = unless();
      left =
          (series, at) -> {
            var held = first.at(series, at);
            var known = held.keySet().stream().map(Promql::unnamed).toList();
            var both = new HashMap<>(second.at(series, at));
            both.keySet().removeIf(l -> known.contains(unnamed(l)));
            both.putAll(held);
            return both;
          };
    }
    return left;
  }

  private Node unless() {
    var left = comparison();
    while (take("unless")) {
      var on = take("on") ? labels() : null;
      var first = left;
      var second = comparison();
      left =
          (series, at) -> {
            var not = new ArrayList<Map<String, String>>();
            second
                .at(series, at)
                .keySet()
                .forEach(l -> not.add(on == null ? unnamed(l) : only(l, on)));
            var rest = new HashMap<>(first.at(series, at));
            rest.keySet().removeIf(l -> not.contains(on == null ? unnamed(l) : only(l, on)));
            return rest;
          };
    }
    return left;
  }

  private Node comparison() {
    var left = value();
    if (!Set.of(">", "<", ">=", "<=").contains(peek())) {
      return left;
    }
    var how = tokens.get(next++);
    var limit = Double.parseDouble(tokens.get(next++));
    return (series, at) -> {
      var held = new HashMap<>(left.at(series, at));
      held.values()
          .removeIf(
              v ->
                  !switch (how) {
                    case ">" -> v > limit;
                    case "<" -> v < limit;
                    case ">=" -> v >= limit;
                    default -> v <= limit;
                  });
      return held;
    };
  }

  private Node value() {
    if (take("(")) {
      var inner = or();
      demand(")");
      return inner;
    }
    var name = tokens.get(next++);
    return switch (name) {
      case "max" -> grouped(Math::max);
      case "min" -> grouped(Math::min);
      case "sum" -> grouped(Double::sum);
      case "absent" -> absent();
      case "rate", "delta", "max_over_time" -> overTime(name);
      default -> {
        var selected = selector(name);
        yield (series, at) -> {
          var found = new HashMap<Map<String, String>, Double>();
          selected
              .of(series)
              .forEach(
                  (labels, samples) -> {
                    var last = samples.floorEntry(at);
                    if (last != null && last.getKey() > at - LOOK_BACK) {
                      found.put(labels, last.getValue());
                    }
                  });
          return found;
        };
      }
    };
  }

  private Set<String> labels() {
    var all = new TreeSet<String>();
    demand("(");
    while (!take(")")) {
      all.add(tokens.get(next++));
      take(",");
    }
    return all;
  }

  private Node grouped(DoubleBinaryOperator both) {
    var by = take("by") ? labels() : Set.<String>of();
    demand("(");
    var inner = or();
    demand(")");
    return (series, at) -> {
      var groups = new HashMap<Map<String, String>, Double>();
      inner
          .at(series, at)
          .forEach((labels, value) -> groups.merge(only(labels, by), value, both::applyAsDouble));
      return groups;
    };
  }

  private Node absent() {
    demand("(");
    var inner = or();
    demand(")");
    return (series, at) -> inner.at(series, at).isEmpty() ? Map.of(Map.of(), 1.0) : Map.of();
  }

  private Node overTime(String function) {
    demand("(");
    var selected = selector(tokens.get(next++));
    demand("[");
    var length = tokens.get(next++);
    var window =
        Long.parseLong(length.substring(0, length.length() - 1))
            * SECONDS.get(length.substring(length.length() - 1));
    demand("]");
    demand(")");
    return (series, at) -> {
      var found = new HashMap<Map<String, String>, Double>();
      selected
          .of(series)
          .forEach(
              (labels, samples) -> {
                var seen = samples.subMap(at - window, false, at, true);
                if (function.equals("max_over_time") && !seen.isEmpty()) {
                  found.put(unnamed(labels), seen.values().stream().max(Double::compare).get());
                } else if (seen.size() > 1) {
                  var grown = extended(seen, at - window, at, function.equals("rate"));
                  found.put(unnamed(labels), function.equals("rate") ? grown / window : grown);
                }
              });
      return found;
    };
  }

  // As Prometheus: by half a step beyond the samples, or to the window's edges where they are near.
  private static double extended(
      NavigableMap<Long, Double> seen, long from, long to, boolean counter) {
    var grown = seen.lastEntry().getValue() - seen.firstEntry().getValue();
    if (counter) {
      Double before = null;
      for (var value : seen.values()) {
        grown += before != null && value < before ? before : 0; // it began anew
        before = value;
      }
    }
    double sampled = seen.lastKey() - seen.firstKey();
    var step = sampled / (seen.size() - 1);
    double start = seen.firstKey() - from;
    double end = to - seen.lastKey();
    if (counter && grown > 0 && seen.firstEntry().getValue() >= 0) {
      start = Math.min(start, sampled * seen.firstEntry().getValue() / grown);
    }
    start = start < step * 1.1 ? start : step / 2;
    end = end < step * 1.1 ? end : step / 2;
    return grown * (sampled + start + end) / sampled;
  }

  private record Selector(String name, Map<String, String> labels) {
    Map<Map<String, String>, NavigableMap<Long, Double>> of(Series series) {
      var found = new HashMap<Map<String, String>, NavigableMap<Long, Double>>();
      series.all.forEach(
          (known, samples) -> {
            if (name.equals(known.get("__name__"))
                && labels.entrySet().stream()
                    .allMatch(l -> l.getValue().equals(known.get(l.getKey())))) {
              found.put(known, samples);
            }
          });
      return found;
    }
  }

  private Selector selector(String name) {
    if (!name.matches("[a-zA-Z_:].*") || peek().equals("(")) {
      throw new IllegalArgumentException("'" + name + "' is not understood");
    }
    var labels = new HashMap<String, String>();
    if (take("{")) {
      while (!take("}")) {
        var label = tokens.get(next++);
        demand("=");
        labels.put(label, tokens.get(next++).substring(1));
        take(",");
      }
    }
    return new Selector(name, labels);
  }

  private static Map<String, String> unnamed(Map<String, String> labels) {
    var rest = new HashMap<>(labels);
    rest.remove("__name__");
    return rest;
  }

  private static Map<String, String> only(Map<String, String> labels, Set<String> names) {
    var rest = new HashMap<>(labels);
    rest.keySet().retainAll(names);
    return rest;
  }
}
