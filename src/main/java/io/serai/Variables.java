package io.serai;

import io.serai.catalog.Nearest;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The names that the process environment may hold for a hub. A name of ours that is none of them is
 * a slip, and is told with the nearest one.
 */
public final class Variables {
  /** What is read under exactly this name, by the hub, its launcher or its client. */
  public static final Set<String> NAMES =
      Set.of(
          "SERAI_HTTP_PORT",
          "SERAI_MANAGEMENT_PORT",
          "SERAI_MANAGEMENT_ADDRESS",
          "SERAI_TRUST_FILE",
          "SERAI_AS2_PORT",
          "SERAI_DATA_DIR",
          "SERAI_DB_URL",
          "SERAI_DB_USER",
          "SERAI_DB_PASSWORD",
          "SERAI_HOME",
          "SERAI_TRANSPORT",
          "SERAI_KAFKA_BOOTSTRAP_SERVERS",
          "SERAI_SECRETS_DIR",
          "SERAI_API_TOKEN",
          "SERAI_ADMIN_PASSWORD",
          "SERAI_URL",
          "SERAI_LOG_FORMAT",
          "SERAI_TRACES_EXPORTER",
          "SERAI_TRACES_OUTWARD",
          "SERAI_RETENTION_ORDERS",
          "SERAI_RETENTION_STOCK",
          "SERAI_RETENTION_INTERCHANGES",
          "SERAI_RETENTION_PERSONAL_DATA",
          "SERAI_RETENTION_DEAD_LETTERS",
          "SERAI_ROUTES_COMPONENTS",
          "SERAI_JAVA_OPTS",
          "SERAI_AOT",
          "SERAI_AOT_DELAY",
          "SERAI_JVM_DIR");

  /** Settings of which each has many; whoever reads these judges them. */
  private static final List<String> JUDGED_ELSEWHERE =
      List.of(
          "SERAI_CHANNELS_",
          "SERAI_PARTNERS_",
          "SERAI_NODES_",
          "SERAI_ACCESS_",
          "SERAI_RECONCILE_",
          "SERAI_KAFKA_");

  private Variables() {}

  /** One sentence for each name of ours that nobody reads. */
  static List<String> complaints(Collection<String> names) {
    return names.stream()
        .filter(name -> name.startsWith("SERAI_") && !NAMES.contains(name))
        .filter(name -> JUDGED_ELSEWHERE.stream().noneMatch(name::startsWith))
        .sorted()
        .map(
            name -> {
              var nearest = Nearest.of(name, NAMES);
              return "Variable '%s' is none that a hub reads. %s"
                  .formatted(
                      name,
                      nearest == null
                          ? "Remove it, or see docs/operate.md for the ones there are."
                          : "Nearest name: '" + nearest + "'.");
            })
        .toList();
  }
}
