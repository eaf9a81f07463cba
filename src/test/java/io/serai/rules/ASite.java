package io.serai.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.allocation.Allocator;
import io.serai.allocation.Candidate;
import io.serai.allocation.Decision;
import io.serai.allocation.LineFacts;
import io.serai.allocation.OrderFacts;
import io.serai.allocation.Question;
import io.serai.allocation.Want;
import io.serai.catalog.Catalog;
import io.serai.catalog.Configuration;
import io.serai.catalog.Fault;
import io.serai.catalog.Faults;
import io.serai.catalog.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ByteArrayResource;

/** A site with nodes, stock and rules, and one order to decide about. */
final class ASite {
  static final Instant NOW = Instant.parse("2026-03-03T15:00:00Z"); // a Tuesday morning in New York

  private final List<Candidate> nodes;
  private final Map<String, Integer> stock = new HashMap<>();
  private final List<Want> wants = new ArrayList<>();
  private String country = "US";
  private String postalCode;
  private double value;
  private String currency = "USD";
  private boolean b2b;
  private Instant deliverBy;
  private RuleSet rules;

  ASite(List<Candidate> nodes) {
    this.nodes = nodes;
  }

  /** The nodes of a configuration in YAML. */
  static List<Candidate> nodes(String yaml) {
    var environment = new StandardEnvironment();
    try {
      new YamlPropertySourceLoader()
          .load(
              "site", new ByteArrayResource(yaml.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
          .forEach(environment.getPropertySources()::addFirst);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return Nodes.of(
        Configuration.read(
            environment, Catalog.open(ASite.class.getClassLoader(), null).edition()));
  }

  static List<String> faults(String text, List<Candidate> nodes) {
    var faults = new Faults(SourceFile.RULES);
    RuleReader.read(text, "", places(), nodes, faults);
    return faults.list().stream().map(Fault::toString).toList();
  }

  static Locations places() {
    try {
      var faults = new Faults(SourceFile.LOCATIONS);
      var places = Locations.read(Files.readString(Path.of("rules/locations.csv")), faults);
      assertThat(faults.list()).isEmpty();
      return places;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  ASite with(String rulesFile) {
    var faults = new Faults(SourceFile.RULES);
    rules = RuleReader.read(rulesFile, "", places(), nodes, faults);
    assertThat(faults.list()).isEmpty();
    return this;
  }

  ASite has(String sku, String node, int units) {
    stock.put(sku + '@' + node, units);
    return this;
  }

  ASite hasEverywhere(String sku, int units) {
    nodes.forEach(node -> has(sku, node.id(), units));
    return this;
  }

  ASite to(String toCountry, String toPostalCode) {
    country = toCountry;
    postalCode = toPostalCode;
    return this;
  }

  ASite worth(double total) {
    value = total;
    return this;
  }

  ASite forCompany() {
    b2b = true;
    return this;
  }

  ASite within(int hours) {
    deliverBy = NOW.plusSeconds(hours * 3_600L);
    return this;
  }

  ASite ordered(String sku, int units, String... tags) {
    return ordered(sku, units, 10, 1, tags);
  }

  ASite ordered(String sku, int units, double price, double weight, String... tags) {
    wants.add(
        new Want(
            wants.size() + 1,
            sku,
            units,
            new LineFacts() {
              @Override
              public List<String> tags() {
                return List.of(tags);
              }

              @Override
              public double value() {
                return price;
              }

              @Override
              public double weight() {
                return weight;
              }
            }));
    return this;
  }

  Question question() {
    return new Question(
        new OrderFacts() {
          @Override
          public String country() {
            return country;
          }

          @Override
          public String postalCode() {
            return postalCode;
          }

          @Override
          public double value() {
            return value;
          }

          @Override
          public String currency() {
            return currency;
          }

          @Override
          public boolean b2b() {
            return b2b;
          }

          @Override
          public Instant deliverBy() {
            return deliverBy;
          }
        },
        wants,
        nodes,
        (sku, node) -> {
          var units = stock.get(sku + '@' + node);
          return units == null ? OptionalInt.empty() : OptionalInt.of(units);
        },
        Map.of(),
        Question.Load.NONE,
        NOW);
  }

  Decision decide() {
    return Allocator.allocate(rules.policy(), question());
  }

  /** Who ships how much of what, as {@code 2 MUG from nj-1}. */
  List<String> ships() {
    return decide().assignments().stream()
        .map(a -> a.quantity() + " " + a.sku() + " from " + a.node())
        .toList();
  }
}
