package io.serai;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Leaves out the auto-configurations that nobody asked for: those of components, languages and data
 * formats without a property of theirs, and those of parts that Serai does without, of Spring's
 * too. Camel makes such a component all the same when a route names it; what is saved is the time
 * to find out, once for each of hundreds, at every start.
 */
public final class UnaskedAutoConfigurations
    implements AutoConfigurationImportFilter, EnvironmentAware {
  private static final Pattern PART =
      Pattern.compile(
          "org\\.apache\\.camel\\..*\\.springboot\\.(\\w+?)(Component|Language|DataFormat)(AutoConfiguration|\\w*Converter)");
  private static final Pattern UNUSED =
      Pattern.compile(
          "org\\.apache\\.camel\\.(spring\\.boot\\.(vault|cloud|cluster|routecontroller|trace|actuate)|model\\.rest)\\..*");

  /** Parts of Spring that the hub has no use for: it has clients, pools and clocks of its own. */
  private static final Pattern SPRING =
      Pattern.compile(
          "org\\.springframework\\.boot\\.(actuate\\.)?autoconfigure\\..*\\."
              + "(Aop|Jdbc\\w+|DataSourceTransactionManager|Transaction\\w*|PersistenceExceptionTranslation"
              + "|SqlInitialization|Netty|Reactor|Multipart"
              + "|HttpClient\\w*|RestClient|RestTemplate|TaskScheduling|TaskExecutorMetrics|ScheduledTasks\\w+|SslHealth\\w*|SslObservability"
              + "|OpenTelemetry\\w*|Otlp\\w*)"
              + "AutoConfiguration");

  private Map<String, Set<String>> asked = Map.of();

  @Override
  public void setEnvironment(Environment environment) {
    asked =
        Map.of(
            "Component", names(environment, "camel.component"),
            "Language", names(environment, "camel.language"),
            "DataFormat", names(environment, "camel.dataformat"));
  }

  // The environment writes vertx-http as VERTXHTTP, the class as VertxHttp.
  private static Set<String> names(Environment environment, String prefix) {
    return Binder.get(environment)
        .bind(prefix, Bindable.mapOf(String.class, Object.class))
        .orElse(Map.of())
        .keySet()
        .stream()
        .map(UnaskedAutoConfigurations::plain)
        .collect(Collectors.toSet());
  }

  private static String plain(String name) {
    return name.replace("-", "").toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean[] match(String[] classes, AutoConfigurationMetadata metadata) {
    var matches = new boolean[classes.length];
    for (var i = 0; i < classes.length; i++) {
      matches[i] = classes[i] == null || isAsked(classes[i]);
    }
    return matches;
  }

  private boolean isAsked(String name) {
    if (UNUSED.matcher(name).matches() || SPRING.matcher(name).matches()) {
      return false;
    }
    if (name.startsWith("org.apache.camel.component.platform.http.")) {
      return true; // Camel's HTTP server asks for its component by name
    }
    var part = PART.matcher(name);
    return !part.matches() || asked.get(part.group(2)).contains(plain(part.group(1)));
  }
}
