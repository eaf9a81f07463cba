package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What EDI partners and we sent each other, as operators ask for it. */
@ResourceLock(ApiHub.SHARED)
class InterchangesApiIT {
  private static final String ACCOUNT = "walmart-main";
  private static final String OURS = "ZZ/SERAIHUB";
  private static final String THEIRS = "08/925485US00";

  private final ApiHub hub = ApiHub.running();
  private final OnTerminal terminal = new OnTerminal(hub);
  private final String order = "PO-" + UUID.randomUUID().toString().substring(0, 12);
  private final String control =
      "%09d".formatted(UUID.randomUUID().getMostSignificantBits() >>> 37);

  /** A delivery that stopped because nobody heard of it, in an interchange; its id. */
  private String silent() {
    var id = hub.doubtfulDelivery(ACCOUNT);
    var number = Long.parseLong(id.substring("dlv_".length()));
    hub.jdbc
        .sql("UPDATE delivery SET repeat_mode = 'IDEMPOTENT' WHERE id = ?")
        .param(number)
        .update();
    hub.jdbc.sql("UPDATE failure SET kind = 'SILENT' WHERE delivery_id = ?").param(number).update();
    hub.jdbc
        .sql(
            """
            WITH i AS (
              INSERT INTO interchange (account, direction, usage, sender, receiver, control, state, file_name, content_sha256,
                delivery_id, delivery_revision, created_at)
              VALUES (:account, 'OUT', 'P', :ours, :theirs, :control, 'STORED', 'a.edi', '', :delivery, 1,
                now() - interval '1 hour')
              RETURNING id, created_at)
            INSERT INTO interchange_set (interchange_id, place, account, direction, functional_id, group_control, set_id, control,
              subject, outcome, created_at)
            SELECT id, 1, :account, 'OUT', 'PR', '7', '855', '0001', :subject, 'SENT', created_at FROM i""")
        .param("account", ACCOUNT)
        .param("ours", OURS)
        .param("theirs", THEIRS)
        .param("control", control)
        .param("delivery", number)
        .param("subject", order)
        .update();
    return id;
  }

  @Test
  void theListIsNarrowedByTheStatesItShows() {
    silent();

    assertThat(terminal.serai("edi", "list", "--order", order, "--state", "parked")).isZero();
    assertThat(terminal.out()).contains(control).contains("PARKED");
    terminal.serai("edi", "list", "--order", order, "--state", "PENDING");
    assertThat(terminal.out()).contains("No interchange fits.");
  }

  @Test
  void theBytesOfAnInterchangeAreFetchedAsTheyAre(@TempDir Path folder) throws IOException {
    var text = "ISA*Müller~\r\n";
    var message = hub.parkedMessage(ACCOUNT, text, "Set 850 '0001' was refused.");
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    var id =
        hub.jdbc
            .sql(
                """
                INSERT INTO interchange (account, direction, usage, sender, receiver, control, state, file_name, content_sha256,
                  message_id, place, created_at)
                VALUES (?, 'IN', 'P', ?, ?, ?, 'REFUSED', 'a.edi', '', ?, 1, now()) RETURNING 'itc_' || id""")
            .params(
                ACCOUNT, THEIRS, OURS, control, Long.parseLong(message.substring("msg_".length())))
            .query(String.class)
            .single();
    var file = folder.resolve("a.edi");

    assertThat(terminal.serai("edi", "content", id, "--out", file.toString())).isZero();

    assertThat(terminal.out())
        .contains("%d bytes of %s stand in '%s'.".formatted(bytes.length, id, file));
    assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
    assertThat(terminal.serai("edi", "content", id, "--out", file.toString())).isNotZero();
    assertThat(terminal.err())
        .contains("The file '%s' is there already; name another, or remove it.".formatted(file));
    assertThat(terminal.serai("edi", "content", id, "--out", folder + "/none/a.edi")).isNotZero();
    assertThat(terminal.err()).contains("/none/a.edi' cannot be written:", "; name another.");
    assertThat(terminal.serai("edi", "content", "itc_0")).isNotZero();
  }

  @Test
  void anAccountThatNeverWasIsSaid() {
    assertThat(terminal.serai("edi", "list", "--account", "nope")).isNotZero();
    assertThat(terminal.err()).contains("No account is named 'nope'.");
  }

  @Test
  void whatThePartnerIsSilentAboutLeftUsAndIsNoGap() {
    var id = silent();
    hub.jdbc
        .sql(
            """
            INSERT INTO control_number (level, sender, receiver, usage, last, taken_at)
            VALUES ('INTERCHANGE', ?, ?, 'P', 41, now()) ON CONFLICT DO NOTHING""")
        .params(OURS, THEIRS)
        .update();
    terminal.serai("edi", "numbers", ACCOUNT);
    assertThat(terminal.out()).contains("interchange (ISA13)").doesNotContain(control);

    hub.jdbc
        .sql("UPDATE failure SET kind = 'UNKNOWN_OUTCOME' WHERE delivery_id = ?")
        .param(Long.parseLong(id.substring("dlv_".length())))
        .update();
    terminal.serai("edi", "numbers", ACCOUNT);
    assertThat(terminal.out())
        .contains(control + " is not at the partner: Whether delivery '" + id);
  }

  @Test
  void whatHappenedToWhatNobodyHeardOfMayBeSaidOrItIsSentAgain() {
    var id = silent();

    terminal.serai("dead-letters", "show", id);

    assertThat(terminal.out())
        .contains(
            "Ask 'walmart-main'.",
            "dead-letters resolve " + id + " --happened REFERENCE",
            "dead-letters resolve " + id + " --did-not-happen",
            "dead-letters replay " + id,
            "dead-letters discard " + id);
  }
}
