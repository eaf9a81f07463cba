package io.serai;

import io.serai.catalog.BadConfiguration;
import io.serai.catalog.Fault;
import io.serai.catalog.Section;
import io.serai.hub.ReturnTerms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.core.env.PropertyResolver;

/** How long returns may take, as {@code serai.returns} says. */
final class ReturnTimes {
  private static final Duration LEAST = Duration.ofHours(1);

  private ReturnTimes() {}

  /**
   * Reads and judges.
   *
   * @throws BadConfiguration with every fault, when there is one
   */
  static ReturnTerms read(PropertyResolver properties) {
    var faults = new ArrayList<Fault>();
    var terms =
        new ReturnTerms(
            time(properties, "overdue", ReturnTerms.USUAL.overdue(), faults),
            time(properties, "approve-within", ReturnTerms.USUAL.approveWithin(), faults));
    if (!faults.isEmpty()) {
      throw new BadConfiguration(faults);
    }
    return terms;
  }

  private static Duration time(
      PropertyResolver properties, String name, Duration usual, List<Fault> faults) {
    var key = "serai.returns." + name;
    var text = properties.getProperty(key);
    if (text == null || text.isBlank()) {
      return usual;
    }
    var time = Section.duration(text.strip());
    if (time == null || time.compareTo(LEAST) < 0) {
      faults.add(
          new Fault(
              key,
              0,
              "'" + text + "' is no time that a return may take",
              "Write a number of days or hours from one hour, as in '30d'"));
    }
    return time;
  }
}
