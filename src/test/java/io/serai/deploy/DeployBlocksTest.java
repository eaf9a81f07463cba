package io.serai.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serai.Variables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The README's three ways to deploy, as far as they can be judged without running them; the image
 * and compose are run by {@code .ci/image}.
 */
class DeployBlocksTest {
  private static final Path FOLDER = Path.of("samples", "deployments");

  /** The lines of the blocks of the README's section. */
  private static List<String> lines() throws IOException {
    var text = Files.readString(Path.of("README.md"));
    var from = text.indexOf("\n## Deploy\n");
    var section = text.substring(from, text.indexOf("\n## ", from + 1));
    var blocks =
        Pattern.compile("```\n(.*?)```", Pattern.DOTALL)
            .matcher(section)
            .results()
            .map(block -> block.group(1).strip())
            .toList();
    assertThat(blocks).as("container, compose, Helm").hasSize(3);
    return blocks.stream().flatMap(String::lines).toList();
  }

  private static String line(String word) throws IOException {
    return lines().stream().filter(line -> line.contains(word)).findFirst().orElseThrow();
  }

  // Merges are written out.
  private static JsonNode compose() throws IOException {
    var yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
    Object tree = yaml.load(Files.readString(FOLDER.resolve("compose.yaml")));
    return new ObjectMapper().valueToTree(tree);
  }

  @Test
  void theContainerIsTheOneThatTheImageIsTestedAs() throws IOException {
    assertThat(lines()).anyMatch(line -> line.endsWith("podman build -t serai ."));
    assertThat(line("podman run"))
        .contains("--read-only --tmpfs /tmp", "-v serai:/data", "8080:8080");
    assertThat(Files.readString(Path.of(".ci", "image")))
        .contains("--read-only", "--tmpfs \"/tmp", "samples/deployments/compose.yaml");
  }

  @Test
  void composeIsGivenWhatItAsksFor() throws IOException {
    var line = line("podman-compose");
    var file = Pattern.compile("-f (\\S+)").matcher(line);
    assertThat(file.find()).isTrue();
    assertThat(Path.of(file.group(1))).isRegularFile();

    var asked = new TreeSet<String>();
    Pattern.compile("\\$\\{(\\w+):\\?")
        .matcher(Files.readString(FOLDER.resolve("compose.yaml")))
        .results()
        .forEach(variable -> asked.add(variable.group(1)));

    assertThat(asked).isNotEmpty().allSatisfy(name -> assertThat(line).contains(name + "="));
  }

  @Test
  void theHubsOfComposeMayDoNoMoreThanThoseOfTheChart() throws IOException {
    var services = compose().path("services");
    var hubs = new ArrayList<JsonNode>();
    services.properties().stream()
        .filter(service -> service.getKey().startsWith("hub-"))
        .forEach(service -> hubs.add(service.getValue()));
    var ports = new ArrayList<String>();
    var folders = new ArrayList<String>();

    assertThat(hubs).hasSize(2);
    for (var hub : hubs) {
      assertThat(hub.path("read_only").asBoolean()).isTrue();
      assertThat(hub.path("user").asText()).isEqualTo("12345:0");
      assertThat(hub.path("tmpfs").toString()).isEqualTo("[\"/tmp\"]");
      assertThat(hub.path("cap_drop").toString()).isEqualTo("[\"ALL\"]");
      assertThat(hub.path("security_opt").toString()).isEqualTo("[\"no-new-privileges\"]");
      assertThat(hub.path("privileged").asBoolean()).isFalse();
      assertThat(Integer.parseInt(hub.path("stop_grace_period").asText().replace("s", "")))
          .isGreaterThanOrEqualTo(StopTimes.LONGEST);
      var environment = hub.path("environment");
      environment.fieldNames().forEachRemaining(n -> assertThat(Variables.NAMES).contains(n));
      assertThat(environment.path("SERAI_DB_URL").asText())
          .isEqualTo("jdbc:postgresql://db:5432/serai");
      assertThat(environment.path("SERAI_DB_PASSWORD").asText()).startsWith("${");
      hub.path("ports").forEach(port -> ports.add(port.asText()));
      folders.add(hub.at("/volumes/0").asText());
    }
    assertThat(folders).as("each has a folder of its own").doesNotHaveDuplicates();
    assertThat(ports).doesNotHaveDuplicates();
    assertThat(ports.stream().filter(port -> port.endsWith(":8081")))
        .as("health and metrics, which ask for no login")
        .hasSize(2)
        .allMatch(port -> port.startsWith("127.0.0.1:"));
    assertThat(services.path("db").has("ports")).isFalse();
  }

  @Test
  void theConfigurationOfComposeIsOneThatAHubReads() throws IOException {
    assertThat(RenderedChart.YAML.readTree(FOLDER.resolve("serai.yaml").toFile()).fieldNames())
        .toIterable()
        .containsExactly("serai");
    assertThat(compose().at("/services/hub-1/command").toString())
        .isEqualTo("[\"run\",\"--config\",\"/etc/serai/serai.yaml\"]");
    assertThat(compose().at("/services/hub-1/volumes/1").asText())
        .isEqualTo("./serai.yaml:/etc/serai/serai.yaml:ro");
  }

  @Test
  void theChartTakesWhatTheReadmeSets() throws IOException {
    var sets =
        Pattern.compile("--set (\\S+)")
            .matcher(line("helm install"))
            .results()
            .map(set -> set.group(1))
            .toArray(String[]::new);

    assertThat(line("helm install")).startsWith("helm install orders helm/serai ");
    assertThat(ChartLaw.complaints(RenderedChart.of(null, sets))).isEmpty();
    assertThat(line("kubectl create secret"))
        .contains(" serai-database ", "=username=", "=password=");
  }

  @Test
  void theValuesBesideComposeMakeWhatTheySay(@TempDir Path folder) throws IOException {
    var small = FOLDER.resolve("values-small.yaml");
    var both = RenderedChart.YAML.readerForUpdating(RenderedChart.YAML.readTree(small.toFile()));
    var ha = folder.resolve("both.yaml");
    RenderedChart.YAML.writeValue(
        ha.toFile(), both.<JsonNode>readValue(FOLDER.resolve("values-ha.yaml").toFile()));

    assertThat(ChartLaw.complaints(RenderedChart.of(small))).isEmpty();
    var chart = RenderedChart.of(ha);
    assertThat(ChartLaw.complaints(chart)).isEmpty();
    assertThat(chart.one("Deployment").at("/spec/replicas").asInt()).isEqualTo(3);
    assertThat(chart.documents().stream().map(d -> d.path("kind").asText()))
        .contains(
            "PodDisruptionBudget", "NetworkPolicy", "ServiceMonitor", "PrometheusRule", "Ingress");
  }
}
