package io.serai.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The rules that the demo's nodes work by, as a site would write them. */
final class DemoRules {
  private static final String FILE = "rules/allocation.rules.yaml";

  static final String TEXT =
      """
      # A 3PL in New Jersey, the national warehouse in Nevada, an EDI 3PL in Ohio, a store in Hoboken, prints in Brooklyn: which ships what.
      # Change it while the demo runs; it takes effect with the next order. docs/allocation.md tells how.
      name: demo
      home: US

      weights:
        complete: 1000   # one parcel instead of two
        distance: 100    # near the buyer
        priority: 10     # the order under serai.nodes

      rules:
        - name: abroad-from-the-national-warehouse
          why: Customs papers are made in Nevada only.
          when: destination.country != home && order.channel != 'x12-retailer'
          only: nv-1
        - name: walmart-from-the-edi-3pl
          why: Its labels are those that Walmart asks for.
          when: order.channel == 'x12-retailer'
          only: oh-1
          last: true
        - name: fragile-to-who-can-pack-it
          lines: "'fragile' in line.tags"
          only: "'fragile' in node.capabilities"
        - name: prints-from-brooklyn
          why: They are signed there, and packed by who signed them.
          lines: "'print' in line.tags"
          use: brooklyn
        - name: small-orders-from-the-store
          when: destination.country == home && order.units < 4
          use: hoboken
      """;

  private DemoRules() {}

  /**
   * Puts them into a folder, unless they are there already: what a reader changed stays.
   *
   * @return the home to run the hub with
   */
  static Path in(Path home) {
    var file = home.resolve(FILE);
    try {
      if (!Files.exists(file)) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, TEXT);
      }
      return home;
    } catch (IOException e) {
      throw new DemoRefused(
          "The rules of the demo could not be written to '%s': %s. Make the folder writable or name another one with --data."
              .formatted(file, e.getMessage()));
    }
  }
}
