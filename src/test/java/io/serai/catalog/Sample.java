package io.serai.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.serai.support.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One file under samples/payloads: what goes into a mapping, and what must come out.
 *
 * <p>The folder names the mapping: {@code order} is {@code order.in.jslt}, else {@code
 * order.out.jslt}; {@code order-out} is always the latter. Towards canonical {@code case.json}
 * gives {@code case.canonical.json}; away from it the other way round. {@code case.graphql.json}
 * goes through {@code order-graphql.in.jslt} and must give the same. Variables stand in {@code
 * case.variables.json}.
 */
record Sample(String partner, String mapping, Path input, Path expected, Path variables) {

  static final Path ROOT = Path.of("samples/payloads");
  static final Path MAPPINGS = Path.of("mappings");

  static List<Sample> all() {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(f -> f.toString().endsWith(".json"))
          .sorted()
          .flatMap(Sample::of)
          .filter(s -> Files.isDirectory(MAPPINGS.resolve(s.partner)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Sample> of(Path file) {
    Path relative = ROOT.relativize(file);
    if (relative.getNameCount() != 3) {
      return Stream.empty();
    }
    String partner = relative.getName(0).toString();
    String folder = relative.getName(1).toString();
    String name = relative.getName(2).toString().replaceFirst("\\.json$", "");
    boolean away =
        folder.endsWith("-out")
            || !Files.exists(MAPPINGS.resolve(partner).resolve(folder + ".in.jslt"));
    if (name.endsWith(".variables") || name.endsWith(".canonical") != away) {
      return Stream.empty();
    }
    String theCase = name.replaceFirst("\\.(canonical|graphql)$", "");
    Path canonical = file.resolveSibling(theCase + ".canonical.json");
    Path theirs = file.resolveSibling(theCase + ".json");
    Path variables = file.resolveSibling(theCase + ".variables.json");
    String mapping =
        partner
            + "/"
            + folder.replaceFirst("-out$", "")
            + (name.endsWith(".graphql") ? "-graphql" : "")
            + (away ? ".out.jslt" : ".in.jslt");
    return Stream.of(
        away
            ? new Sample(partner, mapping, canonical, theirs, variables)
            : new Sample(partner, mapping, file, canonical, variables));
  }

  /** The document this sample is one of, for instance {@code order}. */
  String document() {
    String name = mapping.substring(mapping.indexOf('/') + 1);
    return name.replaceFirst("\\.(in|out)\\.jslt$", "").replaceFirst("-graphql$", "");
  }

  boolean towardsCanonical() {
    return mapping.endsWith(".in.jslt");
  }

  JsonNode map(Mappings mappings) {
    return mappings.mapping(mapping).apply(read(input), context());
  }

  Map<String, JsonNode> context() {
    var context = new HashMap<String, JsonNode>();
    context.put(
        "account", TextNode.valueOf(partner.equals("rest-3pl") ? "northwind" : partner + "-main"));
    if (Files.exists(variables)) {
      read(variables).properties().forEach(e -> context.put(e.getKey(), e.getValue()));
    }
    return context;
  }

  static JsonNode read(Path file) {
    try {
      return Json.tree(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return mapping + " <- " + input.getFileName();
  }
}
