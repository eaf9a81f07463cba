package io.serai.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
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
            "shopify", new String[] {"shopify-main", shop},
            "rest-3pl", new String[] {"northwind", warehouse}));
  }

  /** One account per connector: its name and the address it is at. */
  ConnectorRoutes(Map<String, String[]> accounts) throws Exception {
    context.addComponent("serai", serai);
    KameletComponent kamelets = context.getComponent("kamelet", KameletComponent.class);
    kamelets.setLocation(Path.of("connectors").toUri().toString());
    kamelets.setNoErrorHandler(true);
    try (Stream<Path> files = Files.walk(Path.of("routes"))) {
      for (Path file :
          files
              .filter(
                  f ->
                      accounts.keySet().stream()
                          .anyMatch(c -> f.getFileName().toString().startsWith(c + "-")))
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
        instantiate(
            profile,
            use.isTextual() ? use.asText() : use.get("template").asText(),
            account.getValue());
      }
    }
    context.start();
  }

  @Override
  public void close() {
    context.stop();
  }

  private void instantiate(JsonNode profile, String template, String[] account) {
    var builder =
        TemplatedRouteBuilder.builder(context, template)
            .routeId(template + "@" + account[0])
            .parameter("account", account[0]);
    profile
        .get("parameters")
        .properties()
        .forEach(
            p -> {
              if (!p.getValue().path("secret").asBoolean()) {
                builder.parameter(
                    camelCase(p.getKey()),
                    p.getKey().equals("base-url")
                        ? account[1]
                        : p.getValue().path("default").asText("x"));
              }
            });
    builder.add();
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
