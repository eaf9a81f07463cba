package io.serai.hub;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows how channels keep up with stock, tagged with the channel. The figures of all are read at
 * once and kept for a few seconds; the lags are those of this replica's calls.
 */
public final class PublicationMetrics implements MeterBinder {
  private static final Logger LOG = LoggerFactory.getLogger(PublicationMetrics.class);
  private static final Duration KEPT = Duration.ofSeconds(5);

  private final Publications publications;
  private final PublicationLags lags;
  private final Topology topology;
  private final Clock clock;
  private Map<String, Publications.Standing> standings = Map.of();
  private Instant readAt = Instant.EPOCH;

  /** Shows these, for the channels of a topology that are told of stock. */
  public PublicationMetrics(
      Publications publications, PublicationLags lags, Topology topology, Clock clock) {
    this.publications = publications;
    this.lags = lags;
    this.topology = topology;
    this.clock = clock;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (var account : topology.accounts().values()) {
      if (account.channel() && account.publishStock()) {
        bind(registry, account.name());
      }
    }
  }

  private void bind(MeterRegistry registry, String channel) {
    gauge(
        registry,
        channel,
        "serai.stock.publication.pending",
        "Listings that show something else than there is",
        Publications.Standing::pending);
    gauge(
        registry,
        channel,
        "serai.stock.publication.pending.seconds",
        "Since when the longest of them does",
        so -> so.lag().toMillis() / 1e3);
    gauge(
        registry,
        channel,
        "serai.stock.exposure",
        "Units that the channel may sell though they are not there",
        Publications.Standing::exposure);
    for (var share : new double[] {0.5, 0.95, 0.99}) {
      Gauge.builder(
              "serai.stock.publication.lag.seconds",
              lags,
              l -> l.quantile(channel, share).toMillis() / 1e3)
          .description("From a change of stock until the channel had taken it")
          .tag("channel", channel)
          .tag("quantile", Double.toString(share))
          .register(registry);
    }
    FunctionCounter.builder(
            "serai.stock.publications", lags, l -> l.counts().getOrDefault(channel, 0L))
        .description("Quantities that the channel took")
        .tag("channel", channel)
        .register(registry);
  }

  private void gauge(
      MeterRegistry registry,
      String channel,
      String name,
      String description,
      ToDoubleFunction<Publications.Standing> value) {
    Gauge.builder(name, this, m -> value.applyAsDouble(m.standing(channel)))
        .description(description)
        .tag("channel", channel)
        .register(registry);
  }

  private synchronized Publications.Standing standing(String channel) {
    var now = clock.instant();
    if (Duration.between(readAt, now).compareTo(KEPT) > 0) {
      readAt = now;
      try {
        standings = publications.standings();
      } catch (SQLException e) {
        LOG.debug("How channels keep up could not be read: {}", e.getMessage());
      }
    }
    return standings.getOrDefault(channel, new Publications.Standing(0, Duration.ZERO, 0));
  }
}
