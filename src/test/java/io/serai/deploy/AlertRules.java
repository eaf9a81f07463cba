package io.serai.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/** The rules as they are shipped, evaluated over samples every half minute, as Prometheus would. */
public final class AlertRules {
  /** Between two samples and two evaluations, in seconds. */
  public static final int STEP = 30;

  private static final Pattern SAMPLE = Pattern.compile("^(\\w+)(?:\\{(.*)})? (\\S+)$");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

  private record Rule(String alert, String records, Promql expression, int holdsFor) {}

  private final String text;
  private final List<Rule> rules = new ArrayList<>();

  /** The rules that the chart brings and that stand in {@code alerts.yaml}. */
  public AlertRules() throws IOException {
    text =
        Files.readString(RenderedChart.CHART.resolve("alerts.yaml"))
            .replace("NAMESPACE", RenderedChart.NAMESPACE);
    for (var group : RenderedChart.YAML.readTree(text).path("groups")) {
      for (var rule : group.path("rules")) {
        rules.add(
            new Rule(
                rule.path("alert").asText(null),
                rule.path("record").asText(null),
                new Promql(rule.path("expr").asText()),
                seconds(rule.path("for"))));
      }
    }
  }

  private static int seconds(JsonNode length) {
    var text = length.asText("0m");
    var number = Integer.parseInt(text.substring(0, text.length() - 1));
    return number * (text.endsWith("h") ? 3600 : text.endsWith("m") ? 60 : 1);
  }

  /** The names of all alerts. */
  Set<String> names() {
    var names = new TreeSet<String>();
    rules.stream().map(Rule::alert).filter(name -> name != null).forEach(names::add);
    return names;
  }

  /** How long an alert's condition has to hold, in seconds. */
  int holdsFor(String alert) {
    return rules.stream().filter(r -> alert.equals(r.alert)).findFirst().orElseThrow().holdsFor;
  }

  /** Notes what a hub showed, with the labels that a scrape of the chart's monitor adds. */
  public static void scraped(Promql.Series series, List<String> shown, long second) {
    for (var line : shown) {
      var sample = SAMPLE.matcher(line);
      if (line.startsWith("serai_") && sample.matches()) {
        var labels =
            new HashMap<>(
                Map.of(
                    "__name__",
                    sample.group(1),
                    "namespace",
                    RenderedChart.NAMESPACE,
                    "pod",
                    "orders-0"));
        if (sample.group(2) != null) {
          LABEL.matcher(sample.group(2)).results().forEach(l -> labels.put(l.group(1), l.group(2)));
        }
        series.add(labels, second, Double.parseDouble(sample.group(3)));
      }
    }
  }

  /** When each alert fires, in seconds, of those that do until then; an empty list is no entry. */
  public Map<String, List<Long>> fired(Promql.Series series, long until) {
    var since = new HashMap<Rule, Map<Map<String, String>, Long>>();
    var fired = new TreeMap<String, List<Long>>();
    for (var now = 0L; now <= until; now += STEP) {
      for (var rule : rules) {
        var found = rule.expression.at(series, now);
        if (rule.records != null) {
          for (var one : found.entrySet()) {
            var labels = new LinkedHashMap<>(one.getKey());
            labels.put("__name__", rule.records);
            series.add(labels, now, one.getValue());
          }
          continue;
        }
        var pending = since.computeIfAbsent(rule, r -> new HashMap<>());
        pending.keySet().retainAll(found.keySet());
        for (var labels : found.keySet()) {
          pending.putIfAbsent(labels, now);
        }
        var at = now;
        if (pending.values().stream().anyMatch(from -> at - from >= rule.holdsFor)) {
          fired.computeIfAbsent(rule.alert, a -> new ArrayList<>()).add(now);
        }
      }
    }
    return fired;
  }

  /**
   * Asks Prometheus' own tool whether the same alerts fire at these times, and throws what it says
   * when they do not. The test is skipped, and says so, where there is no such tool.
   */
  void askPromtool(
      Path folder, Promql.Series series, Map<String, List<Long>> fired, long... seconds)
      throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        promtool("--version"),
        "There is no 'promtool' here, so Prometheus itself was not asked: install it, for example with 'apt-get install prometheus'.");
    var rulesFile = Files.writeString(folder.resolve("rules.yaml"), text);
    var test = new StringBuilder("rule_files: [rules.yaml]\nevaluation_interval: 30s\ntests:\n");
    test.append("  - interval: 30s\n    input_series:\n");
    series
        .all()
        .forEach(
            (labels, samples) -> {
              var name = labels.get("__name__");
              if (name.contains(":")) {
                return; // recorded
              }
              var more = new TreeMap<>(labels);
              more.remove("__name__");
              var values = new StringBuilder();
              for (var at = 0L; at <= samples.lastKey(); at += STEP) {
                values
                    .append(samples.containsKey(at) ? samples.get(at).toString() : "_")
                    .append(' ');
              }
              var written = new ArrayList<String>();
              more.forEach((k, v) -> written.add(k + "=\"" + v + '"'));
              test.append("      - series: '%s{%s}'\n".formatted(name, String.join(",", written)))
                  .append("        values: '%s'\n".formatted(values.toString().strip()));
            });
    test.append("    promql_expr_test:\n");
    for (var second : seconds) {
      test.append("      - expr: count by (alertname) (ALERTS{alertstate=\"firing\"}) > bool 0\n")
          .append("        eval_time: %ds\n        exp_samples:\n".formatted(second));
      fired.forEach(
          (alert, at) -> {
            if (at.contains(second)) {
              test.append(
                  "          - { labels: '{alertname=\"%s\"}', value: 1 }\n".formatted(alert));
            }
          });
    }
    var testFile = Files.writeString(folder.resolve("test.yaml"), test);
    promtool("check", "rules", rulesFile.toString());
    promtool("test", "rules", testFile.toString());
  }

  private static boolean promtool(String... words) throws InterruptedException {
    var command = new ArrayList<>(List.of("promtool"));
    command.addAll(List.of(words));
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      var said = new String(process.getInputStream().readAllBytes());
      if (process.waitFor() != 0) {
        throw new AssertionError(said);
      }
      return true;
    } catch (IOException e) {
      return false; // not installed
    }
  }
}
