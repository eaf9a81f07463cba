package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.catalog.Catalog;
import io.serai.catalog.Configuration;
import io.serai.catalog.Mappings;
import io.serai.support.Json;
import io.serai.support.ManualClock;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** What a sender hears of an account whose route does not run. */
class WebhookServletTest {
  private final Configuration configuration =
      Configuration.read(
          new MockEnvironment().withProperty("serai.channels.erp.connector", "api"),
          Catalog.open(getClass().getClassLoader(), null).edition());
  private final WebhookServlet servlet =
      new WebhookServlet(
          new SeraiComponent(
              new Hub(
                  configuration,
                  Mappings.builtIn(),
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  new ManualClock())),
          configuration,
          1_000);

  @Test
  void withoutARunningRouteTheSenderIsToldToComeAgain() throws Exception {
    var request = new MockHttpServletRequest("POST", "/webhooks/erp");
    request.setPathInfo("/erp");
    var response = new MockHttpServletResponse();
    // As when the hub stops: the wait for a route that is being swapped ends at once.
    Thread.currentThread().interrupt();

    servlet.service(request, response);

    assertThat(Thread.interrupted()).as("whoever stops it still sees so").isTrue();
    assertThat(response.getStatus()).isEqualTo(503);
    assertThat(response.getHeader("Retry-After")).isEqualTo("5");
    assertThat(Json.tree(response.getContentAsString()).path("detail").asText())
        .isEqualTo("No running route takes webhooks of account 'erp'; nothing was taken.");
  }
}
