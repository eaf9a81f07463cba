package io.serai.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.catalog.Catalog;
import io.serai.catalog.Edition;
import io.serai.catalog.Mappings;
import io.serai.catalog.Samples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No mapping that comes with the hub takes something else for a value it never heard of. */
class UnknownValuesTest {
  private static final Edition EDITION =
      Catalog.open(UnknownValuesTest.class.getClassLoader(), null).edition();
  private static final Mappings MAPPINGS = Mappings.builtIn();

  static Set<String> connectors() {
    return EDITION.connectors().keySet();
  }

  @ParameterizedTest
  @MethodSource("connectors")
  void anUnknownValueIsRefusedKeptReportedOrNotRead(String connector) {
    var samples = Samples.of(Path.of(""), connector);
    var file = StandInFile.read(samples.folder().resolve("stand-in.yaml"));
    var plan = new ConnectorPlan(EDITION.connectors().get(connector), EDITION, file, samples);

    var silent = new ArrayList<String>();
    for (var sample : plan.inbound()) {
      for (var pointer :
          UnknownValues.silent(MAPPINGS.mapping(sample.mapping()), sample, file.selects())) {
        silent.add("%s of %s/%s".formatted(pointer, sample.document(), sample.name()));
      }
    }

    assertThat(silent).isEmpty();
  }
}
