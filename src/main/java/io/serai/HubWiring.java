package io.serai;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.serai.access.AccessConfiguration;
import io.serai.api.ApiConfiguration;
import io.serai.api.OrderJudge;
import io.serai.api.RouteStates;
import io.serai.camel.AllowedHeaders;
import io.serai.camel.CanonicalDocuments;
import io.serai.camel.DriftLog;
import io.serai.camel.EventLoopHttpComponent;
import io.serai.camel.Hub;
import io.serai.camel.RouteLoader;
import io.serai.camel.SeraiComponent;
import io.serai.camel.Sightings;
import io.serai.camel.StepTracking;
import io.serai.camel.StoredIdentity;
import io.serai.camel.WebhookServlet;
import io.serai.catalog.Account;
import io.serai.catalog.Catalog;
import io.serai.catalog.Configuration;
import io.serai.catalog.Mappings;
import io.serai.console.ConsoleConfiguration;
import io.serai.database.Database;
import io.serai.database.Refusal;
import io.serai.deadletter.Aftermath;
import io.serai.deadletter.DeadLetters;
import io.serai.deadletter.DryRun;
import io.serai.deadletter.HoldReplay;
import io.serai.deadletter.LockedFields;
import io.serai.deadletter.Replay;
import io.serai.deadletter.ReplayWorker;
import io.serai.deadletter.Spike;
import io.serai.deadletter.StepReplay;
import io.serai.exchange.Exchange;
import io.serai.exchange.Incoming;
import io.serai.exchange.Outgoing;
import io.serai.exchange.Partners;
import io.serai.failure.Backoff;
import io.serai.hub.Apply;
import io.serai.hub.ApplyResult;
import io.serai.hub.ChannelHolds;
import io.serai.hub.DryAllocation;
import io.serai.hub.FeedFiles;
import io.serai.hub.FollowUps;
import io.serai.hub.OutcomeRules;
import io.serai.hub.PublicationMetrics;
import io.serai.hub.Publications;
import io.serai.hub.Reallocation;
import io.serai.hub.Restoration;
import io.serai.hub.Retention;
import io.serai.hub.RouteStops;
import io.serai.hub.StockCheck;
import io.serai.hub.StockPublisher;
import io.serai.hub.StockRest;
import io.serai.hub.StockUpkeep;
import io.serai.hub.Topology;
import io.serai.inbox.Inbox;
import io.serai.inbox.InboxRunner;
import io.serai.outbox.Delivery;
import io.serai.outbox.Destination;
import io.serai.outbox.EndpointMetrics;
import io.serai.outbox.Outbox;
import io.serai.outbox.SharedLimiter;
import io.serai.rules.Nodes;
import io.serai.rules.RuleHistory;
import io.serai.rules.Rules;
import io.serai.stock.ItemMaster;
import io.serai.support.OwnConnection;
import io.vertx.ext.web.client.WebClientOptions;
import jakarta.servlet.DispatcherType;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.component.vertx.http.VertxHttpComponent;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.apache.camel.spi.ComponentCustomizer;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.support.HeaderFilterStrategyComponent;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.actuate.autoconfigure.observation.web.servlet.WebMvcObservationAutoConfiguration;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.autoconfigure.security.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.autoconfigure.security.servlet.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.web.servlet.DelegatingFilterProxyRegistrationBean;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.boot.web.servlet.filter.OrderedRequestContextFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.web.filter.RequestContextFilter;

/** Puts the rooms together: who gets which clock, connection and neighbor. No rule lives here. */
@SpringBootConfiguration
@AutoConfigurationPackage(basePackages = "io.serai.support") // read class by class at every start
@EnableAutoConfiguration(
    exclude = {
      DataSourceAutoConfiguration.class,
      FlywayAutoConfiguration.class,
      WebMvcObservationAutoConfiguration.class,
      SecurityFilterAutoConfiguration.class,
      UserDetailsServiceAutoConfiguration.class
    })
