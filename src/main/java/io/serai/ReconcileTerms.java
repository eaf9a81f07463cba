package io.serai;

import io.serai.catalog.BadConfiguration;
import io.serai.catalog.Fault;
import io.serai.catalog.Section;
import io.serai.reconcile.Terms;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import org.springframework.core.env.PropertyResolver;

/** When and how far accounts are compared, as {@code serai.reconcile} says. */
final class ReconcileTerms {
  private static final int LONGEST_ROUND = 366;

  private final PropertyResolver properties;
  private final List<Fault> faults = new ArrayList<>();

  private ReconcileTerms(PropertyResolver properties) {
    this.properties = properties;
  }

  /**
   * Reads and judges.
   *
   * @throws BadConfiguration with every fault, when there is one
   */
  static Terms read(PropertyResolver properties) {
    var reader = new ReconcileTerms(properties);
    var usual = Terms.USUAL;
    var terms =
        new Terms(
            reader.time("at", usual.at()),
            reader.duration("window", usual.window(), "3d"),
            reader.duration("grace", usual.grace(), "15m"),
            reader.number("every-b", usual.everyB(), LONGEST_ROUND, "nights"),
            reader.number("every-c", usual.everyC(), LONGEST_ROUND, "nights"),
            reader.number("share-a", usual.shareA(), 100, "percent"),
            reader.number("share-b", usual.shareB(), 100, "percent"));
    if (terms.shareB() < terms.shareA() && reader.faults.isEmpty()) {
      reader.faults.add(
          new Fault(
              "serai.reconcile.share-b",
              0,
              "Classes A and B together cannot be less than A alone ('%d' below '%d')"
                  .formatted(terms.shareB(), terms.shareA()),
              "Write a percentage from " + terms.shareA()));
    }
    if (!reader.faults.isEmpty()) {
      throw new BadConfiguration(reader.faults);
    }
    return terms;
  }

  private LocalTime time(String name, LocalTime usual) {
    var text = properties.getProperty("serai.reconcile." + name);
    try {
      return text == null ? usual : LocalTime.parse(text.strip());
    } catch (DateTimeException e) {
      return fault(name, text, usual, "Write a time of day in UTC, as in '02:30'");
    }
  }

  private Duration duration(String name, Duration usual, String example) {
    var text = properties.getProperty("serai.reconcile." + name);
    var given = text == null ? usual : Section.duration(text.strip());
    return given == null
        ? fault(name, text, usual, "Write a duration, as in '" + example + "'")
        : given;
  }

  private int number(String name, int usual, int most, String what) {
    var text = properties.getProperty("serai.reconcile." + name);
    if (text == null) {
      return usual;
    }
    try {
      var number = Integer.parseInt(text.strip());
      if (number >= 1 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    return fault(name, text, usual, "Write a number of " + what + " from 1 to " + most);
  }

  private <T> T fault(String name, String text, T usual, String remedy) {
    faults.add(
        new Fault(
            "serai.reconcile." + name, 0, "Accounts cannot be compared by '" + text + "'", remedy));
    return usual;
  }
}
