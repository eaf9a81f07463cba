package io.serai.camel;

import io.serai.catalog.Account;
import io.serai.catalog.Configuration;
import io.serai.catalog.Edition;
import io.serai.catalog.Fault;
import io.serai.catalog.Inspection;
import io.serai.catalog.MappingFaults;
import io.serai.catalog.Mappings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * Judges every file of a catalogue as the route loader would, in throw-away contexts, touching
 * nothing that runs.
 */
public final class CatalogInspection implements Inspection {
  private final Set<String> components;
  private final Function<String, String> properties;

  /**
   * For one site.
   *
   * @param components those the site allows besides ours
   * @param settings values of placeholders, null for those that have none; without any, every
   *     placeholder is taken to be set
   */
  public CatalogInspection(Set<String> components, Function<String, String> settings) {
    this.components = Set.copyOf(components);
    this.properties = settings == null ? name -> "0" : settings;
  }

  @Override
  public List<Fault> inspect(Edition edition, Mappings mappings, Configuration configuration) {
    var faults = new TreeSet<Fault>();
    edition.faults().values().forEach(faults::addAll);
    faults.addAll(MappingFaults.of(edition, mappings));
    UnaryOperator<String> mask = configuration == null ? text -> text : configuration::mask;
    var accounts = configuration == null ? samples(edition) : configuration.accounts().values();
    var trial = new Trial(properties, mask);
    try (var context = new DefaultCamelContext()) {
      var lint = new RouteLint(context, components);
      for (var kamelet : edition.kamelets().values()) {
        faults.addAll(lint.check(kamelet, edition, configuration));
      }
      for (var file : edition.routes().values()) {
        var recipe = Recipe.of(file, edition, accounts);
        var found = lint.check(recipe, edition, configuration);
        faults.addAll(found);
        if (found.isEmpty() && edition.faults(file.path()).isEmpty()) {
          faults.addAll(trial.run(recipe));
        }
      }
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return List.copyOf(faults);
  }

  private static Collection<Account> samples(Edition edition) {
    var accounts = new ArrayList<Account>();
    edition.connectors().values().forEach(profile -> accounts.addAll(Account.samples(profile)));
    return accounts;
  }
}
