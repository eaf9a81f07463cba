package io.serai.camel;

import com.fasterxml.jackson.core.type.TypeReference;
import io.serai.catalog.Mapping;
import io.serai.catalog.MappingException;
import io.serai.catalog.Mappings;
import io.serai.support.Json;
import io.serai.support.Statements;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mappings towards partners as they were at an instant, so that all attempts of one revision of
 * a delivery send the same, whatever is reloaded or deployed between them.
 *
 * <p>Guarantee: a mapping that was used is kept, text and imports, before another takes its place;
 * what is older than the first one known is made by the first. Gap: while replicas run with
 * different files, each holds its own for the one in force.
 */
final class PinnedMappings {
  private static final Logger LOG = LoggerFactory.getLogger(PinnedMappings.class);
  private static final String TOWARDS_PARTNERS = ".out.jslt";

  private record Version(Instant since, String version) {}

  /** What is in force, and what was before it, oldest first. */
  private record History(Mapping inForce, List<Version> versions) {
    /** Since when; the only one there ever was, since always. */
    Instant since() {
      return versions.size() < 2 ? Instant.MIN : versions.getLast().since();
    }

    Version at(Instant instant) {
      var found = versions.getFirst();
      for (var version : versions) {
        if (!version.since().isAfter(instant)) {
          found = version;
        }
      }
      return found;
    }
  }

  private final Mappings mappings;
  private final DataSource database;
  private final Clock clock;
  private final Map<String, History> histories = new ConcurrentHashMap<>();
  private final Map<Version, Mapping> former = new ConcurrentHashMap<>();

  PinnedMappings(Mappings mappings, DataSource database, Clock clock) {
    this.mappings = mappings;
    this.database = database;
    this.clock = clock;
    mappings.whenReloaded(mapping -> keep(mapping.name()));
  }

  /** Notes which mapping is in force from now on, unless it is already. */
  void keep(String name) {
    if (!name.endsWith(TOWARDS_PARTNERS)) {
      return;
    }
    try {
      history(name);
    } catch (SQLException | MappingException e) {
      LOG.warn("Mapping '{}' is kept when it is used first: {}", name, e.getMessage());
    }
  }

  /** The mapping as it was at an instant. */
  Mapping mapping(String name, Instant at) throws SQLException {
    if (at == null || !name.endsWith(TOWARDS_PARTNERS)) {
      return mappings.mapping(name);
    }
    var history = history(name);
    if (!at.isBefore(history.since())) {
      return history.inForce();
    }
    var version = history.at(at);
    if (version.version().equals(history.inForce().version())) {
      return history.inForce();
    }
    var known = former.get(version);
    if (known == null) {
      known = mappings.compile(name, sources(name, version));
      former.put(version, known);
    }
    return known;
  }

  private History history(String name) throws SQLException {
    var inForce = mappings.mapping(name);
    var known = histories.get(name);
    if (known != null && known.inForce() == inForce) {
      return known;
    }
    synchronized (this) {
      var history = new History(inForce, versions(name, inForce));
      histories.put(name, history);
      return history;
    }
  }

  private List<Version> versions(String name, Mapping inForce) throws SQLException {
    var versions = new ArrayList<Version>();
    try (var connection = database.getConnection()) {
      new Statements()
          .query(
              "SELECT since, version FROM mapping_version WHERE name = ? ORDER BY since",
              rows -> {
                while (rows.next()) {
                  versions.add(new Version(rows.getTimestamp(1).toInstant(), rows.getString(2)));
                }
              },
              name)
          .execute(connection);
      if (versions.isEmpty() || !versions.getLast().version().equals(inForce.version())) {
        var now = clock.instant();
        new Statements()
            .add(
                """
                INSERT INTO mapping_version (name, since, version, sources) VALUES (?, ?, ?, ?::json)
                ON CONFLICT (name, since) DO NOTHING""",
                name,
                now,
                inForce.version(),
                Json.text(new HashMap<>(inForce.sources())))
            .execute(connection);
        versions.add(new Version(now, inForce.version()));
      }
    }
    return List.copyOf(versions);
  }

  private Map<String, String> sources(String name, Version version) throws SQLException {
    var sources = new HashMap<String, String>();
    try (var connection = database.getConnection()) {
      new Statements()
          .query(
              "SELECT sources::text FROM mapping_version WHERE name = ? AND version = ? LIMIT 1",
              rows -> {
                while (rows.next()) {
                  sources.putAll(
                      Json.MAPPER.convertValue(
                          Json.tree(rows.getString(1)),
                          new TypeReference<Map<String, String>>() {}));
                }
              },
              name,
              version.version())
          .execute(connection);
    }
    return sources;
  }
}
