package io.serai;

import io.serai.access.AccessRefused;
import io.serai.catalog.BadConfiguration;
import io.serai.database.Database;
import io.serai.database.DatabaseRefused;
import io.serai.database.DatabaseSettings;
import io.serai.hub.Restoration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.MapPropertySource;

/** Starts the hub in this process: the database and the application come up side by side. */
public final class HubProcess {
  private static final Logger LOG = LoggerFactory.getLogger(HubProcess.class);

  /** Hubs begun in this process. */
  private static final AtomicInteger BEGUN = new AtomicInteger();

  private HubProcess() {}

  /** Runs the hub until the process is told to stop; answers the exit code when it cannot start. */
  public static int run(Path config) {
    if (config != null && !Files.isRegularFile(config)) {
      return refused(
          "Configuration file '%s' does not exist. Name one that does.".formatted(config));
    }
    try {
      start(config, System.getenv(), Map.of());
      Variables.complaints(System.getenv().keySet()).forEach(LOG::warn);
      return -1;
    } catch (Exception e) {
      LOG.debug("The hub did not start", e);
      return refused(sentence(e));
    }
  }

  /** Brings the tables forward and nothing else; answers the exit code. */
  public static int migrate() {
    try {
      var settings = DatabaseSettings.from(System.getenv());
      System.out.printf(
          "The tables at '%s' are at version %s.%n",
          settings.external().map(DatabaseSettings.External::url).orElse(""),
          Database.migrate(settings));
      return 0;
    } catch (DatabaseRefused e) {
      return refused(e.getMessage());
    }
  }

  /**
   * Says that the database was set back to an older point, which hubs then heed; answers the exit
   * code. No hub may run meanwhile.
   */
  public static int restored(Instant at) {
    try {
      System.out.println(restored(at, System.getenv()));
      return 0;
    } catch (RuntimeException e) {
      return refused(e.getMessage());
    }
  }

  static String restored(Instant at, Map<String, String> environment) {
    try (var database = Database.open(DatabaseSettings.from(environment))) {
      var now = database.clock().instant();
      if (at.isAfter(now)) {
        throw new IllegalArgumentException(
            "'%s' is yet to come. Name the point that the database was set back to.".formatted(at));
      }
      var done = new Restoration(at, now).declare(database.dataSource());
      return "The database at '%s' is known to be as it was at %s. Of %d deliveries nobody knows whether they were sent since: none is sent blindly. %d open orders are held, and so are orders placed until now that come anew. Start the hubs."
          .formatted(database.address(), at, done.deliveries(), done.orders());
    } catch (SQLException e) {
      throw new IllegalStateException(
          "That the database was set back could not be stored (%s). Correct the cause and say it again."
              .formatted(e.getMessage()),
          e);
    }
  }

  /** Says why nothing is begun, where the process ends because of it; answers the exit code. */
  static int refused(String sentence) {
    System.err.println(LogFormat.last(sentence, System.getenv(), Clock.systemUTC()));
    return 1;
  }

  /**
   * Starts the hub and returns when it takes traffic.
   *
   * @param config the installation's configuration, or null
   * @param environment where the database settings stand
   * @param properties what overrides the configuration
   */
  public static ConfigurableApplicationContext start(
      Path config, Map<String, String> environment, Map<String, Object> properties) {
    var began = System.nanoTime();
    var opening =
        CompletableFuture.supplyAsync(
            () -> Database.open(DatabaseSettings.from(environment)),
            // A thread of our own sees the drivers in a fat jar; one of the common pool does not.
            task -> Thread.ofPlatform().name("serai-opening").start(task));
    Supplier<Database> database =
        () -> {
          try {
            return opening.join();
          } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
          }
        };
    var all = new LinkedHashMap<String, Object>(properties);
    // Two of one name would ring their polls by one scheduler, until one of them ends.
    var hub = BEGUN.incrementAndGet();
    var name = new MapPropertySource("hub", Map.of("camel.main.name", "serai-" + hub));
    if (config != null) {
      all.put("spring.config.additional-location", "file:" + config.toAbsolutePath());
    }
    try {
      var context =
          new SpringApplicationBuilder(HubWiring.class)
              .web(WebApplicationType.SERVLET)
              .properties(all)
              .logStartupInfo(false)
              .initializers(
                  c -> {
                    if (hub > 1) {
                      c.getEnvironment().getPropertySources().addFirst(name);
                    }
                    if (c instanceof GenericApplicationContext generic) {
                      var definition = new RootBeanDefinition(Supplier.class);
                      definition.setInstanceSupplier(() -> database);
                      definition.setTargetType(
                          ResolvableType.forClassWithGenerics(Supplier.class, Database.class));
                      generic.registerBeanDefinition("opening", definition);
                    }
                  })
              .run();
      LOG.info(
          "Serai takes orders on port {} after {} s, pid {}",
          context.getEnvironment().getProperty("local.server.port"),
          "%.1f".formatted((System.nanoTime() - began) / 1e9),
          ProcessHandle.current().pid());
      return context;
    } catch (RuntimeException e) {
      opening.thenAccept(Database::close);
      throw e;
    }
  }

  private static String sentence(Throwable thrown) {
    for (var cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof DatabaseRefused
          || cause instanceof BadConfiguration
          || cause instanceof AccessRefused) {
        return cause.getMessage();
      }
      if (cause.getCause() == null) {
        return "The hub did not start: " + cause.getMessage();
      }
    }
    return "The hub did not start.";
  }
}