@Import({
  ApiConfiguration.class,
  AccessConfiguration.class,
  ConsoleConfiguration.class,
  ReconcileWiring.class,
  KpiWiring.class,
  RetentionWiring.class,
  TrafficWiring.class,
  ErasureWiring.class,
  EngineWiring.class,
  AlertWiring.class,
  MetricsWiring.class,
  TraceWiring.class,
  TransportWiring.class,
  RouteWiring.class
})
public class HubWiring {
  private static final int LARGEST_WEBHOOK = 5 << 20;

  @Bean(destroyMethod = "close")
  Database database(Supplier<Database> opening) {
    return opening.get();
  }

  @Bean
  DataSource dataSource(Database database) {
    return database.dataSource();
  }

  @Bean
  Clock clock(Database database) {
    return database.clock();
  }

  @Bean
  Catalog catalog(ConfigurableEnvironment environment) {
    return Catalog.open(HubWiring.class.getClassLoader(), home(environment));
  }

  @Bean
  Mappings mappings(ConfigurableEnvironment environment) {
    return new Mappings(home(environment), HubWiring.class.getClassLoader());
  }

  private static Path home(ConfigurableEnvironment environment) {
    var home = environment.getProperty("SERAI_HOME");
    return home == null || home.isBlank() ? null : Path.of(home);
  }

  @Bean
  Configuration seraiConfiguration(ConfigurableEnvironment environment, Catalog catalog) {
    return Configuration.read(environment, catalog.edition());
  }

  @Bean
  Topology topology(
      Configuration configuration, ConfigurableEnvironment environment, Database database) {
    return ConfiguredTopology.of(
        configuration, ReturnTimes.read(environment), Restoration.last(database.dataSource()));
  }

  @Bean
  RuleHistory ruleHistory(Database database, Clock clock) {
    return new RuleHistory(database.dataSource(), clock);
  }

  @Bean
  Rules rules(Configuration configuration, RuleHistory history) {
    return new Rules(Nodes.of(configuration), history);
  }

  @Bean
  DryAllocation dryAllocation(
      Database database, Clock clock, Topology topology, ItemMaster items, Rules rules) {
    return new DryAllocation(database.dataSource(), clock, topology.nodes(), items, rules::policy);
  }

  private static OwnConnection.Source source(Database database, String name) {
    return () -> database.connect(name);
  }

  @Bean(destroyMethod = "")
  InboxRunner inboxRunner(Database database, Clock clock) {
    return new InboxRunner(
        source(database, "inbox"), clock, database.instance().id(), InboxRunner.Settings.DEFAULT);
  }

  @Bean(destroyMethod = "")
  Inbox inbox(Database database, Clock clock, InboxRunner runner) {
    return new Inbox(
        source(database, "accept"),
        clock,
        database.instance().id(),
        Inbox.Limits.DEFAULT,
        runner,
        () -> database.refusal().map(Refusal::sentence));
  }

  @Bean(destroyMethod = "")
  Outbox outbox(
      Database database,
      Clock clock,
      Configuration configuration,
      AtomicReference<Apply> apply,
      StockPublisher publisher,
      SharedLimiter limiter) {
    var outbox =
        new Outbox(
            source(database, "outbox"),
            clock,
            database.instance().id(),
            Outbox.Settings.DEFAULT,
            new OutcomeRules(apply::get, clock, publisher));
    outbox.limitBy(limiter);
    configuration.accounts().values().forEach(account -> outbox.describe(describe(account)));
    return outbox;
  }

  @Bean(destroyMethod = "close")
  SharedLimiter sharedLimiter(Database database, Clock clock) {
    return new SharedLimiter(database.dataSource(), clock);
  }

  @Bean
  EndpointMetrics endpointMetrics(Outbox outbox, Configuration configuration) {
    return new EndpointMetrics(outbox.endpoints(), configuration.accounts().keySet());
  }

  private static Destination describe(Account account) {
    var profile = account.profile();
    var limits = account.limits();
    var retry = profile.retry();
    return new Destination(
        account.name(),
        limits == null ? 64 : limits.inFlight(),
        profile.deadlines().call(),
        limits == null ? null : new Destination.Rate(limits.rate(), limits.per(), limits.burst()),
        new Backoff(retry.base(), retry.cap(), retry.attempts()),
        profile.deadlines().readLag());
  }

