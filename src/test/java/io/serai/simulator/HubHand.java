package io.serai.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClientFactory;

/** What a hub does at a mailbox, done by hand: looks, takes, puts, answers. */
final class HubHand implements AutoCloseable {

  private final SshClient client = SshClient.setUpDefaultClient();
  private final X12Writing writing;
  private final String names;
  private ClientSession session;
  private SftpClient sftp;
  private int control;

  /** A hand that knows how both sides call themselves and its files. */
  HubHand(X12Writing writing, String names) {
    this.writing = writing;
    this.names = names;
    client.setServerKeyVerifier((s, address, key) -> true);
    client.start();
  }

  HubHand login(Map<String, Object> parameters) {
    try {
      session =
          client
              .connect(
                  (String) parameters.get("username"), "127.0.0.1", (int) parameters.get("port"))
              .verify(Duration.ofSeconds(60))
              .getSession();
      session.addPasswordIdentity((String) parameters.get("password"));
      session.auth().verify(Duration.ofSeconds(60));
      sftp = SftpClientFactory.instance().createSftpClient(session);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Names of the files that wait for the hub. */
  List<String> waiting() {
    try {
      var names = new ArrayList<String>();
      for (var entry : sftp.readDir("outgoing")) {
        if (entry.getAttributes().isRegularFile()) {
          names.add(entry.getFilename());
        }
      }
      names.sort(null);
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file that waits. */
  String read(String name) {
    try (var in = sftp.read("outgoing/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The newest file whose name begins so, read. */
  List<X12.Set> newest(String begin) {
    var name = waiting().stream().filter(n -> n.startsWith(begin)).toList().getLast();
    try {
      return X12Reading.read(read(name).getBytes(StandardCharsets.ISO_8859_1))
          .getFirst()
          .groups()
          .getFirst()
          .sets();
    } catch (X12Reading.Broken e) {
      throw new IllegalStateException(e);
    }
  }

  /** Puts a file under its final name. */
  void put(String name, String text) {
    try (var out = sftp.write("incoming/" + name)) {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void rename(String from, String to) {
    try {
      sftp.rename("incoming/" + from, "incoming/" + to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file with these documents, under the next control number. */
  String text(String type, List<List<X12.Segment>> sets) {
    control++;
    return writing.write(control, control, type, sets, Instant.parse("2026-03-02T10:00:00Z"), 0);
  }

  /** Sends one document; each text is a segment as X12 writes it. */
  void send(String type, String... segments) {
    var text = text(type, List.of(segments(segments)));
    put(name(type), text);
  }

  /** A name as was agreed, for a file of the last control number. */
  String name(String type) {
    return names.formatted(type, control);
  }

  /** Acknowledges a group: {@code A} or {@code R}. */
  void acknowledge(String kind, int group, String type, String code) {
    send(
        "997",
        "AK1*" + kind + '*' + group,
        "AK2*" + type + "*0001",
        "AK5*" + code,
        "AK9*%s*1*1*%d".formatted(code, code.equals("A") ? 1 : 0));
  }

  static List<X12.Segment> segments(String... texts) {
    var segments = new ArrayList<X12.Segment>();
    for (var text : texts) {
      var parts = text.split("\\*", -1);
      segments.add(new X12.Segment(parts[0], List.of(parts).subList(1, parts.length)));
    }
    return segments;
  }

  /** A set as lines of text, without header and trailer. */
  static String lines(X12.Set set) {
    var lines = new StringBuilder();
    for (var segment : set.body()) {
      lines.append(segment.id());
      segment.elements().forEach(element -> lines.append('*').append(element));
      lines.append('\n');
    }
    return lines.toString();
  }

  @Override
  public void close() {
    client.stop();
  }
}
