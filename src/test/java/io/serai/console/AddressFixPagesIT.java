package io.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.api.ApiHub;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A table of addresses on its page: looked at, then done. */
@ResourceLock(ApiHub.SHARED)
class AddressFixPagesIT {
  private static final String HERE = "/console/orders/addresses";

  private final ApiHub hub = ApiHub.running();
  private final Browser sue = Browser.of(hub, "sue");

  @Test
  void whatWasTypedStaysUntilItIsDone() {
    var number = "A-" + java.util.UUID.randomUUID();
    hub.order("shopify-main", number, "#A1", "a@example.com");
    var csv = "order,street,city,countryCode\nshopify-main:" + number + ",<b>1</b> Way,Berlin,DE\n";

    var plan = sue.press(sue.get(HERE).page(), HERE + "/plan", Map.of("csv", csv));
    assertThat(plan.text()).contains("1 order would change. Nothing is changed yet.");
    assertThat(plan.text()).contains("<b>1</b> Way");
    assertThat(plan.page().select("textarea[name=csv]").last().val()).isEqualTo(csv.strip());

    var wrong = sue.press(plan.page(), HERE, Map.of("reason", "cut off", "count", "7"));
    assertThat(wrong.text())
        .contains("Not done. 1 orders would change, not 7; look at it again with 'dryRun'.");
    assertThat(wrong.page().select("input[name=reason]").val()).isEqualTo("cut off");
    assertThat(wrong.page().select("textarea[name=csv]").last().val()).isEqualTo(csv.strip());
  }

  @Test
  void aTableThatCannotBeReadIsSaidAndWhoMayNotSeesWhy() {
    assertThat(sue.press(sue.get(HERE).page(), HERE + "/plan", Map.of("csv", "x\n1\n")).text())
        .contains("Not done. Column 'x' is none of an address;");
    assertThat(Browser.of(hub, "vera").get(HERE).text())
        .contains("You are viewer; this needs support.");
  }
}
