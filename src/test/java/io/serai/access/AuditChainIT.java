package io.serai.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serai.database.TestDatabase;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.JdbcTemplate;

class AuditChainIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final Audit audit = new Audit(DATABASE.dataSource(), Clock.systemUTC());
  private final AuditChain chain = new AuditChain(DATABASE.dataSource());
  private final JdbcTemplate jdbc = new JdbcTemplate(DATABASE.dataSource());

  @BeforeEach
  void empty() {
    unguarded("TRUNCATE audit_entry RESTART IDENTITY");
  }

  /** What somebody could do who may switch off triggers. */
  private void unguarded(String statement) {
    jdbc.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER");
    jdbc.execute(statement);
    jdbc.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER");
  }

  private void write(int entries) {
    for (int i = 1; i <= entries; i++) {
      audit.write(
          new Audit.Entry(
              "ada",
              "stock.report",
              "node:nj-" + i,
              null,
              null,
              JsonNodeFactory.instance.objectNode().put("received", i)));
    }
  }

  @Test
  void whatWasWrittenIsLinkedAndFoundWhole() {
    write(3);

    assertThat(chain.verify().waiting()).isEqualTo(3);
    assertThat(chain.link()).isEqualTo(3);
    write(2);
    assertThat(chain.link()).isEqualTo(2);

    var verdict = chain.verify();
    assertThat(verdict.valid()).isTrue();
    assertThat(verdict.linked()).isEqualTo(5);
    assertThat(verdict.head()).hasSize(64);
    assertThat(verdict.sentence()).isEqualTo("All 5 linked entries are as they were written.");
  }

  @Test
  void anEmptyAuditIsWhole() {
    assertThat(chain.link()).isZero();
    assertThat(chain.verify().valid()).isTrue();
  }

  @Test
  void theDatabaseRefusesToChangeOrRemoveAnEntry() {
    write(1);
    chain.link();

    for (var statement :
        new String[] {
          "UPDATE audit_entry SET reason = 'other'",
          "UPDATE audit_entry SET hash = NULL, position = NULL",
          "DELETE FROM audit_entry",
          "TRUNCATE audit_entry"
        }) {
      assertThatThrownBy(() -> jdbc.execute(statement))
          .as(statement)
          .hasMessageContaining("The audit is append only");
    }
  }

  @Test
  void anEntryNotLinkedYetCannotBeAlteredUnderTheWritersCover() {
    write(1);

    assertThatThrownBy(
            () ->
                jdbc.execute(
                    "UPDATE audit_entry SET actor = 'eve', position = 1, hash = '\\x00'::bytea"))
        .hasMessageContaining("The audit is append only");
  }

  @Test
  void anAlteredEntryIsFound() {
    write(3);
    chain.link();
    unguarded("UPDATE audit_entry SET actor = 'eve' WHERE id = 2");

    var verdict = chain.verify();

    assertThat(verdict.valid()).isFalse();
    assertThat(verdict.brokenAt()).isEqualTo(2);
    assertThat(verdict.sentence())
        .isEqualTo(
            "Audit entry '2' is not as it was written, or its predecessor was replaced; compare with a backup.");
  }

  @Test
  void aRemovedEntryIsFound() {
    write(3);
    chain.link();
    unguarded("DELETE FROM audit_entry WHERE id = 2");

    var verdict = chain.verify();

    assertThat(verdict.valid()).isFalse();
    assertThat(verdict.sentence())
        .isEqualTo(
            "The audit misses the entry at position 2, before entry '3'; compare with a backup.");
  }

  @Test
  void anEntrySlippedInIsFound() {
    write(2);
    chain.link();
    unguarded(
        """
        UPDATE audit_entry SET position = 3 WHERE id = 2;
        INSERT INTO audit_entry (actor, action, object, occurred_at, position, hash)
        VALUES ('eve', 'x', 'y', now(), 2, sha256('x'))
        """);

    assertThat(chain.verify().valid()).isFalse();
  }
}
