package io.serai.outbox;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Collection;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Shows how endpoints stand, as this replica sees them: tagged with the destination, for every
 * destination that is configured at start.
 */
public final class EndpointMetrics implements MeterBinder {
  private final Endpoints endpoints;
  private final List<String> destinations;

  /** Shows these. */
  public EndpointMetrics(Endpoints endpoints, Collection<String> destinations) {
    this.endpoints = endpoints;
    this.destinations = List.copyOf(destinations);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (var destination : destinations) {
      gauge(
          registry,
          destination,
          "serai.endpoint.paused",
          "1 while the endpoint asked for a pause or refused the credentials",
          s -> s.pausedUntil() == null ? 0 : 1);
      gauge(
          registry,
          destination,
          "serai.endpoint.breaker",
          "0 closed, 0.5 probed, 1 open",
          s -> "CLOSED".equals(s.breaker()) ? 0 : "OPEN".equals(s.breaker()) ? 1 : 0.5);
      gauge(
          registry,
          destination,
          "serai.endpoint.maintenance",
          "1 while people said to leave the endpoint alone",
          s -> s.maintainedUntil() == null ? 0 : 1);
      gauge(
          registry,
          destination,
          "serai.endpoint.share",
          "Share of its pace that the endpoint gets; below 1 for two minutes after an outage",
          Endpoints.Status::share);
      gauge(
          registry,
          destination,
          "serai.endpoint.draining",
          "1 until what an outage left behind is sent",
          s -> s.draining() ? 1 : 0);
      gauge(
          registry,
          destination,
          "serai.endpoint.retry.tokens",
          "Retries that may be sent now; 0 keeps retries waiting and lets first tries go on",
          Endpoints.Status::retryTokens);
    }
  }

  private void gauge(
      MeterRegistry registry,
      String destination,
      String name,
      String description,
      ToDoubleFunction<Endpoints.Status> value) {
    Gauge.builder(name, () -> value.applyAsDouble(endpoints.status(destination)))
        .description(description)
        .tag("destination", destination)
        .register(registry);
  }
}
