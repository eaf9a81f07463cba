package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.catalog.Mappings;
import io.serai.support.ManualClock;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a word of ours says when a route uses it where it has no meaning. */
class MisusedWordsTest {
  private final DefaultCamelContext context = new DefaultCamelContext();

  @BeforeEach
  void start() {
    context.disableJMX();
    context.addComponent(
        "serai",
        new SeraiComponent(
            new Hub(
                null,
                Mappings.builtIn(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                new ManualClock())));
    context.start();
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  private Exception fromDirect(String uri, String body) throws Exception {
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:in").routeId("a-route").to(uri);
          }
        });
    return context
        .createProducerTemplate()
        .request("direct:in", exchange -> exchange.getMessage().setBody(body))
        .getException();
  }

  @Test
  void aFileIsSplitInAnInboxRouteOnly() throws Exception {
    assertThat(fromDirect("serai:split/order?account=shop&columns=id&by=id", "id\n1\n"))
        .hasMessageContaining(
            "Route 'a-route' divides a file outside an inbox route, or a second time. Divide once, in a route from serai:inbox.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"items":"none"}|The page of account 'shop' has no list at '/items'.
          {"items":[{"what":"parcel"}]}|The page of account 'shop' holds a 'parcel', which is no document; name one of [order,
          """)
  void aPageThatIsNoneIsNotTaken(String page, String sentence) throws Exception {
    assertThat(fromDirect("serai:accept?account=shop&items=/items&document=/what", page))
        .hasMessageStartingWith(sentence);
  }

  @Test
  void onlyOrdersAreFetched() {
    assertThatThrownBy(
            () ->
                context.addRoutes(
                    new RouteBuilder() {
                      @Override
                      public void configure() {
                        from("serai:fetch/refund?account=shop").to("log:x");
                      }
                    }))
        .hasMessage("Nothing waits for a 'refund', so none is fetched; messages wait for orders.");
  }
}
