package io.serai.transport;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A partner that answers as it is told, right or wrong, and sends what it is told. It is STORE, and
 * the hub is HUB.
 */
public final class As2Stub implements AutoCloseable {
  /** An answer over HTTP. */
  public record Answer(int status, Map<String, String> headers, byte[] body) {
    /** Without a body. */
    public static Answer of(int status) {
      return new Answer(status, Map.of(), new byte[0]);
    }
  }

  /** What it answers to a message. */
  @FunctionalInterface
  public interface Answering {
    /** Answers one. */
    Answer to(As2Request request);
  }

  private final As2Key own;
  private final As2Key hub;
  private final HttpServer server;
  private final String scheme;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<As2Request> requests = new CopyOnWriteArrayList<>();
  private volatile Answering answering;

  private As2Stub(As2Key own, As2Key hub, HttpServer server, String scheme) {
    this.own = own;
    this.hub = hub;
    this.server = server;
    this.scheme = scheme;
    server.createContext("/as2", this::serve);
    server.start();
    answer(this::taken);
  }

  /** One that speaks HTTP. */
  public static As2Stub of(As2Key own, As2Key hub) {
    try {
      return new As2Stub(own, hub, HttpServer.create(anywhere(), 0), "http");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One that speaks HTTPS with a certificate that it signed itself. */
  public static As2Stub secure(As2Key own, As2Key hub, As2Key tls) {
    try {
      var keys = KeyStore.getInstance("PKCS12");
      keys.load(null, null);
      keys.setKeyEntry(
          "tls", tls.key().getPrivate(), new char[0], new Certificate[] {tls.certificate()});
      var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, new char[0]);
      var context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      var server = HttpsServer.create(anywhere(), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(context));
      return new As2Stub(own, hub, server, "https");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static InetSocketAddress anywhere() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    var headers = new LinkedHashMap<String, String>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
    var request = new As2Request(headers, exchange.getRequestBody().readAllBytes());
    var answer = answering.to(request);
    requests.add(request);
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(
        answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
    try (exchange) {
      exchange.getResponseBody().write(answer.body());
    }
  }

  /** Where it takes messages. */
  public String url() {
    return scheme + "://127.0.0.1:" + server.getAddress().getPort() + "/as2";
  }

  /** What it was sent, oldest first. */
  public List<As2Request> requests() {
    return requests;
  }

  /** From now on it answers so. */
  public void answer(Answering answering) {
    this.answering = answering;
  }

  private As2Partner partner() {
    return new As2Partner(
        "hub",
        "STORE",
        "HUB",
        List.of(own.identity()),
        List.of(hub.certificate()),
        As2Partner.Requires.NOTHING,
        List.of(),
        1 << 20);
  }

  /** What is in a message of the hub's, or the receipt that it is. */
  public As2Reader.Opened open(As2Request request) {
    return As2Reader.open(partner(), request, Instant.now());
  }

  /** The receipt in an answer of the hub's, proven where it is signed. */
  public Mdn receipt(HttpResponse<byte[]> answer) {
    var headers = new LinkedHashMap<String, String>();
    answer.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
    return Mdn.read(MimePart.of(headers, answer.body()), List.of(hub.certificate()), Instant.now());
  }

  /** The right answer. */
  public Answer taken(As2Request request) {
    return answer(As2Receipt.taken(partner(), request, open(request).mic()));
  }

  /** A signed receipt for a message that says so. */
  public Answer says(String messageId, String disposition, String mic, String text) {
    return signed(Mdn.write("STORE", messageId, disposition, mic, text, own.identity()));
  }

  /** One that nobody signed. */
  public Answer saysUnsigned(As2Request request) {
    return signed(
        Mdn.write("STORE", request.messageId(), "processed", open(request).mic(), "Fine.", null));
  }

  /** The right answer, signed by somebody else. */
  public Answer forged(As2Request request, As2Key by) {
    return signed(
        Mdn.write(
            "STORE",
            request.messageId(),
            "processed",
            open(request).mic(),
            "Fine.",
            by.identity()));
  }

  private static Answer signed(MimePart part) {
    return new Answer(200, part.headers(), part.body());
  }

  private static Answer answer(As2Receipt receipt) {
    return new Answer(200, receipt.headers(), receipt.body());
  }

  /** Sends a receipt to the hub's port as a message of its own. */
  public HttpResponse<byte[]> send(int port, Answer receipt) {
    var headers = new LinkedHashMap<String, String>(receipt.headers());
    headers.put("AS2-From", "STORE");
    headers.put("AS2-To", "HUB");
    headers.put("Message-ID", "<" + UUID.randomUUID() + "@store>");
    return post(port, headers, receipt.body());
  }

  /** How a file is wrapped. */
  public record Wrapping(As2Key signer, As2Key reader) {}

  /** A message as it goes over HTTP. */
  public record Message(Map<String, String> headers, byte[] body) {}

  /** Sends a file to the hub's port, with these headers over the usual ones. */
  public HttpResponse<byte[]> send(
      int port, String messageId, byte[] file, Wrapping as, Map<String, String> more) {
    return send(port, wrap(file, as, more), messageId);
  }

  /** Sends a message to the hub's port, under this id. */
  public HttpResponse<byte[]> send(int port, Message message, String messageId) {
    var headers = new LinkedHashMap<>(message.headers());
    headers.put("Message-ID", messageId);
    return post(port, headers, message.body());
  }

  /** A file, wrapped, with these headers over the usual ones. */
  public static Message wrap(byte[] file, Wrapping as, Map<String, String> more) {
    var part =
        MimePart.of(
            Map.of(
                "Content-Type",
                "application/edi-x12",
                "Content-Disposition",
                "attachment; filename=\"" + more.getOrDefault("file", "850.edi") + '"'),
            file);
    if (as.signer() != null) {
      part = SecureMime.sign(entity(part), as.signer().identity(), "sha-256");
    }
    if (as.reader() != null) {
      part = SecureMime.encrypt(entity(part), as.reader().certificate(), "aes256-cbc");
    }
    var headers = new LinkedHashMap<String, String>(part.headers());
    headers.put("AS2-From", "STORE");
    headers.put("AS2-To", "HUB");
    headers.put("Disposition-Notification-To", "store@example.org");
    headers.put(
        "Disposition-Notification-Options",
        "signed-receipt-protocol=required, pkcs7-signature; signed-receipt-micalg=required, sha-256");
    headers.putAll(more);
    headers.remove("file");
    return new Message(headers, part.body());
  }

  private static byte[] entity(MimePart part) {
    return MimePart.write(part.headers(), part.body());
  }

  private HttpResponse<byte[]> post(int port, Map<String, String> headers, byte[] body) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/as2"))
            .POST(BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    try {
      return http.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The text of an answer. */
  public static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
