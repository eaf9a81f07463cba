package io.serai.conformance;

import io.serai.catalog.ConnectorProfile;
import io.serai.catalog.Edition;
import io.serai.catalog.EventRule;
import io.serai.catalog.Locator;
import io.serai.catalog.Samples;
import io.serai.catalog.Samples.Sample;
import io.serai.catalog.Yaml;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What can be played for a connector: which sample is which document, by the mappings that its
 * routes name.
 */
final class ConnectorPlan {
  private static final String MAP = "serai:map/";

  private final ConnectorProfile profile;
  private final Edition edition;
  private final List<Sample> samples;

  ConnectorPlan(ConnectorProfile profile, Edition edition, Samples samples) {
    this.profile = profile;
    this.edition = edition;
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
  record Webhook(String type, EventRule rule, Sample sample) {}

  /** A webhook of a document, or null when no sample is one. */
  Webhook webhook(String document) {
    for (var rule : profile.events().table().values()) {
      if (rule.ignored() || !rule.document().equals(document)) {
        continue;
      }
      for (var sample : inbound(document)) {
        if (profile.events().type() instanceof Locator.Pointer pointer
            && !rule.type().equals(sample.input().at(pointer.pointer()).asText())) {
          continue;
        }
        return new Webhook(rule.type(), rule, sample);
      }
    }
    return null;
  }

  /** A webhook of whatever document, an order if there is one; null when no sample is one. */
  Webhook anyWebhook() {
    var documents = new LinkedHashSet<String>();
    documents.add("order");
    profile.events().table().values().stream()
        .filter(rule -> !rule.ignored())
        .forEach(rule -> documents.add(rule.document()));
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

  private static void collect(Yaml node, Set<String> mappings) {
    switch (node) {
      case Yaml.Scalar scalar -> {
        if (scalar.text().startsWith(MAP)) {
          mappings.add(scalar.text().substring(MAP.length()));
        }
      }
      case Yaml.Sequence sequence -> sequence.items().forEach(item -> collect(item, mappings));
      case Yaml.Mapping mapping -> mapping.entries().values().forEach(v -> collect(v, mappings));
    }
  }
}
