package io.serai.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.serai.support.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A connector's samples, {@code samples/payloads/<connector>/<folder>/<case>.json}: what goes into
 * a mapping, and beside it what must come out.
 *
 * <p>The folder names the mapping: {@code order} is {@code order.in.jslt}, else {@code
 * order.out.jslt}; {@code order-out} is always the latter. Towards canonical {@code case.json}
 * gives {@code case.canonical.json}; away from it the other way round. {@code case.graphql.json}
 * goes through {@code order-graphql.in.jslt}. Variables stand in {@code case.variables.json}.
 */
public final class Samples {
  private static final String CANONICAL = ".canonical.json";
  private static final String VARIABLES = ".variables.json";

  private final Path folder;

  private Samples(Path folder) {
    this.folder = folder;
  }

  /** Those of a connector below a home, or below the folder of a checkout. */
  public static Samples of(Path home, String connector) {
    return new Samples(home.resolve("samples/payloads").resolve(connector));
  }

  /** Where they stand. */
  public Path folder() {
    return folder;
  }

  /**
   * One sample.
   *
   * @param mapping which mapping it is for, below {@code mappings/}
   * @param document the folder: a document, or what is asked and answered on the way
   * @param name the case
   * @param input what goes in
   * @param expected the file that holds what must come out
   * @param variables what the mapping is given besides
   */
  public record Sample(
      String mapping,
      String document,
      String name,
      JsonNode input,
      Path expected,
      Map<String, JsonNode> variables) {}

  /** All of them, by folder and name; only those whose mapping is one of these. */
  public List<Sample> all(Set<String> mappings) {
    var found = new ArrayList<Sample>();
    if (!Files.isDirectory(folder)) {
      return found;
    }
    try (Stream<Path> files = Files.walk(folder, 2)) {
      for (var file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        var sample = sample(file, mappings);
        if (sample != null) {
          found.add(sample);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private Sample sample(Path file, Set<String> mappings) throws IOException {
    var name = file.getFileName().toString();
    if (name.endsWith(VARIABLES) || file.getParent().equals(folder)) {
      return null;
    }
    var document = file.getParent().getFileName().toString();
    var connector = folder.getFileName().toString();
    var bare = name.substring(0, name.length() - ".json".length());
    var form = "";
    if (bare.endsWith(".graphql")) {
      form = "-graphql";
    }
    var in = connector + "/" + document + form + ".in.jslt";
    var out =
        connector
            + "/"
            + (document.endsWith("-out") ? document.substring(0, document.length() - 4) : document)
            + ".out.jslt";
    boolean towards = mappings.contains(in) && !document.endsWith("-out");
    if (name.endsWith(CANONICAL) == towards || !towards && !mappings.contains(out)) {
      return null;
    }
    var stem =
        towards
            ? bare.substring(0, bare.length() - (form.isEmpty() ? 0 : ".graphql".length()))
            : name.substring(0, name.length() - CANONICAL.length());
    return new Sample(
        towards ? in : out,
        document,
        stem,
        Json.tree(Files.readAllBytes(file)),
        file.resolveSibling(stem + (towards ? CANONICAL : ".json")),
        variables(file.resolveSibling(stem + VARIABLES), connector));
  }

  private static Map<String, JsonNode> variables(Path file, String connector) throws IOException {
    var variables = new HashMap<String, JsonNode>();
    variables.put("account", TextNode.valueOf(connector + "-main"));
    if (Files.isRegularFile(file)) {
      Json.tree(Files.readAllBytes(file))
          .properties()
          .forEach(entry -> variables.put(entry.getKey(), entry.getValue()));
    }
    return variables;
  }
}
