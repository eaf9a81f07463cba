package io.serai.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.catalog.Catalog;
import io.serai.catalog.Configuration;
import io.serai.catalog.ConfigurationFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.env.MapPropertySource;

/** The chart, rendered by Helm for each story and read as Kubernetes would. */
class HelmChartTest {
  private static final Path STORIES = RenderedChart.CHART.resolve("ci");
  private static final String SUFFIX = "-values.yaml";
  private static final String URL = "database.url=jdbc:postgresql://db:5432/serai";
  private static final String SECRET = "database.existingSecret=serai-database";
  private static final Map<String, RenderedChart> RENDERED = new TreeMap<>();

  static List<String> stories() throws IOException {
    try (var files = Files.list(STORIES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .sorted()
          .toList();
    }
  }

  private static synchronized RenderedChart story(String name) {
    return RENDERED.computeIfAbsent(name, n -> RenderedChart.of(STORIES.resolve(n + SUFFIX)));
  }

  @ParameterizedTest
  @MethodSource("stories")
  void everyStoryMakesWhatKubernetesTakesAndNoHubIsMisled(String name) {
    assertThat(ChartLaw.complaints(story(name))).isEmpty();
  }

  @Test
  void nothingIsMadeThatNobodyAskedFor() {
    assertThat(story("minimal").documents().stream().map(d -> d.path("kind").asText()))
        .containsExactlyInAnyOrder(
            "ServiceAccount", "ConfigMap", "Service", "Service", "Service", "Deployment");
  }

  @Test
  void whatTheDefaultsMakeIsWhatWasAgreedOn() throws IOException {
    var kept = Path.of("samples", "deployments", "rendered-defaults.yaml");
    var text =
        new StringBuilder("# What the chart makes of ci/minimal-values.yaml; a test compares.\n");
    for (var document : story("minimal").documents()) {
      text.append(RenderedChart.YAML.writeValueAsString(document));
    }
    if (Boolean.getBoolean("serai.write")) {
      Files.writeString(kept, text);
    }
    assertThat(Files.readString(kept))
        .as("%s; write it with -Dserai.write=true and read the difference", kept)
        .isEqualTo(text.toString());
  }

  @Test
  void eachStoryMakesWhatItTellsOf() throws IOException {
    assertThat(story("shop-and-3pl").one("Ingress").at("/spec/tls/0/hosts/0").asText())
        .isEqualTo("orders.acme.example");
    assertThat(paths(story("shop-and-3pl").one("Ingress"))).containsExactly("/webhooks");
    assertThat(variable(story("shop-and-3pl"), "SERAI_SECRETS_DIR").path("value").asText())
        .isEqualTo("/etc/serai/secrets");
    assertThat(variable(story("shop-and-3pl"), "SERAI_RETENTION_ORDERS").path("value").asText())
        .isEqualTo("30d");
    assertThat(story("highly-available").one("PodDisruptionBudget").at("/spec/maxUnavailable"))
        .hasToString("1");
    assertThat(story("highly-available").one("Deployment").at("/spec/replicas")).hasToString("3");
    assertThat(egress(story("highly-available"))).contains("5432", "443", "22", "53");
    assertThat(egress(story("x12-partner"))).contains("2222", "587").containsOnlyOnce("4080");
    assertThat(egress(story("highly-available"))).doesNotContain("587");
    assertThat(story("x12-partner").all("Service").stream().map(s -> s.at("/spec/ports/0/port")))
        .map(JsonNode::toString)
        .containsExactlyInAnyOrder("80", "80", "8081", "4080");
    assertThat(variable(story("x12-partner"), "SERAI_AS2_PORT").path("value").asText())
        .isEqualTo("4080");
    assertThat(mounts(story("own-files")))
        .contains(
            "/etc/serai/home/routes",
            "/etc/serai/home/connectors",
            "/etc/serai/home/rules",
            "/etc/serai/home/mappings/acme",
            "/etc/serai/home/mappings/northwind");
    assertThat(variable(story("own-files"), "SERAI_HOME").path("value").asText())
        .isEqualTo("/etc/serai/home");
    assertThat(
            story("separate-owner")
                .one("Deployment")
                .at("/spec/template/spec/initContainers/0/env/1/valueFrom/secretKeyRef/name")
                .asText())
        .isEqualTo("serai-database-owner");
    assertThat(story("hpa").one("Deployment").path("spec").has("replicas")).isFalse();
    assertThat(story("hpa").one("HorizontalPodAutoscaler").at("/spec/maxReplicas"))
        .hasToString("4");
    assertThat(story("keda").one("ScaledObject").at("/spec/triggers/0/metadata/query").asText())
        .startsWith("max(serai_outbox_oldest_seconds");
    assertThat(story("watched").one("ServiceMonitor").at("/metadata/labels/release").asText())
        .isEqualTo("prometheus");
    assertThat(
            RenderedChart.YAML
                .readTree(story("watched").all("ConfigMap").get(1).at("/data/serai.json").asText())
                .path("panels"))
        .hasSizeGreaterThan(10);
    assertThat(story("watched").one("PrometheusRule").toString())
        .contains("namespace=\\\"shop\\\"")
        .doesNotContain("NAMESPACE");
    assertThat(story("chosen-user").one("Deployment").toString())
        .contains("serai@sha256:")
        .doesNotContain("runAsUser", "fsGroup");
    assertThat(variable(story("large"), "SERAI_JAVA_OPTS").path("value").asText())
        .isEqualTo("-Xmx2g");
    assertThat(variable(story("large"), "SERAI_LOG_FORMAT").path("value").asText())
        .isEqualTo("text");
  }

  @Test
  void whatIsInsideIsReachedProvenAndTold() {
    var chart = story("private-network");
    assertThat(variable(chart, "SERAI_TRACES_EXPORTER").path("value").asText()).isEqualTo("otlp");
    assertThat(variable(chart, "OTEL_EXPORTER_OTLP_ENDPOINT").path("value").asText())
        .isEqualTo("http://collector.observability:4318");
    assertThat(variable(chart, "OTEL_EXPORTER_OTLP_PROTOCOL").path("value").asText())
        .isEqualTo("http/protobuf");
    assertThat(variable(chart, "OTEL_TRACES_SAMPLER_ARG").path("value").asText()).isEqualTo("0.1");
    assertThat(variable(chart, "OTEL_EXPORTER_OTLP_HEADERS").at("/valueFrom/secretKeyRef/name"))
        .hasToString("\"serai-collector\"");
    assertThat(variable(chart, "SERAI_TRACES_OUTWARD").path("value").asText())
        .isEqualTo("northwind");
    assertThat(variable(chart, "HTTPS_PROXY").path("value").asText())
        .isEqualTo("http://proxy.egress:3128");
    assertThat(variable(chart, "PARTNER_PASSWORD").at("/valueFrom/secretKeyRef/key").asText())
        .isEqualTo("password");
    assertThat(variable(chart, "SERAI_TRUST_FILE").path("value").asText())
        .isEqualTo("/etc/serai/trust/ca.crt");
    assertThat(mounts(chart)).contains("/etc/serai/trust");
    assertThat(variable(chart, "SERAI_RETENTION_PERSONAL_DATA").path("value").asText())
        .isEqualTo("365d");
    assertThat(variable(chart, "SERAI_RETENTION_DEAD_LETTERS").path("value").asText())
        .isEqualTo("90d");
    var rules = chart.one("NetworkPolicy").at("/spec/egress");
    assertThat(rules).hasSize(6);
    assertThat(rules.get(4).findValuesAsText("port")).containsExactly("9093", "9094");
    assertThat(rules.get(4).at("/to/0/namespaceSelector/matchLabels").toString())
        .contains("\"kafka\"");
    assertThat(rules.get(5).at("/to/0/ipBlock/cidr").asText()).isEqualTo("10.9.0.25/32");
    assertThat(hub(story("minimal")).path("env").findValuesAsText("name"))
        .contains("SERAI_MANAGEMENT_ADDRESS")
        .noneMatch(name -> name.startsWith("OTEL_") || name.contains("TRACES"))
        .doesNotContain("SERAI_TRUST_FILE");
  }

  @Test
  void whoLogsInStaysAtOneHubAndWebhooksGoToAll() {
    var affinities = new TreeMap<String, String>();
    for (var service : story("highly-available").all("Service")) {
      affinities.put(
          service.at("/metadata/name").asText(),
          service.at("/spec/sessionAffinity").asText("None"));
    }

    assertThat(affinities)
        .containsExactly(
            Map.entry("orders-serai", "None"),
            Map.entry("orders-serai-console", "ClientIP"),
            Map.entry("orders-serai-management", "None"));
    assertThat(paths(story("shop-and-3pl").one("Ingress"))).doesNotContain("/console");
  }

  private static List<String> paths(JsonNode ingress) {
    return Stream.of(ingress.at("/spec/rules/0/http/paths").findValuesAsText("path"))
        .flatMap(List::stream)
        .toList();
  }

  private static List<String> egress(RenderedChart chart) {
    return chart.one("NetworkPolicy").at("/spec/egress").findValuesAsText("port");
  }

  private static List<String> mounts(RenderedChart chart) {
    return hub(chart).path("volumeMounts").findValuesAsText("mountPath");
  }

  private static JsonNode hub(RenderedChart chart) {
    return chart.one("Deployment").at("/spec/template/spec/containers/0");
  }

  private static JsonNode variable(RenderedChart chart, String name) {
    for (var variable : hub(chart).path("env")) {
      if (variable.path("name").asText().equals(name)) {
        return variable;
      }
    }
    throw new AssertionError("the hub gets no " + name);
  }

  @Test
  void theConfigurationsOfTheStoriesAreOnesThatAHubStartsWith(@TempDir Path folder)
      throws IOException {
    var secrets = new LinkedHashMap<String, Object>();
    RenderedChart.parsed(Files.readString(STORIES.resolve("secrets.yaml"))).documents().stream()
        .filter(secret -> secret.at("/metadata/name").asText().equals("serai-accounts"))
        .flatMap(secret -> secret.path("stringData").properties().stream())
        .forEach(value -> secrets.put(value.getKey(), value.getValue().asText()));
    var edition = Catalog.open(getClass().getClassLoader(), null).edition();

    var text = story("shop-and-3pl").one("ConfigMap").at("/data/serai.yaml").asText();
    var environment =
        ConfigurationFile.environment(Files.writeString(folder.resolve("serai.yaml"), text));
    environment.getPropertySources().addFirst(new MapPropertySource("secrets", secrets));

    assertThat(Configuration.read(environment, edition).accounts())
        .containsOnlyKeys("shopify-main", "northwind");
    assertThat(story("minimal").one("ConfigMap").at("/data/serai.yaml").asText())
        .contains("serai: {}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          colour=blue                     | colour
          image.flavour=plain             | flavour
          database.schema=orders          | schema
          resources.limits.gpu=1          | gpu
          as2.service.ports=4             | ports
          replicas=0                      | replicas
          logFormat=xml                   | logFormat
          retention.orders=forever        | orders
          database.url=postgres://db/a    | url
          settingSecrets={Not A Name}     | settingSecrets
          autoscaling.kind=vpa            | kind
          ingress.paths={/actuator}       | paths
          traces.protocol=grpc            | protocol
          trust.file=/etc/ca              | file
          environment[0].name=A           | environment
          networkPolicy.egress[0].ports={25} | egress
          """)
  void whatNoValueIsCalledOrMayBeIsRefused(String given, String named) {
    var all = new ArrayList<>(List.of(URL, SECRET));
    all.add(given.strip());
    assertThatThrownBy(() -> RenderedChart.of(null, all.toArray(String[]::new)))
        .hasMessageContaining(named);
  }

  @Test
  void aDatabaseWithoutAddressOrSecretIsRefused() {
    assertThatThrownBy(() -> RenderedChart.of(null, URL)).hasMessageContaining("existingSecret");
    assertThatThrownBy(() -> RenderedChart.of(null, SECRET)).hasMessageContaining("url");
  }

  @Test
  void whatIsAskedForHalfIsRefusedInOneSentence() {
    assertThatThrownBy(() -> RenderedChart.of(null, URL, SECRET, "ingress.enabled=true"))
        .hasMessageContaining("ingress.host is missing: write the name");
    assertThatThrownBy(
            () ->
                RenderedChart.of(
                    null, URL, SECRET, "autoscaling.enabled=true", "autoscaling.kind=keda"))
        .hasMessageContaining("autoscaling.prometheusUrl is missing");
    assertThatThrownBy(
            () ->
                RenderedChart.of(
                    null, URL, SECRET, "autoscaling.enabled=true", "autoscaling.minReplicas=9"))
        .hasMessageContaining("autoscaling.minReplicas is larger");
  }

  @Test
  void theLawSeesWhatBreaksIt() {
    assertBroken(hub -> security(hub).put("privileged", true), "'/securityContext/privileged'");
    assertBroken(hub -> security(hub).remove("seccompProfile"), "seccompProfile");
    assertBroken(hub -> security(hub).put("readOnlyRootFilesystem", false), "readOnlyRoot");
    assertBroken(hub -> variables(hub).addObject().put("name", "SERAI_HTTP_PROT"), "HTTP_PROT");
    assertBroken(
        hub -> variables(hub).addObject().put("name", "SERAI_API_TOKEN").put("value", "t"),
        "'SERAI_API_TOKEN' is written out");
    assertBroken(hub -> hub.put("imagePullPolice", "Always"), "'imagePullPolice' is no field");
    assertBroken(
        hub -> ((ObjectNode) hub.path("ports").get(0)).put("containerPort", "http"), "http");
    assertBroken(
        hub -> ((ObjectNode) hub.path("volumeMounts").get(0)).put("name", "date"), "'date'");
    assertBroken(
        hub -> ((ArrayNode) hub.path("ports")).remove(0), "Service 'orders-serai': no hub has");
    assertBroken(
        hub -> ((ArrayNode) hub.at("/lifecycle/preStop/exec/command")).set(1, "30"), "too few");
  }

  private static ObjectNode security(ObjectNode hub) {
    return (ObjectNode) hub.path("securityContext");
  }

  private static ArrayNode variables(ObjectNode hub) {
    return (ArrayNode) hub.path("env");
  }

  private static void assertBroken(Consumer<ObjectNode> breach, String complaint) {
    var copies = story("minimal").documents().stream().<JsonNode>map(JsonNode::deepCopy).toList();
    var chart = new RenderedChart(copies);
    breach.accept((ObjectNode) hub(chart));

    assertThat(ChartLaw.complaints(chart)).anySatisfy(c -> assertThat(c).contains(complaint));
  }

  @Test
  void theSchemaIsClosedEverywhereAndKnowsExactlyTheValues() throws IOException {
    var schema =
        RenderedChart.YAML.readTree(RenderedChart.CHART.resolve("values.schema.json").toFile());
    var keys = new ArrayList<String>();
    closed(schema, "", keys);
    keys.remove("global");

    assertThat(keys)
        .containsExactlyInAnyOrderElementsOf(
            ChartValues.read().stream()
                .map(ChartValues.Value::key)
                .filter(key -> !key.endsWith(".grafana_dashboard"))
                .toList());
  }

  private static void closed(JsonNode schema, String path, List<String> keys) {
    if (schema.path("type").asText().equals("object") && !path.equals("global")) {
      var more = schema.path("additionalProperties");
      assertThat(
              more.isBoolean() && !more.asBoolean() || more.path("type").asText().equals("string"))
          .as("'%s' takes nothing unknown", path)
          .isTrue();
    }
    if (schema.has("items")) {
      var within = new ArrayList<String>();
      closed(schema.path("items"), path + "[]", within);
    }
    for (var property : schema.path("properties").properties()) {
      var key = path.isEmpty() ? property.getKey() : path + "." + property.getKey();
      keys.add(key);
      closed(property.getValue(), key, keys);
    }
  }

  @Test
  void everyValueIsExplainedWhereItStandsAndInTheReadme() throws IOException {
    assertThat(ChartValues.read())
        .allSatisfy(
            value -> assertThat(value.says()).as("what '%s' does", value.key()).isNotBlank());

    var readme = RenderedChart.CHART.resolve("README.md");
    var text = Files.readString(readme);
    var from = text.indexOf("| value |");
    var to = text.indexOf("\n\n", from) + 1;
    if (Boolean.getBoolean("serai.write")) {
      Files.writeString(readme, text.substring(0, from) + ChartValues.table() + text.substring(to));
    } else {
      assertThat(text.substring(from, to))
          .as("the table of %s; write it with -Dserai.write=true", readme)
          .isEqualTo(ChartValues.table());
    }
  }

  @Test
  void theReadmeTellsOfEachStory() throws IOException {
    var text = Files.readString(RenderedChart.CHART.resolve("README.md"));
    for (var story : stories()) {
      assertThat(text).contains("`ci/" + story + SUFFIX + "`");
      assertThat(Files.readAllLines(STORIES.resolve(story + SUFFIX)).getFirst()).startsWith("# ");
    }
  }
}
