package io.serai.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.demo.Reckoning.Finding;
import io.serai.demo.Reckoning.Kind;
import io.serai.simulator.Effects;
import io.serai.simulator.Ledger;
import io.serai.support.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Carriers' ledgers against the parcels of a hub: what was paid for twice, or for nobody. */
class LabelsTest {
  @TempDir Path folder;
  private final List<String> lines = new ArrayList<>();

  private void bought(String shipment, String parcel, String number) {
    happened("label.bought", shipment, parcel + "/1", number);
  }

  private void happened(String operation, String shipment, String key, String number) {
    var line = Json.MAPPER.createObjectNode();
    line.put("seq", lines.size() + 1).put("at", "2026-03-01T10:00:00Z");
    line.put("operation", operation).put("subject", shipment).put("key", key);
    line.putObject("data").put("tracking", number);
    lines.add(Json.text(line));
  }

  private Labels labels(HubRecords.Parcel... parcels) throws IOException {
    var file = folder.resolve("easypost.ledger.jsonl");
    Files.write(file, lines);
    Map<String, Effects> carriers = Map.of("easypost-main", Ledger.read(file));
    return Labels.of(
        carriers,
        new HubRecords(
            Map.of(),
            Map.of(),
            List.of(),
            Map.of(),
            List.of(),
            List.of(parcels),
            List.of(),
            Map.of(),
            Map.of()));
  }

  private static HubRecords.Parcel parcel(String id, String state, String number) {
    return new HubRecords.Parcel(id, "1001", state, number, Map.of("MUG", 1));
  }

  @Test
  void aLabelOfEachParcelIsAsItShouldBe() throws IOException {
    bought("shp_1", "pcl_1", "941");
    happened("parcel.scanned", "shp_1", null, null);
    bought("shp_2", "pcl_2", "942");

    var labels = labels(parcel("pcl_1", "SHIPPED", "941"), parcel("pcl_2", "LABELED", "942"));

    assertThat(labels.findings()).isEmpty();
    assertThat(labels.bought()).containsEntry("easypost-main", 2);
    assertThat(labels.scanned()).extracting(HubRecords.Parcel::id).containsExactly("pcl_1");
  }

  @Test
  void twoThatArePaidForAreOneTooMany() throws IOException {
    bought("shp_1", "pcl_1", "941");
    bought("shp_2", "pcl_1", "942");

    var labels = labels(parcel("pcl_1", "LABELED", "942"));

    assertThat(labels.findings())
        .containsExactly(
            new Finding(
                Kind.LOST,
                "pcl_1",
                "Label '941' of parcel 'pcl_1' is paid for at 'easypost-main' and the hub does not know it."),
            new Finding(
                Kind.DOUBLED, "pcl_1", "Parcel 'pcl_1' has 2 labels that are paid for: 941, 942."));
  }

  @Test
  void oneThatWasTakenBackIsNotPaidFor() throws IOException {
    bought("shp_1", "pcl_1", "941");
    happened("label.voided", "shp_1", "pcl_1/1", null);
    bought("shp_2", "pcl_1", "942");

    var labels = labels(parcel("pcl_1", "LABELED", "942"));

    assertThat(labels.findings()).isEmpty();
    assertThat(labels.bought()).containsEntry("easypost-main", 1);
  }

  @Test
  void aParcelThatLeftUnseenIsFound() throws IOException {
    bought("shp_1", "pcl_1", "941");
    happened("parcel.scanned", "shp_1", null, null);

    var labels = labels(parcel("pcl_1", "LABELED", "941"));

    assertThat(labels.findings())
        .containsExactly(
            new Finding(
                Kind.LOST,
                "pcl_1",
                "Parcel 'pcl_1' was scanned by 'easypost-main' and is LABELED in the hub."));
  }
}
