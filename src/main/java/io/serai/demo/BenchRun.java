package io.serai.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.SplittableRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One run of load: a sender of signed webhooks and the 3PL that is asked in the end, in one thread
 * over one selector, so that they cost little and share one clock.
 *
 * <p>A sender that gets no 2xx tries again, as a shop does. A twentieth of what is sent are
 * duplicates: a third at once, a third within fifty orders, a third any time later.
 */
final class BenchRun {
  /**
   * What is to be run.
   *
   * @param first index of the first order; runs on one hub must not overlap
   * @param connections of the sender
   * @param rate orders a second by the clock, or 0 for as fast as the answers come
   * @param stock units of each article, or 0 when there is plenty
   * @param drain how long nothing may arrive at the 3PL before the rest is taken to be held or lost
   */
  record Plan(
      long first,
      int orders,
      int connections,
      double rate,
      double duplicates,
      int stock,
      long seed,
      int webhookPort,
      String webhookPath,
      String secret,
      int partnerPort,
      long drain) {}

  /** What came of it; times are in milliseconds. */
  record Outcome(
      int orders,
      int posts,
      int accepted,
      int sent,
      double acceptPerSecond,
      double sentPerSecond,
      double acceptP50,
      double acceptP99,
      double endToEndP50,
      double endToEndP99,
      int refused,
      int lost,
      int doubled,
      int repeated,
      int wrongLines,
      int oversold,
      int heldWrongly) {
    /** Whether every check passed. */
    boolean sound() {
      return lost == 0 && doubled == 0 && wrongLines == 0 && oversold == 0 && heldWrongly == 0;
    }
  }

  private static final byte[] END = {'\r', '\n', '\r', '\n'};
  private static final long ANSWER_AFTER = 5_000_000L;
  private static final long RETRY_AFTER = 300_000_000L;

  private final Plan plan;
  private final BenchOrder.Shelf shelf;
  private final Mac mac;
  private final byte[] head;
  private final Selector selector;
  private final ServerSocketChannel listener;

  private final int[] posts;
  private final long[] firstPost;
  private final long[] acknowledged;
  private final long[] received;
  private final String[] keys;
  private final int[] shipped;
  private final double[] answers;
  private int answered;
  private int done;
  private int refused;
  private int sent;
  private int doubled;
  private int repeated;
  private int wrongLines;
  private int next;
  private int open;
  private long start;
  private long lastAnswer;
  private long lastArrival;
  private long connectAt;
  private final ArrayDeque<Sender> idle = new ArrayDeque<>();
  private final ArrayDeque<Again> again = new ArrayDeque<>();
  private final ArrayDeque<Owed> owed = new ArrayDeque<>();

  private record Again(int post, long due) {}

  private record Owed(Connection to, byte[] answer, long due) {}

