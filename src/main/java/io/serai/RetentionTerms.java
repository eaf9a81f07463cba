package io.serai;

import io.serai.catalog.BadConfiguration;
import io.serai.catalog.Fault;
import io.serai.catalog.Section;
import io.serai.hub.Retention.Terms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.core.env.PropertyResolver;

/** How long bodies are kept, as {@code serai.retention} says. */
final class RetentionTerms {
  private static final Duration LEAST = Duration.ofDays(1);

  private RetentionTerms() {}

  /**
   * Reads and judges.
   *
   * @throws BadConfiguration with every fault, when there is one
   */
  static Terms read(PropertyResolver properties) {
    var faults = new ArrayList<Fault>();
    var terms =
        new Terms(
            kept(properties, "orders", Terms.USUAL.orders(), faults),
            kept(properties, "stock", Terms.USUAL.stock(), faults),
            kept(properties, "interchanges", Terms.USUAL.interchanges(), faults));
    if (!faults.isEmpty()) {
      throw new BadConfiguration(faults);
    }
    return terms;
  }

  private static Duration kept(
      PropertyResolver properties, String name, Duration usual, List<Fault> faults) {
    var key = "serai.retention." + name;
    var text = properties.getProperty(key);
    var kept = text == null ? usual : Section.duration(text.strip());
    if (kept == null || kept.compareTo(LEAST) < 0) {
      faults.add(
          new Fault(
              key,
              0,
              "Bodies cannot be kept for '" + text + "'",
              "Write a number of days from 1, as in '90d'"));
    }
    return kept;
  }
}
