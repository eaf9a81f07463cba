package io.serai.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads back from the server, on every connection that is opened and every few seconds, whether
 * what it confirms will survive a crash. When it would not, traffic is refused and the process
 * stays up: a hub that exits is restarted for ever by its supervisor and hides the reason in a log,
 * one that refuses shows it in health, to every sender and in the console, and goes on by itself as
 * soon as the setting is corrected.
 *
 * <p>The gap: a disk, hypervisor or network volume that confirms a flush it did not make cannot be
 * seen from here.
 */
public final class DurabilityCheck implements Readiness {
  private static final Logger LOG = LoggerFactory.getLogger(DurabilityCheck.class);
  private static final int OLDEST_SERVER = 14;

  static final String SETTINGS =
      """
      select current_setting('fsync'), current_setting('synchronous_commit'),
             current_setting('full_page_writes'), pg_is_in_recovery(),
             current_setting('default_transaction_read_only'),
             current_setting('server_version_num')::int / 10000,
             current_setting('server_encoding')""";

  private final String server;
  private final String remedyPlace;
  private volatile Refusal refusal;
  private volatile boolean looked;

  /**
   * Refuses until it has looked for the first time.
   *
   * @param server the server's address, for the sentence
   * @param remedyPlace the file in which a setting is corrected, for the sentence
   */
  public DurabilityCheck(String server, String remedyPlace) {
    this.server = server;
    this.remedyPlace = remedyPlace;
  }

  @Override
  public Optional<Refusal> refusal() {
    if (!looked) {
      return Optional.of(
          new Refusal(
              Refusal.Reason.AWAY,
              "PostgreSQL at '%s' has not answered yet, so nothing is accepted. Look at its log when this lasts."
                  .formatted(server)));
    }
    return Optional.ofNullable(refusal);
  }

  /** Looks through this connection; what it finds is what {@link #refusal()} says from now on. */
  public void look(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(SETTINGS)) {
      row.next();
      judge(
          row.getString(1),
          row.getString(2),
          row.getString(3),
          row.getBoolean(4),
          row.getString(5).equals("on"),
          row.getInt(6),
          row.getString(7));
    }
  }

  void judge(
      String fsync,
      String synchronousCommit,
      String fullPageWrites,
      boolean standby,
      boolean readOnly,
      int version,
      String encoding) {
    Refusal found = null;
    if (fsync.equals("off")) {
      found = notDurable("fsync");
    } else if (synchronousCommit.equals("off")) {
      found = notDurable("synchronous_commit");
    } else if (fullPageWrites.equals("off")) {
      found = notDurable("full_page_writes");
    } else if (standby) {
      found = notUsable("is a standby", "Point SERAI_DB_URL at the primary");
    } else if (readOnly) {
      found =
          notUsable(
              "has default_transaction_read_only = on", "Turn it off for this role and database");
    } else if (version < OLDEST_SERVER) {
      found = notUsable("is version " + version, "Use PostgreSQL " + OLDEST_SERVER + " or later");
    } else if (!encoding.equals("UTF8")) {
      found = notUsable("stores text as " + encoding, "Create the database with encoding UTF8");
    }
    var before = refusal;
    refusal = found;
    looked = true;
    if (found != null && (before == null || !before.equals(found))) {
      LOG.error(found.sentence());
    } else if (found == null && before != null) {
      LOG.info("PostgreSQL at '{}' is durable and writable, traffic is taken", server);
    }
  }

  private Refusal notDurable(String setting) {
    return new Refusal(
        Refusal.Reason.NOT_DURABLE,
        "PostgreSQL at '%s' runs with %s = off and may lose what it confirmed, so nothing is accepted. Set %s = on in %s and reload it; intake goes on by itself."
            .formatted(server, setting, setting, remedyPlace));
  }

  private Refusal notUsable(String what, String remedy) {
    return new Refusal(
        Refusal.Reason.NOT_USABLE,
        "PostgreSQL at '%s' %s, so nothing is accepted. %s.".formatted(server, what, remedy));
  }
}
