package io.serai.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * One holder at a time, over all replicas, for as long as it renews. A lease that lapsed may be
 * taken by another while its former holder still believes in it: that is what the fence is for, and
 * why every write of the work must name it. Nothing here waits.
 */
public final class Leases {
  private final DataSource database;
  private final Clock clock;
  private final String holder;

  /**
   * Leases held in the name of one instance.
   *
   * @param clock the database's, so that replicas agree on what has lapsed
   * @param holder the instance's id
   */
  public Leases(DataSource database, Clock clock, String holder) {
    this.database = database;
    this.clock = clock;
    this.holder = holder;
  }

  /**
   * Takes the lease if nobody holds it. Empty when somebody does, this very instance included: two
   * threads of one hub are two.
   */
  public Optional<Lease> acquire(String name, Duration term) throws SQLException {
    var now = clock.instant();
    return one(
        name,
        """
        insert into lease as l (name, holder, fence, held_until) values (?, ?, 1, ?)
        on conflict (name) do update
           set holder = excluded.holder, fence = l.fence + 1, held_until = excluded.held_until
         where l.held_until is null or l.held_until <= ?
        returning fence, held_until""",
        name,
        holder,
        now.plus(term),
        now);
  }

  /**
   * Keeps the lease for another term from now. Empty when another has taken it: stop at once. One
   * that lapsed and that nobody took is simply kept.
   */
  public Optional<Lease> renew(Lease lease, Duration term) throws SQLException {
    return one(
        lease.name(),
        """
        update lease set held_until = ? where name = ? and fence = ? and holder = ?
        returning fence, held_until""",
        clock.instant().plus(term),
        lease.name(),
        lease.fence(),
        lease.holder());
  }

  /** Gives the lease back; false when it was not ours any more. The fence stays and goes on. */
  public boolean release(Lease lease) throws SQLException {
    return one(
            lease.name(),
            """
            update lease set held_until = null, holder = null
             where name = ? and fence = ? and holder = ? returning fence, now()""",
            lease.name(),
            lease.fence(),
            lease.holder())
        .isPresent();
  }

  /**
   * Releases what the former process of this instance held when it died. Right only while this
   * process alone has the instance's id, which {@link Instance} sees to.
   *
   * @return how many
   */
  public int releaseFormer() throws SQLException {
    try (var connection = database.getConnection();
        var statement =
            connection.prepareStatement(
                "update lease set held_until = null, holder = null where holder = ?")) {
      statement.setString(1, holder);
      return statement.executeUpdate();
    }
  }

  private Optional<Lease> one(String name, String sql, Object... parameters) throws SQLException {
    try (Connection connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(
            i + 1,
            parameters[i] instanceof Instant instant
                ? OffsetDateTime.ofInstant(instant, ZoneOffset.UTC)
                : parameters[i]);
      }
      try (var row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        Timestamp until = row.getTimestamp(2);
        return Optional.of(new Lease(name, holder, row.getLong(1), until.toInstant()));
      }
    }
  }
}
