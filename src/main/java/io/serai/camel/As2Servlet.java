package io.serai.camel;

import io.serai.transport.As2Request;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /as2}: bytes, account, proof, commit, receipt. Bodies are bounded in size and time,
 * and large ones of an account are taken one at a time.
 */
final class As2Servlet extends HttpServlet {
  /**
   * What is answered.
   *
   * @param headers as they are written
   */
  record Answer(int status, Map<String, String> headers, byte[] body) {
    static Answer text(int status, String sentence) {
      return new Answer(
          status,
          Map.of("Content-Type", "text/plain; charset=utf-8"),
          (sentence + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(As2Servlet.class);
  private static final long SWAP_PATIENCE_MILLIS = 5_000;
  private static final int LARGE = 128 << 10;
  private static final long LARGE_PATIENCE_SECONDS = 20;
  private static final long BODY_SECONDS = 120;
  private static final int PIECE = 64 << 10;

  private final transient As2Listener listener;
  private final transient Map<String, Semaphore> large = new ConcurrentHashMap<>();

  As2Servlet(As2Listener listener) {
    this.listener = listener;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    write(response, Answer.text(405, "AS2 messages are posted to this address."));
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      write(response, answer(request));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      response.setHeader("Retry-After", "5");
      write(response, Answer.text(503, "The hub is stopping; nothing was taken."));
    } catch (RuntimeException e) {
      LOG.error("An AS2 message could not be taken", e);
      write(response, As2Consumer.unavailable("The message could not be taken. Send it again."));
    }
  }

  private Answer answer(HttpServletRequest request) throws IOException, InterruptedException {
    var headers = new LinkedHashMap<String, String>();
    for (var names = request.getHeaderNames(); names.hasMoreElements(); ) {
      var name = names.nextElement();
      headers.putIfAbsent(name.toLowerCase(Locale.ROOT), request.getHeader(name));
    }
    var head = new As2Request(headers, new byte[0]);
    var account = listener.account(head.from(), head.to());
    if (account == null) {
      LOG.warn(
          "An AS2 message from '{}' to '{}' was refused: no account has these names. Compare 'as2-our-name' and 'as2-their-name', which tell small letters from capitals",
          WebhookConsumer.shown(head.from()),
          WebhookConsumer.shown(head.to()));
      return As2Consumer.unknown(head);
    }
    var consumer = listener.await(head.from(), head.to(), SWAP_PATIENCE_MILLIS);
    if (consumer == null) {
      return As2Consumer.unavailable(
          "No running route takes AS2 messages of account '%s'; nothing was taken."
              .formatted(account));
    }
    var length = request.getContentLengthLong();
    if (length > consumer.mostBytes()) {
      return tooLarge(consumer);
    }
    var heavy = length < 0 || length > LARGE;
    var turn = large.computeIfAbsent(account, name -> new Semaphore(1));
    if (heavy && !turn.tryAcquire(LARGE_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      return As2Consumer.unavailable(
          "Another large message of account '%s' is being taken; nothing was taken."
              .formatted(account));
    }
    try {
      var body = body(request, consumer.mostBytes());
      if (body == null) {
        return Answer.text(
            408,
            "The message did not come within %d s; nothing was taken.".formatted(BODY_SECONDS));
      }
      return body.length > consumer.mostBytes()
          ? tooLarge(consumer)
          : consumer.take(new As2Request(headers, body));
    } finally {
      if (heavy) {
        turn.release();
      }
    }
  }

  private static Answer tooLarge(As2Consumer consumer) {
    return Answer.text(
        413,
        "The message is larger than %d bytes; nothing was taken.".formatted(consumer.mostBytes()));
  }

  // Null when it trickles.
  private static byte[] body(HttpServletRequest request, int most) throws IOException {
    var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(BODY_SECONDS);
    var in = request.getInputStream();
    var known = request.getContentLength();
    if (known >= 0) {
      return exactly(in, new byte[known], until);
    }
    var out = new ByteArrayOutputStream();
    var piece = new byte[PIECE];
    for (var read = in.read(piece); read >= 0 && out.size() <= most; read = in.read(piece)) {
      out.write(piece, 0, read);
      if (System.nanoTime() > until) {
        return null;
      }
    }
    return out.toByteArray();
  }

  // A large message is held once.
  private static byte[] exactly(InputStream in, byte[] body, long until) throws IOException {
    for (var at = 0; at < body.length; ) {
      var read = in.read(body, at, Math.min(PIECE, body.length - at));
      if (read < 0) {
        throw new EOFException("the message ends after %d of %d bytes".formatted(at, body.length));
      }
      at += read;
      if (System.nanoTime() > until) {
        return null;
      }
    }
    return body;
  }

  private static void write(HttpServletResponse response, Answer answer) throws IOException {
    response.setStatus(answer.status());
    answer.headers().forEach(response::setHeader);
    response.setContentLength(answer.body().length);
    response.getOutputStream().write(answer.body());
  }
}
