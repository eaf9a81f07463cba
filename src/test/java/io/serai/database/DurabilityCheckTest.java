package io.serai.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DurabilityCheckTest {
  private final DurabilityCheck check = new DurabilityCheck("db:5432", "its postgresql.conf");

  private String sentence() {
    return check.refusal().map(Refusal::sentence).orElse("");
  }

  @Test
  void nothingIsAcceptedBeforeTheFirstLook() {
    assertThat(sentence())
        .isEqualTo(
            "PostgreSQL at 'db:5432' has not answered yet, so nothing is accepted. Look at its log when this lasts.");
  }

  @Test
  void aDurableServerTakesTraffic() {
    check.judge("on", "on", "on", false, false, 17, "UTF8");

    assertThat(check.refusal()).isEmpty();
  }

  @Test
  void aWeakerButLocallyDurableCommitIsEnough() {
    check.judge("on", "local", "on", false, false, 17, "UTF8");

    assertThat(check.refusal()).isEmpty();
  }

  @Test
  void eachSettingThatMayLoseACommitIsNamed() {
    check.judge("off", "on", "on", false, false, 17, "UTF8");
    assertThat(sentence()).contains("runs with fsync = off").contains("Set fsync = on in its");

    check.judge("on", "off", "on", false, false, 17, "UTF8");
    assertThat(sentence()).contains("runs with synchronous_commit = off");

    check.judge("on", "on", "off", false, false, 17, "UTF8");
    assertThat(sentence()).contains("runs with full_page_writes = off");
  }

  @Test
  void aServerThatCannotBeWrittenToIsNamed() {
    check.judge("on", "on", "on", true, false, 17, "UTF8");
    assertThat(sentence())
        .isEqualTo(
            "PostgreSQL at 'db:5432' is a standby, so nothing is accepted. Point SERAI_DB_URL at the primary.");

    check.judge("on", "on", "on", false, false, 12, "UTF8");
    assertThat(sentence()).contains("is version 12").endsWith("Use PostgreSQL 14 or later.");

    check.judge("on", "on", "on", false, false, 17, "SQL_ASCII");
    assertThat(sentence()).contains("stores text as SQL_ASCII");
  }

  @Test
  void aCorrectedServerTakesTrafficAgain() {
    check.judge("off", "on", "on", false, false, 17, "UTF8");

    check.judge("on", "on", "on", false, false, 17, "UTF8");

    assertThat(check.refusal()).isEmpty();
  }
}
