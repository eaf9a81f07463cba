package io.serai.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.Variables;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What has to hold of everything the chart makes: that Kubernetes knows each field, that what is
 * referred to is there, that no container may do more than it needs, and that a hub knows every
 * variable it is given.
 */
final class ChartLaw {
  private static final String HUB = "Deployment";

  /** Fields of operators' kinds that the chart writes, {@code *} being any name or place. */
  private static final Map<String, Set<String>> OPERATORS =
      Map.of(
          "monitoring.coreos.com/v1/ServiceMonitor",
          Set.of(
              "spec.selector.matchLabels.*",
              "spec.endpoints.*.port",
              "spec.endpoints.*.path",
              "spec.endpoints.*.interval"),
          "monitoring.coreos.com/v1/PrometheusRule",
          Set.of(
              "spec.groups.*.name",
              "spec.groups.*.rules.*.record",
              "spec.groups.*.rules.*.alert",
              "spec.groups.*.rules.*.expr",
              "spec.groups.*.rules.*.for",
              "spec.groups.*.rules.*.labels.severity",
              "spec.groups.*.rules.*.annotations.summary"),
          "keda.sh/v1alpha1/ScaledObject",
          Set.of(
              "spec.scaleTargetRef.name",
              "spec.minReplicaCount",
              "spec.maxReplicaCount",
              "spec.cooldownPeriod",
              "spec.triggers.*.type",
              "spec.triggers.*.metricType",
              "spec.triggers.*.metadata.serverAddress",
              "spec.triggers.*.metadata.query",
              "spec.triggers.*.metadata.threshold"));

  private final List<String> complaints = new ArrayList<>();
  private final RenderedChart chart;

  private ChartLaw(RenderedChart chart) {
    this.chart = chart;
  }

  /** One sentence for each breach. */
  static List<String> complaints(RenderedChart chart) {
    var law = new ChartLaw(chart);
    law.fields();
    law.names();
    law.pods();
    law.selectors();
    return law.complaints;
  }

  private void fields() {
    for (var document : chart.documents()) {
      var name = name(document);
      try {
        var model = RenderedChart.model(document);
        if (model != null) {
          unknown(model, name);
        } else {
          var known = OPERATORS.get(RenderedChart.kind(document));
          if (known == null) {
            complaints.add(name + ": nobody knows '" + RenderedChart.kind(document) + "'");
          } else {
            leaves(document.path("spec"), "spec", name, known);
          }
        }
      } catch (IOException e) {
        complaints.add(name + ": " + e.getMessage().lines().findFirst().orElse(""));
      }
    }
  }

  private void leaves(JsonNode node, String path, String name, Set<String> known) {
    if (node.isContainerNode()) {
      node.properties()
          .forEach(field -> leaves(field.getValue(), path + "." + field.getKey(), name, known));
      for (var i = 0; node.isArray() && i < node.size(); i++) {
        leaves(node.get(i), path + "." + i, name, known);
      }
    } else if (known.stream().noneMatch(k -> path.matches(pattern(k)))) {
      complaints.add(name + ": '" + path + "' is no field of it");
    }
  }

  private static String pattern(String known) {
    return "\\Q" + known.replace("*", "\\E.+\\Q") + "\\E";
  }

  // Models keep what they do not know beside the rest.
  private void unknown(Object model, String name) {
    if (model == null || !model.getClass().getName().startsWith("io.fabric8.")) {
      return;
    }
    for (var method : model.getClass().getMethods()) {
      if (method.getParameterCount() > 0
          || !method.getName().startsWith("get")
          || method.getName().equals("getClass")) {
        continue;
      }
      Object value;
      try {
        value = method.invoke(model);
      } catch (IllegalAccessException | InvocationTargetException e) {
        continue;
      }
      if (method.getName().equals("getAdditionalProperties") && value instanceof Map<?, ?> more) {
        more.keySet()
            .forEach(
                key ->
                    complaints.add(
                        "%s: '%s' is no field of '%s'"
                            .formatted(name, key, model.getClass().getSimpleName())));
      } else if (value instanceof Collection<?> all) {
        all.forEach(each -> unknown(each, name));
      } else if (value != model) {
        unknown(value, name);
      }
    }
  }

  private void names() {
    var seen = new TreeSet<String>();
    for (var document : chart.documents()) {
      if (!seen.add(name(document))) {
        complaints.add(name(document) + " stands there twice");
      }
      if (document.path("metadata").has("namespace")) {
        complaints.add(name(document) + " names a namespace, which is the release's to choose");
      }
    }
  }

  private void pods() {
    for (var document : chart.documents()) {
      var pod = document.at("/spec/template/spec");
      if (pod.isMissingNode()) {
        continue;
      }
      var name = name(document);
      demand(name, pod, "/automountServiceAccountToken", "false");
      demand(name, pod, "/enableServiceLinks", "false");
      demand(name, pod, "/securityContext/runAsNonRoot", "true");
      demand(name, pod, "/securityContext/seccompProfile/type", "RuntimeDefault");
      for (var forbidden : List.of("hostNetwork", "hostPID", "hostIPC")) {
        if (pod.path(forbidden).asBoolean()) {
          complaints.add(name + ": '" + forbidden + "' is on");
        }
      }
      var volumes = new HashMap<String, JsonNode>();
      pod.path("volumes").forEach(volume -> volumes.put(volume.path("name").asText(), volume));
      volumes.forEach((volume, how) -> volume(name, volume, how));
      for (var containers : List.of("containers", "initContainers")) {
        pod.path(containers).forEach(container -> container(name, container, volumes.keySet()));
      }
      if (document.path("kind").asText().equals(HUB)) {
        hub(name, pod);
      }
    }
  }

