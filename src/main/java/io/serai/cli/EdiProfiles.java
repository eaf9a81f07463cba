package io.serai.cli;

import io.serai.catalog.Catalog;
import io.serai.catalog.Sources;
import io.serai.exchange.PartnerProfile;
import io.serai.exchange.Partners;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/** Finds a partner profile among those of a folder and those that came with the hub. */
final class EdiProfiles {
  private EdiProfiles() {}

  /**
   * The profile of that name.
   *
   * @param home a folder with connectors/ in it, or null for SERAI_HOME, if there is one
   * @throws Sentence when there is none, or its file is at fault
   */
  static PartnerProfile find(Session session, String partner, Path home) {
    var given = session.environment().apply("SERAI_HOME");
    var folder = home != null || given == null || given.isBlank() ? home : Path.of(given);
    if (folder != null && !Files.isDirectory(folder)) {
      throw new Sentence("There is no folder '%s'; correct the path.".formatted(folder));
    }
    var loader = EdiProfiles.class.getClassLoader();
    var edition =
        Catalog.of(Sources.of(loader, folder == null ? List.of() : List.of(folder))).edition();
    var partners = Partners.of(edition);
    var profile = partners.profiles().get(partner);
    if (profile != null) {
      return profile;
    }
    partners.faults().stream()
        .filter(fault -> fault.file().endsWith("/" + partner + ".partner.yaml"))
        .findFirst()
        .ifPresent(
            fault -> {
              throw new Sentence(fault.toString());
            });
    throw new Sentence(
        "There is no partner profile '%s'; there are %s."
            .formatted(partner, String.join(", ", new TreeSet<>(partners.profiles().keySet()))));
  }
}
