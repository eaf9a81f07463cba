package io.serai.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import io.serai.failure.FailureKind;
import io.serai.support.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappingsTest {

  @TempDir Path home;
  private Mappings mappings;

  @BeforeEach
  void open() {
    mappings = new Mappings(home, getClass().getClassLoader());
  }

  @Test
  void aFileInSeraiHomeHidesTheBuiltInOne() throws IOException {
    assertThat(mappings.exists("rest-3pl/receipt.in.jslt")).isTrue();
    write("rest-3pl/receipt.in.jslt", "\"mine\"");

    assertThat(mappings.mapping("rest-3pl/receipt.in.jslt").apply(Json.tree("{}")).asText())
        .isEqualTo("mine");
    assertThat(mappings.mapping("rest-3pl/lookup.in").apply(Json.tree("{\"fulfillments\":[]}")))
        .isEqualTo(Json.tree("{\"outcome\":\"absent\"}"));
  }

  @Test
  void aParameterOfAnImportedFunctionHidesNoVariableOfTheMapping() throws IOException {
    write("acme/order.in.jslt", "import \"acme/words.jslt\" as w\nw:greet($buyer) + $greeting");
    write("acme/words.jslt", "def greet(buyer)\n  let greeting = \"hello \"\n  $greeting + $buyer");

    var mapping = mappings.mapping("acme/order.in.jslt");

    assertThat(mapping.variables()).containsExactlyInAnyOrder("buyer", "greeting");
    assertThat(
            mapping
                .apply(
                    Json.tree("{}"),
                    Map.of("buyer", TextNode.valueOf("Jo"), "greeting", TextNode.valueOf("!")))
                .asText())
        .isEqualTo("hello Jo!");
  }

  @Test
  void anImportIsOverlaidToo() throws IOException {
    write("acme/order.in.jslt", "import \"acme/words.jslt\" as w\nw:greet(.)");
    write("acme/words.jslt", "def greet(x) \"hello \" + $x.name");

    assertThat(
            mappings.mapping("acme/order.in.jslt").apply(Json.tree("{\"name\":\"Jo\"}")).asText())
        .isEqualTo("hello Jo");
    assertThat(mappings.mapping("acme/order.in.jslt").files())
        .containsExactlyInAnyOrder("acme/order.in.jslt", "acme/words.jslt");
  }

  @Test
  void reloadingAnImportCompilesEveryMappingThatUsesIt() throws IOException {
    write("acme/order.in.jslt", "import \"acme/words.jslt\" as w\nw:greet(.)");
    write("acme/words.jslt", "def greet(x) 1");
    write("acme/other.in.jslt", "7");
    var before = mappings.mapping("acme/order.in.jslt");
    mappings.mapping("acme/other.in.jslt");
    write("acme/words.jslt", "def greet(x) 2");

    var reloaded = mappings.reload("acme/words.jslt");

    assertThat(reloaded).containsExactly("acme/order.in.jslt");
    assertThat(mappings.mapping("acme/order.in.jslt").apply(Json.tree("{}")).asInt()).isEqualTo(2);
    assertThat(mappings.mapping("acme/order.in.jslt").version()).isNotEqualTo(before.version());
    assertThat(before.apply(Json.tree("{}")).asInt()).isEqualTo(1);
  }

  @Test
  void aFileThatDoesNotCompileLeavesTheOldOneRunning() throws IOException {
    write("acme/order.in.jslt", "{\"a\": 1}");
    var before = mappings.mapping("acme/order.in.jslt");
    write("acme/order.in.jslt", "{\n\"a\": 1,\n\"b\" 2}");

    assertThatThrownBy(() -> mappings.reload("acme/order.in.jslt"))
        .isInstanceOfSatisfying(
            MappingException.class,
            e -> {
              assertThat(e.line()).isEqualTo(3);
              assertThat(e.kind()).isEqualTo(FailureKind.CONFIG);
            })
        .hasMessageStartingWith(
            "Mapping 'acme/order.in.jslt' line 3 does not compile: Parse error");
    assertThat(mappings.mapping("acme/order.in.jslt")).isSameAs(before);
  }

  @Test
  void aMappingThatIsNotThereIsNamed() throws IOException {
    write("acme/order.in.jslt", "import \"acme/absent.jslt\" as a\n1");

    assertThatThrownBy(() -> mappings.mapping("acme/nothing.in.jslt"))
        .hasMessage("Mapping 'acme/nothing.in.jslt' does not exist; add the file under mappings/.");
    assertThatThrownBy(() -> mappings.mapping("acme/order.in.jslt"))
        .hasMessage(
            "Mapping 'acme/order.in.jslt' imports 'acme/absent.jslt', which does not exist; add the"
                + " file under mappings/.");
  }

  @Test
  void noNameLeadsOutOfTheFolder() {
    assertThatThrownBy(() -> mappings.mapping("../secrets"))
        .hasMessage(
            "Mapping '../secrets' is not a name below mappings/; give one like"
                + " 'shopify/order.in.jslt'.");
    assertThatThrownBy(() -> mappings.mapping("/etc/passwd")).isInstanceOf(MappingException.class);
  }

  @Test
  void aVariableNobodyGaveIsNull() {
    var mapping =
        mappings.compile("x.in.jslt", "{\"a\": $account, \"b\": fallback($cursor, \"start\")}");

    assertThat(mapping.variables()).containsExactlyInAnyOrder("account", "cursor");
    assertThat(mapping.apply(Json.tree("{}"))).isEqualTo(Json.tree("{\"b\":\"start\"}"));
    assertThat(mapping.apply(Json.tree("{}"), Map.of("account", TextNode.valueOf("acme"))))
        .isEqualTo(Json.tree("{\"a\":\"acme\",\"b\":\"start\"}"));
  }

  @Test
  void aFailureInsideAnImportNamesTheImport() throws IOException {
    write("acme/order.in.jslt", "import \"acme/words.jslt\" as w\nw:must(.)");
    write("acme/words.jslt", "// one\n// two\ndef must(x) require($x.name, \"name\")");

    assertThatThrownBy(() -> mappings.mapping("acme/order.in.jslt").apply(Json.tree("{}")))
        .hasMessage("Mapping 'acme/words.jslt' line 3: field 'name' is missing.")
        .isInstanceOfSatisfying(
            MappingException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.UNMAPPED));
  }

  @Test
  void whatJsltItselfRefusesIsNamedWithItsLine() {
    var mapping = mappings.compile("x.in.jslt", "\n\n{\"a\": .a - 2}");

    assertThatThrownBy(() -> mapping.apply(Json.tree("{\"a\":\"x\"}")))
        .isInstanceOfSatisfying(MappingException.class, e -> assertThat(e.line()).isEqualTo(3))
        .hasMessageStartingWith("Mapping 'x.in.jslt' line 3: ")
        .hasMessageEndingWith("Correct the mapping or the document, then replay.");
  }

  @Test
  void aMappingWithoutAnEndIsStopped() {
    var mapping = mappings.compile("x.in.jslt", "def f(x) f($x)\nf(.)");

    assertThatThrownBy(() -> mapping.apply(Json.tree("{}")))
        .isInstanceOf(MappingException.class)
        .hasMessageContaining("StackOverflowError");
  }

  @Test
  void oneMappingServesManyThreads() {
    var mapping = mappings.mapping("shopify/order.in.jslt");
    var sample = Sample.all().stream().filter(s -> s.mapping().equals(mapping.name())).findFirst();
    var input = Sample.read(sample.orElseThrow().input());
    var context = sample.orElseThrow().context();
    var expected = Json.text(mapping.apply(input, context));
    var results = new ConcurrentLinkedQueue<String>();

    IntStream.range(0, 2_000)
        .parallel()
        .forEach(i -> results.add(Json.text(mapping.apply(input, context))));

    assertThat(results).hasSize(2_000).containsOnly(expected);
  }

  private void write(String name, String text) throws IOException {
    Path file = home.resolve("mappings").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
