package io.serai.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.catalog.Catalog;
import io.serai.catalog.Mappings;
import io.serai.catalog.Samples;
import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class UnknownValuesTest {
  @Test
  void list() {
    var edition = Catalog.open(getClass().getClassLoader(), null).edition();
    for (var profile : edition.connectors().values()) {
      var plan = new ConnectorPlan(profile, edition, Samples.of(Path.of(""), profile.name()));
      var all = new TreeSet<String>();
      for (var sample : plan.inbound()) {
        UnknownValues.silent(Mappings.builtIn().mapping(sample.mapping()), sample)
            .forEach(p -> all.add(sample.mapping() + " " + p.replaceAll("/[0-9]+", "/*")));
      }
      System.out.println("UNKNOWN " + profile.name() + " " + String.join("\nUNKNOWN    ", all));
    }
    assertThat(edition).isNotNull();
  }
}