  @Bean
  ItemMaster itemMaster(Database database, Clock clock) {
    return new ItemMaster(database.dataSource(), clock);
  }

  @Bean
  StockPublisher stockPublisher(
      Database database,
      Clock clock,
      Topology topology,
      Configuration configuration,
      ItemMaster items) {
    var bulk = new HashMap<String, Integer>();
    var bulkFrom = new HashMap<String, Integer>();
    var rests = new HashMap<String, StockRest>();
    configuration
        .accounts()
        .values()
        .forEach(
            account -> {
              var operation = account.profile().operations().get("stock");
              if (operation != null) {
                bulk.put(account.name(), Math.max(1, operation.bulk()));
                bulkFrom.put(account.name(), operation.bulkFrom());
                Destinations.rest(account, operation.restsUpTo())
                    .ifPresent(r -> rests.put(account.name(), r));
              }
            });
    // Asked after the marks are taken: whoever changed a set marked it in the same transaction.
    return new StockPublisher(
        database.dataSource(),
        clock,
        topology,
        bulk,
        bulkFrom,
        rests,
        () -> {
          items.refreshOrWarn();
          return items.get();
        });
  }

  @Bean
  Publications publications(Database database, Clock clock, Topology topology, ItemMaster items) {
    return new Publications(database.dataSource(), clock, topology, items);
  }

  @Bean
  PublicationMetrics publicationMetrics(
      Publications publications, StockPublisher publisher, Topology topology, Clock clock) {
    return new PublicationMetrics(publications, publisher.lags(), topology, clock);
  }

  // Camel handles no errors: what a route throws goes to the engine as it is, with the step it got
  // to.
  @Bean
  CamelContextConfiguration noErrorHandler() {
    return new CamelContextConfiguration() {
      @Override
      public void beforeApplicationStart(CamelContext camel) {
        camel.getCamelContextExtension().setErrorHandlerFactory(new NoErrorHandlerDefinition());
        camel.getCamelContextExtension().addInterceptStrategy(new StepTracking());
      }

      @Override
      public void afterApplicationStart(CamelContext camel) {}
    };
  }

  @Bean
  HeaderFilterStrategy allowedHeaders() {
    return new AllowedHeaders();
  }

  @Bean
  ComponentCustomizer httpHeaders(HeaderFilterStrategy allowed) {
    return ComponentCustomizer.forType(
        HeaderFilterStrategyComponent.class, c -> c.setHeaderFilterStrategy(allowed));
  }

  // The library opens five connections to a host, which a 3PL that answers in 5 ms fills at once;
  // how many are
  // used at a time is the connector's to say.
  // Webhooks need nothing of what it keeps for controllers.
  @Bean
  FilterRegistrationBean<RequestContextFilter> requestContextFilter() {
    var registration =
        new FilterRegistrationBean<RequestContextFilter>(new OrderedRequestContextFilter());
    registration.addUrlPatterns("/api/*");
    return registration;
  }

  @Bean("vertx-http-component")
  VertxHttpComponent vertxHttpComponent() {
    return new EventLoopHttpComponent();
  }

  @Bean
  ComponentCustomizer httpConnections() {
    return ComponentCustomizer.forType(
        VertxHttpComponent.class,
        c ->
            c.setWebClientOptions(
                new WebClientOptions()
                    .setMaxPoolSize(256)
                    .setKeepAliveTimeout(30)
                    .setConnectTimeout(3_000)
                    .setFollowRedirects(false)));
  }

  @Bean
  AtomicReference<Apply> applyReference() {
    return new AtomicReference<>();
  }

