package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.Json;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The component's metadata is made once and committed, so that a build needs no plugin that loads
 * our classes; here it is compared with the annotations, and the documentation with both.
 */
class ComponentMetadataTest {
  private static final Path GUIDE = Path.of("docs", "routes.md");
  private static final Path OPTIONS = Path.of("docs", "serai-component.md");

  /** Options every Camel component has; Camel documents them. */
  private static final List<String> INHERITED =
      List.of("bridgeErrorHandler", "exceptionHandler", "exchangePattern", "lazyStartProducer");

  private static JsonNode metadata;

  @BeforeAll
  static void read() throws IOException {
    try (var stream =
        ComponentMetadataTest.class.getResourceAsStream("/META-INF/io/serai/camel/serai.json")) {
      metadata = Json.tree(stream.readAllBytes());
    }
  }

  private static TreeMap<String, JsonNode> properties() {
    var all = new TreeMap<String, JsonNode>();
    metadata.path("properties").properties().forEach(p -> all.put(p.getKey(), p.getValue()));
    all.keySet().removeAll(INHERITED);
    return all;
  }

  private static TreeSet<String> words() {
    var all = new TreeSet<String>();
    metadata.at("/properties/word/enum").forEach(word -> all.add(word.asText()));
    return all;
  }

  @Test
  void everyOptionOfTheEndpointIsInTheMetadataAsItIsAnnotated() {
    var annotated = new TreeMap<String, String>();
    for (Field field : SeraiEndpoint.class.getDeclaredFields()) {
      var path = field.getAnnotation(UriPath.class);
      var option = field.getAnnotation(UriParam.class);
      if (path != null) {
        annotated.put(
            field.getName(), "path||%s|%s".formatted(path.defaultValue(), path.description()));
      } else if (option != null) {
        annotated.put(
            field.getName(),
            "parameter|%s|%s|%s"
                .formatted(option.label(), option.defaultValue(), option.description()));
      }
    }

    var described = new TreeMap<String, String>();
    properties()
        .forEach(
            (name, p) ->
                described.put(
                    name,
                    "%s|%s|%s|%s"
                        .formatted(
                            p.path("kind").asText(),
                            p.path("label").asText(),
                            p.path("defaultValue").asText(),
                            p.path("description").asText())));

    assertThat(described).isEqualTo(annotated);
    assertThat(annotated).containsKeys("word", "account", "destination");
  }

  @Test
  void theSchemeAndItsSyntaxAreTheAnnotatedOnes() {
    var endpoint = SeraiEndpoint.class.getAnnotation(UriEndpoint.class);

    assertThat(metadata.at("/component/scheme").asText()).isEqualTo(endpoint.scheme());
    assertThat(metadata.at("/component/syntax").asText()).isEqualTo(endpoint.syntax());
    assertThat(metadata.at("/component/title").asText()).isEqualTo(endpoint.title());
    assertThat(metadata.at("/component/javaType").asText())
        .isEqualTo(SeraiComponent.class.getName());
  }

  @Test
  void everyOptionCanBeSetByTheGeneratedConfigurer() {
    var configurer = new SeraiEndpointConfigurer();
    var factory = new SeraiEndpointUriFactory();

    for (var name : properties().keySet()) {
      if (!"path".equals(properties().get(name).path("kind").asText())) {
        assertThat(configurer.getOptionType(name, false)).as(name).isNotNull();
      }
      assertThat(factory.propertyNames()).contains(name);
    }
  }

  /** A row of the guide's table of words: address, place and options. */
  private record Row(String word, boolean begins, TreeSet<String> options) {}

  private static List<Row> guide() throws IOException {
    var row = Pattern.compile("\\| `serai:([a-z0-9-]+)[^|]*` \\| `(from|to)` \\|([^|]*)\\|.*");
    var rows = new ArrayList<Row>();
    for (var line : Files.readAllLines(GUIDE)) {
      var matcher = row.matcher(line);
      if (matcher.matches()) {
        rows.add(
            new Row(
                matcher.group(1),
                matcher.group(2).equals("from"),
                Arrays.stream(matcher.group(3).replace("`", "").split(","))
                    .map(String::strip)
                    .filter(option -> !option.isEmpty())
                    .collect(Collectors.toCollection(TreeSet::new))));
      }
    }
    return rows;
  }

  @Test
  void theGuideNamesEveryWordAndEveryOption() throws IOException {
    var rows = guide();

    assertThat(rows).extracting(Row::word).containsExactlyInAnyOrderElementsOf(words());
    var options = properties();
    options.values().removeIf(p -> "path".equals(p.path("kind").asText()));
    assertThat(rows.stream().flatMap(row -> row.options().stream()).collect(Collectors.toSet()))
        .isEqualTo(options.keySet());
    for (var row : rows) {
      for (var option : row.options()) {
        assertThat(options.get(option).path("label").asText())
            .as("option '%s' of 'serai:%s'", option, row.word())
            .isIn("", row.begins() ? "consumer" : "producer");
      }
    }
  }

  @Test
  void thePageOfOptionsIsWhatTheMetadataSays() throws IOException {
    var rows = guide();
    var expected = new ArrayList<String>();
    expected.add("| option | of | is | default |");
    expected.add("|---|---|---|---|");
    properties()
        .forEach(
            (name, p) -> {
              if (!"path".equals(p.path("kind").asText())) {
                var of =
                    rows.stream()
                        .filter(row -> row.options().contains(name))
                        .map(row -> "`" + row.word() + "`")
                        .sorted()
                        .collect(Collectors.joining(", "));
                expected.add(
                    "| `%s` | %s | %s | %s |"
                        .formatted(
                            name,
                            of,
                            p.path("description").asText(),
                            p.path("defaultValue").asText("")));
              }
            });

    assertThat(Files.readAllLines(OPTIONS).stream().filter(line -> line.startsWith("|")).toList())
        .isEqualTo(expected);
  }
}
