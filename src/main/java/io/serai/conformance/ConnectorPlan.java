package io.serai.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.catalog.ConnectorProfile;
import io.serai.catalog.Edition;
import io.serai.catalog.EventRule;
import io.serai.catalog.Locator;
import io.serai.catalog.Samples;
import io.serai.catalog.Samples.Sample;
import io.serai.catalog.Yaml;
import io.serai.support.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What can be played for a connector: which sample is which document, by the mappings that its
 * routes name.
 */
final class ConnectorPlan {
  private static final String MAP = "serai:map/";

  private final ConnectorProfile profile;
  private final Edition edition;
  private final StandInFile file;
  private final List<Sample> samples;

  ConnectorPlan(ConnectorProfile profile, Edition edition, StandInFile file, Samples samples) {
    this.profile = profile;
    this.edition = edition;
    this.file = file;
    this.samples = samples.all(edition.mappings());
  }

  ConnectorProfile profile() {
    return profile;
  }

  /** All samples that a mapping of the connector reads. */
  List<Sample> samples() {
    return samples;
  }

  /** A webhook as the channel would send it. */
  record Webhook(String type, EventRule rule, JsonNode body) {
    /** As it is sent; a body that is no JSON is shown as text. */
    byte[] bytes() {
      return body.isTextual() ? body.asText().getBytes(StandardCharsets.UTF_8) : Json.bytes(body);
    }
  }

  /** A webhook of a document, or null when neither stand-in.yaml nor a sample shows one. */
  Webhook webhook(String document) {
    for (var rule : rules()) {
      if (!rule.document().equals(document)) {
        continue;
      }
      var shown = file.events().get(rule.type());
      if (shown != null) {
        return new Webhook(rule.type(), rule, shown);
      }
      for (var sample : inbound(document)) {
        if (profile.events().type() instanceof Locator.Pointer pointer
            && !rule.type().equals(sample.input().at(pointer.pointer()).asText())) {
          continue;
        }
        return new Webhook(rule.type(), rule, sample.input());
      }
    }
    return null;
  }

  private List<EventRule> rules() {
    var rules = new ArrayList<EventRule>();
    if (profile.events().every() != null) {
      rules.add(profile.events().every());
    }
    profile.events().table().values().stream()
        .filter(rule -> !rule.ignored())
        .sorted(java.util.Comparator.comparing(EventRule::type))
        .forEach(rules::add);
    return rules;
  }

  /** A webhook of whatever document, an order if there is one; null when none is shown. */
  Webhook anyWebhook() {
    var documents = new LinkedHashSet<String>();
    documents.add("order");
    rules().stream()
        .filter(rule -> file.events().containsKey(rule.type()))
        .forEach(rule -> documents.add(rule.document()));
    rules().forEach(rule -> documents.add(rule.document()));
    for (var document : documents) {
      var webhook = webhook(document);
      if (webhook != null) {
        return webhook;
      }
    }
    return null;
  }

  /** Samples of what comes in as a document. */
  List<Sample> inbound(String document) {
    return of(mappings("inbox/" + document), ".in.jslt");
  }

  /** Samples of what comes in, whatever document it becomes. */
  List<Sample> inbound() {
    var mappings = new LinkedHashSet<String>();
    for (var template : templates()) {
      var from = template.from().text("uri");
      if (from.startsWith("serai:inbox/")) {
        collect(template.body(), mappings);
      }
    }
    return of(mappings, ".in.jslt");
  }

  /** What samples show of what comes in, by document. */
  Map<String, List<JsonNode>> inboundDocuments() {
    var documents = new TreeMap<String, List<JsonNode>>();
    for (var template : templates()) {
      var from = template.from().text("uri");
      if (from.startsWith("serai:inbox/")) {
        var document = from.substring("serai:inbox/".length());
        documents.put(document, inbound(document).stream().map(Sample::input).toList());
      }
    }
    return documents;
  }

  /** Samples that one mapping reads. */
  List<Sample> of(String mapping) {
    return of(Set.of(mapping), ".jslt");
  }

  /** Samples of canonical documents that go out. */
  List<Sample> outbound(String document) {
    return of(mappings("outbox/" + document), ".out.jslt");
  }

  private List<Sample> of(Set<String> mappings, String ending) {
    var found = new ArrayList<Sample>();
    for (var mapping : mappings) {
      if (mapping.endsWith(ending)) {
        samples.stream().filter(sample -> sample.mapping().equals(mapping)).forEach(found::add);
      }
    }
    return found;
  }

  private Set<String> mappings(String word) {
    var mappings = new LinkedHashSet<String>();
    for (var template : templates()) {
      if (template.from().text("uri").equals("serai:" + word)) {
        collect(template.body(), mappings);
      }
    }
    return mappings;
  }

  private List<io.serai.catalog.RouteFile.Definition> templates() {
    var templates = new ArrayList<io.serai.catalog.RouteFile.Definition>();
    for (var use : profile.routes()) {
      for (var file : edition.routes().values()) {
        var template = file.templates().get(use.template());
        if (template != null) {
          templates.add(template);
        }
      }
    }
    return templates;
  }

  private void collect(Yaml node, Set<String> mappings) {
    switch (node) {
      case Yaml.Scalar scalar -> {
        if (scalar.text().startsWith(MAP)) {
          mappings.add(said(scalar.text().substring(MAP.length())));
        }
      }
      case Yaml.Sequence sequence -> sequence.items().forEach(item -> collect(item, mappings));
      case Yaml.Mapping mapping -> mapping.entries().values().forEach(v -> collect(v, mappings));
    }
  }

  // A mapping that the account names is the one that stand-in.yaml names, or the connector's own.
  private String said(String mapping) {
    for (var parameter : profile.parameters().values()) {
      if (mapping.equals("{{" + parameter.templateName() + "}}")) {
        return file.account().getOrDefault(parameter.name(), parameter.fallback());
      }
    }
    return mapping;
  }
}
