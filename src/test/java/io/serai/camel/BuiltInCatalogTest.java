package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.catalog.Catalog;
import io.serai.catalog.Edition;
import io.serai.catalog.Fault;
import io.serai.catalog.Mappings;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BuiltInCatalogTest {
  private static Edition edition;
  private static List<Fault> faults;

  @BeforeAll
  static void inspect() {
    edition = Catalog.open(BuiltInCatalogTest.class.getClassLoader(), null).edition();
    faults = new CatalogInspection(Set.of(), null).inspect(edition, Mappings.builtIn(), null);
  }

  @Test
  void nothingThatComesWithTheHubIsAtFault() {
    assertThat(faults).filteredOn(fault -> !fault.what().contains("runs route template")).isEmpty();
  }

  @Test
  void everyTemplateAConnectorRunsIsThere() {
    assertThat(faults).filteredOn(fault -> fault.what().contains("runs route template")).isEmpty();
  }

  @Test
  void theCatalogueIsNotEmpty() {
    assertThat(edition.connectors()).containsKeys("shopify", "rest-3pl");
    assertThat(edition.kamelets()).isNotEmpty();
    assertThat(edition.routes()).isNotEmpty();
  }
}
