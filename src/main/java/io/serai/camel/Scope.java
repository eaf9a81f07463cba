package io.serai.camel;

import io.serai.catalog.Configuration;
import io.serai.catalog.Edition;
import io.serai.catalog.Faults;
import java.util.Locale;
import java.util.Set;
import org.apache.camel.CamelContext;

/**
 * What is being judged, and against what.
 *
 * @param context says which components there are
 * @param components those routes may use
 * @param faults where complaints go
 * @param edition the rest of the catalogue
 * @param configuration accounts, or null when there is none to judge against
 * @param kind what it is
 * @param owner its id or name
 * @param declared parameters it may use, or null for a literal route
 */
record Scope(
    CamelContext context,
    Set<String> components,
    Faults faults,
    Edition edition,
    Configuration configuration,
    Kind kind,
    String owner,
    Set<String> declared) {
  enum Kind {
    ROUTE("Route"),
    TEMPLATE("Route template"),
    KAMELET("Kamelet");

    private final String word;

    Kind(String word) {
      this.word = word;
    }
  }

  /** At the beginning of a sentence. */
  String who() {
    return kind.word + " '" + owner + "'";
  }

  /** Inside a sentence. */
  String lower() {
    return kind.word.toLowerCase(Locale.ROOT) + " '" + owner + "'";
  }
}
