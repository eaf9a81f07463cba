package io.serai.catalog;

import io.serai.catalog.ConnectorProfile.Quota;
import io.serai.catalog.Settings.Setting;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What an account says of its quotas, laid over what the connector says: a partner may have sold
 * this account a larger plan. Which quotas there are, and which header of an answer corrects one,
 * is the connector's to say.
 */
final class AccountQuotas {
  private static final List<String> KEYS = List.of("rate", "per", "burst");

  private AccountQuotas() {}

  /** The quotas that hold, by name; {@code given} by name and key, as {@code calls.rate}. */
  static Map<String, Quota> read(
      String prefix,
      Map<String, Setting> given,
      Map<String, Quota> profile,
      Collection<Fault> faults) {
    var quotas = new LinkedHashMap<>(profile);
    var names = new TreeSet<String>();
    for (var entry : given.entrySet()) {
      var at = entry.getKey().lastIndexOf('.');
      var name = at < 0 ? entry.getKey() : entry.getKey().substring(0, at);
      var key = at < 0 ? "" : entry.getKey().substring(at + 1);
      if (!profile.containsKey(name)) {
        faults.add(
            AccountLimits.fault(
                entry.getValue(),
                "'" + prefix + "." + name + "' is no quota of the connector",
                Nearest.advice(name, profile.keySet())));
      } else if (!KEYS.contains(key)) {
        faults.add(
            AccountLimits.fault(
                entry.getValue(),
                "'" + prefix + "." + entry.getKey() + "' says nothing of a quota",
                Nearest.advice(key, KEYS)));
      } else {
        names.add(name);
      }
    }
    for (var name : names) {
      quotas.put(name, quota(name + ".", given, profile.get(name), faults));
    }
    return quotas;
  }

  private static Quota quota(
      String prefix, Map<String, Setting> given, Quota profile, Collection<Fault> faults) {
    return new Quota(
        rate(given.get(prefix + "rate"), profile.rate(), faults),
        AccountLimits.per(given.get(prefix + "per"), profile.per(), faults),
        AccountLimits.number(given.get(prefix + "burst"), profile.burst(), faults),
        profile.header());
  }

  private static BigDecimal rate(Setting setting, BigDecimal fallback, Collection<Fault> faults) {
    if (setting == null) {
      return fallback;
    }
    if (setting.text() != null
        && ProfileReader.RATE.matcher(setting.text()).matches()
        && new BigDecimal(setting.text()).signum() > 0) {
      return new BigDecimal(setting.text());
    }
    faults.add(
        AccountLimits.fault(
            setting,
            "'" + setting.key() + "' is '" + setting.text() + "', which is no number above zero",
            "Write a number such as " + fallback.toPlainString()));
    return fallback;
  }
}
