package io.serai.exchange;

import io.serai.catalog.Account;
import io.serai.catalog.BadConfiguration;
import io.serai.catalog.Configuration;
import io.serai.catalog.Edition;
import io.serai.catalog.Fault;
import io.serai.catalog.Faults;
import io.serai.catalog.Follower;
import io.serai.catalog.Nearest;
import io.serai.edi.Standard;
import io.serai.exchange.PartnerProfile.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The partner profiles that hold now. Follows the catalogue: a changed file takes effect with the
 * next document; one that is at fault leaves the profile as it was.
 *
 * <p>Once {@link #demand} has judged the accounts of a hub, so is every change of a profile, a
 * connector, its routes or its mappings: an account takes over a profile only when it fits, and
 * else keeps the one it has, with the faults among {@link #faults(Account)}. Gap: a connector that
 * changes under a profile is not held back; the profile goes on with it, and what no longer fits is
 * named.
 */
public final class Partners implements Follower {
  /** The parameter by which an account names its profile. */
  public static final String PARAMETER = "partner-profile";

  private volatile Map<String, PartnerProfile> profiles = Map.of();
  private volatile Map<String, String> read = Map.of();
  private volatile List<Fault> faults = List.of();
  private volatile Map<String, PartnerProfile> running = Map.of();
  private volatile Map<String, List<Fault>> misfits = Map.of();
  private volatile Configuration configuration; // null where no hub runs
  private volatile Edition edition;

  /** What is read of an edition. */
  private record Reading(Map<String, PartnerProfile> profiles, List<Fault> faults) {}

  /** Reads an edition's profiles; what is wrong with them is among {@link #faults}. */
  public static Partners of(Edition edition) {
    var partners = new Partners();
    partners.follow(edition);
    return partners;
  }

  @Override
  public synchronized List<Fault> follow(Edition edition) {
    var same = edition == this.edition;
    this.edition = edition;
    var files = texts(edition);
    if (!files.equals(read)) {
      var reading = read(files, profiles);
      profiles = reading.profiles();
      faults = reading.faults();
      read = files;
    }
    if (configuration != null && !same) {
      settle();
    }
    return Stream.concat(faults.stream(), misfits.values().stream().flatMap(List::stream))
        .distinct()
        .toList();
  }

  // Which profile each account has from here on: the newest that fits.
  private void settle() {
    var next = new TreeMap<String, PartnerProfile>();
    var found = new TreeMap<String, List<Fault>>();
    for (var account : configuration.accounts().values()) {
      if (!isPartner(account)) {
        continue;
      }
      var before = running.get(account.name());
      var wanted = wanted(account);
      var unfit = new ArrayList<Fault>();
      // while a route file cannot be read, its routes run as they did and say nothing here
      if (wanted == null || !wanted.equals(before) || Fit.isWhole(edition)) {
        judge(account, unfit);
      }
      var holds = unfit.isEmpty() ? wanted : before;
      if (holds != null) {
        next.put(account.name(), holds);
      }
      if (!unfit.isEmpty()) {
        found.put(
            account.name(),
            unfit.stream().map(fault -> kept(account, wanted, holds, fault)).toList());
      }
    }
    running = Map.copyOf(next);
    misfits = Map.copyOf(found);
  }

  // A fault of the file by which it can be cured; settings do not change while a hub runs.
  private static Fault kept(
      Account account, PartnerProfile wanted, PartnerProfile holds, Fault fault) {
    return new Fault(
        wanted == null ? account.profile().file() : wanted.file(),
        0,
        (holds == null
                    ? "Account '%s' has no partner profile that fits: "
                    : "Account '%s' keeps the partner profile it has: ")
                .formatted(account.name())
            + fault.what(),
        fault.remedy());
  }

  private PartnerProfile wanted(Account account) {
    return profiles.get(String.valueOf(account.text(PARAMETER)));
  }

  private static Map<String, String> texts(Edition edition) {
    var texts = new TreeMap<String, String>();
    for (var file : edition.files().values()) {
      if (file.isPartner()) {
        texts.put(file.path(), file.text());
      }
    }
    return texts;
  }

  private static Reading read(Map<String, String> files, Map<String, PartnerProfile> before) {
    var profiles = new TreeMap<String, PartnerProfile>();
    var faults = new ArrayList<Fault>();
    for (var file : files.entrySet()) {
      var found = new Faults(file.getKey());
      var profile = PartnerReader.read(file.getKey(), file.getValue(), found);
      faults.addAll(found.list());
      if (profile == null) {
        profile =
            before.values().stream()
                .filter(p -> p.file().equals(file.getKey()))
                .findFirst()
                .orElse(null);
      }
      if (profile != null) {
        profiles.put(profile.name(), profile);
      }
    }
    return new Reading(Map.copyOf(profiles), List.copyOf(faults));
  }

  @Override
  public boolean inEffect(String path) {
    return profiles.values().stream().anyMatch(profile -> profile.file().equals(path))
        || running.values().stream().anyMatch(profile -> profile.file().equals(path));
  }

  /** What is wrong with the files as they stand. */
  public List<Fault> faults() {
    return faults;
  }

  /** Why the profile that an account names is not the one it has; empty when it is. */
  public List<Fault> faults(Account account) {
    if (!isPartner(account)) {
      return List.of();
    }
    var file = file(account);
    return Stream.concat(
            faults.stream().filter(fault -> fault.file().equals(file)),
            misfits.getOrDefault(account.name(), List.of()).stream())
        .toList();
  }

  private static String file(Account account) {
    return "connectors/" + account.text(PARAMETER) + PartnerReader.SUFFIX;
  }

  /** Every profile, by name. */
  public Map<String, PartnerProfile> profiles() {
    return profiles;
  }

  /** What holds for an account, or null when it is no EDI partner or its profile is not there. */
  public Agreement of(Account account) {
    if (account == null || !isPartner(account)) {
      return null;
    }
    return agreement(
        account, configuration == null ? wanted(account) : running.get(account.name()));
  }

  private static Agreement agreement(Account account, PartnerProfile profile) {
    if (profile == null) {
      return null;
    }
    var usage = said(account, "usage");
    return new Agreement(
        account.name(),
        profile,
        identity(account, "our", profile.ours()),
        identity(account, "their", profile.theirs()),
        usage == null || usage.equals("agreed") ? profile.test() : usage.equals("test"));
  }

  /** Whether an account exchanges EDI files. */
  public static boolean isPartner(Account account) {
    return account.profile().parameters().containsKey(PARAMETER);
  }

  private static Identity identity(Account account, String whose, Identity agreed) {
    var qualifier = said(account, whose + "-qualifier");
    var id = said(account, whose + "-id");
    return new Identity(
        qualifier == null ? agreed.qualifier() : qualifier,
        id == null ? agreed.id() : id,
        id == null ? agreed.group() : null);
  }

  private static String said(Account account, String parameter) {
    return account.profile().parameters().containsKey(parameter) && account.has(parameter)
        ? account.text(parameter)
        : null;
  }

  /**
   * Judges what accounts say of their partners, at start, and from here on with every change.
   *
   * @throws BadConfiguration when one names no profile or one that does not fit its connector, or
   *     nobody says who it is
   */
  public synchronized void demand(Configuration configuration) {
    var found = inspect(configuration);
    if (!found.isEmpty()) {
      throw new BadConfiguration(found);
    }
    this.configuration = configuration;
    settle();
  }

  /** What is wrong with what accounts say of their partners. */
  public List<Fault> inspect(Configuration configuration) {
    var found = new ArrayList<Fault>();
    for (var account : configuration.accounts().values()) {
      if (isPartner(account)) {
        judge(account, found);
      }
    }
    return found;
  }

  private void judge(Account account, List<Fault> found) {
    var prefix =
        "serai."
            + (account.kind() == io.serai.catalog.ConnectorProfile.Kind.CHANNEL
                ? "channels."
                : "partners.")
            + account.name();
    var with = agreement(account, wanted(account));
    if (with == null) {
      var named = account.text(PARAMETER);
      var file = file(account);
      var inFile = faults.stream().filter(fault -> fault.file().equals(file)).toList();
      found.addAll(inFile);
      if (!inFile.isEmpty()) {
        return;
      }
      found.add(
          new Fault(
              "configuration",
              0,
              "'" + prefix + "." + PARAMETER + "' is '" + named + "', which is no partner profile",
              Nearest.advice(named, profiles.keySet()) + "; or write " + file));
      return;
    }
    absent(prefix, with, "our", with.ours(), found);
    absent(prefix, with, "their", with.theirs(), found);
    Fit.judge(account, with, edition, prefix + "." + PARAMETER, found);
  }

  private static void absent(
      String prefix, Agreement with, String whose, Identity who, List<Fault> found) {
    if (who.qualifier() == null || who.id() == null) {
      var key = who.id() == null ? whose + "-id" : whose + "-qualifier";
      found.add(
          new Fault(
              "configuration",
              0,
              "'"
                  + prefix
                  + "."
                  + key
                  + "' is missing, and partner profile '"
                  + with.profile().name()
                  + "' does not say it either",
              "Set it as it stands in the envelopes ("
                  + (with.profile().standard() == Standard.X12 ? "ISA05 to ISA08" : "UNB02, UNB03")
                  + ")"));
    }
  }

  /**
   * Judges the profiles of an edition without a hub that runs, and the accounts if there are any.
   */
  public static List<Fault> inspect(Edition edition, Configuration configuration) {
    var partners = of(edition);
    var found = new ArrayList<>(partners.faults());
    if (configuration != null) {
      found.addAll(partners.inspect(configuration));
    }
    return found;
  }
}
