package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.access.SavedViews;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Saved views over REST and in a terminal. */
@ResourceLock(ApiHub.SHARED)
class ViewsApiIT {
  private final ApiHub hub = ApiHub.running();
  private final OnTerminal terminal = new OnTerminal(hub);

  @AfterEach
  void none() {
    hub.jdbc.sql("DELETE FROM saved_view").update();
  }

  private ApiHub.Answer save(String name, String address, boolean shared) {
    return hub.post(
        "/views",
        "{\"name\":\"%s\",\"address\":\"%s\",\"shared\":%s}".formatted(name, address, shared));
  }

  @Test
  void aViewIsKeptReplacedAndDeleted() {
    var saved = save("old ones", "/console/orders?q=&state=ON_HOLD&cursor=abc", false);
    assertThat(saved.status()).isEqualTo(201);
    assertThat(saved.json().path("address").asText()).isEqualTo("/console/orders?state=ON_HOLD");
    assertThat(saved.json().path("savedBy").asText()).isEqualTo("token:api");

    var again = save("old ones", "/console/orders?state=NEW", false);
    assertThat(again.json().path("id")).isEqualTo(saved.json().path("id"));
    assertThat(hub.get("/views").json().path("items"))
        .singleElement()
        .satisfies(
            view ->
                assertThat(view.path("address").asText()).isEqualTo("/console/orders?state=NEW"));

    var here = "/views/" + saved.json().path("id").asText();
    assertThat(hub.send(ApiHub.bearer(ApiHub.TOKEN), "DELETE", here, null).status()).isEqualTo(200);
    assertThat(hub.send(ApiHub.bearer(ApiHub.TOKEN), "DELETE", here, null).detail())
        .isEqualTo(
            "View '%s' is not known; list the views to find its id.".formatted(here.substring(7)));
  }

  @Test
  void whatIsNoPageOfTheConsoleIsRefused() {
    for (var address :
        new String[] {
          "https://example.com/console",
          "//example.com",
          "/console/../x",
          "/console/orders?q=<b>",
          "/console/orders#top",
          "/api/v1/orders",
          "javascript:1"
        }) {
      var refused = save("x", address, false);
      assertThat(refused.status()).as(address).isEqualTo(400);
      assertThat(refused.detail())
          .isEqualTo(
              "'%s' is no page of the console; give what stands behind the host, as /console/orders?state=ON_HOLD."
                  .formatted(address));
    }
    assertThat(save(" ", "/console", false).detail())
        .isEqualTo("'' is no name of a view; give 1 to 60 characters.");
    assertThat(save("n".repeat(61), "/console", false).status()).isEqualTo(400);
  }

  @Test
  void nobodyKeepsMoreThanAHundred() {
    hub.jdbc
        .sql(
            """
            INSERT INTO saved_view (name, address, shared, saved_by, saved_at)
            SELECT 'v' || n, '/console', false, 'token:api', now() FROM generate_series(1, :most) n
            """)
        .param("most", SavedViews.MOST)
        .update();
    assertThat(save("one more", "/console", false).detail())
        .isEqualTo("You keep 100 views already; delete one first.");
    assertThat(save("v7", "/console/orders", false).status()).isEqualTo(201);
  }

  @Test
  void theTerminalDoesTheSame() {
    assertThat(
            terminal.serai(
                "views",
                "save",
                "stale",
                "/console/dead-letters/list?q=channel:shopify-main age:>2h",
                "--shared"))
        .isZero();
    assertThat(terminal.out()).contains("'stale' is saved for everybody.");
    assertThat(terminal.serai("views", "list")).isZero();
    assertThat(terminal.out())
        .contains("stale", "/console/dead-letters/list?q=channel:shopify-main+age:%3E2h", "yes");
    var id = hub.jdbc.sql("SELECT 'view_' || max(id) FROM saved_view").query(String.class).single();
    assertThat(terminal.serai("views", "delete", id)).isZero();
    assertThat(terminal.out()).contains(id + ": 'stale' is deleted.");
    assertThat(terminal.serai("views", "list")).isZero();
    assertThat(terminal.out()).contains("Nobody saved any.");
  }
}
