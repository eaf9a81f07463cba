package io.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.api.ApiHub;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A stopped message beside the last of its kind that went through. */
@ResourceLock(ApiHub.SHARED)
class ComparisonPagesIT {
  private final ApiHub hub = ApiHub.running();
  private final Browser otto = Browser.of(hub, "otto");

  @Test
  void whatIsOtherwiseIsShownAndMaskedUntilRevealed() {
    var account = "shop-" + UUID.randomUUID();
    var good = hub.parkedMessage(account, "{\"state\":\"paid\",\"email\":\"a@example.com\"}", "x.");
    hub.jdbc
        .sql("UPDATE inbox_message SET state = 'APPLIED', failure_id = NULL WHERE id = ?")
        .param(Long.parseLong(good.substring(4)))
        .update();
    var bad =
        hub.parkedMessage(account, "{\"state\":\"<i>odd\",\"email\":\"b@example.com\"}", "x.");

    var message = otto.get("/console/messages/" + bad);
    assertThat(message.text()).contains("What it is known by", "Dedupe key", "locked", "not kept");
    var link = message.page().select("a[href$=/comparison]").attr("href");
    var compared = otto.get(link);
    assertThat(compared.text())
        .contains("Beside one that went through", "2 fields are otherwise", "/state", "<i>odd")
        .doesNotContain("b@example.com");
    assertThat(otto.get("/console/messages/" + good + "/comparison").text())
        .contains("Not done. Nothing of the kind of message '%s' went through".formatted(good));
    hub.jdbc
        .sql("UPDATE inbox_message SET state = 'DISCARDED' WHERE id = ?")
        .param(Long.parseLong(bad.substring(4)))
        .update();
  }
}
