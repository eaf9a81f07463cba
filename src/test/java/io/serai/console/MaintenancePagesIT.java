package io.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.api.ApiHub;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Windows of maintenance on their page, and where else they show. */
@ResourceLock(ApiHub.SHARED)
class MaintenancePagesIT {
  private static final String HERE = "/console/maintenance";

  private final ApiHub hub = ApiHub.running();
  private final Browser otto = Browser.of(hub, "otto");

  @AfterEach
  void none() {
    hub.jdbc.sql("DELETE FROM maintenance").update();
    hub.jdbc.sql("DELETE FROM channel_hold").update();
  }

  private static Map<String, String> window(String from, String until) {
    var fields = new HashMap<String, String>();
    fields.put("destination", "northwind");
    fields.put("from", from);
    fields.put("until", until);
    fields.put("reason", "They move <b>north</b>.");
    return fields;
  }

  private String tomorrow(int hour) {
    return java.time.LocalDate.now(java.time.ZoneOffset.UTC).plusDays(1)
        + "T%02d:00".formatted(hour);
  }

  @Test
  void aWindowIsPlannedShownWhereItMattersAndEnded() {
    var letter = hub.parkedMessage("northwind", "{}", "Field 'window' is missing.");
    var page = otto.get(HERE).page();

    assertThat(otto.press(page, HERE, window("", tomorrow(23))).text())
        .contains("Done. 'northwind' is left alone from")
        .contains("They move <b>north</b>.");

    var id = hub.jdbc.sql("SELECT 'mnt_' || max(id) FROM maintenance").query(String.class).single();
    assertThat(otto.get("/console/partners").text())
        .contains("maintenance")
        .contains("They move <b>north</b>.");
    var group =
        otto
            .get("/console/dead-letters?account=northwind")
            .page()
            .select("a.open")
            .eachAttr("href")
            .stream()
            .map(link -> otto.get(link).text())
            .filter(text -> text.contains("'window'"))
            .toList();
    assertThat(group).hasSize(1);
    assertThat(group.getFirst()).contains("Alerts about 'northwind' are silent until");

    var ended =
        otto.press(otto.get(HERE).page(), HERE + "/" + id + "/end", Map.of("reason", "back early"));
    assertThat(ended.text())
        .contains("Done. 'northwind' is not left alone any more; what waited goes out slowly")
        .contains("by otto: back early");
    hub.jdbc
        .sql("UPDATE inbox_message SET state = 'DISCARDED' WHERE id = :id")
        .param("id", Long.parseLong(letter.substring(4)))
        .update();
  }

  @Test
  void pressedTwiceItIsOneAndWhatCannotBeIsSaid() {
    var page = otto.get(HERE).page();

    var window = window(tomorrow(10), tomorrow(12));
    otto.press(page, HERE, window);
    otto.press(page, HERE, window);
    assertThat(hub.jdbc.sql("SELECT count(*) FROM maintenance").query(Integer.class).single())
        .isEqualTo(1);

    assertThat(otto.press(otto.get(HERE).page(), HERE, window("", "")).text())
        .contains("Not done. Maintenance of 'northwind' needs an end");
    assertThat(otto.press(otto.get(HERE).page(), HERE, window("", "soon")).text())
        .contains("Not done. 'soon' is no time; write it as 2026-01-31T22:00.");
  }

  @Test
  void newOrdersOfAChannelAreHeldAndReleasedOnItsCard() {
    var here = "/console/channels";
    var hold = here + "/shopify-main/hold";
    var release = here + "/shopify-main/release";
    var vera = Browser.of(hub, "vera").get(here).page();
    assertThat(vera.select("form[action=" + hold + "] fieldset[disabled]")).hasSize(1);

    var held = otto.press(otto.get(here).page(), hold, Map.of("reason", "prices <i>"));
    assertThat(held.text())
        .contains("Done. New orders of 'shopify-main' are held from now on.")
        .contains("New orders are held by otto")
        .contains("prices <i>");
    assertThat(otto.get("/console").text()).contains("New orders are held by 'otto': prices <i>");

    assertThat(otto.press(held.page(), release, Map.of("reason", "right again")).text())
        .contains("Done. New orders of 'shopify-main' are not held any more;");
    assertThat(otto.press(held.page(), release, Map.of("reason", "right again")).text())
        .contains("Not done. New orders of 'shopify-main' are not held; there is nothing to");
  }

  @Test
  void aTimeIsReadInTheZoneOfTheBrowser() {
    assertThat(MaintenancePages.instant("2026-01-31T22:00", "America/New_York"))
        .hasToString("2026-02-01T03:00:00Z");
    assertThat(MaintenancePages.instant("2026-01-31T22:00", null))
        .hasToString("2026-01-31T22:00:00Z");
    assertThat(MaintenancePages.instant(" ", "UTC")).isNull();
  }

  @Test
  void whoMayNotSeesWhy() {
    assertThat(Browser.of(hub, "vera").get(HERE).text())
        .contains("You are viewer; this needs operator or integrator.");
  }
}
