package io.serai;

import io.serai.api.RunningRoutes;
import io.serai.camel.RouteLoader;
import io.serai.hub.RouteStops;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what people see of the routes that run, and stop. */
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
}
