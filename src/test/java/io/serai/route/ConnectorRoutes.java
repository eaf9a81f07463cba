package io.serai.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.serai.camel.EventLoopHttpComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;

/** The real routes and kamelets of some accounts, with a double in place of the core. */
final class ConnectorRoutes implements AutoCloseable {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private final DefaultCamelContext context = new DefaultCamelContext();
  final SeraiDouble serai = new SeraiDouble(context);

  /** Account {@code shopify-main} at the first address and {@code northwind} at the second. */
  ConnectorRoutes(String shop, String warehouse) throws Exception {
    this(
        Map.of(
            "shopify", new Account("shopify-main", Map.of("base-url", shop)),
            "rest-3pl", new Account("northwind", Map.of("base-url", warehouse))));
  }

  /** An account and what is set of its connector's parameters. */
  record Account(String name, Map<String, String> parameters) {}

  /** One account of each of these connectors. */
  ConnectorRoutes(Map<String, Account> accounts) throws Exception {
    context.addComponent("serai", serai);
    context.addComponent("vertx-http", new EventLoopHttpComponent());
    for (var account : accounts.values()) {
      account
          .parameters()
          .forEach(
              (key, value) ->
                  context
                      .getPropertiesComponent()
                      .addOverrideProperty("serai.channels." + account.name() + "." + key, value));
    }
    KameletComponent kamelets = context.getComponent("kamelet", KameletComponent.class);
    kamelets.setLocation(Path.of("connectors").toUri().toString());
    kamelets.setNoErrorHandler(true);
    try (Stream<Path> files = Files.walk(Path.of("routes"))) {
      for (Path file :
          files
              .filter(
                  f ->
                      f.getFileName()
                          .toString()
                          .matches("(" + String.join("|", accounts.keySet()) + ")-.*yaml"))
              .toList()) {
        PluginHelper.getRoutesLoader(context)
            .loadRoutes(
                PluginHelper.getResourceLoader(context)
                    .resolveResource("file:" + file.toAbsolutePath()));
      }
    }
    for (var account : accounts.entrySet()) {
      JsonNode profile =
          YAML.readTree(Path.of("connectors", account.getKey() + ".connector.yaml").toFile());
      for (JsonNode use : profile.get("routes")) {
        if (use.isTextual()) {
          instantiate(profile, use.asText(), account.getValue());
        } else if (!"false".equals(value(profile, use.get("when").asText(), account.getValue()))) {
          instantiate(profile, use.get("template").asText(), account.getValue());
        }
      }
    }
    context.start();
  }

  @Override
  public void close() {
    context.stop();
  }

  private void instantiate(JsonNode profile, String template, Account account) {
    var builder =
        TemplatedRouteBuilder.builder(context, template)
            .routeId(template + "@" + account.name())
            .parameter("account", account.name());
    profile
        .get("parameters")
        .properties()
        .forEach(
            p -> {
              if (!p.getValue().path("secret").asBoolean()) {
                builder.parameter(camelCase(p.getKey()), value(profile, p.getKey(), account));
              }
            });
    builder.add();
  }

  private static String value(JsonNode profile, String key, Account account) {
    return account
        .parameters()
        .getOrDefault(key, profile.get("parameters").path(key).path("default").asText("x"));
  }

  private static String camelCase(String kebab) {
    var name = new StringBuilder();
    for (String part : kebab.split("-")) {
      name.append(
          name.isEmpty()
              ? part
              : part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1));
    }
    return name.toString();
  }
}