  @Bean(destroyMethod = "")
  Apply apply(
      Database database,
      Clock clock,
      Topology topology,
      ItemMaster items,
      Rules rules,
      Outbox outbox,
      ChannelHolds channelHolds,
      AtomicReference<Apply> reference) {
    var apply =
        new Apply(
            source(database, "apply"),
            clock,
            database.instance().id(),
            Duration.ofSeconds(60),
            topology,
            items,
            new Apply.HandOn() {
              @Override
              public boolean hasRoomFor(String destination, int deliveries) {
                return outbox.hasRoomFor(destination, deliveries);
              }

              @Override
              public void handOn(List<Delivery> deliveries) {
                outbox.handOn(deliveries);
              }

              @Override
              public void neverHandedOn(List<Long> deliveries, Instant leaseUntil) {
                outbox.neverHandedOn(deliveries, leaseUntil);
              }

              @Override
              public void nudge(Set<String> lanes) {
                outbox.waits(lanes);
              }
            });
    apply.decideBy(rules::policy);
    channelHolds.refreshOrWarn();
    apply.holdBy(channelHolds);
    reference.set(apply);
    return apply;
  }

  @Bean
  Hub hub(
      Configuration configuration,
      Mappings mappings,
      Inbox inbox,
      InboxRunner runner,
      Apply apply,
      Outbox outbox,
      Database database,
      DriftLog drift,
      Exchange exchange,
      Clock clock) {
    return new Hub(
        configuration,
        mappings,
        new CanonicalDocuments(),
        inbox,
        runner,
        apply,
        outbox,
        database.leases(),
        database.dataSource(),
        drift,
        exchange,
        clock);
  }

  @Bean
  Exchange exchange(Database database, Clock clock, Catalog catalog, Configuration configuration) {
    var partners = Partners.of(catalog.edition());
    partners.demand(configuration);
    return new Exchange(
        partners,
        new Incoming(database.dataSource(), clock),
        new Outgoing(database.dataSource(), clock));
  }

  @Bean
  DriftLog driftLog(Database database, Clock clock) {
    return new DriftLog(database.dataSource(), clock);
  }

  @Bean
  FollowUps followUps(
      Database database, Clock clock, Apply apply, ItemMaster items, ChannelHolds channelHolds) {
    return new FollowUps(database.dataSource(), clock, apply, items, channelHolds);
  }

  @Bean
  FeedFiles feedFiles(Database database, Clock clock, Apply apply, Configuration configuration) {
    var every = new HashMap<String, Duration>();
    for (var account : configuration.accounts().values()) {
      if (account.profile().operations().containsKey("event-file")) {
        every.put(account.name(), account.duration("every"));
      }
    }
    return new FeedFiles(database.dataSource(), clock, apply, every);
  }

  @Bean
  StockUpkeep stockUpkeep(Database database, Clock clock, Apply apply) {
    return new StockUpkeep(database.dataSource(), clock, apply);
  }

  @Bean
  StockCheck stockCheck(Database database, Clock clock) {
    return new StockCheck(database.dataSource(), clock);
  }

  @Bean
  HealthIndicator stockHealthIndicator(StockCheck check) {
    return () ->
        Health.up()
            .withDetail("shortages", check.open().shortages())
            .withDetail("missing", check.open().missing())
            .withDetail("drift", check.open().drifting())
            .withDetail("discrepancies", check.open().discrepancies())
            .build();
  }

  @Bean
  DeadLetters deadLetters(
      Database database, Clock clock, FollowUps followUps, LockedFields lockedFields) {
    return new DeadLetters(
        database.dataSource(),
        clock,
        new Aftermath() {
          @Override
          public void confirmed(Connection connection, long delivery, String reference)
              throws SQLException {
            followUps.confirmed(connection, delivery, reference);
          }

          @Override
          public void discarded(Connection connection, long delivery, String reason)
              throws SQLException {
            followUps.discarded(connection, delivery, reason);
          }
        },
        lockedFields);
  }

  @Bean
  HoldReplay holdReplay(Apply apply) {
    return orderId -> {
      var done = new CompletableFuture<ApplyResult>();
      apply.apply(new Reallocation(orderId), null, "replay", done::complete);
      return done.join() instanceof ApplyResult.Applied applied && applied.detail() == null;
    };
  }

  @Bean
  Replay replay(Database database, Clock clock, HoldReplay holds) {
    return new Replay(database.dataSource(), clock, holds);
  }

