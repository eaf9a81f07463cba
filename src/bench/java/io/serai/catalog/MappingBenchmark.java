package io.serai.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to read one order of a channel and to map it to the canonical one: all samples of
 * the channel's {@code order.in.jslt} in turn, from the bytes that came to the tree that is
 * applied.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class MappingBenchmark {
  private static final int ROUND = 20_000;

  /** Whose orders. */
  @Param({"shopify", "amazon", "ebay", "etsy", "square"})
  public String channel;

  private record Case(byte[] body, Mapping mapping, Map<String, JsonNode> context) {}

  private Case[] cases;
  private int next;

  @Setup
  public void setUp() {
    cases = cases().getOrDefault(channel, List.of()).toArray(Case[]::new);
    if (cases.length == 0) {
      throw new IllegalStateException("No sample of an order of '" + channel + "' was found.");
    }
  }

  @Benchmark
  public JsonNode readAndMap() {
    var one = cases[next++ % cases.length];
    return one.mapping().apply(Json.tree(one.body()), one.context());
  }

  /** Measures CPU time instead of the clock, for a machine that does something else, too. */
  public static void main(String[] arguments) {
    var threads = ManagementFactory.getThreadMXBean();
    for (var channel : cases().entrySet()) {
      var benchmark = new MappingBenchmark();
      benchmark.channel = channel.getKey();
      benchmark.setUp();
      var size = channel.getValue().stream().mapToInt(c -> c.body().length).average().orElseThrow();
      for (var round = 1; round <= 5; round++) {
        var before = threads.getCurrentThreadCpuTime();
        var lines = 0L;
        for (var i = 0; i < ROUND; i++) {
          lines += benchmark.readAndMap().path("lines").size();
        }
        var seconds = (threads.getCurrentThreadCpuTime() - before) / 1e9;
        if (lines == 0) {
          throw new IllegalStateException("Nothing was mapped.");
        }
        System.out.printf(
            "%s, round %d: %,.0f orders of %.1f kB per second and core%n",
            channel.getKey(), round, ROUND / seconds, size / 1_000);
      }
    }
  }

  private static Map<String, List<Case>> cases() {
    var mappings = Mappings.builtIn();
    var cases = new TreeMap<String, List<Case>>();
    for (var sample : Sample.all()) {
      if (sample.mapping().endsWith("/order.in.jslt")) {
        try {
          cases
              .computeIfAbsent(sample.partner(), partner -> new ArrayList<>())
              .add(
                  new Case(
                      Files.readAllBytes(sample.input()),
                      mappings.mapping(sample.mapping()),
                      sample.context()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return cases;
  }
}
