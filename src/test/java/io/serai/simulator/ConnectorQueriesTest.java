package io.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The stand-in understands every query our connector sends, and none is too dear to be run. */
class ConnectorQueriesTest {

  /** As many items as the connector asks for at most. */
  private static final Map<String, Object> VARIABLES = Map.of("first", 25);

  @TempDir Path folder;
  private Shop shop;
  private ShopifyGraphql graphql;

  @BeforeEach
  void open() {
    var options = ShopifyOptions.in(folder);
    shop =
        new Shop(
            folder.resolve("shop.jsonl"),
            new Shop.Setup("acme.myshopify.com", 1, 60, 2, 10),
            options.clock);
    graphql = new ShopifyGraphql(shop, options, new Moods(1));
  }

  // A kamelet writes the request's JSON around the query.
  private static final Pattern QUERY =
      Pattern.compile("\"query\":\"((?:query|mutation)\\b.*?)\",\"variables\":", Pattern.DOTALL);

  @AfterEach
  void close() {
    shop.close();
  }

  @TestFactory
  List<DynamicTest> everyQueryIsUnderstood() throws IOException {
    var tests = new ArrayList<DynamicTest>();
    try (var files = Files.newDirectoryStream(Path.of("connectors"), "shopify*.kamelet.yaml")) {
      for (var file : files) {
        collect(
            new YAMLMapper().readTree(file.toFile()),
            query ->
                tests.add(
                    DynamicTest.dynamicTest(
                        file.getFileName().toString(),
                        () -> {
                          var prepared = graphql.prepare(query, null);
                          assertThat(prepared.errors()).isEmpty();
                          assertThat(graphql.cost(prepared, VARIABLES))
                              .isLessThanOrEqualTo(QueryCost.LIMIT);
                        })));
      }
    }
    assertThat(tests).isNotEmpty();
    return tests;
  }

  private static void collect(JsonNode node, java.util.function.Consumer<String> queries) {
    var matcher = QUERY.matcher(node.asText());
    if (node.isTextual() && matcher.find()) {
      queries.accept(matcher.group(1));
    }
    node.forEach(child -> collect(child, queries));
  }
}
