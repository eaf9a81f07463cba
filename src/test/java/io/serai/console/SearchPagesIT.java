package io.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.api.ApiHub;
import io.serai.support.Ids;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The box at the top of every page. */
@ResourceLock(ApiHub.SHARED)
class SearchPagesIT {
  private final ApiHub hub = ApiHub.running();
  private final String unique = UUID.randomUUID().toString();
  private final Browser viewer = Browser.of(hub, "vera");

  @Test
  void whatIsAloneIsOpenedAndWhatIsNotIsListed() {
    var id = hub.order("shop-" + unique, unique, "#s-" + unique, null);

    var alone = viewer.get("/console/search?q=s-" + unique);
    assertThat(alone.address()).isEqualTo("/console/orders/" + Ids.text("ord", id));

    hub.order("other-" + unique, unique, "#o-" + unique, null);
    var both = viewer.get("/console/search?q=" + unique);
    assertThat(both.text()).contains("2 things go by " + unique).contains("channel's number");
    assertThat(both.page().select("a.open").eachText())
        .containsExactlyInAnyOrder("#s-" + unique, "#o-" + unique);
  }

  @Test
  void nothingFoundSaysWhatMayBeLookedFor() {
    assertThat(viewer.get("/console/search?q=none-" + unique).text())
        .contains("Nothing goes by none-" + unique)
        .contains("matched whole");
    assertThat(viewer.get("/console").page().select("form.search").attr("action"))
        .isEqualTo("/console/search");
  }
}