  private void volume(String name, String volume, JsonNode how) {
    if (how.has("hostPath")) {
      complaints.add(name + ": volume '" + volume + "' is a folder of the machine");
    }
    var own = how.at("/configMap/name").asText("");
    var made = chart.all("ConfigMap").stream().map(m -> m.at("/metadata/name").asText()).toList();
    if (own.startsWith("orders-") && !made.contains(own)) {
      complaints.add(name + ": ConfigMap '" + own + "' is not made");
    }
  }

  private void container(String pod, JsonNode container, Set<String> volumes) {
    var name = pod + ", container '" + container.path("name").asText() + "'";
    demand(name, container, "/securityContext/privileged", "false");
    demand(name, container, "/securityContext/allowPrivilegeEscalation", "false");
    demand(name, container, "/securityContext/readOnlyRootFilesystem", "true");
    demand(name, container, "/securityContext/runAsNonRoot", "true");
    demand(name, container, "/securityContext/seccompProfile/type", "RuntimeDefault");
    demand(name, container, "/securityContext/capabilities/drop/0", "ALL");
    if (container.at("/securityContext/capabilities").has("add")) {
      complaints.add(name + ": adds capabilities");
    }
    demand(name, container, "/resources/limits/memory", null);
    demand(name, container, "/resources/requests/cpu", null);
    for (var variable : container.path("env")) {
      var key = variable.path("name").asText();
      if (key.startsWith("SERAI_") && !Variables.NAMES.contains(key)) {
        complaints.add(name + ": no hub knows variable '" + key + "'");
      }
      if (key.matches(".*(PASSWORD|TOKEN)")
          && variable.at("/valueFrom/secretKeyRef/name").isMissingNode()) {
        complaints.add(name + ": variable '" + key + "' is written out");
      }
    }
    var places = new TreeSet<String>();
    for (var mount : container.path("volumeMounts")) {
      var place = mount.path("mountPath").asText();
      if (!volumes.contains(mount.path("name").asText())) {
        complaints.add(name + ": volume '" + mount.path("name").asText() + "' is not there");
      }
      if (!places.add(place)) {
        complaints.add(name + ": two volumes are mounted at '" + place + "'");
      }
    }
    demandThat(places.contains("/tmp"), name + ": no volume for temporary files");
  }

  private void hub(String name, JsonNode pod) {
    var container = pod.at("/containers/0");
    var ports = new TreeSet<String>();
    container.path("ports").forEach(port -> ports.add(port.path("name").asText()));
    for (var probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      var http = container.path(probe).path("httpGet");
      demandThat(ports.contains(http.path("port").asText()), name + ": " + probe + " has no port");
    }
    demand(name, container, "/livenessProbe/httpGet/path", "/actuator/health/liveness");
    demand(name, container, "/readinessProbe/httpGet/path", "/actuator/health/readiness");
    var grace = pod.path("terminationGracePeriodSeconds").asInt();
    var delay = container.at("/lifecycle/preStop/exec/command/1").asInt();
    demandThat(
        grace >= delay + StopTimes.LONGEST,
        "%s: %d s are too few for a delay of %d s and a stop of %d s"
            .formatted(name, grace, delay, StopTimes.LONGEST));
  }

  // Services, budgets and policies find the hubs, and ports are called as the hubs call them.
  private void selectors() {
    var hub = chart.one(HUB);
    var labels = hub.at("/spec/template/metadata/labels");
    var ports = new TreeSet<String>();
    hub.at("/spec/template/spec/containers/0/ports")
        .forEach(port -> ports.add(port.path("name").asText()));
    for (var document : chart.documents()) {
      var name = name(document);
      var selectors =
          switch (document.path("kind").asText()) {
            case "Service" -> List.of(document.at("/spec/selector"));
            case "Deployment", "PodDisruptionBudget" ->
                List.of(document.at("/spec/selector/matchLabels"));
            case "NetworkPolicy" -> List.of(document.at("/spec/podSelector/matchLabels"));
            default -> List.<JsonNode>of();
          };
      for (var selector : selectors) {
        demandThat(
            !selector.isEmpty()
                && selector.properties().stream()
                    .allMatch(s -> s.getValue().equals(labels.path(s.getKey()))),
            name + ": its selector does not find the hubs");
      }
      Stream.of("/spec/ports", "/spec/ingress/0/ports", "/spec/ingress/1/ports")
          .flatMap(path -> StreamSupport.stream(document.at(path).spliterator(), false))
          .map(port -> port.has("targetPort") ? port.path("targetPort") : port.path("port"))
          .filter(JsonNode::isTextual)
          .forEach(
              port ->
                  demandThat(ports.contains(port.asText()), name + ": no hub has a port " + port));
      var target = document.at("/spec/scaleTargetRef/name");
      demandThat(
          target.isMissingNode() || target.equals(hub.at("/metadata/name")),
          name + ": scales '" + target.asText() + "', which is not there");
    }
  }

  private void demand(String name, JsonNode where, String path, String value) {
    var is = where.at(path);
    if (value == null ? is.isMissingNode() : !is.asText().equals(value)) {
      complaints.add(
          value == null
              ? "%s: '%s' is missing".formatted(name, path)
              : "%s: '%s' is '%s' instead of '%s'".formatted(name, path, is.asText(), value));
    }
  }

  private void demandThat(boolean holds, String complaint) {
    if (!holds) {
      complaints.add(complaint);
    }
  }

  private static String name(JsonNode document) {
    return document.path("kind").asText() + " '" + document.at("/metadata/name").asText() + "'";
  }
}
