package io.serai.deploy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What Helm makes of the chart and some values, as Kubernetes would read it. */
record RenderedChart(List<JsonNode> documents) {
  static final Path CHART = Path.of("helm", "serai");
  static final String NAMESPACE = "shop";
  static final YAMLMapper YAML = new YAMLMapper();

  /**
   * Kinds of Kubernetes itself, with their models; those of operators stand in {@link ChartLaw}.
   */
  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.of(
          "v1/ConfigMap", ConfigMap.class,
          "v1/Service", Service.class,
          "v1/ServiceAccount", ServiceAccount.class,
          "apps/v1/Deployment", Deployment.class,
          "autoscaling/v2/HorizontalPodAutoscaler", HorizontalPodAutoscaler.class,
          "networking.k8s.io/v1/Ingress", Ingress.class,
          "networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class,
          "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class);

  // As strict as the API server: no unknown fields, no number for a text and no text for a number.
  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfig(
              LogicalType.Textual,
              text ->
                  text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
          .build();

  /** Renders with a file of values and some more, as {@code key=value}. */
  static RenderedChart of(Path values, String... more) {
    var command =
        new Helm(CHART)
            .template()
            .withName("orders")
            .withNamespace(NAMESPACE)
            .withKubeVersion("1.25.0");
    if (values != null) {
      command.withValuesFile(values);
    }
    for (var each : more) {
      var pair = each.split("=", 2);
      command.set(pair[0], pair[1]);
    }
    return parsed(command.call());
  }

  static RenderedChart parsed(String text) {
    try (var parser = new YAMLFactory().createParser(text)) {
      var documents = new ArrayList<JsonNode>();
      YAML.readerFor(JsonNode.class)
          .<JsonNode>readValues(parser)
          .forEachRemaining(
              document -> {
                if (document.isObject()) {
                  documents.add(document);
                }
              });
      return new RenderedChart(documents);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String kind(JsonNode document) {
    return document.path("apiVersion").asText() + "/" + document.path("kind").asText();
  }

  /** All of a kind. */
  List<JsonNode> all(String kind) {
    return documents.stream().filter(d -> d.path("kind").asText().equals(kind)).toList();
  }

  /** The only one of a kind. */
  JsonNode one(String kind) {
    var all = all(kind);
    if (all.size() != 1) {
      throw new AssertionError("there are " + all.size() + " of kind " + kind);
    }
    return all.getFirst();
  }

  /** The document as Kubernetes' own model of it; null when the kind is not Kubernetes' own. */
  static HasMetadata model(JsonNode document) throws IOException {
    var type = KINDS.get(kind(document));
    return type == null ? null : STRICT.treeToValue(document, type);
  }
}
