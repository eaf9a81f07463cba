package io.serai.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EditionTest {
  private static final String ROUTE = "routes/process/a.camel.yaml";
  private static final String KAMELET = "connectors/a-sink.kamelet.yaml";
  private static final String SINK =
      """
      apiVersion: camel.apache.org/v1
      kind: Kamelet
      metadata:
        name: a-sink
        labels: { camel.apache.org/kamelet.type: sink }
        annotations:
          camel.apache.org/provider: Serai
          camel.apache.org/kamelet.group: A
          camel.apache.org/kamelet.namespace: A
          camel.apache.org/kamelet.support.level: Stable
          camel.apache.org/catalog.version: "1.0.0"
      spec:
        definition:
          title: A Sink
          description: Sends.
          required: [url]
          properties:
            url: { title: URL, description: Where., type: string }
        template:
          from:
            uri: kamelet:source
            steps:
              - to: "{{url}}/a"
      """;

  @TempDir Path base;
  @TempDir Path over;

  @Test
  void aFileOfTheLaterHomeReplacesTheEarlierOne() {
    write(base, "mappings/a/x.jslt", "// old");
    write(base, "mappings/a/y.jslt", "// kept");
    write(over, "mappings/a/x.jslt", "// new");

    var edition = Catalog.of(Sources.of(List.of(base, over))).edition();

    assertThat(edition.files().get("mappings/a/x.jslt").text()).isEqualTo("// new");
    assertThat(edition.mappings()).containsExactly("a/x.jslt", "a/y.jslt");
  }

  @Test
  void whatEditorsLeaveLyingAroundIsNotRead() {
    write(base, "routes/.hidden.camel.yaml", "x");
    write(base, "routes/a.camel.yaml~", "x");
    write(base, "routes/.git/a.camel.yaml", "x");
    write(base, "routes/a.camel.yaml.swp", "x");

    assertThat(edition().files()).isEmpty();
  }

  @Test
  void aFaultyTextKeepsWhatTheEditionBeforeKnew() {
    write(base, KAMELET, SINK);
    var catalog = Catalog.of(Sources.of(List.of(base)));

    write(base, KAMELET, "kind: Kamelet");
    var edition = catalog.reload();

    assertThat(edition.faults(KAMELET)).isNotEmpty();
    assertThat(edition.kamelets()).containsKey("a-sink");
    assertThat(edition.stillKnown(KAMELET)).isTrue();
  }

  @Test
  void anUnchangedFolderGivesTheSameEdition() {
    write(base, KAMELET, SINK);
    var catalog = Catalog.of(Sources.of(List.of(base)));

    assertThat(catalog.reload()).isSameAs(catalog.edition());
  }

  @Test
  void theLawfulKameletHasNoFault() {
    assertThat(kamelet(SINK)).isEmpty();
  }

  @Test
  void everyFaultOfAKameletNamesWhatAndRemedy() {
    says("kind: Kamelet", "kind: Pipe", "The file is no kamelet. Begin it with 'kind: Kamelet'.");
    says(
        "apache.org/v1",
        "apache.org/v2",
        "The kamelet's 'apiVersion' is not 'camel.apache.org/v1'. Write 'apiVersion: camel.apache.org/v1'.");
    says(
        "name: a-sink",
        "name: b-sink",
        "Kamelet 'b-sink' stands in file 'a-sink.kamelet.yaml'. Name the file 'b-sink.kamelet.yaml'.");
    says(
        "name: a-sink",
        "name: A_Sink",
        "The kamelet has no name in kebab case. Write 'name: a-sink'.");
    says(
        "kamelet.type: sink",
        "kamelet.type: drain",
        "Kamelet 'a-sink' has no type. Add the label 'camel.apache.org/kamelet.type' with source, sink or action.");
    says(
        "kamelet.type: sink",
        "kamelet.type: action",
        "Kamelet 'a-sink' is a action and its name does not say so. End the name with '-action'.");
    says(
        "    camel.apache.org/provider: Serai\n",
        "",
        "Kamelet 'a-sink' has no annotation 'camel.apache.org/provider'. Add it under metadata.annotations.");
    says("    title: A Sink\n", "", "Kamelet 'a-sink' has no title. Add 'title: …'.");
    says("title: URL, ", "", "Property 'url' of kamelet 'a-sink' has no title. Add 'title: …'.");
    says(
        "type: string }",
        "type: string, format: password }",
        "Property 'url' of kamelet 'a-sink' is half marked as a secret. Give it 'format: password' and x-descriptors ['urn:camel:group:credentials'].");
    says(
        "type: string }",
        "type: string, default: x }",
        "Property 'url' of kamelet 'a-sink' is required and has a default. Remove one of them.");
    says(
        "required: [url]",
        "required: [url, urk]",
        "Kamelet 'a-sink' requires property 'urk', which it does not declare. Nearest name: 'url'.");
    says(
        "{{url}}/a",
        "{{ulr}}/a",
        "Kamelet 'a-sink' uses property 'ulr', which it does not declare. Nearest name: 'url'.",
        "Kamelet 'a-sink' declares property 'url' and never uses it. Use '{{url}}' or remove the property.");
    says(
        "kamelet:source",
        "direct:x",
        "Kamelet 'a-sink' is a sink and does not begin at 'kamelet:source'. Write 'from: { uri: kamelet:source }'.");
    says("  template:\n", "  templat:\n", "The kamelet has no 'template'. Add 'template:'.");
    says(
        "    from:\n",
        "    fro:\n",
        "Kamelet 'a-sink' has no 'from'. Begin its template with 'from:'.");
  }

  @Test
  void aSourceEndsInTheSink() {
    var source =
        SINK.replace("a-sink", "a-source")
            .replace("type: sink", "type: source")
            .replace("kamelet:source", "serai:webhook");
    write(base, "connectors/a-source.kamelet.yaml", source);

    assertThat(edition().faults("connectors/a-source.kamelet.yaml"))
        .extracting(Fault::sentence)
        .containsExactly(
            "Kamelet 'a-source' is a source and does not end in 'kamelet:sink'."
                + " Make 'to: kamelet:sink' its last step.");
  }

  @Test
  void titlesOfKameletsAreUnique() {
    write(base, KAMELET, SINK);
    write(base, "connectors/b-sink.kamelet.yaml", SINK.replace("a-sink", "b-sink"));

    assertThat(edition().faults("connectors/b-sink.kamelet.yaml"))
        .extracting(Fault::sentence)
        .containsExactly(
            "Kamelet 'b-sink' has the title of kamelet 'a-sink'. Give it a title of its own.");
  }

  @Test
  void everyFaultOfAFileOfRoutesNamesWhatAndRemedy() {
    var route = "- route: { id: a, from: { uri: \"direct:a\", steps: [] } }\n";
    assertThat(route("a: b"))
        .containsExactly(
            "The file is no list of routes. Begin it with '- route:' or '- routeTemplate:'.");
    assertThat(route(route.replace("id: a, ", "")))
        .containsExactly(
            "Route has no id. Add 'id: …'; without one it could never be swapped or found.");
    assertThat(route("- routeTemplate: { from: { uri: x } }"))
        .containsExactly(
            "Route template has no id. Add 'id: …'; without one it could never be swapped or found.");
    assertThat(route(route.replace("uri:", "url:")))
        .containsExactly("Route 'a' has no 'from' with a 'uri'. Say where it begins.");
    assertThat(route(route + route))
        .containsExactly("Route 'a' is there twice. Give each an id of its own.");
    assertThat(route("- from: { uri: \"direct:a\" }"))
        .containsExactly(
            "'from' may not stand at the top of a file of routes. Wrap it in '- route:' and give it an id.");
    assertThat(route("- beans: []"))
        .containsExactly(
            "'beans' may not stand at the top of a file of routes. Use 'route', 'routeTemplate', 'rest' or 'routeConfiguration'.");
    assertThat(route("- routeConfiguration: { intercept: [] }"))
        .containsExactly(
            "A route configuration has no id and would apply to every route. Give it an id and name it in the routes that want it.");
    assertThat(route("- a"))
        .containsExactly("An item of the file is no definition. Write '- route:' and so on.");
  }

  @Test
  void aFileNothingReadsIsNamed() {
    write(base, "routes/a.yaml", "x");
    write(base, "connectors/a.yaml", "x");

    assertThat(edition().faults("routes/a.yaml"))
        .extracting(Fault::sentence)
        .containsExactly(
            "File 'routes/a.yaml' has a name nothing reads. End it with '.camel.yaml'.");
    assertThat(edition().faults("connectors/a.yaml"))
        .extracting(Fault::sentence)
        .containsExactly(
            "File 'connectors/a.yaml' has a name nothing reads."
                + " End it with '.connector.yaml' or '.kamelet.yaml'.");
  }

  @Test
  void aConnectorNamesTemplatesThatAreThere() {
    write(
        base,
        "connectors/a.connector.yaml",
        "connector: a\ntitle: A\nkind: channel\ndescription: D\nroutes:\n  - a-out\n");
    write(base, ROUTE, "- routeTemplate: { id: a-ou, from: { uri: \"direct:a\", steps: [] } }");

    assertThat(edition().faults("connectors/a.connector.yaml"))
        .extracting(Fault::toString)
        .containsExactly(
            "connectors/a.connector.yaml:6: Connector 'a' runs route template 'a-out', which no"
                + " file in routes/ defines. Nearest name: 'a-ou'.");
  }

  private void says(String before, String after, String... sentences) {
    assertThat(SINK).contains(before);
    assertThat(kamelet(SINK.replace(before, after))).as(after).containsExactlyInAnyOrder(sentences);
  }

  private List<String> kamelet(String text) {
    write(base, KAMELET, text);
    return edition().faults(KAMELET).stream().map(Fault::sentence).toList();
  }

  private List<String> route(String text) {
    write(base, ROUTE, text);
    return edition().faults(ROUTE).stream().map(Fault::sentence).toList();
  }

  private Edition edition() {
    return Catalog.of(Sources.of(List.of(base))).edition();
  }

  private static void write(Path home, String path, String text) {
    try {
      var file = home.resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
