package io.serai;

import io.serai.catalog.BadConfiguration;
import io.serai.catalog.Configuration;
import io.serai.catalog.Fault;
import io.serai.catalog.Section;
import io.serai.hub.Erasure;
import io.serai.hub.Retention.Terms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.springframework.core.env.PropertyResolver;

/** How long bodies are kept, as {@code serai.retention} says. */
final class RetentionTerms {
  private static final String PERSONAL = "personal-data";
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

  /**
   * Reads how long people are known: in general, and what an account or its connector says.
   *
   * @throws BadConfiguration with every fault, when there is one
   */
  static Erasure.Terms erasure(PropertyResolver properties, Configuration configuration) {
    var faults = new ArrayList<Fault>();
    var accounts = new TreeMap<String, Duration>();
    for (var account : configuration.accounts().values()) {
      if (account.profile().parameters().containsKey(PERSONAL)
          && account.duration(PERSONAL) instanceof Duration kept) {
        accounts.put(account.name(), kept);
      }
    }
    var usual = Erasure.Terms.USUAL;
    var terms =
        new Erasure.Terms(
            kept(properties, PERSONAL, usual.usual(), faults),
            kept(properties, "dead-letters", usual.deadLetters(), faults),
            accounts);
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
