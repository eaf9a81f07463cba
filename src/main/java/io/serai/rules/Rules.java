package io.serai.rules;

import io.serai.allocation.Candidate;
import io.serai.allocation.Distances;
import io.serai.allocation.Policy;
import io.serai.catalog.Edition;
import io.serai.catalog.Fault;
import io.serai.catalog.Faults;
import io.serai.catalog.Follower;
import io.serai.catalog.SourceFile;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules that decide now. Follows the catalogue: a changed text is read, judged and then takes
 * effect between two transactions; one that is at fault leaves the rules as they are.
 *
 * <p>Gap: each replica follows its own files, so while they are rolled out two versions decide; a
 * decision names the one that did.
 */
public final class Rules implements Follower {
  private final List<Candidate> nodes;
  private final RuleHistory history;
  private String text;
  private String tables;
  private volatile List<Fault> faults = List.of();
  private volatile RuleSet current;

  /**
   * For a site.
   *
   * @param history keeps every text that was ever in effect, or null to keep none
   */
  public Rules(List<Candidate> nodes, RuleHistory history) {
    this.nodes = List.copyOf(nodes);
    this.history = history;
  }

  /** What decides now; the standard policy while no file was ever good. */
  public Policy policy() {
    var now = current;
    return now == null ? Policy.STANDARD : now.policy();
  }

  /** The rules in effect, or null while no file was ever good. */
  public RuleSet current() {
    return current;
  }

  /** What is wrong with the files as they stand; with any, they are not what is in effect. */
  public List<Fault> faults() {
    return faults;
  }

  /**
   * Reads a text as if it stood in the file, beside the tables in effect; nothing takes effect.
   *
   * @param found gets what is wrong
   * @return null when anything is
   */
  public RuleSet draft(String draft, Faults found) {
    var now = current;
    return RuleReader.read(
        draft,
        tables == null ? "" : tables,
        now == null ? Distances.NONE : now.policy().distances(),
        nodes,
        found);
  }

  @Override
  public synchronized List<Fault> follow(Edition edition) {
    var rules = text(edition, SourceFile.RULES);
    var places = text(edition, SourceFile.LOCATIONS);
    if (rules == null || rules.equals(text) && String.valueOf(places).equals(tables)) {
      return faults;
    }
    text = rules;
    tables = String.valueOf(places);
    var found = new ArrayList<Fault>();
    var read = read(rules, places, nodes, found);
    if (read != null) {
      current = read;
      if (history != null) {
        history.keep(read);
      }
    } else if (current == null && history != null) {
      current = history.newest(draft -> read(draft, places, nodes, new ArrayList<>()));
    }
    faults = List.copyOf(found);
    return faults;
  }

  private static String text(Edition edition, String path) {
    var file = edition.files().get(path);
    return file == null ? null : file.text();
  }

  @Override
  public boolean inEffect(String path) {
    return current != null && (path.equals(SourceFile.RULES) || path.equals(SourceFile.LOCATIONS));
  }

  /** Judges the rules of an edition without a site that runs; what is wrong is noted. */
  public static List<Fault> inspect(Edition edition, List<Candidate> nodes) {
    var found = new ArrayList<Fault>();
    var rules = text(edition, SourceFile.RULES);
    if (rules != null) {
      read(rules, text(edition, SourceFile.LOCATIONS), nodes, found);
    }
    return found;
  }

  private static RuleSet read(
      String rules, String places, List<Candidate> nodes, List<Fault> found) {
    var inPlaces = new Faults(SourceFile.LOCATIONS);
    var distances = places == null ? Distances.NONE : Locations.read(places, inPlaces);
    var inRules = new Faults(SourceFile.RULES);
    var read = RuleReader.read(rules, String.valueOf(places), distances, nodes, inRules);
    found.addAll(inPlaces.list());
    found.addAll(inRules.list());
    return inPlaces.none() ? read : null;
  }
}
