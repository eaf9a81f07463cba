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

  boolean isKamelet() {
    return path.startsWith("connectors/") && path.endsWith(Kamelet.SUFFIX);
  }

  boolean isRoute() {
    return path.startsWith("routes/") && path.endsWith(RouteFile.SUFFIX);
  }

  boolean isMapping() {
    return path.startsWith("mappings/");
  }
}
