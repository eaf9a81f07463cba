package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** New orders of a channel are held and released over REST and in a terminal. */
@ResourceLock(ApiHub.SHARED)
class ChannelHoldsApiIT {
  private static final String CHANNEL = "/channels/shopify-main";
  private static final String WHY = "{\"reason\":\"prices are wrong\"}";

  private final ApiHub hub = ApiHub.running();
  private final OnTerminal terminal = new OnTerminal(hub);

  @AfterEach
  void none() {
    hub.jdbc.sql("DELETE FROM channel_hold").update();
  }

  @Test
  void aChannelIsHeldOnceAndReleasedOnce() {
    assertThat(hub.post(CHANNEL + "/hold", "{}").detail())
        .isEqualTo("Holding new orders of 'shopify-main' needs a reason; say why.");

    var held = hub.post(CHANNEL + "/hold", WHY).json();
    assertThat(held.path("state").asText()).isEqualTo("HELD");
    assertThat(held.path("remark").asText())
        .isEqualTo("New orders are held by 'token:api': prices are wrong");
    assertThat(held.at("/hold/orders").asInt(-1)).isZero();
    var again = hub.post(CHANNEL + "/hold", WHY);
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.detail())
        .isEqualTo(
            "New orders of 'shopify-main' are held already; release it first to hold it for something else.");

    assertThat(hub.post(CHANNEL + "/release", "{}").detail())
        .isEqualTo("Releasing 'shopify-main' needs a reason; say why.");
    assertThat(hub.post(CHANNEL + "/release", WHY).json().has("hold")).isFalse();
    assertThat(hub.post(CHANNEL + "/release", WHY).detail())
        .isEqualTo("New orders of 'shopify-main' are not held; there is nothing to release.");
    assertThat(hub.post("/channels/nobody/hold", WHY).status()).isEqualTo(404);
  }

  @Test
  void theTerminalDoesTheSame() {
    assertThat(terminal.serai("channels", "hold", "shopify-main", "--reason", "wait")).isZero();
    assertThat(terminal.out()).contains("New orders of 'shopify-main' are held from now on.");
    assertThat(terminal.serai("channels", "list")).isZero();
    assertThat(terminal.out()).contains("HELD");
    assertThat(terminal.serai("channels", "release", "shopify-main", "--reason", "go")).isZero();
    assertThat(terminal.out())
        .contains("New orders of 'shopify-main' are not held any more; those that were go on now.");
  }
}
