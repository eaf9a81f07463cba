package io.serai.camel;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.startup.Tomcat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port that partners' AS2 messages come in by, one for all accounts: opened when the first
 * route takes some, and not before. An account is known by the two names in a message.
 *
 * <p>camel-as2 has a certificate and a route a port, decides on the receipt before it is known
 * whether the file was stored, and keeps the Message-ID to itself; so the port is ours.
 */
public final class As2Listener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(As2Listener.class);
  private static final int THREADS = 32;
  private static final int CONNECTIONS = 256;
  private static final int HEADER_BYTES = 16 << 10;
  private static final String QUIET_MILLIS = "20000";

  private record Names(String ours, String theirs) {}

  private final int wanted;
  private final Map<Names, As2Consumer> consumers = new ConcurrentHashMap<>();
  private final Map<Names, String> accounts = new ConcurrentHashMap<>();
  private Tomcat server;

  As2Listener(int port) {
    this.wanted = port;
  }

  /** The port it listens at, or 0 when nobody needs it. */
  public synchronized int port() {
    return server == null ? 0 : server.getConnector().getLocalPort();
  }

  synchronized void add(As2Consumer consumer) throws IOException {
    var names = names(consumer);
    var account = consumer.account();
    var other = accounts.putIfAbsent(names, account);
    if (other != null && !other.equals(account) && consumers.containsKey(names)) {
      throw new IllegalArgumentException(
          "Accounts '%s' and '%s' both exchange files between '%s' and '%s' over AS2, so nobody knows whose a message is. Change 'as2-our-name' or 'as2-their-name' of one."
              .formatted(other, account, names.ours(), names.theirs()));
    }
    accounts.put(names, account);
    consumers.put(names, consumer);
    if (server == null) {
      server = open();
      LOG.info(
          "AS2 messages are taken at port {}, path /as2", server.getConnector().getLocalPort());
    }
    notifyAll();
  }

  // The port stays open while routes are swapped.
  void remove(As2Consumer consumer) {
    consumers.remove(names(consumer), consumer);
  }

  private static Names names(As2Consumer consumer) {
    return new Names(consumer.partner().ours(), consumer.partner().theirs());
  }

  /** Whose messages have these names, or null. */
  String account(String from, String to) {
    return from == null || to == null ? null : accounts.get(new Names(to, from));
  }

  /** The route that takes them, waiting for it while it is swapped; null when none came. */
  As2Consumer await(String from, String to, long millis) throws InterruptedException {
    var names = new Names(to, from);
    var until = System.nanoTime() + millis * 1_000_000;
    synchronized (this) {
      while (!consumers.containsKey(names)) {
        var left = (until - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return null;
        }
        wait(left);
      }
      return consumers.get(names);
    }
  }

  private Tomcat open() throws IOException {
    var tomcat = new Tomcat();
    var folder = Files.createTempDirectory("serai-as2");
    tomcat.setBaseDir(folder.toString());
    var connector = new Connector("HTTP/1.1");
    connector.setPort(wanted);
    connector.setXpoweredBy(false);
    connector.setProperty("maxThreads", String.valueOf(THREADS));
    connector.setProperty("minSpareThreads", "1");
    connector.setProperty("maxConnections", String.valueOf(CONNECTIONS));
    connector.setProperty("maxHttpRequestHeaderSize", String.valueOf(HEADER_BYTES));
    connector.setProperty("connectionTimeout", QUIET_MILLIS);
    connector.setProperty("maxSwallowSize", "0"); // what is refused is not read to its end
    connector.setProperty("bindOnInit", "false");
    connector.setThrowOnFailure(true);
    tomcat.setConnector(connector);
    if (tomcat.getHost() instanceof StandardHost host) {
      host.setErrorReportValveClass(""); // its pages say more than a stranger has to know
    }
    var context = tomcat.addContext("", null);
    Tomcat.addServlet(context, "as2", new As2Servlet(this));
    context.addServletMappingDecoded("/as2", "as2");
    try {
      tomcat.start();
    } catch (LifecycleException e) {
      close(tomcat);
      throw new IOException(
          "Port %d, which partners send AS2 messages to, cannot be opened (%s). Set SERAI_AS2_PORT to a free one."
              .formatted(wanted, Receipts.reason(root(e))),
          e);
    }
    return tomcat;
  }

  private static Throwable root(Throwable thrown) {
    var root = thrown;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root;
  }

  @Override
  public synchronized void close() {
    if (server != null) {
      close(server);
      server = null;
    }
  }

  private static void close(Tomcat tomcat) {
    try {
      tomcat.stop();
      tomcat.destroy();
      try (var files = Files.walk(tomcat.getServer().getCatalinaBase().toPath())) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    } catch (LifecycleException | IOException e) {
      LOG.warn("The AS2 port did not close: {}", e.getMessage());
    }
  }
}
