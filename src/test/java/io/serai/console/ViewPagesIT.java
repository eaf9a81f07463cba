package io.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.api.ApiHub;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Saved views on the lists that they are of. */
@ResourceLock(ApiHub.SHARED)
class ViewPagesIT {
  private static final String HERE = "/console/orders?state=ON_HOLD";

  private final ApiHub hub = ApiHub.running();
  private final Browser vera = Browser.of(hub, "vera");
  private final Browser otto = Browser.of(hub, "otto");

  @AfterEach
  void none() {
    hub.jdbc.sql("DELETE FROM saved_view").update();
  }

  private Browser.Seen save(Browser who, Map<String, String> fields) {
    return who.press(who.get(HERE).page(), "/console/views", fields);
  }

  private String id() {
    return hub.jdbc.sql("SELECT 'view_' || max(id) FROM saved_view").query(String.class).single();
  }

  @Test
  void oneIsSavedOpenedAndDeletedByItsOwner() {
    var saved = save(vera, Map.of("name", "<i>Held</i>"));
    assertThat(saved.text()).contains("Done. This list is saved as '<i>Held</i>'.");
    var link = saved.page().select("nav.views a[aria-current=page]");
    assertThat(link.text()).isEqualTo("<i>Held</i>");
    assertThat(link.attr("href")).isEqualTo(HERE);
    assertThat(vera.get("/console/orders").page().select("nav.views a")).hasSize(1);
    assertThat(vera.get("/console/messages").page().select("nav.views")).isEmpty();
    assertThat(otto.get("/console/orders").page().select("nav.views")).isEmpty();

    var gone = vera.press(saved.page(), "/console/views/" + id() + "/delete", Map.of());
    assertThat(gone.text()).contains("Done. The view is deleted.");
    assertThat(gone.page().select("nav.views")).isEmpty();
  }

  @Test
  void whatIsSharedIsSeenByAllAndDeletedByItsOwnerAlone() {
    save(otto, Map.of("name", "Held", "shared", "yes"));
    var page = vera.get("/console/orders").page();
    assertThat(page.select("nav.views a").attr("title")).isEqualTo("Shared by otto");
    assertThat(page.select("form[action$=/delete]")).isEmpty();

    save(vera, Map.of("name", "Mine"));
    var mine = vera.get("/console/orders").page();
    var otherId =
        hub.jdbc
            .sql("SELECT 'view_' || id FROM saved_view WHERE saved_by = 'otto'")
            .query(String.class)
            .single();
    mine.select("form[action$=/delete]").attr("action", "/console/views/" + otherId + "/delete");
    assertThat(vera.press(mine, "/console/views/" + otherId + "/delete", Map.of()).text())
        .contains("Not done. View 'Held' is 'otto's; they or an admin may delete it.");
    assertThat(
            Browser.of(hub, "admin")
                .get("/console/orders")
                .page()
                .select("form[action$=" + otherId + "/delete]"))
        .hasSize(1);
  }
}
