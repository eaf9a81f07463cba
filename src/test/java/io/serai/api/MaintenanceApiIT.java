package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Windows of maintenance over REST and in a terminal. */
@ResourceLock(ApiHub.SHARED)
class MaintenanceApiIT {
  private final ApiHub hub = ApiHub.running();
  private final OnTerminal terminal = new OnTerminal(hub);

  @AfterEach
  void none() {
    hub.jdbc.sql("DELETE FROM maintenance").update();
  }

  private ApiHub.Answer plan(String destination, String until) {
    return hub.post(
        "/maintenance",
        "{\"destination\":\"%s\",\"until\":%s,\"reason\":\"They move.\"}"
            .formatted(destination, until));
  }

  private static String later() {
    return '"' + Instant.now().plus(Duration.ofHours(2)).toString() + '"';
  }

  @Test
  void aWindowIsPlannedReadListedAndEndedOnce() {
    var planned = plan("northwind", later());
    assertThat(planned.status()).isEqualTo(201);
    assertThat(planned.json().path("state").asText()).isEqualTo("OPEN");
    assertThat(planned.json().path("waiting").isNumber()).isTrue();
    assertThat(planned.json().path("plannedBy").asText()).isEqualTo("token:api");
    var id = planned.json().path("id").asText();

    assertThat(hub.get("/partners/northwind").json().path("state").asText())
        .isEqualTo("MAINTENANCE");
    assertThat(hub.get("/partners/northwind").json().path("remark").asText())
        .isEqualTo("They move.");
    assertThat(hub.get("/maintenance?open=true&destination=northwind").json().path("items"))
        .hasSize(1);
    assertThat(hub.get("/maintenance?destination=shopify-main").json().path("items")).isEmpty();
    assertThat(hub.post("/maintenance/" + id + "/end", "{}").detail())
        .isEqualTo("Ending '%s' needs a reason; say why.".formatted(id));

    var end = "{\"reason\":\"back\"}";
    assertThat(hub.post("/maintenance/" + id + "/end", end).json().path("state").asText())
        .isEqualTo("ENDED");
    var again = hub.post("/maintenance/" + id + "/end", end);
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.detail())
        .isEqualTo(
            "Maintenance window '%s' is ENDED already; there is nothing to end.".formatted(id));
    assertThat(hub.get("/audit?object=" + id).json().path("items")).hasSize(2);
    assertThat(hub.get("/partners/northwind").json().path("state").asText()).isEqualTo("OK");
  }

  @Test
  void oneWithoutAnEndOrOfNobodyIsRefused() {
    assertThat(plan("northwind", "null").status()).isEqualTo(422);
    assertThat(plan("northwind", "null").detail())
        .isEqualTo(
            "Maintenance of 'northwind' needs an end, or it would be left alone for ever; say until when.");
    assertThat(plan("nobody", later()).detail())
        .startsWith("'nobody' is no channel or partner; give one of: erp, northwind, ");
    assertThat(hub.get("/maintenance/mnt_999999999").detail())
        .isEqualTo(
            "Maintenance window 'mnt_999999999' is not known; list the windows to find its id.");
  }

  @Test
  void theTerminalDoesTheSame() {
    assertThat(
            terminal.serai(
                "maintenance", "plan", "northwind", "--for", "2h", "--reason", "They move."))
        .as(terminal.err())
        .isZero();
    assertThat(terminal.out()).containsPattern("mnt_[0-9]+: 'northwind' is left alone until 2");
    var id = terminal.out().substring(0, terminal.out().indexOf(':'));
    assertThat(terminal.serai("maintenance", "list", "--open")).isZero();
    assertThat(terminal.out()).containsPattern(id + " +northwind +OPEN .*They move. +token:api");
    assertThat(terminal.serai("maintenance", "end", id, "--reason", "back")).isZero();
    assertThat(terminal.out())
        .contains("'northwind' is not left alone any more; what waited goes out slowly at first.");

    var from = Instant.now().plus(Duration.ofDays(3)).toString();
    assertThat(
            terminal.serai(
                "maintenance",
                "plan",
                "northwind",
                "--from",
                from,
                "--for",
                "30m",
                "--reason",
                "r"))
        .as(terminal.err())
        .isZero();
    assertThat(terminal.out()).containsPattern("mnt_[0-9]+: 'northwind' is left alone from 2");
    assertThat(terminal.serai("maintenance", "plan", "northwind", "--for", "long", "--reason", "r"))
        .isEqualTo(1);
    assertThat(terminal.err()).contains("--for is 'long', which is no length; give 30m, 2h or 1d.");
    assertThat(
            terminal.serai(
                "maintenance",
                "plan",
                "northwind",
                "--for",
                "1d",
                "--until",
                "2027-01-01",
                "--reason",
                "r"))
        .isEqualTo(1);
    assertThat(terminal.err())
        .contains("--for and --until both say when it ends; give one of them.");
  }
}
