package io.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.api.ApiHub;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What one may, and tokens made and revoked by people. */
@ResourceLock(ApiHub.SHARED)
class AccessPagesIT {
  private static final String HERE = "/console/access";
  private final ApiHub hub = ApiHub.running();

  @Test
  void anAdminMakesATokenSeesItsSecretOnceAndRevokesIt() {
    var name = "p-" + UUID.randomUUID();
    var admin = Browser.of(hub, "admin");

    var made =
        admin.press(
            admin.get(HERE).page(),
            HERE + "/tokens",
            Map.of("name", name, "role", "viewer", "days", "1", "reason", "for a test"));

    var secret = made.page().select("main section.remark code").text();
    assertThat(secret).startsWith("serai_");
    var page = admin.get(HERE);
    assertThat(page.text()).contains(name).doesNotContain(secret);
    var revoke =
        page.page().select("tr:contains(" + name + ") form[action$=/revoke]").attr("action");
    var after = admin.press(page.page(), revoke, Map.of("reason", "over"));
    assertThat(after.text()).contains("Done. Token '" + name + "' opens nothing any more.");
    assertThat(after.page().select("tr:contains(" + name + ") form")).isEmpty();
  }

  @Test
  void whatIsRefusedIsSaidOnThePage() {
    var admin = Browser.of(hub, "admin");

    var seen =
        admin.press(
            admin.get(HERE).page(),
            HERE + "/tokens",
            Map.of("name", "x", "role", "viewer", "days", "many", "reason", "for a test"));

    assertThat(seen.text()).contains("Not done. 'many' is no number of days; give 1 to 366.");
  }

  @Test
  void whoIsNoAdminSeesTheirOwnRightsAndNoTokenOrUser() {
    var seen = Browser.of(hub, "sue").get(HERE);

    assertThat(seen.text())
        .contains("sue")
        .contains("What you may, and what not")
        .contains("Only admins see the tokens.")
        .doesNotContain("otto");
    var orders = seen.page().select("tr:has(th:matchesOwn(^orders$)) td");
    assertThat(orders.get(0).select(".state").eachText()).contains("hold", "release");
    assertThat(orders.get(1).text()).contains("reassign It needs operator.");
  }
}
