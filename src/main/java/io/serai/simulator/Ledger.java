package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.function.Consumer;

/**
 * The append-only file in which a stand-in writes every effect before it answers.
 *
 * <p>A line is with the operating system when {@link #append} returns, so it survives the death of
 * the process at any point; it may be lost when the machine loses power. A line that was cut by a
 * death in the middle of its writing is dropped when the file is opened again: nobody was answered
 * for it. One process at a time may hold a ledger.
 */
public final class Ledger implements AutoCloseable {

  private final Path file;
  private final Clock clock;
  private final FileChannel channel;
  private long seq;

  private Ledger(Path file, Clock clock, FileChannel channel) {
    this.file = file;
    this.clock = clock;
    this.channel = channel;
  }

  /**
   * Opens a ledger for writing, creating it when it is missing, after showing everything it holds
   * to {@code fold} in order.
   *
   * @throws IllegalStateException when another process holds it or when a line in its middle cannot
   *     be read
   */
  public static Ledger open(Path file, Clock clock, Consumer<Effect> fold) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      var channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      lock(file, channel);
      var ledger = new Ledger(file, clock, channel);
      var good =
          scan(
              file,
              effect -> {
                ledger.seq = effect.seq();
                fold.accept(effect);
              });
      channel.truncate(good);
      channel.position(good);
      return ledger;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Ledger '" + file + "' cannot be opened; check that its folder can be written.", e);
    }
  }

  private static void lock(Path file, FileChannel channel) throws IOException {
    boolean held;
    try {
      held = channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      held = false;
    }
    if (!held) {
      channel.close();
      throw new IllegalStateException(
          "Ledger '" + file + "' is held by another simulator; stop it or use another folder.");
    }
  }

  /** Reads what a ledger holds now; the simulator that writes it may go on. */
  public static Effects read(Path file) {
    var effects = new ArrayList<Effect>();
    try {
      if (Files.exists(file)) {
        scan(file, effects::add);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Effects(effects);
  }

  /** Writes one effect; it is on its way to the disk when this returns. */
  synchronized Effect append(String operation, String subject, String key, JsonNode data) {
    var effect = new Effect(seq + 1, clock.instant(), operation, subject, key, data);
    var line = Jsons.object();
    line.put("seq", effect.seq());
    line.put("at", effect.at().toString());
    line.put("operation", operation);
    line.put("subject", subject);
    line.put("key", key);
    line.set("data", data);
    var text = Jsons.bytes(line);
    var buffer = ByteBuffer.allocate(text.length + 1).put(text).put((byte) '\n').flip();
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Ledger '" + file + "' cannot be written; free disk space and start again.", e);
    }
    seq++;
    return effect;
  }

  /** What the ledger holds now, read back from its file. */
  public Effects effects() {
    return read(file);
  }

  /** Where the ledger is. */
  public Path file() {
    return file;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Shows every whole line to {@code to} and answers where the last whole line ends. */
  private static long scan(Path file, Consumer<Effect> to) throws IOException {
    long good = 0;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      var line = new ByteArrayOutputStream(8192);
      int b;
      while ((b = in.read()) >= 0) {
        if (b != '\n') {
          line.write(b);
          continue;
        }
        to.accept(effect(file, good, line.toByteArray()));
        good += line.size() + 1;
        line.reset();
      }
    }
    return good;
  }

  private static Effect effect(Path file, long offset, byte[] line) {
    try {
      var node = Jsons.read(line);
      return new Effect(
          node.get("seq").asLong(),
          Instant.parse(node.get("at").asText()),
          node.get("operation").asText(),
          node.get("subject").textValue(),
          node.get("key").textValue(),
          node.get("data"));
    } catch (IOException | RuntimeException e) {
      throw new IllegalStateException(
          "Ledger '"
              + file
              + "' has an unreadable line at byte "
              + offset
              + "; use another folder or restore the file.",
          e);
    }
  }
}
