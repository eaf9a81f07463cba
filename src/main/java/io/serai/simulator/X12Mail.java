package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The files that a partner exchanges with us: those it sent and what came back, those it was sent
 * and what it found in them.
 *
 * <p>A file is in the ledger before it is handed over, and one that was sent under a key is never
 * made again under that key. A document that came is taken before its acknowledgment is written, so
 * who takes it must know the key of one it has taken.
 */
final class X12Mail extends LedgerBase {

  /** Who reads the documents that came. */
  interface Desk {
    /** What is wrong with a document whose form is right. */
    List<X12.Fault> faults(X12.Set set);

    /** Takes a document on; the same key again changes nothing. */
    void take(String key, X12.Set set);
  }

  /**
   * How files are exchanged.
   *
   * @param out where files for the hub are put
   * @param in where files of the hub are put
   * @param writing how it addresses the hub; the hub must address it alike
   * @param named what names of the hub's files look like
   * @param names of its own files: {@code %1$s} is the set, {@code %2$09d} the control number
   * @param answerWithin after how long a missing acknowledgment is overdue
   */
  record Setup(
      Path out, Path in, X12Writing writing, Pattern named, String names, Duration answerWithin) {}

  static final String SENT = "file.sent";
  static final String PLACED = "file.placed";
  static final String RECEIVED = "file.received";
  static final String TAKEN = "answer.taken";
  static final String REFUSED = "answer.refused";
  static final String OVERDUE = "answer.overdue";
  static final String REFUSED_BY_US = "set.refused";
  static final String WRONG = "wrong";

  /** A file we sent. */
  private record Sent(String key, String type, int control, List<String> subjects, Effect effect) {
    boolean owesAnswer() {
      return !type.equals("997");
    }
  }

  private final ReentrantLock receiving = new ReentrantLock();
  private final Setup setup;
  private final Moods moods;
  private final Timetable timetable;
  private final Desk desk;
  private final Map<String, Sent> sent = new LinkedHashMap<>();
  private final Map<String, Sent> sentByGroup = new HashMap<>();
  private final Set<String> unplaced = new HashSet<>();
  private final Map<String, String> answers = new LinkedHashMap<>();
  private final Set<String> files = new HashSet<>();
  private final Set<String> contents = new HashSet<>();
  private final Set<String> numbers = new HashSet<>();
  private final List<String> wrongs = new ArrayList<>();
  private volatile Consumer<Path> placed = file -> {};

