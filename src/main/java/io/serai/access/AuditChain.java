package io.serai.access;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Chains the audit: gives each entry its place and a hash over its content and the hash before it.
 *
 * <p>Guarantee: one writer over all replicas (a lock in the database); an entry that is altered,
 * removed or slipped in afterwards is found by {@link #verify}. Gap: it runs a second behind, and
 * the newest entries can be cut off unseen by whoever can delete them, unless the verdict's head is
 * kept elsewhere.
 */
public final class AuditChain implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(AuditChain.class);
  private static final long LOCK = 0x5e7a1_a0d17L;
  private static final int BATCH = 1_000;
  private static final byte[] GENESIS = new byte[32];
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final DataSource database;
  private ScheduledExecutorService writer;

  /** A chain over the audit of this database. */
  public AuditChain(DataSource database) {
    this.database = database;
  }

  /**
   * What the verifier found.
   *
   * @param valid whether every linked entry is as it was written and none is missing between them
   * @param linked entries in the chain
   * @param waiting entries not linked yet
   * @param head hash of the newest link in hexadecimal, or null when the chain is empty
   * @param brokenAt id of the first entry that does not fit, or null
   * @param sentence the finding for people
   */
  public record Verdict(
      boolean valid, long linked, long waiting, String head, Long brokenAt, String sentence) {}

  private record Link(long position, byte[] hash) {}

  /**
   * Links what is not linked yet, up to a batch.
   *
   * @return how many entries were linked; 0 also when another replica is at it
   */
  public int link() {
    try (var connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        int linked = locked(connection) ? link(connection) : 0;
        connection.commit();
        return linked;
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("The audit could not be chained; it is tried again.", e);
    }
  }

  private static boolean locked(Connection connection) throws SQLException {
    try (var lock = connection.prepareStatement("SELECT pg_try_advisory_xact_lock(?)")) {
      lock.setLong(1, LOCK);
      try (var answer = lock.executeQuery()) {
        return answer.next() && answer.getBoolean(1);
      }
    }
  }

  private int link(Connection connection) throws SQLException {
    var links = new ArrayList<long[]>();
    var hashes = new ArrayList<byte[]>();
    Link head = null;
    try (var entries =
        connection.prepareStatement(
            """
            SELECT id, actor, action, object, reason, before::text, after::text,
                   (extract(epoch FROM occurred_at) * 1000000)::bigint
            FROM audit_entry WHERE position IS NULL ORDER BY id LIMIT ?
            """)) {
      entries.setInt(1, BATCH);
      try (var row = entries.executeQuery()) {
        while (row.next()) {
          if (head == null) {
            head = head(connection);
          }
          long position = head.position() + 1;
          var hash =
              hash(
                  head.hash(),
                  position,
                  row.getLong(1),
                  row.getString(2),
                  row.getString(3),
                  row.getString(4),
                  row.getString(5),
                  row.getString(6),
                  row.getString(7),
                  row.getLong(8));
          links.add(new long[] {row.getLong(1), position});
          hashes.add(hash);
          head = new Link(position, hash);
        }
      }
    }
    try (var update =
        connection.prepareStatement(
            "UPDATE audit_entry SET position = ?, hash = ? WHERE id = ? AND position IS NULL")) {
      for (int i = 0; i < links.size(); i++) {
        update.setLong(1, links.get(i)[1]);
        update.setBytes(2, hashes.get(i));
        update.setLong(3, links.get(i)[0]);
        update.addBatch();
      }
      update.executeBatch();
    }
    return links.size();
  }

  private static Link head(Connection connection) throws SQLException {
    try (var head =
            connection.prepareStatement(
                "SELECT position, hash FROM audit_entry WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1");
        var row = head.executeQuery()) {
      return row.next() ? new Link(row.getLong(1), row.getBytes(2)) : new Link(0, GENESIS);
    }
  }

  /** Walks the whole chain in one snapshot; memory is bounded, time grows with the audit. */
  public Verdict verify() {
    try (var connection = database.getConnection()) {
      connection.setAutoCommit(false);
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      try {
        return verify(connection);
      } finally {
        connection.rollback();
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        connection.setReadOnly(false);
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("The audit could not be read.", e);
    }
  }

  private static Verdict verify(Connection connection) throws SQLException {
    long waiting;
    try (var count =
            connection.prepareStatement("SELECT count(*) FROM audit_entry WHERE position IS NULL");
        var row = count.executeQuery()) {
      row.next();
      waiting = row.getLong(1);
    }
    try (var entries =
        connection.prepareStatement(
            """
            SELECT id, actor, action, object, reason, before::text, after::text,
                   (extract(epoch FROM occurred_at) * 1000000)::bigint, position, hash
            FROM audit_entry WHERE position IS NOT NULL ORDER BY position
            """)) {
      entries.setFetchSize(1_000);
      long linked = 0;
      var hash = GENESIS;
      try (var row = entries.executeQuery()) {
        while (row.next()) {
          long id = row.getLong(1);
          long position = row.getLong(9);
          if (position != linked + 1) {
            return broken(
                linked,
                waiting,
                hash,
                id,
                "The audit misses the entry at position %d, before entry '%d'; compare with a backup."
                    .formatted(linked + 1, id));
          }
          var expected =
              hash(
                  hash,
                  position,
                  id,
                  row.getString(2),
                  row.getString(3),
                  row.getString(4),
                  row.getString(5),
                  row.getString(6),
                  row.getString(7),
                  row.getLong(8));
          if (!Arrays.equals(expected, row.getBytes(10))) {
            return broken(
                linked,
                waiting,
                hash,
                id,
                "Audit entry '%d' is not as it was written, or its predecessor was replaced; compare with a backup."
                    .formatted(id));
          }
          hash = expected;
          linked++;
        }
      }
      return new Verdict(
          true,
          linked,
          waiting,
          linked == 0 ? null : HexFormat.of().formatHex(hash),
          null,
          "All %d linked entries are as they were written.".formatted(linked));
    }
  }

  private static Verdict broken(long linked, long waiting, byte[] hash, long id, String sentence) {
    return new Verdict(
        false, linked, waiting, linked == 0 ? null : HexFormat.of().formatHex(hash), id, sentence);
  }

  private static byte[] hash(byte[] before, Object... content) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(before);
      return digest.digest(JSON.writeValueAsBytes(content));
    } catch (NoSuchAlgorithmException | com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e); // plain values always write; Java always has SHA-256
    }
  }

  @Override
  public synchronized void start() {
    writer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("audit-chain").factory());
    writer.scheduleWithFixedDelay(this::catchUp, 1, 1, TimeUnit.SECONDS);
  }

  private void catchUp() {
    try {
      while (link() == BATCH) {
        // until there is less than a batch left
      }
    } catch (RuntimeException e) {
      LOG.debug("The audit could not be chained; it is tried again in a second.", e);
    }
  }

  @Override
  public synchronized void stop() {
    if (writer != null) {
      writer.shutdown();
      writer = null;
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return writer != null;
  }
}
