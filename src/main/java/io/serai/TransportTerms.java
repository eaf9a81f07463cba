package io.serai;

import io.serai.catalog.BadConfiguration;
import io.serai.catalog.Fault;
import io.serai.catalog.Section;
import io.serai.intake.TransportSettings;
import io.serai.topic.TopicAccess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Where documents are accepted into, as {@code serai.transport} and {@code serai.kafka} say. */
final class TransportTerms {
  private static final String KAFKA = "serai.kafka";
  private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LEAST_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(3);
  private static final List<String> PROTOCOLS =
      List.of("SASL_SSL", "SSL", "SASL_PLAINTEXT", "PLAINTEXT");
  private static final List<String> MECHANISMS = List.of("SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN");

  private final Environment environment;
  private final List<Fault> faults = new ArrayList<>();

  private TransportTerms(Environment environment) {
    this.environment = environment;
  }

  /**
   * Reads and judges; empty when documents go to the database at once.
   *
   * @throws BadConfiguration with every fault, when there is one
   */
  static Optional<TransportSettings> read(Environment environment) {
    var transport = environment.getProperty("serai.transport", "postgres").strip();
    return switch (transport.toLowerCase(Locale.ROOT)) {
      case "", "postgres" -> Optional.empty();
      case "kafka" -> Optional.of(new TransportTerms(environment).kafka());
      default ->
          throw new BadConfiguration(
              List.of(
                  new Fault(
                      "serai.transport",
                      0,
                      "Nothing is accepted by '%s'".formatted(transport),
                      "Write 'postgres' or 'kafka'")));
    };
  }

  private TransportSettings kafka() {
    var brokers =
        TopicAccess.brokers(
            Binder.get(environment)
                .bind(KAFKA + ".bootstrap-servers", Bindable.listOf(String.class))
                .orElse(List.of()));
    if (brokers.isEmpty()) {
      fault("bootstrap-servers", "No broker is named", "Name some, as in 'broker-1:9092'");
    }
    var protocol = choice("security-protocol", PROTOCOLS);
    var mechanism = choice("sasl-mechanism", MECHANISMS);
    if (protocol.startsWith("SASL") && text("username") == null) {
      fault(
          "username",
          "Nobody is named who logs in by '%s'".formatted(protocol),
          "Name who does, or set 'serai.kafka.security-protocol'");
    }
    var timeout = timeout();
    var settings =
        new TransportSettings(
            access(brokers, protocol, mechanism, timeout),
            text("topic", "serai.intake.v1"),
            text("group", "serai-intake"),
            flag("allow-single-broker"),
            timeout);
    if (!faults.isEmpty()) {
      throw new BadConfiguration(faults);
    }
    return settings;
  }

  private TopicAccess access(
      List<String> brokers, String protocol, String mechanism, Duration timeout) {
    var half = timeout.dividedBy(2);
    var connect = half.compareTo(LONGEST_CONNECT) < 0 ? half : LONGEST_CONNECT;
    return new TopicAccess(
        KAFKA,
        brokers,
        protocol,
        mechanism,
        text("username"),
        text("password"),
        text("ca-certificate"),
        text("client-certificate"),
        text("client-key"),
        connect,
        timeout.plus(connect)); // the writer leaves as much of it to learning of the topic
  }

  private Duration timeout() {
    var text = text("timeout");
    var given = text == null ? USUAL_TIMEOUT : Section.duration(text);
    if (given == null
        || given.compareTo(LEAST_TIMEOUT) < 0
        || given.compareTo(LONGEST_TIMEOUT) > 0) {
      fault(
          "timeout",
          "Nobody waits for brokers for '%s'".formatted(text),
          "Write a time from 1s to 20s");
      return USUAL_TIMEOUT;
    }
    return given;
  }

  private boolean flag(String name) {
    var text = text(name, "false").toLowerCase(Locale.ROOT);
    if (!text.equals("true") && !text.equals("false")) {
      fault(name, "'%s' is neither yes nor no".formatted(text), "Write 'true' or 'false'");
    }
    return text.equals("true");
  }

  private String choice(String name, List<String> choices) {
    var text = text(name, choices.getFirst()).toUpperCase(Locale.ROOT);
    if (!choices.contains(text)) {
      fault(
          name,
          "Brokers do not know '%s'".formatted(text),
          "Write one of " + String.join(", ", choices));
    }
    return text;
  }

  private String text(String name, String usual) {
    var text = text(name);
    return text == null ? usual : text;
  }

  private String text(String name) {
    var text = environment.getProperty(KAFKA + "." + name);
    return text == null || text.isBlank() ? null : text.strip();
  }

  private void fault(String name, String what, String remedy) {
    faults.add(new Fault(KAFKA + "." + name, 0, what, remedy));
  }
}