  /** Prepares a run; the 3PL listens from now on. */
  BenchRun(Plan plan, BenchOrder.Shelf shelf) throws IOException {
    this.plan = plan;
    this.shelf = shelf;
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(plan.secret().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    head =
        ("POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\nX-Shopify-Topic: orders/create\r\n"
                + "X-Shopify-Shop-Domain: acme.myshopify.com\r\n")
            .formatted(plan.webhookPath(), plan.webhookPort())
            .getBytes(StandardCharsets.US_ASCII);
    posts = mix();
    firstPost = new long[plan.orders()];
    acknowledged = new long[plan.orders()];
    received = new long[plan.orders()];
    keys = new String[plan.orders()];
    shipped = new int[shelf.articles()];
    answers = new double[posts.length];
    selector = Selector.open();
    listener = ServerSocketChannel.open();
    listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    listener.bind(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), plan.partnerPort()), 1024);
    listener.configureBlocking(false);
    listener.register(selector, SelectionKey.OP_ACCEPT);
  }

  /** Which order each post carries. */
  private int[] mix() {
    var random = new SplittableRandom(plan.seed() + plan.first());
    var extra = (int) (plan.orders() * plan.duplicates() / (1 - plan.duplicates()));
    var mixed = new int[plan.orders() + extra];
    var at = 0;
    var owing = 0.0;
    for (var i = 0; i < plan.orders(); i++) {
      mixed[at++] = i;
      owing += (double) extra / plan.orders();
      while (owing >= 1 && at < mixed.length) {
        owing--;
        mixed[at++] =
            switch (random.nextInt(3)) {
              case 0 -> i;
              case 1 -> Math.max(0, i - random.nextInt(50));
              default -> random.nextInt(i + 1);
            };
      }
    }
    return Arrays.copyOf(mixed, at);
  }

  /** Runs until all is sent and answered and nothing arrives any more. */
  Outcome run() throws IOException {
    start = System.nanoTime();
    lastArrival = start;
    lastAnswer = start;
    while (!finished(System.nanoTime())) {
      connect(System.nanoTime());
      dispatch(System.nanoTime());
      selector.select(this::ready, timeout(System.nanoTime()));
      answerDue(System.nanoTime());
    }
    for (var key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
    return outcome();
  }

  private boolean finished(long now) {
    if (done < posts.length || !owed.isEmpty()) {
      return false;
    }
    var quiet = now - Math.max(lastArrival, lastAnswer);
    return sent >= plan.orders() ? quiet > 1_000_000_000L : quiet > plan.drain();
  }

  private long timeout(long now) {
    var wait = 20_000_000L;
    if (!owed.isEmpty()) {
      wait = Math.min(wait, owed.peekFirst().due() - now);
    }
    if (!idle.isEmpty() && next < posts.length) {
      wait = Math.min(wait, due(next) - now);
    }
    return Math.max(1, wait / 1_000_000);
  }

  private long due(int post) {
    return plan.rate() <= 0 ? start : start + 50_000_000L + (long) (post * 1e9 / plan.rate());
  }

  private void connect(long now) throws IOException {
    while (open < plan.connections() && now >= connectAt && done < posts.length) {
      var channel = SocketChannel.open();
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      var sender = new Sender(channel);
      sender.key = channel.register(selector, SelectionKey.OP_CONNECT, sender);
      open++;
      channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), plan.webhookPort()));
    }
  }

  private void dispatch(long now) {
    while (!idle.isEmpty()) {
      int post;
      if (!again.isEmpty() && again.peekFirst().due() <= now) {
        post = again.pollFirst().post();
      } else if (next < posts.length && due(next) <= now) {
        post = next++;
      } else {
        return;
      }
      idle.pollFirst().send(post, now);
    }
  }

  private void answerDue(long now) {
    while (!owed.isEmpty() && owed.peekFirst().due() <= now) {
      var one = owed.pollFirst();
      one.to().write(one.answer());
    }
  }

  private void ready(SelectionKey key) {
    if (key.isAcceptable()) {
      try {
        for (var channel = listener.accept(); channel != null; channel = listener.accept()) {
          channel.configureBlocking(false);
          channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
          var asked = new Asked(channel);
          asked.key = channel.register(selector, SelectionKey.OP_READ, asked);
        }
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      return;
    }
    ((Connection) key.attachment()).ready(key);
  }

  /** One side of a connection: what came in so far and what is still to go out. */
  private abstract class Connection {
    final SocketChannel channel;
    SelectionKey key;
    byte[] in = new byte[16_384];
    int filled;
    ByteBuffer out;

    Connection(SocketChannel channel) {
      this.channel = channel;
    }

    void ready(SelectionKey ready) {
      try {
        if (ready.isConnectable()) {
          channel.finishConnect();
          ready.interestOps(SelectionKey.OP_READ);
          connected();
          return;
        }
        if (ready.isWritable()) {
          flush();
        }
        if (ready.isReadable() && !read()) {
          close();
        }
      } catch (IOException e) {
        close();
      }
    }

    private boolean read() throws IOException {
      while (true) {
        if (filled == in.length) {
          in = Arrays.copyOf(in, in.length * 2);
        }
        var count = channel.read(ByteBuffer.wrap(in, filled, in.length - filled));
        if (count < 0) {
          return false;
        }
        filled += count;
        if (count == 0 || filled < in.length) {
          break;
        }
      }
      for (var end = whole(); end > 0; end = whole()) {
        message(end);
        System.arraycopy(in, end, in, 0, filled - end);
        filled -= end;
      }
      return true;
    }

    /** Where the first whole message ends, or 0. */
    private int whole() {
      var headEnd = find(in, 0, filled, END);
      if (headEnd < 0) {
        return 0;
      }
      var head =
          new String(in, 0, headEnd, StandardCharsets.ISO_8859_1)
              .toLowerCase(java.util.Locale.ROOT);
      var at = head.indexOf("\r\ncontent-length:");
      if (at >= 0) {
        var lineEnd = head.indexOf("\r\n", at + 2);
        var length =
            Integer.parseInt(
                head.substring(at + 17, lineEnd < 0 ? head.length() : lineEnd).strip());
        var end = headEnd + 4 + length;
        return end <= filled ? end : 0;
      }
      if (head.contains("\r\ntransfer-encoding: chunked")) {
        var last =
            find(in, headEnd + 2, filled, "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return last < 0 ? 0 : last + 7;
      }
      return headEnd + 4;
    }

    void write(byte[]... parts) {
      var size = out == null ? 0 : out.remaining();
      for (var part : parts) {
        size += part.length;
      }
      var all = ByteBuffer.allocate(size);
      if (out != null) {
        all.put(out);
      }
      for (var part : parts) {
        all.put(part);
      }
      out = all.flip();
      try {
        flush();
      } catch (IOException e) {
        close();
      }
    }

    private void flush() throws IOException {
      if (out != null) {
        channel.write(out);
        if (!out.hasRemaining()) {
          out = null;
        }
      }
      if (key.isValid()) {
        key.interestOps(
            out == null ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
      }
    }

    void close() {
      try {
        channel.close();
      } catch (IOException e) {
        // It is gone all the same.
      }
      closed();
    }

    abstract void connected();

    abstract void message(int end);

    abstract void closed();
  }

  /** A connection of the shop. */
  private final class Sender extends Connection {
    private int post = -1;
    private long since;
    private boolean counted = true;

    Sender(SocketChannel channel) {
      super(channel);
    }

    void send(int which, long now) {
      post = which;
      var index = posts[which];
      since = plan.rate() > 0 ? Math.min(now, due(which)) : now;
      if (firstPost[index] == 0) {
        firstPost[index] = since;
      }
      var body = new BenchOrder(shelf, plan.seed(), plan.first() + index).body();
      var rest =
          "X-Shopify-Webhook-Id: w-%d-%d\r\nX-Shopify-Hmac-Sha256: %s\r\nContent-Length: %d\r\n\r\n"
              .formatted(
                  plan.first(),
                  which,
                  Base64.getEncoder().encodeToString(mac.doFinal(body)),
                  body.length);
      write(head, rest.getBytes(StandardCharsets.US_ASCII), body);
    }

    @Override
    void connected() {
      idle.addLast(this);
    }

    @Override
    void message(int end) {
      var now = System.nanoTime();
      var success = in[9] == '2';
      var index = posts[post];
      if (success) {
        done++;
        lastAnswer = now;
        answers[answered++] = (now - since) / 1e6;
        if (acknowledged[index] == 0) {
          acknowledged[index] = now;
        }
      } else {
        refused++;
        again.addLast(new Again(post, now + RETRY_AFTER));
      }
      post = -1;
      idle.addLast(this);
    }

    @Override
    void closed() {
      if (!counted) {
        return;
      }
      counted = false;
      open--;
      idle.remove(this);
      connectAt = System.nanoTime() + 100_000_000L;
      if (post >= 0) {
        again.addLast(new Again(post, connectAt + RETRY_AFTER));
        post = -1;
      }
    }
  }

  /** A connection of the hub to the 3PL. */
  private final class Asked extends Connection {
    Asked(SocketChannel channel) {
      super(channel);
    }

    @Override
    void connected() {
      // It was connected when it was accepted.
    }

    @Override
    void message(int end) {
      var now = System.nanoTime();
      var text = new String(in, 0, end, StandardCharsets.UTF_8);
      var index = BenchOrder.index(number(text, "\"orderId\":\"")) - plan.first();
      if (index < 0 || index >= plan.orders()) {
        respond(
            now,
            422,
            "{\"status\":\"error\",\"error\":{\"code\":\"INVALID\",\"message\":\"No order of this run.\"}}");
        return;
      }
      arrived((int) index, header(text, "idempotency-key:"), text, now);
      var fulfillment = value(text, "\"fulfillmentId\":\"");
      respond(
          now,
          201,
          "{\"status\":\"accepted\",\"reference\":\"F-%d\",\"fulfillmentId\":\"%s\"}"
              .formatted(index, fulfillment));
    }

    private void respond(long now, int status, String body) {
      var bytes = body.getBytes(StandardCharsets.UTF_8);
      var answerHead =
          "HTTP/1.1 %d -\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
              .formatted(status, bytes.length)
              .getBytes(StandardCharsets.US_ASCII);
      var answer = Arrays.copyOf(answerHead, answerHead.length + bytes.length);
      System.arraycopy(bytes, 0, answer, answerHead.length, bytes.length);
      owed.addLast(new Owed(this, answer, now + ANSWER_AFTER));
    }

    @Override
    void closed() {
      // The hub opens another when it needs one.
    }
  }

  private void arrived(int index, String idempotencyKey, String text, long now) {
    if (received[index] != 0) {
      if (idempotencyKey.equals(keys[index])) {
        repeated++;
        return;
      }
      doubled++;
    } else {
      received[index] = now;
      lastArrival = now;
      sent++;
      keys[index] = idempotencyKey;
      if (!sameLines(text, new BenchOrder(shelf, plan.seed(), plan.first() + index))) {
        wrongLines++;
      }
    }
    var order = new BenchOrder(shelf, plan.seed(), plan.first() + index);
    for (var i = 0; i < BenchOrder.LINES; i++) {
      shipped[order.articles[i]] += order.quantities[i];
    }
  }

  private static boolean sameLines(String text, BenchOrder order) {
    var count = 0;
    for (var at = text.indexOf("\"sku\":\""); at >= 0; at = text.indexOf("\"sku\":\"", at + 1)) {
      count++;
    }
    for (var i = 0; i < BenchOrder.LINES; i++) {
      var at = text.indexOf("\"sku\":\"" + BenchOrder.sku(order.articles[i]) + '"');
      if (at < 0 || number(text.substring(at), "\"quantity\":") != order.quantities[i]) {
        return false;
      }
    }
    return count == BenchOrder.LINES;
  }

  private static String value(String text, String before) {
    var at = text.indexOf(before);
    return at < 0
        ? ""
        : text.substring(at + before.length(), text.indexOf('"', at + before.length()));
  }

  private static long number(String text, String before) {
    var at = text.indexOf(before);
    if (at < 0) {
      return -1;
    }
    var from = at + before.length();
    var to = from;
    while (to < text.length() && Character.isDigit(text.charAt(to))) {
      to++;
    }
    return to == from ? -1 : Long.parseLong(text.substring(from, to));
  }

  private static String header(String text, String name) {
    var lower = text.toLowerCase(java.util.Locale.ROOT);
    var at = lower.indexOf("\r\n" + name);
    return at < 0
        ? ""
        : text.substring(at + 2 + name.length(), text.indexOf("\r\n", at + 2)).strip();
  }

  private static int find(byte[] in, int from, int to, byte[] what) {
    outer:
    for (var i = from; i <= to - what.length; i++) {
      for (var j = 0; j < what.length; j++) {
        if (in[i + j] != what[j]) {
          continue outer;
        }
      }
      return i;
    }
    return -1;
  }

  private Outcome outcome() {
    var endToEnd = new double[plan.orders()];
    var count = 0;
    var accepted = 0;
    var lost = 0;
    var heldWrongly = 0;
    for (var i = 0; i < plan.orders(); i++) {
      if (received[i] != 0) {
        endToEnd[count++] = (received[i] - firstPost[i]) / 1e6;
      }
      if (acknowledged[i] != 0) {
        accepted++;
        if (received[i] == 0) {
          if (plan.stock() > 0) {
            heldWrongly += mayBeHeld(i) ? 0 : 1;
          } else {
            lost++;
          }
        }
      }
    }
    var oversold = 0;
    for (var units : shipped) {
      if (plan.stock() > 0 && units > plan.stock()) {
        oversold++;
      }
    }
    Arrays.sort(endToEnd, 0, count);
    Arrays.sort(answers, 0, answered);
    return new Outcome(
        plan.orders(),
        posts.length,
        accepted,
        sent,
        accepted / Math.max(1e-9, (lastAnswer - start) / 1e9),
        sent / Math.max(1e-9, (lastArrival - start) / 1e9),
        percentile(answers, answered, 0.50),
        percentile(answers, answered, 0.99),
        percentile(endToEnd, count, 0.50),
        percentile(endToEnd, count, 0.99),
        refused,
        lost,
        doubled,
        repeated,
        wrongLines,
        oversold,
        heldWrongly);
  }

  /** An order may be held only when one of its articles has too few units left in the end. */
  private boolean mayBeHeld(int index) {
    var order = new BenchOrder(shelf, plan.seed(), plan.first() + index);
    for (var i = 0; i < BenchOrder.LINES; i++) {
      if (plan.stock() - shipped[order.articles[i]] < order.quantities[i]) {
        return true;
      }
    }
    return false;
  }

  private static double percentile(double[] sorted, int count, double share) {
    return count == 0 ? 0 : sorted[Math.max(0, (int) Math.ceil(share * count) - 1)];
  }
}
