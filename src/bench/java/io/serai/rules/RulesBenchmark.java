package io.serai.rules;

import io.serai.allocation.Allocator;
import io.serai.allocation.Candidate;
import io.serai.allocation.Decision;
import io.serai.allocation.LineFacts;
import io.serai.allocation.OrderFacts;
import io.serai.allocation.Policy;
import io.serai.allocation.Question;
import io.serai.allocation.Want;
import io.serai.catalog.Faults;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What one decision costs: a site's 40 rules and 8 nodes, and the standard rules with 8 and 1. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class RulesBenchmark {
  private static final Instant NOW = Instant.parse("2026-03-03T15:00:00Z");

  private static final int ROUND = 100_000;

  private Policy site;
  private Question[] orders;
  private Question[] oneNode;
  private int next;

  @Setup
  public void setUp() throws IOException {
    var nodes = nodes();
    var faults = new Faults("rules");
    var places = Locations.read(Files.readString(Path.of("rules/locations.csv")), faults);
    var read = RuleReader.read(rules(), "", places, nodes, faults);
    if (read == null || read.policy().rules().size() != 40) {
      throw new IllegalStateException("The rules of the benchmark are at fault: " + faults.list());
    }
    site = read.policy();
    orders = new Question[64];
    oneNode = new Question[orders.length];
    for (var i = 0; i < orders.length; i++) {
      orders[i] = question(nodes, i);
      oneNode[i] = question(nodes.subList(0, 1), i);
    }
  }

  @Benchmark
  public Decision fortyRulesAndEightNodes() {
    return Allocator.allocate(site, orders[next++ & 63]);
  }

  @Benchmark
  public Decision standardRulesAndEightNodes() {
    return Allocator.allocate(Policy.STANDARD, orders[next++ & 63]);
  }

  @Benchmark
  public Decision standardRulesAndOneNode() {
    return Allocator.allocate(Policy.STANDARD, oneNode[next++ & 63]);
  }

  /** Measures CPU time instead of the clock, for a machine that does something else, too. */
  public static void main(String[] arguments) throws IOException {
    var benchmark = new RulesBenchmark();
    benchmark.setUp();
    for (var round = 1; round <= 8; round++) {
      System.out.printf(
          "round %d: 40 rules, 8 nodes %.2f us; standard, 8 nodes %.2f us; standard, 1 node %.2f us%n",
          round,
          cpu(benchmark::fortyRulesAndEightNodes),
          cpu(benchmark::standardRulesAndEightNodes),
          cpu(benchmark::standardRulesAndOneNode));
    }
  }

  private static double cpu(Supplier<Decision> decision) {
    var threads = ManagementFactory.getThreadMXBean();
    var before = threads.getCurrentThreadCpuTime();
    var shipped = 0;
    for (var i = 0; i < ROUND; i++) {
      shipped += decision.get().ships() ? 1 : 0;
    }
    if (shipped == 0) {
      throw new IllegalStateException("Nothing was decided.");
    }
    return (threads.getCurrentThreadCpuTime() - before) / 1_000.0 / ROUND;
  }

  private static List<Candidate> nodes() {
    var nodes = new ArrayList<Candidate>();
    var codes =
        List.of("07001", "10012", "60601", "94105", "30301", "75201", "98101", "80202");
    for (var i = 0; i < codes.size(); i++) {
      nodes.add(
          new Candidate(
              "n-" + i,
              i % 3 == 1 ? "store" : "warehouse",
              null,
              "US",
              null,
              codes.get(i),
              i % 4 == 0 ? Set.of("fragile", "hazmat") : Set.of(),
              i % 2 == 0 ? Set.of("US", "CA") : Set.of(),
              null,
              Candidate.Hours.ALWAYS,
              Map.of("*", 4.0 + i, "US", 3.0 + i),
              Map.of("*", 5, "US", 1 + i % 3),
              i));
    }
    return nodes;
  }

  /** 40 rules: about the order, about lines and about nodes, a good part of which apply. */
  private static String rules() {
    var text =
        new StringBuilder(
            "name: site\nhome: US\nweights: { complete: 1000, priority: 10, distance: 50, cost: 60, transit: 40, balance: 80 }\nrules:\n");
    for (var i = 0; i < 8; i++) {
      text.append(
              "- { name: a-%d, when: \"order.value > %d.0 && destination.country == 'US'\", prefer: n-%d, points: %d }\n"
                  .formatted(i, i * 40, i, i + 3))
          .append(
              "- { name: b-%d, when: \"order.slaHours < %d || order.b2b\", prefer: \"node.type == 'warehouse'\", points: %d }\n"
                  .formatted(i, 12 * i, i + 1))
          .append(
              "- { name: c-%d, lines: \"'fragile' in line.tags && line.quantity > %d\", avoid: \"node.distance > %d.0\", points: %d }\n"
                  .formatted(i, i / 3, 500 + 100 * i, i + 2))
          .append(
              "- { name: d-%d, when: \"order.lines.exists(l, l.sku == 'SKU-%d')\", tag: t-%d }\n"
                  .formatted(i, i, i))
          .append(
              "- { name: e-%d, when: \"destination.postalCode.startsWith('%d')\", avoid: \"node.cost > %d.5 && !node.complete\", points: %d }\n"
                  .formatted(i, i, 3 + i, i + 4));
    }
    return text.toString();
  }

  private static Question question(List<Candidate> nodes, int number) {
    var wants = new ArrayList<Want>();
    for (var line = 0; line < 3; line++) {
      var tags = (number + line) % 3 == 0 ? List.of("fragile") : List.<String>of();
      wants.add(
          new Want(
              line + 1,
              "SKU-" + (number + line * 3) % 10,
              1 + (number + line) % 3,
              new LineFacts() {
                @Override
                public List<String> tags() {
                  return tags;
                }

                @Override
                public double value() {
                  return 20;
                }
              }));
    }
    return new Question(
        new OrderFacts() {
          @Override
          public String country() {
            return number % 5 == 4 ? "CA" : "US";
          }

          @Override
          public String postalCode() {
            return (number % 10) + "0001";
          }

          @Override
          public double value() {
            return 30 * (number % 12);
          }

          @Override
          public Instant deliverBy() {
            return number % 2 == 0 ? NOW.plusSeconds(36 * 3_600) : null;
          }
        },
        wants,
        nodes,
        (sku, node) -> OptionalInt.of((sku.hashCode() + node.hashCode() & 7) + 2),
        Map.of(),
        Question.Load.NONE,
        NOW);
  }
}
