package io.serai.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Two folders whose files go to the hub and come from it over AS2, signed and encrypted both ways.
 *
 * <p>A file for the hub is sent under one Message-ID, made of its name, until a receipt of the hub
 * says what became of it; then it is moved to folder {@code sent}. A message of the hub's is in the
 * ledger before it has its receipt; known again it has that receipt once more and no other effect.
 * Opened again on the same folder it has its keys, and goes on with what lies there.
 */
final class As2Mailbox extends LedgerBase {

  /**
   * How messages are exchanged.
   *
   * @param hub where the hub takes them
   * @param us our AS2 name
   * @param theirs the hub's
   * @param out files for the hub
   * @param in files of the hub
   */
  record Setup(URI hub, String us, String theirs, Path out, Path in) {}

  static final String DELIVERED = "message.delivered";
  static final String UNANSWERED = "message.unanswered";
  static final String TAKEN = "message.taken";
  static final String AGAIN = "message.again";
  static final String WRONG = "wrong";

  /** What moods are told of. */
  static final String MESSAGE = "as2";

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String PROCESSED = "processed";

  private final Setup setup;
  private final Moods moods;
  private final Timetable timetable;
  private final Consumer<Path> arrived;
  private final As2Pair own;
  private final As2Pair hub;
  private final As2Seal seal;
  private final Path sent;
  private final Set<String> sending = ConcurrentHashMap.newKeySet();
  private final Map<String, As2Receipt> receipts = new ConcurrentHashMap<>();
  private final Map<String, String> taken = new HashMap<>();
  private final Set<String> names = new HashSet<>();
  private final List<String> wrongs = new ArrayList<>();
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(3))
          .build();
  private volatile boolean closed;

  /**
   * Opens the ledger and the keys; nothing is sent before {@link #resume()}.
   *
   * @param file the ledger; the keys are beside it
   * @param arrived hears of each file of the hub, once
   */
  As2Mailbox(
      Path file,
      Setup setup,
      Moods moods,
      Timetable timetable,
      Consumer<Path> arrived,
      Clock clock) {
    super(clock);
    this.setup = setup;
    this.moods = moods;
    this.timetable = timetable;
    this.arrived = arrived;
    own = As2Pair.keptIn(beside(file, setup.us()), setup.us(), clock);
    hub = As2Pair.keptIn(beside(file, setup.theirs()), setup.theirs(), clock);
    seal = new As2Seal(own, hub.certificate());
    sent = setup.out().resolveSibling("sent");
    try {
      Files.createDirectories(sent);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    open(file);
  }

  private static Path beside(Path file, String name) {
    return file.resolveSibling(name.toLowerCase(Locale.ROOT) + ".pem");
  }

  /** What a hub on this machine has to be told: parameters of transport as2. */
  Map<String, Object> parameters(URI url) {
    var all = new LinkedHashMap<String, Object>();
    all.put("transport", "as2");
    all.put("as2-our-name", setup.theirs());
    all.put("as2-their-name", setup.us());
    all.put("as2-key", hub.pem());
    all.put("as2-certificate", own.certificatePem());
    all.put("as2-url", url + "/as2");
    return all;
  }

  /** Finishes what the last process began, and sends what lies there. */
  void resume() {
    try (var parts = Files.list(setup.in())) {
      for (var part : parts.filter(file -> SftpFace.unfinished(name(file))).toList()) {
        var whole = part.resolveSibling(name(part).replaceAll("^\\.|\\.part$", ""));
        if (names.contains(name(whole))) {
          Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
        } else {
          Files.delete(part);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try (var waiting = Files.list(setup.out())) {
      waiting.filter(file -> !SftpFace.unfinished(name(file))).sorted().forEach(this::send);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // To the hub

  /** Sends a file that was put into the folder; returns at once. */
  void send(Path file) {
    if (sending.add(name(file))) {
      timetable.in(Duration.ZERO, () -> attempt(file));
    }
  }

  /** Sends a message once more that the hub took before; its receipt, or null when none came. */
  As2Receipt sendAgain(String name) {
    try {
      return post(name, Files.readAllBytes(sent.resolve(name)));
    } catch (IOException e) {
      throw new UncheckedIOException("Message '" + name + "' was never taken.", e);
    }
  }

  private void attempt(Path file) {
    if (closed) {
      return;
    }
    try {
      var receipt = post(name(file), Files.readAllBytes(file));
      if (closed) {
        return;
      }
      if (receipt == null) {
        record(UNANSWERED, name(file), null, Jsons.object());
        timetable.in(PAUSE, () -> attempt(file));
        return;
      }
      if (moods.on(Mood.Kind.DUPLICATING, MESSAGE).isPresent()) {
        post(name(file), Files.readAllBytes(file));
      }
      if (!receipt.isPositive()) {
        wrong(name(file), "Message '%s' is refused: %s.".formatted(name(file), receipt.said()));
      }
      Files.move(file, sent.resolve(name(file)), StandardCopyOption.ATOMIC_MOVE);
      record(
          DELIVERED,
          name(file),
          receipt.messageId(),
          Jsons.object().put("said", receipt.said()).put("mic", receipt.mic()));
      sending.remove(name(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Posts a file; its receipt, or null when none came that holds. */
  As2Receipt post(String name, byte[] content) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("Content-Type", "application/edi-x12");
    headers.put("Content-Disposition", "attachment; filename=\"" + name + '"');
    var part = As2Seal.part(headers, content);
    var signed = seal.sign(part);
    var sealed = seal.encrypt(As2Seal.part(signed.headers(), signed.body()));
    var id = "<%s@%s>".formatted(name, setup.us().toLowerCase(Locale.ROOT));
    var request =
        HttpRequest.newBuilder(setup.hub())
            .timeout(PATIENCE)
            .header("AS2-Version", "1.2")
            .header("AS2-From", setup.us())
            .header("AS2-To", setup.theirs())
            .header("Message-ID", id)
            .header("Disposition-Notification-To", setup.us())
            .header(
                "Disposition-Notification-Options",
                "signed-receipt-protocol=required, pkcs7-signature; signed-receipt-micalg=required, sha-256")
            .POST(HttpRequest.BodyPublishers.ofByteArray(sealed.body()));
    sealed.headers().forEach(request::header);
    try {
      var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200) {
        return null;
      }
      var type = answer.headers().firstValue("Content-Type").orElse("");
      var receipt =
          As2Receipt.read(
              seal.prove(new As2Seal.Part(Map.of("content-type", type), null, answer.body())));
      var holds =
          id.equals(receipt.messageId())
              && (!receipt.isPositive() || As2Seal.mic(part).equals(receipt.mic()));
      if (!holds) {
        wrong(name, "The receipt for message '%s' is about something else.".formatted(name));
      }
      return holds ? receipt : null;
    } catch (As2Seal.Broken e) {
      wrong(name, "The receipt for message '%s' does not hold: %s".formatted(name, e.getMessage()));
      return null;
    } catch (IOException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  // From the hub

  /** Takes a message of the hub's, as the moods have it. */
  Answer answer(Request request) throws Exception {
    if (!request.method().equals("POST") || !request.path().equals("/as2")) {
      return As2Words.text(404, "AS2 messages are posted to /as2.");
    }
    var words =
        new As2Words(() -> receipt(request, "processed/error: unexpected-processing-error", null));
    return BadDay.live(moods.onCall(List.of(MESSAGE)).orElse(null), words, () -> taken(request));
  }

  private Answer taken(Request request) throws IOException {
    var id = request.header("Message-ID").orElse("");
    try {
      if (!request.header("AS2-From").equals(java.util.Optional.of(setup.theirs()))
          || !request.header("AS2-To").equals(java.util.Optional.of(setup.us()))) {
        throw new As2Seal.Broken("authentication-failed", "These names are not known.");
      }
      var type = request.header("Content-Type").orElse("");
      var sealed = new As2Seal.Part(Map.of("content-type", type), null, request.body());
      var part = seal.prove(seal.decrypt(sealed));
      take(id, part);
      return receipt(request, PROCESSED, As2Seal.mic(part.whole()));
    } catch (As2Seal.Broken e) {
      wrong(id, "Message '%s' does not hold: %s".formatted(id, e.getMessage()));
      return receipt(request, "processed/error: " + e.word(), null);
    }
  }

  private void take(String id, As2Seal.Part part) throws IOException {
    var mic = As2Seal.mic(part.whole());
    Path file;
    lock().lock();
    try {
      var before = taken.get(id);
      if (before != null) {
        if (!before.equals(mic)) {
          wrong(id, "Message '%s' came with other content than before.".formatted(id));
        }
        record(AGAIN, id, mic, Jsons.object());
        return;
      }
      var name = String.valueOf(part.fileName()).replaceAll("[/\\\\]", "_");
      file = setup.in().resolve(name);
      var temporary = setup.in().resolve("." + name + ".part");
      Files.write(temporary, part.content());
      record(TAKEN, id, mic, Jsons.object().put("file", name));
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      lock().unlock();
    }
    arrived.accept(file);
  }

  private Answer receipt(Request request, String disposition, String mic) {
    var fields = new LinkedHashMap<String, String>();
    fields.put("Reporting-UA", "stand-in");
    fields.put("Final-Recipient", "rfc822; " + setup.us());
    fields.put("Original-Message-ID", request.header("Message-ID").orElse(""));
    fields.put("Disposition", "automatic-action/MDN-sent-automatically; " + disposition);
    if (mic != null) {
      fields.put("Received-Content-MIC", mic);
    }
    var boundary = "report-" + UUID.randomUUID();
    var report =
        As2Seal.part(
            Map.of(
                "Content-Type",
                "multipart/report; report-type=disposition-notification; boundary=\"%s\""
                    .formatted(boundary)),
            As2Seal.join(
                As2Seal.line("--" + boundary),
                As2Seal.part(
                    Map.of("Content-Type", "text/plain"), As2Seal.line("Message " + disposition)),
                As2Seal.line("--" + boundary),
                As2Seal.part(
                    Map.of("Content-Type", "message/disposition-notification"),
                    As2Seal.part(fields, new byte[0])),
                As2Seal.line("--" + boundary + "--")));
    var signed = seal.sign(report);
    var headers = new LinkedHashMap<>(signed.headers());
    headers.put("AS2-Version", "1.2");
    headers.put("AS2-From", setup.us());
    headers.put("AS2-To", setup.theirs());
    headers.put("Message-ID", "<" + UUID.randomUUID() + "@stand-in>");
    return new Answer(200, headers, signed.body(), Answer.Manner.WHOLE, Duration.ZERO);
  }

  // Asking

  /** Everything that the hub did and should not have done, in sentences. */
  List<String> wrongs() {
    lock().lock();
    try {
      return List.copyOf(wrongs);
    } finally {
      lock().unlock();
    }
  }

  /** What the hub said of a message, or null while it has not. */
  As2Receipt receipt(String name) {
    return receipts.get(name);
  }

  private void wrong(String subject, String sentence) {
    record(WRONG, subject, null, Jsons.object().put("sentence", sentence));
  }

  @Override
  void apply(Effect effect) {
    switch (effect.operation()) {
      case TAKEN -> {
        taken.put(effect.subject(), effect.key());
        names.add(effect.text("file"));
      }
      case DELIVERED ->
          receipts.put(
              effect.subject(),
              new As2Receipt(effect.key(), effect.text("said"), effect.text("mic")));
      case WRONG -> wrongs.add(effect.text("sentence"));
      default -> {
        // Counted, and written to be read.
      }
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  @Override
  public void close() {
    closed = true;
    client.shutdownNow();
    super.close();
  }
}
