package io.serai;

import io.serai.api.OrderErrands;
import io.serai.api.RunningRoutes;
import io.serai.camel.RouteLoader;
import io.serai.camel.SeraiComponent;
import io.serai.hub.RouteStops;
import io.serai.outbox.Outbox;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what people see and want of the routes that run. */
@Configuration(proxyBeanMethods = false)
class RouteWiring {
  @Bean
  RunningRoutes runningRoutes(RouteLoader loader, RouteStops stops) {
    return new RunningRoutes() {
      @Override
      public List<Running> routes() {
        return loader.routes().stream()
            .map(
                route ->
                    new Running(route.id(), route.file(), route.kind().name(), route.inFlight()))
            .toList();
      }

      @Override
      public void heed() {
        loader.heed(stops.get().keySet());
      }
    };
  }

  @Bean
  OrderErrands orderErrands(SeraiComponent component, Outbox outbox) {
    return new OrderErrands() {
      @Override
      public boolean pull(String account, String channelOrderId) {
        return component.pull(account, "order", channelOrderId);
      }

      @Override
      public void nudge() {
        outbox.nudge();
      }
    };
  }
}
