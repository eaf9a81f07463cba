package io.serai.catalog;

import io.serai.catalog.Settings.Setting;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads what the choice between nodes looks at; each bad value is noted in one sentence. */
final class NodeTraits {
  /** Keys of a node that are read here. */
  static final Set<String> KEYS =
      Set.of(
          "capabilities",
          "serves",
          "capacity-per-day",
          "cut-off",
          "time-zone",
          "closed",
          "cost",
          "cost-to",
          "transit-days",
          "transit-days-to",
          "floor");

  private static final Pattern WORD = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
  private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

  private final Settings settings;
  private final String node;
  private final Collection<Fault> faults;

  private NodeTraits(Settings settings, String node, Collection<Fault> faults) {
    this.settings = settings;
    this.node = node;
    this.faults = faults;
  }

  static Node.Traits read(Settings settings, String node, Collection<Fault> faults) {
    return new NodeTraits(settings, node, faults).read();
  }

  private Node.Traits read() {
    var capabilities = new LinkedHashSet<String>();
    for (var value : texts("capabilities")) {
      if (WORD.matcher(value.text()).matches()) {
        capabilities.add(value.text());
      } else {
        bad("capabilities", value, "no name in kebab case", "Write it as in 'fragile'");
      }
    }
    var serves = new LinkedHashSet<String>();
    for (var value : texts("serves")) {
      if (country("serves", value, value.text())) {
        serves.add(value.text());
      }
    }
    var days = new LinkedHashSet<DayOfWeek>();
    var dates = new LinkedHashSet<LocalDate>();
    for (var value : texts("closed")) {
      closed(value, days, dates);
    }
    if (days.size() == 7) {
      faults.add(
          fault(
              "closed",
              "Node '" + node + "' is closed on every day of the week",
              "Leave out the days on which it works, or remove the node"));
    }
    var zone =
        one("time-zone", "no time zone", "Write a name such as 'America/New_York'", ZoneId::of);
    var capacity = whole("capacity-per-day", 1);
    var floor = whole("floor", 0);
    return new Node.Traits(
        capabilities,
        serves,
        capacity,
        one(
            "cut-off",
            "no time of day",
            "Write hours and minutes in quotes, as in \"14:30\"",
            LocalTime::parse),
        zone == null ? ZoneId.of("UTC") : zone,
        days,
        dates,
        perCountry(
            "cost", "cost-to", "no amount from 0", "Write it as in 4.50", NodeTraits::amount),
        perCountry(
            "transit-days",
            "transit-days-to",
            "no whole number from 0 to 365",
            "Write it as in 2",
            NodeTraits::days),
        floor == null ? 0 : floor);
  }

  private List<Setting> texts(String key) {
    return settings.values(node, key).stream()
        .filter(value -> value.text() != null)
        .flatMap(
            value ->
                value.text().contains(",")
                    ? Stream.of(value.text().split(","))
                        .map(
                            part ->
                                new Setting(
                                    value.key(),
                                    part.strip(),
                                    value.raw(),
                                    value.file(),
                                    value.line()))
                    : value.lines())
        .filter(value -> !value.text().isBlank())
        .toList();
  }

  private boolean country(String key, Setting value, String text) {
    if (COUNTRIES.contains(text)) {
      return true;
    }
    bad(
        key,
        value,
        "no country code",
        text.equals("false")
            ? "Write it in quotes: \"NO\""
            : "Write two capital letters, as in 'US'");
    return false;
  }

  private void closed(Setting value, Set<DayOfWeek> days, Set<LocalDate> dates) {
    try {
      dates.add(LocalDate.parse(value.text()));
      return;
    } catch (DateTimeException e) {
      // a day of the week, or nothing: below
    }
    var day =
        Arrays.stream(DayOfWeek.values())
            .filter(one -> one.name().equalsIgnoreCase(value.text()))
            .findFirst();
    if (day.isPresent()) {
      days.add(day.get());
    } else {
      bad(
          "closed",
          value,
          "no day of the week and no date",
          "Write it as in 'sunday' or '2026-12-25'");
    }
  }

  private Integer whole(String key, int least) {
    return one(
        key,
        "no whole number from " + least,
        "Write it as in " + Math.max(least, 10),
        text -> {
          var number = Integer.parseInt(text);
          if (number < least) {
            throw new NumberFormatException();
          }
          return number;
        });
  }

  private static BigDecimal amount(String text) {
    var amount = new BigDecimal(text);
    if (amount.signum() < 0 || amount.precision() > 12) {
      throw new NumberFormatException();
    }
    return amount;
  }

  private static Integer days(String text) {
    var days = Integer.parseInt(text);
    if (days < 0 || days > 365) {
      throw new NumberFormatException();
    }
    return days;
  }

  private <T> T one(String key, String complaint, String remedy, Function<String, T> reader) {
    var values = settings.values(node, key);
    return values.isEmpty() || values.get(0).text() == null || values.get(0).text().isBlank()
        ? null
        : read(key, values.get(0), complaint, remedy, reader);
  }

  private <T> Map<String, T> perCountry(
      String key, String keyTo, String complaint, String remedy, Function<String, T> reader) {
    var all = new LinkedHashMap<String, T>();
    var rest = one(key, complaint, remedy, reader);
    if (rest != null) {
      all.put("*", rest);
    }
    settings
        .below(node, keyTo)
        .forEach(
            (to, value) -> {
              if (COUNTRIES.contains(to)) {
                var read = read(keyTo + "." + to, value, complaint, remedy, reader);
                if (read != null) {
                  all.put(to, read);
                }
              } else {
                faults.add(
                    fault(
                        keyTo,
                        "'serai.nodes."
                            + node
                            + "."
                            + keyTo
                            + "' names '"
                            + to
                            + "', which is no country code",
                        to.equals("false")
                            ? "Write it in quotes: \"NO\""
                            : "Write two capital letters, as in 'US'"));
              }
            });
    return all;
  }

  private <T> T read(
      String key, Setting value, String complaint, String remedy, Function<String, T> reader) {
    try {
      return reader.apply(String.valueOf(value.text()).strip());
    } catch (DateTimeException | NumberFormatException e) {
      bad(key, value, complaint, remedy);
      return null;
    }
  }

  private void bad(String key, Setting value, String complaint, String remedy) {
    faults.add(
        new Fault(
            value.file(),
            value.line(),
            "'serai.nodes."
                + node
                + "."
                + key
                + "' is '"
                + value.text()
                + "', which is "
                + complaint,
            remedy));
  }

  private Fault fault(String key, String what, String remedy) {
    var place = settings.place(node, key);
    return new Fault(place.file(), place.line(), what, remedy);
  }
}
