package io.serai.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.failure.FailureKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Connections are kept for a while, and none that failed. */
class MailboxPoolTest {
  private final List<Line> lines = new ArrayList<>();
  private final List<Runnable> later = new ArrayList<>();
  private final MailboxPool pool = new MailboxPool(this::connect, "/in", later::add);

  private Mailbox connect() {
    var line = new Line();
    lines.add(line);
    return line;
  }

  @Test
  void aConnectionIsUsedAgain() throws IOException {
    for (var i = 0; i < 3; i++) {
      try (var mailbox = pool.open()) {
        mailbox.look("/in/a");
      }
    }

    assertThat(lines).hasSize(1);
    assertThat(lines.get(0).asked).containsExactly("/in/a", "/in", "/in/a", "/in", "/in/a");
  }

  @Test
  void twoAtATimeAreTwo() throws IOException {
    try (var one = pool.open();
        var two = pool.open()) {
      assertThat(one).isNotSameAs(two);
    }
    assertThat(lines).hasSize(2);
    assertThat(lines).noneMatch(line -> line.closed);
  }

  @Test
  void oneThatFailedIsClosedAndNotUsedAgain() throws IOException {
    try (var mailbox = pool.open()) {
      lines.get(0).dead = true;
      assertThatThrownBy(() -> mailbox.look("/in/a")).isInstanceOf(MailboxException.class);
    }
    assertThat(lines.get(0).closed).isTrue();

    pool.open().close();
    assertThat(lines).hasSize(2);
  }

  @Test
  void oneThatDiedMeanwhileCostsNobodyAnAttempt() throws IOException {
    pool.open().close();
    lines.get(0).dead = true;

    try (var mailbox = pool.open()) {
      assertThat(mailbox.look("/in/a")).isEmpty();
    }

    assertThat(lines).hasSize(2);
    assertThat(lines.get(0).closed).isTrue();
  }

  @Test
  void oneThatNobodyUsesIsClosedAfterAWhileAndOneThatIsUsedIsNot() throws IOException {
    pool.open().close();
    var mailbox = pool.open();
    later.remove(0).run();
    assertThat(lines.get(0).closed).as("it is in use").isFalse();

    mailbox.close();
    pool.open().close();
    later.remove(0).run();
    assertThat(lines.get(0).closed).as("it has been used since").isFalse();

    later.remove(0).run();
    assertThat(lines.get(0).closed).isTrue();
  }

  @Test
  void closingItClosesThemAll() throws IOException {
    var used = pool.open();
    pool.open().close();
    pool.close();
    used.close();

    assertThat(lines).hasSize(2).allMatch(line -> line.closed);
  }

  private static final class Line implements Mailbox {
    final List<String> asked = new ArrayList<>();
    boolean dead;
    boolean closed;

    @Override
    public Optional<Entry> look(String path) throws IOException {
      if (dead) {
        throw new MailboxException(FailureKind.TRANSIENT, "The line is dead.", null);
      }
      asked.add(path);
      return Optional.empty();
    }

    @Override
    public List<Entry> list(String folder, int most) {
      return List.of();
    }

    @Override
    public byte[] read(String path, long size, int most) {
      return new byte[0];
    }

    @Override
    public void write(String path, byte[] content) {
      asked.add(path);
    }

    @Override
    public void move(String from, String to) {
      asked.add(to);
    }

    @Override
    public void delete(String path) {
      asked.add(path);
    }

    @Override
    public void makeFolder(String folder) {
      asked.add(folder);
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
