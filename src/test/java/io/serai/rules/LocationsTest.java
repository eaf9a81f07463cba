package io.serai.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.serai.allocation.Candidate;
import io.serai.catalog.Fault;
import io.serai.catalog.Faults;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How far it is, and what had to be used instead of the place itself. */
class LocationsTest {
  private static Candidate node(String country, String postalCode) {
    return new Candidate(
        "n",
        "store",
        null,
        country,
        null,
        postalCode,
        Set.of(),
        Set.of(),
        null,
        Candidate.Hours.ALWAYS,
        Map.of(),
        Map.of(),
        0);
  }

  private static Locations table(String... lines) {
    var faults = new Faults("rules/locations.csv");
    var table = Locations.read(String.join("\n", lines), faults);
    assertThat(faults.list()).isEmpty();
    return table;
  }

  @Test
  void theLongestBeginningThatFitsCounts() {
    var table = table("US,,39.8,-98.6", "US,1,41.5,-75.5", "US,100,40.7,-74.0");

    var near = table.between("US", "10012", node("US", "10001"));
    var area = table.between("US", "12207", node("US", "10001"));
    var country = table.between("US", "60601", node("US", "10001"));

    assertThat(near.kilometers()).isZero();
    assertThat(near.fallback()).isEqualTo("from the area '100' of 'US'");
    assertThat(area.kilometers()).isCloseTo(154, within(5.0));
    assertThat(area.fallback()).isEqualTo("from the area '1' of 'US'");
    assertThat(country.fallback()).isEqualTo("from the middle of 'US'");
  }

  @Test
  void aPostalCodeThatIsInTheTableNeedsNoFallback() {
    var table = table("GB,SW1A1AA,51.5,-0.14", "FR,75001,48.86,2.34");

    var way = table.between("GB", "sw1a 1aa", node("FR", "75001"));

    assertThat(way.kilometers()).isCloseTo(342, within(5.0));
    assertThat(way.fallback()).isNull();
  }

  @Test
  void whereNothingIsKnownThereIsNoDistance() {
    var table = table("US,,39.8,-98.6");

    assertThat(table.between("BR", "01310", node("US", null))).isNull();
    assertThat(table.between(null, null, node("US", null))).isNull();
    assertThat(table.between("US", "10001", node(null, null))).isNull();
  }

  @Test
  void badLinesAreNamedAndTheOthersRead() {
    var faults = new Faults("rules/locations.csv");

    Locations.read(
        "country,prefix,latitude,longitude\nUS,1,95,0\nUS;2\nUS,3,1,1\nUS,3,2,2\n", faults);

    assertThat(faults.list())
        .extracting(Fault::toString)
        .containsExactly(
            "rules/locations.csv:2: 'US,1,95,0' is no place. Write country,prefix,latitude,longitude, as in US,100,40.71,-74.01.",
            "rules/locations.csv:3: 'US;2' is no place. Write country,prefix,latitude,longitude, as in US,100,40.71,-74.01.",
            "rules/locations.csv:5: Place 'US' with prefix '3' is there twice. Keep one.");
  }

  @Test
  void theTableThatCameWithTheHubKnowsEveryCountryThatIsSentTo() {
    var table = ASite.places();
    var uninhabited = Set.of("AQ", "BV", "GS", "HM", "TF", "UM", "EH", "PN", "SH", "TK");

    for (var country : Locale.getISOCountries()) {
      if (!uninhabited.contains(country)) {
        assertThat(table.between(country, null, node("US", "10001"))).as(country).isNotNull();
      }
    }
    assertThat(table.between("US", "94105", node("US", "10001")).kilometers())
        .isBetween(3_500.0, 4_500.0);
    assertThat(table.between("DE", "80331", node("DE", "20095")).kilometers())
        .isBetween(500.0, 750.0);
  }
}