  /** Opens the ledger; nothing is exchanged before {@link #resume()}. */
  X12Mail(Path file, Setup setup, Moods moods, Timetable timetable, Desk desk, Clock clock) {
    super(clock);
    this.setup = setup;
    this.moods = moods;
    this.timetable = timetable;
    this.desk = desk;
    try {
      Files.createDirectories(setup.out());
      Files.createDirectories(setup.in());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    open(file);
  }

  /** Tells somebody of each file that is put there for the hub, from now on. */
  void onPlaced(Consumer<Path> listener) {
    placed = listener;
  }

  /** Hands over what the last process did not, and reads what came while there was none. */
  void resume() {
    List<Sent> all;
    lock().lock();
    try {
      all = List.copyOf(sent.values());
    } finally {
      lock().unlock();
    }
    for (var one : all) {
      if (unplaced.contains(one.key())) {
        place(one);
      }
      watch(one);
    }
    try (var waiting = Files.list(setup.in())) {
      for (var file : waiting.sorted().toList()) {
        if (Files.isRegularFile(file) && !SftpFace.unfinished(name(file))) {
          receive(file, false);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // Sending

  /**
   * Sends documents of one kind in one file, unless that was done under this key.
   *
   * @param sets by what they are about
   */
  void send(String key, String type, Map<String, List<X12.Segment>> sets) {
    Sent one;
    lock().lock();
    try {
      if (sent.containsKey(key)) {
        return;
      }
      var control = sent.size() + 1;
      var surplus = moods.on(Mood.Kind.WRONG_COUNTS, type).isPresent() ? 1 : 0;
      var text =
          setup.writing().write(control, control, type, List.copyOf(sets.values()), now(), surplus);
      if (moods.on(Mood.Kind.TRUNCATED, type).isPresent()) {
        text = text.substring(0, text.length() * 2 / 3);
      }
      var data = Jsons.object().put("type", type).put("control", control);
      sets.keySet().forEach(data.putArray("subjects")::add);
      record(SENT, setup.names().formatted(type, control), key, data.put("text", text));
      one = sent.get(key);
    } finally {
      lock().unlock();
    }
    var late = moods.on(Mood.Kind.LATE, type).map(Mood::delay).orElse(Duration.ZERO);
    if (late.isZero()) {
      place(one);
    } else {
      timetable.in(late, () -> place(one));
    }
    if (moods.on(Mood.Kind.TWICE, type).isPresent()) {
      put(one, "again-" + one.effect().subject());
    }
    watch(one);
  }

  private void place(Sent one) {
    put(one, one.effect().subject());
    record(PLACED, one.effect().subject(), one.key(), Jsons.object());
  }

  private void put(Sent one, String name) {
    var text = one.effect().text("text").getBytes(StandardCharsets.ISO_8859_1);
    try {
      var temporary = setup.out().resolve("." + name + ".part");
      Files.write(temporary, text);
      var file = setup.out().resolve(name);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      placed.accept(file);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "File '" + name + "' cannot be handed over; check the folder of the simulator.", e);
    }
  }

  private void watch(Sent one) {
    if (one.owesAnswer()) {
      timetable.at(
          one.effect().at().plus(setup.answerWithin()),
          () -> {
            lock().lock();
            try {
              for (var subject : one.subjects()) {
                if (!answers.containsKey(one.key() + ' ' + subject)) {
                  record(OVERDUE, subject, one.key(), Jsons.object());
                }
              }
            } finally {
              lock().unlock();
            }
          });
    }
  }

  // Receiving

  /** Reads a file that was put here just now. */
  void receive(Path file) {
    receive(file, true);
  }

  private void receive(Path file, boolean now) {
    if (!setup.in().equals(file.getParent())) {
      return;
    }
    receiving.lock();
    try {
      var name = name(file);
      var content = Files.readAllBytes(file);
      var hash = hash(content);
      if (!now && files.contains(name + ' ' + hash)) {
        return;
      }
      if (!setup.named().matcher(name).matches()) {
        wrong(name, "File '" + name + "' is not named as was agreed, so nobody reads it.");
      } else if (contents.contains(hash)) {
        wrong(name, "File '" + name + "' holds what a file before it held.");
      } else {
        read(name, content);
      }
      record(RECEIVED, name, hash, Jsons.object().put("size", content.length));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      receiving.unlock();
    }
  }

  private void read(String name, byte[] content) {
    try {
      for (var interchange : X12Reading.read(content)) {
        var fault = envelope(interchange);
        if (fault != null) {
          wrong(name, "File '%s': %s".formatted(name, fault));
          continue;
        }
        interchange.answers().forEach(answer -> refused(name, answer));
        for (var group : interchange.groups()) {
          if (group.kind().equals("FA")) {
            group.sets().forEach(set -> answered(name, X12Answer.read(set)));
          } else {
            group(name, interchange, group);
          }
        }
        record(
            "interchange.received",
            interchange.control(),
            null,
            Jsons.object().set("groups", groups(interchange)));
      }
    } catch (X12Reading.Broken e) {
      wrong(name, "File '%s' cannot be read: %s".formatted(name, e.getMessage()));
    }
  }

  private static JsonNode groups(X12.Interchange interchange) {
    var list = Jsons.array();
    interchange.groups().forEach(group -> list.add(group.kind() + ' ' + group.control()));
    return list;
  }

  /** What is wrong with an envelope, or {@code null}. */
  private String envelope(X12.Interchange in) {
    var us = setup.writing();
    if (!in.code().equals("000")) {
      return "the interchange is not whole (TA105 %s).".formatted(in.code());
    }
    if (!in.sender().equals(us.receiver()) || !in.receiver().equals(us.sender())) {
      return "it goes from %s to %s.".formatted(in.sender(), in.receiver());
    }
    if (!in.usage().equals(us.usage()) || !in.version().equals(us.version())) {
      return "usage '%s' of version '%s' was not agreed.".formatted(in.usage(), in.version());
    }
    if (numbers.contains("ISA " + in.control())) {
      return "interchange number %s was used before.".formatted(in.control());
    }
    return null;
  }

  private void group(String file, X12.Interchange in, X12.Group group) {
    var codes = new ArrayList<>(group.codes());
    if (numbers.contains(group.kind() + ' ' + group.control())) {
      codes.add("19");
    }
    if (!group.version().startsWith(setup.writing().release())) {
      codes.add("2");
    }
    if (!group.sender().equals(setup.writing().receiverCode())
        || !group.receiver().equals(setup.writing().senderCode())) {
      codes.add("6");
    }
    var judged = new ArrayList<X12Answer.Judged>();
    var seen = new HashSet<String>();
    for (var set : group.sets()) {
      var own = new ArrayList<>(set.codes());
      if (!seen.add(set.control())) {
        own.add("23");
      }
      var known = X12Syntax.knows(set.type());
      if (!known || !X12.kind(set.type()).equals(group.kind())) {
        own.add("1");
      }
      var one = new X12.Set(set.type(), set.control(), set.body(), own);
      judged.add(new X12Answer.Judged(one, known ? faults(one) : List.of()));
    }
    var whole =
        new X12.Group(
            group.kind(),
            group.sender(),
            group.receiver(),
            group.control(),
            group.version(),
            group.sets(),
            codes);
    for (var one : judged) {
      if (codes.isEmpty() && one.taken()) {
        desk.take(
            "%s/%s/%s".formatted(in.control(), group.control(), one.set().control()), one.set());
      } else if (one.faults().stream().noneMatch(fault -> fault.sentence().isEmpty())) {
        wrong(file, sentence(file, whole, one));
      }
    }
    answer("997 %s/%s".formatted(in.control(), group.control()), whole, judged);
  }

  private List<X12.Fault> faults(X12.Set set) {
    if (moods.on(Mood.Kind.REJECTING, set.type()).isPresent()) {
      var marks = set.all("MAN");
      var segment = marks.isEmpty() ? set.body().getFirst() : marks.getFirst();
      return List.of(set.fault(segment, 2, "7", ""));
    }
    var faults = X12Syntax.faults(set);
    return faults.isEmpty() ? desk.faults(set) : faults;
  }

  private static String sentence(String file, X12.Group group, X12Answer.Judged judged) {
    var faults = judged.faults().stream().map(X12.Fault::sentence).toList();
    return "File '%s': set %s %s is refused: AK9 %s, AK5 %s, %s"
        .formatted(
            file,
            judged.set().type(),
            judged.set().control(),
            group.codes(),
            judged.set().codes(),
            String.join(" ", faults));
  }

  private void answer(String key, X12.Group group, List<X12Answer.Judged> judged) {
    var type = group.sets().isEmpty() ? "997" : group.sets().getFirst().type();
    if (moods.on(Mood.Kind.SILENT, type).isPresent()) {
      record("answer.withheld", group.control(), key, Jsons.object());
      return;
    }
    send(key, "997", Map.of(key, X12Answer.write(group, judged)));
  }

  private void answered(String file, X12Answer answer) {
    lock().lock();
    try {
      var one = sentByGroup.get(answer.kind() + ' ' + answer.group());
      if (one == null) {
        wrong(
            file,
            "File '%s' acknowledges group %s %s, which was never sent."
                .formatted(file, answer.kind(), answer.group()));
        return;
      }
      for (var i = 0; i < one.subjects().size(); i++) {
        var took = answer.took("%04d".formatted(i + 1));
        record(took ? TAKEN : REFUSED, one.subjects().get(i), one.key(), Jsons.object());
      }
    } finally {
      lock().unlock();
    }
  }

  /** A TA1 says of a whole interchange what a 997 says of its documents. */
  private void refused(String file, X12.Segment answer) {
    lock().lock();
    try {
      var one =
          sent.values().stream()
              .filter(s -> answer.at(1).equals("%09d".formatted(s.control())))
              .findFirst()
              .orElse(null);
      if (one == null) {
        wrong(
            file,
            "File '%s' answers interchange %s, which was never sent."
                .formatted(file, answer.at(1)));
      } else if (answer.at(4).equals("R")) {
        one.subjects().forEach(s -> record(REFUSED, s, one.key(), Jsons.object()));
      }
    } finally {
      lock().unlock();
    }
  }

  private void wrong(String file, String sentence) {
    record(WRONG, file, null, Jsons.object().put("sentence", sentence));
  }

  // Asking

  /** What became of a document we sent, by key and subject: null while nothing has. */
  String answer(String key, String subject) {
    lock().lock();
    try {
      return answers.get(key + ' ' + subject);
    } finally {
      lock().unlock();
    }
  }

  /** Documents we sent that nobody has acknowledged yet. */
  int unanswered() {
    lock().lock();
    try {
      return sent.values().stream()
              .filter(Sent::owesAnswer)
              .mapToInt(one -> one.subjects().size())
              .sum()
          - answers.size();
    } finally {
      lock().unlock();
    }
  }

  /** Everything that the hub did and should not have done, in sentences. */
  List<String> wrongs() {
    lock().lock();
    try {
      return List.copyOf(wrongs);
    } finally {
      lock().unlock();
    }
  }

  /** The file of a key as it was sent. */
  String text(String key) {
    lock().lock();
    try {
      return sent.get(key).effect().text("text");
    } finally {
      lock().unlock();
    }
  }

  /** What the file of a key is called. */
  String file(String key) {
    lock().lock();
    try {
      return sent.get(key).effect().subject();
    } finally {
      lock().unlock();
    }
  }

  /** When a file of this key was sent, or {@code null}. */
  Instant sentAt(String key) {
    lock().lock();
    try {
      return sent.containsKey(key) ? sent.get(key).effect().at() : null;
    } finally {
      lock().unlock();
    }
  }

  @Override
  void apply(Effect effect) {
    switch (effect.operation()) {
      case SENT -> {
        var subjects = new ArrayList<String>();
        effect.data().get("subjects").forEach(subject -> subjects.add(subject.asText()));
        var type = effect.text("type");
        var control = effect.data().get("control").asInt();
        var one = new Sent(effect.key(), type, control, subjects, effect);
        sent.put(effect.key(), one);
        sentByGroup.put(X12.kind(type) + ' ' + control, one);
        unplaced.add(effect.key());
      }
      case PLACED -> unplaced.remove(effect.key());
      case TAKEN, REFUSED ->
          answers.putIfAbsent(
              effect.key() + ' ' + effect.subject(), effect.operation().substring(7));
      case RECEIVED -> {
        files.add(effect.subject() + ' ' + effect.key());
        contents.add(effect.key());
      }
      case "interchange.received" -> {
        numbers.add("ISA " + effect.subject());
        effect.data().get("groups").forEach(group -> numbers.add(group.asText()));
      }
      case WRONG -> wrongs.add(effect.text("sentence"));
      default -> {
        // Silence and delays are written to be read; they change nothing.
      }
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private static String hash(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
