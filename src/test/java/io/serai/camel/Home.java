package io.serai.camel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** A home with a small connector in it, which tests then change. */
final class Home {
  static final String CONNECTOR =
      """
      connector: acme
      title: Acme
      kind: channel
      description: A shop for tests.
      parameters:
        base-url: { description: Root of the API., required: true, type: url }
        token: { description: Key of the API., required: true, secret: true }
        publish: { description: Whether stock goes there., type: boolean, default: true }
      operations:
        stock: { repeat: idempotent }
      routes:
        - acme-order-normalize
        - { template: acme-stock-out, when: publish }
      """;
  static final String NORMALIZE =
      """
      - routeTemplate:
          id: acme-order-normalize
          parameters: [{ name: account }]
          from:
            uri: serai:inbox/order
            parameters: { account: "{{account}}" }
            steps:
              - to: { id: acme-order-normalize-map, uri: "serai:map/acme/order.in.jslt" }
              - to: { id: acme-order-normalize-apply, uri: "serai:apply/order" }
      """;
  static final String STOCK =
      """
      - routeTemplate:
          id: acme-stock-out
          parameters: [{ name: account }, { name: baseUrl }]
          from:
            uri: serai:outbox/stock
            parameters: { destination: "{{account}}" }
            steps:
              - to:
                  id: acme-stock-out-send
                  uri: kamelet:acme-stock-sink
                  parameters: { baseUrl: "{{baseUrl}}" }
              - to: { id: acme-stock-out-receipt, uri: "serai:map/acme/receipt.in.jslt" }
      """;
  static final String SINK =
      """
      apiVersion: camel.apache.org/v1
      kind: Kamelet
      metadata:
        name: acme-stock-sink
        labels: { camel.apache.org/kamelet.type: sink }
        annotations:
          camel.apache.org/provider: Serai
          camel.apache.org/kamelet.group: Acme
          camel.apache.org/kamelet.namespace: Shop
          camel.apache.org/kamelet.support.level: Stable
          camel.apache.org/catalog.version: "1.0.0"
      spec:
        definition:
          title: Acme Stock Sink
          description: Tell Acme what is in stock. Safe to repeat.
          type: object
          required: [baseUrl]
          properties:
            baseUrl: { title: Base URL, description: Root of the API., type: string }
        template:
          from:
            uri: kamelet:source
            steps:
              - setBody: { simple: "v1 {{baseUrl}} ${body}" }
      """;

  private final Path root;

  private Home(Path root) {
    this.root = root;
  }

  /** A folder with one good connector. */
  static Home with(Path root) {
    var home = new Home(root);
    home.write("connectors/acme.connector.yaml", CONNECTOR);
    home.write("connectors/acme-stock-sink.kamelet.yaml", SINK);
    home.write("routes/process/acme-order-normalize.camel.yaml", NORMALIZE);
    home.write("routes/outbound/acme-stock-out.camel.yaml", STOCK);
    home.write("mappings/acme/order.in.jslt", "// acme order to canonical\n.");
    home.write("mappings/acme/receipt.in.jslt", "// acme receipt\n.");
    return home;
  }

  Path root() {
    return root;
  }

  void write(String path, String text) {
    try {
      var file = root.resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void delete(String path) {
    try {
      Files.delete(root.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Two shops of that connector. */
  static StandardEnvironment environment() {
    var environment = new StandardEnvironment();
    environment.getPropertySources().remove("systemEnvironment");
    var settings = new LinkedHashMap<String, Object>();
    settings.put("serai.channels.north.connector", "acme");
    settings.put("serai.channels.north.base-url", "https://north.example");
    settings.put("serai.channels.north.token", "north-secret");
    settings.put("serai.channels.south.connector", "acme");
    settings.put("serai.channels.south.base-url", "https://south.example");
    settings.put("serai.channels.south.token", "south-secret");
    settings.put("serai.channels.south.publish", "false");
    environment.getPropertySources().addFirst(new MapPropertySource("test", settings));
    return environment;
  }
}
