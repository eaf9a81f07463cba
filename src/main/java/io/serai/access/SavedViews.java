package io.serai.access;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Pages of the console with their filters, kept under names.
 *
 * <p>Guarantee: a person has one view of a name; saving it again replaces it. A view that is not
 * shared is read by its owner alone. Gap: a view holds an address and nothing of what is behind it,
 * so what it shows is what the looker's own rights allow. Whoever changes their name starts with
 * none.
 */
public final class SavedViews {
  /** So many a person keeps at most. */
  public static final int MOST = 100;

  private static final String COLUMNS =
      "SELECT id, name, address, shared, saved_by, saved_at FROM saved_view ";

  private final JdbcTemplate jdbc;
  private final Clock clock;

  /** Views in this database. */
  public SavedViews(DataSource database, Clock clock) {
    this.jdbc = new JdbcTemplate(database);
    this.clock = clock;
  }

  /**
   * A view.
   *
   * @param address path and query on this hub
   * @param shared whether everybody sees it
   */
  public record View(
      long id, String name, String address, boolean shared, String savedBy, Instant savedAt) {}

  /** What this person sees: their own and what is shared, by name. */
  public List<View> of(String person) {
    return jdbc.query(
        COLUMNS + "WHERE saved_by = ? OR shared ORDER BY lower(name), name, id",
        SavedViews::view,
        person);
  }

  /** One of them, if this person sees it. */
  public Optional<View> find(long id, String person) {
    return jdbc
        .query(COLUMNS + "WHERE id = ? AND (saved_by = ? OR shared)", SavedViews::view, id, person)
        .stream()
        .findFirst();
  }

  /**
   * Keeps a view, in the place of this person's view of the same name.
   *
   * @return it, or empty when the person has {@value #MOST} of other names
   */
  public Optional<View> save(String name, String address, boolean shared, String person) {
    return jdbc
        .query(
            """
            INSERT INTO saved_view (name, address, shared, saved_by, saved_at)
            SELECT ?, ?, ?, ?, ?
            WHERE (SELECT count(*) FROM saved_view WHERE saved_by = ? AND name <> ?) < ?
            ON CONFLICT (saved_by, name) DO UPDATE
            SET address = excluded.address, shared = excluded.shared, saved_at = excluded.saved_at
            RETURNING id, name, address, shared, saved_by, saved_at
            """,
            SavedViews::view,
            name,
            address,
            shared,
            person,
            Timestamp.from(clock.instant()),
            person,
            name,
            MOST)
        .stream()
        .findFirst();
  }

  /** Drops a view. Answers whether it was there. */
  public boolean delete(long id) {
    return jdbc.update("DELETE FROM saved_view WHERE id = ?", id) > 0;
  }

  private static View view(ResultSet row, int number) throws SQLException {
    return new View(
        row.getLong("id"),
        row.getString("name"),
        row.getString("address"),
        row.getBoolean("shared"),
        row.getString("saved_by"),
        row.getTimestamp("saved_at").toInstant());
  }
}
