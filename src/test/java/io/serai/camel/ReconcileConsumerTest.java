package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.catalog.Mappings;
import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.reconcile.Teller;
import io.serai.support.Await;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

/** A comparison that waits to ask again ends when its route stops. */
class ReconcileConsumerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  void whoWaitsToAskAgainEndsWithTheRoute() throws Exception {
    var clock = new ManualClock();
    var asked = new AtomicInteger();
    try (var context = new DefaultCamelContext()) {
      context.disableJMX();
      var component =
          new SeraiComponent(
              new Hub(
                  null, Mappings.builtIn(), null, null, null, null, null, null, null, null, clock));
      context.addComponent("serai", component);
      context.addRoutes(
          new RouteBuilder() {
            @Override
            public void configure() {
              from("serai:reconcile/order?account=shop")
                  .routeId("compare")
                  .process(
                      exchange -> {
                        asked.incrementAndGet();
                        throw new FailureException(
                            new Failure(
                                FailureKind.THROTTLED,
                                "Too often.",
                                Place.of("shop"),
                                null,
                                429,
                                Duration.ofMinutes(5)));
                      });
            }
          });
      context.start();
      var teller = component.tellers().find("shop", "order").orElseThrow();
      var answer =
          CompletableFuture.supplyAsync(
              () ->
                  teller.ask(
                      new Teller.Question(
                          clock.instant().minusSeconds(60), clock.instant(), null, null)));
      Await.until("it was asked", PATIENCE, () -> asked.get() == 1);

      context.getRouteController().stopRoute("compare");

      Await.until("it waits no longer", PATIENCE, answer::isDone);
      assertThatThrownBy(answer::join)
          .isInstanceOf(CompletionException.class)
          .hasMessageContaining("Too often.");
      assertThat(asked).hasValue(1);
    }
  }
}
