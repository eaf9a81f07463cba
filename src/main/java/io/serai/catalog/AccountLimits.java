package io.serai.catalog;

import io.serai.catalog.ConnectorProfile.Limits;
import io.serai.catalog.Settings.Setting;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What an account says of its endpoint's limits, laid over what the connector says: a partner may
 * have granted this account more, or less, than others.
 */
final class AccountLimits {
  private static final List<String> KEYS = List.of("rate", "per", "burst", "in-flight");

  private AccountLimits() {}

  /** The limits that hold, or null when neither says anything. */
  static Limits read(
      String prefix, Map<String, Setting> given, Limits profile, Collection<Fault> faults) {
    if (given.isEmpty()) {
      return profile;
    }
    for (var entry : given.entrySet()) {
      if (!KEYS.contains(entry.getKey())) {
        faults.add(
            fault(
                entry.getValue(),
                "'" + prefix + "." + entry.getKey() + "' is no limit",
                Nearest.advice(entry.getKey(), KEYS)));
      }
    }
    if (profile == null && !given.containsKey("rate")) {
      faults.add(
          fault(
              given.values().iterator().next(),
              "'" + prefix + "' names no rate, and the connector has none",
              "Set '" + prefix + ".rate'"));
      return null;
    }
    var rate = number(given.get("rate"), profile == null ? 1 : profile.rate(), faults);
    var per =
        per(given.get("per"), profile == null ? Duration.ofSeconds(1) : profile.per(), faults);
    // A burst that fitted another rate does not fit this one.
    var burst = given.containsKey("rate") || profile == null ? rate : profile.burst();
    return new Limits(
        rate,
        per,
        number(given.get("burst"), burst, faults),
        number(given.get("in-flight"), profile == null ? 64 : profile.inFlight(), faults));
  }

  static int number(Setting setting, int fallback, Collection<Fault> faults) {
    if (setting == null) {
      return fallback;
    }
    if (setting.text() != null && setting.text().matches("[1-9][0-9]{0,8}")) {
      return Integer.parseInt(setting.text());
    }
    faults.add(
        fault(
            setting,
            "'" + setting.key() + "' is '" + setting.text() + "', which is no whole number from 1",
            "Write a number such as " + fallback));
    return fallback;
  }

  static Duration per(Setting setting, Duration fallback, Collection<Fault> faults) {
    if (setting == null) {
      return fallback;
    }
    var per = setting.text() == null ? null : Section.duration(setting.text());
    if (per != null && !per.isZero()) {
      return per;
    }
    faults.add(
        fault(
            setting,
            "'" + setting.key() + "' is '" + setting.text() + "', which is no duration",
            "Write a number and a unit, as in '1s'"));
    return fallback;
  }

  static Fault fault(Setting place, String what, String remedy) {
    return new Fault(place.file(), place.line(), what, remedy);
  }
}
