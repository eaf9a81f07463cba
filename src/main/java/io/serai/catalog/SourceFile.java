package io.serai.catalog;

import java.util.Objects;

/**
 * One file of the catalogue.
 *
 * @param path below the root, with slashes: {@code connectors/shopify.connector.yaml}
 * @param text what it says
 * @param builtIn whether it came with the hub, not from {@code SERAI_HOME}
 */
public record SourceFile(String path, String text, boolean builtIn) {
  /** The rules of allocation. */
  public static final String RULES = "rules/allocation.rules.yaml";

  /** Where places are, for distances. */
  public static final String LOCATIONS = "rules/locations.csv";

  /** Checks that nothing is missing. */
  public SourceFile {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(text, "text");
  }

  /** The last part of the path. */
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  boolean isConnector() {
    return path.startsWith("connectors/") && path.endsWith(ProfileReader.SUFFIX);
  }

  /** Whether it says what was agreed with an X12 partner. */
  public boolean isPartner() {
    return path.startsWith("connectors/") && path.endsWith(".partner.yaml");
  }

  boolean isKamelet() {
    return path.startsWith("connectors/") && path.endsWith(Kamelet.SUFFIX);
  }

  /** Whether it defines routes. */
  public boolean isRoute() {
    return path.startsWith("routes/") && path.endsWith(RouteFile.SUFFIX);
  }

  /** Whether it says what decides about allocation. */
  public boolean isRules() {
    return path.equals(RULES) || path.equals(LOCATIONS);
  }

  boolean isMapping() {
    return path.startsWith("mappings/");
  }
}
