package io.serai.camel;

import io.serai.catalog.Configuration;
import io.serai.catalog.Edition;
import io.serai.catalog.Fault;
import io.serai.catalog.Faults;
import java.util.List;
import org.apache.camel.CamelContext;

/** Judges a file of routes by the laws of the hub, before anything of it is built. */
public final class RouteLint {
  private final CamelContext context;

  /** With the components and languages of this context. */
  public RouteLint(CamelContext context) {
    this.context = context;
  }

  /** What is wrong with one file; nothing when it is lawful. */
  List<Fault> check(Recipe recipe, Edition edition, Configuration configuration) {
    return new Faults(recipe.path()).list();
  }
}
