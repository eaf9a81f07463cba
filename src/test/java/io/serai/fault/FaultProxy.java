package io.serai.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP proxy with bad days, for any protocol: HTTP, PostgreSQL, Kafka and SFTP alike. Forwards
 * until told otherwise; what it is told holds at once, for open connections and new ones, and bytes
 * are counted for each connection from then on.
 *
 * <pre>{@code
 * try (var proxy = FaultProxy.to("127.0.0.1", partner.port())) {
 *   proxy.swallowAnswers(); // the effect happens, nobody hears of it
 * }
 * }</pre>
 */
public final class FaultProxy implements AutoCloseable {
  /** Which way bytes flow. */
  public enum Way {
    /** From the client to the target. */
    REQUEST,
    /** From the target back to the client. */
    ANSWER
  }

  private enum Kind {
    FORWARD,
    DELAY,
    CUT,
    RESET,
    SWALLOW,
    LOSE,
    REFUSE
  }

  /** What goes wrong; a new one is a new count of bytes. */
  private record Fault(Kind kind, Way way, long bytes, Duration delay) {}

  private static final Fault NONE = new Fault(Kind.FORWARD, null, 0, Duration.ZERO);

  private final InetSocketAddress target;
  private final ServerSocket server;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicLong requested = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private volatile Fault fault = NONE;

  private FaultProxy(InetSocketAddress target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("fault-proxy-accept").start(this::accept);
  }

  /** A proxy in front of this target, on a free port of the loopback interface. */
  public static FaultProxy to(String host, int port) {
    try {
      return new FaultProxy(new InetSocketAddress(host, port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where clients connect. */
  public int port() {
    return server.getLocalPort();
  }

  /** Everything passes. */
  public void forward() {
    fault = NONE;
  }

  /** Everything passes, each piece later by {@code delay}. */
  public void delay(Duration delay) {
    fault = new Fault(Kind.DELAY, null, 0, delay);
  }

  /** After so many bytes one way, both sides see an orderly end. */
  public void cutAfter(Way way, long bytes) {
    fault = new Fault(Kind.CUT, way, bytes, Duration.ZERO);
  }

  /** After so many bytes one way, both sides see a reset; with none, when the first one comes. */
  public void resetAfter(Way way, long bytes) {
    fault = new Fault(Kind.RESET, way, bytes, Duration.ZERO);
  }

  /** Requests arrive; answers never do, and the client waits for its own deadline. */
  public void swallowAnswers() {
    fault = new Fault(Kind.SWALLOW, Way.ANSWER, 0, Duration.ZERO);
  }

  /** Requests arrive and are answered; at the first byte of the answer the client is reset. */
  public void loseAnswers() {
    fault = new Fault(Kind.LOSE, Way.ANSWER, 0, Duration.ZERO);
  }

  /** New connections are reset before a byte of them reaches the target; open ones go on. */
  public void refuse() {
    fault = new Fault(Kind.REFUSE, null, 0, Duration.ZERO);
  }

  /** Resets every open connection now, whatever it is doing. */
  public void resetAll() {
    links.forEach(Link::reset);
  }

  /** Connections accepted so far, refused ones too. */
  public int accepted() {
    return accepted.get();
  }

  /** Connections open now. */
  public int open() {
    return links.size();
  }

  /** Bytes that were let through so far. */
  public long passed(Way way) {
    return (way == Way.REQUEST ? requested : answered).get();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      // closed is closed
    }
    links.forEach(Link::end);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var client = server.accept();
        accepted.incrementAndGet();
        if (fault.kind() == Kind.REFUSE) {
          reset(client);
        } else {
          Thread.ofVirtual().name("fault-proxy-connect").start(() -> connect(client));
        }
      } catch (IOException e) {
        // closed, or a client that was gone before it was accepted
      }
    }
  }

  private void connect(Socket client) {
    var upstream = new Socket();
    try {
      upstream.connect(target, 5_000);
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
    } catch (IOException targetIsAway) {
      reset(client);
      return;
    }
    var link = new Link(client, upstream);
    links.add(link);
    Thread.ofVirtual().start(() -> link.pump(Way.REQUEST, client, upstream));
    Thread.ofVirtual().start(() -> link.pump(Way.ANSWER, upstream, client));
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0); // closing with nothing to linger for sends RST
      socket.close();
    } catch (IOException e) {
      // gone already
    }
  }

  private final class Link {
    private final Socket client;
    private final Socket upstream;

    Link(Socket client, Socket upstream) {
      this.client = client;
      this.upstream = upstream;
    }

    void pump(Way way, Socket from, Socket to) {
      var buffer = new byte[16 * 1024];
      var counted = fault;
      long passed = 0;
      try {
        for (int read; (read = from.getInputStream().read(buffer)) >= 0; ) {
          var now = fault;
          if (now != counted) {
            counted = now;
            passed = 0;
          }
          int allowed = read;
          switch (now.kind()) {
            case DELAY -> Thread.sleep(now.delay());
            case CUT, RESET -> {
              if (now.way() == way) {
                allowed = (int) Math.min(read, now.bytes() - passed);
              }
            }
            case SWALLOW -> allowed = now.way() == way ? 0 : read;
            case LOSE -> {
              if (now.way() == way) {
                reset();
                return;
              }
            }
            case FORWARD, REFUSE -> {}
          }
          to.getOutputStream().write(buffer, 0, allowed);
          passed += allowed;
          (way == Way.REQUEST ? requested : answered).addAndGet(allowed);
          if (allowed < read && now.kind() != Kind.SWALLOW) {
            if (now.kind() == Kind.RESET) {
              reset();
            } else {
              end();
            }
            return;
          }
        }
        to.shutdownOutput(); // half closed, as the sender did
      } catch (IOException | InterruptedException gone) {
        end();
      }
      if (from.isOutputShutdown()) { // the other way is done, too
        end();
      }
    }

    void reset() {
      links.remove(this);
      FaultProxy.reset(client);
      FaultProxy.reset(upstream);
    }

    void end() {
      links.remove(this);
      for (var socket : Arrays.asList(client, upstream)) {
        try {
          socket.close();
        } catch (IOException e) {
          // gone already
        }
      }
    }
  }
}
