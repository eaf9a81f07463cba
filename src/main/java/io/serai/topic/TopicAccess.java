package io.serai.topic;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.function.Supplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;

/**
 * Which brokers an account talks to, and how it proves itself there.
 *
 * @param account as sentences name it
 * @param brokers where the first of them are asked, as {@code host:9092}
 * @param protocol {@code PLAINTEXT}, {@code SSL}, {@code SASL_PLAINTEXT} or {@code SASL_SSL}
 * @param mechanism of SASL: {@code PLAIN}, {@code SCRAM-SHA-256} or {@code SCRAM-SHA-512}
 * @param username who logs in, or null
 * @param password its secret, or null
 * @param authority certificates that brokers are trusted by, as PEM, or null for those of the JDK
 * @param certificate our own certificate with its chain, as PEM, or null
 * @param key its private key in PKCS#8, as PEM, or null
 * @param connect how long it may take until a broker answers at all
 * @param call how long one request may take, with everything that is tried again in it
 */
public record TopicAccess(
    String account,
    List<String> brokers,
    String protocol,
    String mechanism,
    String username,
    String password,
    String authority,
    String certificate,
    String key,
    Duration connect,
    Duration call) {
  private static final String MODULES = "org.apache.kafka.common.security.";

  /** Keeps the list unchangeable. */
  public TopicAccess {
    brokers = List.copyOf(brokers);
  }

  /** Where it is, for sentences. */
  String where() {
    return String.join(", ", brokers);
  }

  /** What every client of it is made of. */
  Properties properties() {
    var settings = new Properties();
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, String.join(",", brokers));
    settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, "serai-" + account);
    settings.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, protocol);
    settings.put(
        CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, connect.toMillis() + "");
    settings.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, "2000");
    settings.put(CommonClientConfigs.METADATA_MAX_AGE_CONFIG, "30000");
    // our metrics are Micrometer's, and what we do is nobody's telemetry
    settings.put("auto.include.jmx.reporter", "false");
    settings.put("enable.metrics.push", "false");
    if (protocol.startsWith("SASL")) {
      settings.put(SaslConfigs.SASL_MECHANISM, mechanism);
      settings.put(SaslConfigs.SASL_JAAS_CONFIG, login());
    }
    if (protocol.endsWith("SSL")) {
      tls(settings);
    }
    return settings;
  }

  private String login() {
    var module = "PLAIN".equals(mechanism) ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
    return "%s%s required username=%s password=%s;"
        .formatted(MODULES, module, quoted(username), quoted(password));
  }

  // As JAAS reads it: whatever a password is made of, it ends nothing.
  private static String quoted(String text) {
    return '"' + (text == null ? "" : text.replace("\\", "\\\\").replace("\"", "\\\"")) + '"';
  }

  private void tls(Properties settings) {
    if (authority != null) {
      settings.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PEM");
      settings.put(SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG, authority);
    }
    if (certificate != null && key != null) {
      settings.put(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, "PEM");
      settings.put(SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG, certificate);
      settings.put(SslConfigs.SSL_KEYSTORE_KEY_CONFIG, key);
    }
  }

  /** Makes a client, which looks for its own classes where it comes from itself. */
  static <T> T client(Supplier<T> make) {
    var thread = Thread.currentThread();
    var before = thread.getContextClassLoader();
    thread.setContextClassLoader(KafkaConsumer.class.getClassLoader());
    try {
      return make.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** Says neither password nor key. */
  @Override
  public String toString() {
    return "TopicAccess[account=%s, brokers=%s, protocol=%s]".formatted(account, brokers, protocol);
  }

  /** Brokers as people write them: one text with commas is several. */
  public static List<String> brokers(List<String> written) {
    return written.stream()
        .flatMap(one -> Arrays.stream(one.split(",")))
        .map(one -> one.strip().toLowerCase(Locale.ROOT))
        .filter(one -> !one.isEmpty())
        .toList();
  }
}