  @Bean
  StepReplay stepReplay(Database database, Clock clock, Replay replay) {
    return new StepReplay(database.dataSource(), clock, replay);
  }

  @Bean
  LockedFields lockedFields(Configuration configuration) {
    return new StoredIdentity(configuration);
  }

  @Bean
  DryRun dryRun(Database database, SeraiComponent component, LockedFields lockedFields) {
    return new DryRun(database.dataSource(), component.normalizer(), lockedFields);
  }

  @Bean
  ReplayWorker replayWorker(Database database, Clock clock, HoldReplay holds, DryRun dryRun) {
    return new ReplayWorker(
        database.dataSource(),
        clock,
        database.instance().id() + "-" + ProcessHandle.current().pid(),
        holds,
        dryRun,
        Spike.USUAL);
  }

  @Bean("serai")
  SeraiComponent seraiComponent(Hub hub, @Value("${SERAI_AS2_PORT:4080}") int as2Port) {
    return new SeraiComponent(hub, as2Port);
  }

  @Bean
  ServletRegistrationBean<WebhookServlet> webhookServlet(
      SeraiComponent component, Configuration configuration, MeterRegistry meters) {
    var servlet = new WebhookServlet(component, configuration, LARGEST_WEBHOOK);
    for (var account : configuration.accounts().keySet()) {
      FunctionCounter.builder("serai.webhooks.refused", servlet, s -> s.refusedSignatures(account))
          .description("Webhooks whose signature was missing or wrong; nothing of them is stored.")
          .tag("account", account)
          .register(meters);
    }
    var registration = new ServletRegistrationBean<>(servlet, "/webhooks/*");
    registration.setAsyncSupported(true);
    registration.setLoadOnStartup(1);
    registration.setName("webhooks");
    return registration;
  }

  // Programs log in here and people at the console; webhooks prove themselves by signature and
  // never pass here.
  @Bean
  DelegatingFilterProxyRegistrationBean securityFilter() {
    var filter = new DelegatingFilterProxyRegistrationBean("springSecurityFilterChain");
    filter.setUrlPatterns(List.of("/api/*"));
    filter.setOrder(-100);
    filter.setDispatcherTypes(
        EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR));
    return filter;
  }

  @Bean
  RouteLoader routeLoader(
      CamelContext camel,
      Catalog catalog,
      Configuration configuration,
      Mappings mappings,
      Rules rules,
      Exchange exchange,
      Clock clock,
      ConfigurableEnvironment environment) {
    var more = environment.getProperty("serai.routes.components", String[].class, new String[0]);
    var loader =
        new RouteLoader(
            camel, catalog, configuration, mappings, Set.of(more), clock, Duration.ofSeconds(15));
    loader.follow(rules);
    loader.follow(exchange.partners());
    return loader;
  }

  @Bean
  OrderJudge orderJudge() {
    var documents = new CanonicalDocuments();
    return (order, account) -> documents.read("order", order, account);
  }

  @Bean
  RouteStates routeStates(RouteLoader routes) {
    return routes::states;
  }

  @Bean
  Sightings sightings(SeraiComponent component) {
    return component.sightings();
  }

  @Bean
  HubLifecycle hubLifecycle(
      Database database,
      Configuration configuration,
      RouteLoader routes,
      Inbox inbox,
      InboxRunner runner,
      Apply apply,
      Outbox outbox,
      ReplayWorker replays,
      StockPublisher publisher,
      ItemMaster items,
      FollowUps followUps,
      ChannelHolds channelHolds,
      RouteStops routeStops,
      FeedFiles feedFiles,
      StockUpkeep stock,
      StockCheck check,
      Retention retention,
      DriftLog drift,
      Sightings sightings,
      Catalog catalog) {
    return new HubLifecycle(
        database.dataSource(),
        configuration,
        routes,
        inbox,
        runner,
        apply,
        outbox,
        replays,
        publisher,
        items,
        followUps,
        channelHolds,
        routeStops,
        feedFiles,
        stock,
        check,
        retention,
        database.leases(),
        drift,
        sightings,
        catalog);
  }
}
