package io.serai.transport;

import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.support.CrashPoint;
import io.serai.support.Sha256;
import io.serai.transport.FetchPlan.Then;
import io.serai.transport.FileMemory.Row;
import io.serai.transport.FileMemory.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at a partner's folder: takes the files that are whole into the inbox, oldest first, and
 * puts away those that are committed.
 *
 * <p>A file is whole when two looks that are far enough apart found it of one size and time, when
 * as many bytes were read as it has, and when it has its end, as far as its form says so; one that
 * stays without its end is taken as it is in the end, so that whoever reads it says what misses.
 *
 * <p>Guarantee: what is put away is what was read: a file that somebody wrote anew meanwhile comes
 * back and is taken as another. What is remembered of a file is committed with it, so a crash leads
 * to no second look at its bytes, and the inbox knows it by them if it does. Gap: a file that is
 * overwritten with as many bytes and the former file's time is not seen to be another; one that is
 * deleted rather than archived may be overwritten between the last look and the deletion.
 */
public final class FileFetch {
  /** Takes one file into the inbox. */
  @FunctionalInterface
  public interface Taker {
    /** Returns when it is committed: null, or what went wrong. */
    Failure take(FetchedFile file) throws SQLException;
  }

  /** Whether to go on, asked before each file: the lease has to hold. */
  @FunctionalInterface
  public interface Permit {
    /** Renews it. */
    boolean holds() throws SQLException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(FileFetch.class);
  private static final int MOST_NEW = 20_000;
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS").withZone(ZoneOffset.UTC);
  private static final int MEGABYTE = 1 << 20;

  private final FetchPlan plan;
  private final FileNames names;
  private final Clock clock;
  private final FileMemory memory;
  private final Mailbox mailbox;
  private final Consumer<String> left;
  private final int mostNew;
  private Failure problem;
  private boolean archiveThere;

  /**
   * For one look.
   *
   * @param fence of the lease under which it happens
   * @param left told of each file that lies there and is never taken
   */
  public FileFetch(
      FetchPlan plan,
      DataSource database,
      Clock clock,
      long fence,
      Mailbox mailbox,
      Consumer<String> left) {
    this(plan, database, clock, fence, mailbox, left, MOST_NEW);
  }

  /**
   * For one look at a folder.
   *
   * @param mostNew files nobody saw before that one look notes, at most
   */
  FileFetch(
      FetchPlan plan,
      DataSource database,
      Clock clock,
      long fence,
      Mailbox mailbox,
      Consumer<String> left,
      int mostNew) {
    this.mostNew = mostNew;
    this.plan = plan;
    this.names = new FileNames(plan.patterns());
    this.clock = clock;
    this.memory = new FileMemory(database, clock, plan, fence);
    this.mailbox = mailbox;
    this.left = left;
  }

  /**
   * Looks once.
   *
   * @return what went wrong, or null; what could be taken all the same was
   */
  public Failure look(Taker taker, Permit permit) throws IOException, SQLException {
    var known = memory.rows();
    var now = clock.instant();
    var ready = new ArrayList<Row>();
    var gone = new ArrayList<>(known.keySet());
    // what is known and stays there never keeps out what is new
    var most = known.size() + mostNew;
    var lying = mailbox.list(plan.folder(), most);
    for (var entry : lying) {
      gone.remove(FileNames.shown(entry.name()));
      var ripe = judge(entry, known, now);
      if (ripe != null) {
        ready.add(ripe);
      }
    }
    if (lying.size() < most) {
      memory.forget(gone);
    } else {
      LOG.warn(
          "Folder '{}' of '{}' holds more than {} new files; those beyond are seen at the next look.",
          plan.folder(),
          plan.account(),
          mostNew);
    }
    ready.sort(
        Comparator.<Row, Instant>comparing(row -> row.entry().modifiedAt())
            .thenComparing(row -> row.entry().name()));
    for (var row : ready) {
      if (!permit.holds()) {
        return problem; // another replica goes on
      }
      var failure = row.state() == State.TAKEN ? putAway(row.entry()) : take(row, taker, now);
      if (failure != null) {
        return failure;
      }
    }
    return problem;
  }

  // Null when nothing is to be done with it now.
  private Row judge(Mailbox.Entry entry, Map<String, Row> known, Instant now) throws SQLException {
    if (!names.means(entry.name()) || !entry.regular() && entry.name().equals(archiveName())) {
      return null;
    }
    var before = known.get(FileNames.shown(entry.name()));
    var same = before != null && before.entry().sameAs(entry);
    var refusal = refusal(entry);
    if (refusal != null) {
      left.accept(FileNames.shown(entry.name()));
      if (!same || before.state() != State.LEFT) {
        memory.seen(storable(entry), State.LEFT, refusal);
        LOG.warn(
            "File '{}' in folder '{}' of '{}' is left where it lies: {}.",
            FileNames.shown(entry.name()),
            plan.folder(),
            plan.account(),
            refusal);
      }
      return null;
    }
    if (!same) {
      memory.seen(entry, State.LYING, null);
      return null;
    }
    if (before.state() == State.TAKEN) {
      return plan.then() == Then.LEAVE ? null : before;
    }
    return before.since().plus(plan.settledAfter()).isAfter(now) ? null : before;
  }

  private String archiveName() {
    return plan.archive().startsWith(Mailbox.path(plan.folder(), ""))
        ? plan.archive().substring(Mailbox.path(plan.folder(), "").length())
        : null;
  }

  // What no database text can hold is remembered as it is shown.
  private static Mailbox.Entry storable(Mailbox.Entry entry) {
    return new Mailbox.Entry(
        FileNames.shown(entry.name()), entry.size(), entry.modifiedAt(), entry.regular());
  }

  private String refusal(Mailbox.Entry entry) {
    if (!entry.regular()) {
      return "it is a folder or a link, and only files are taken";
    }
    var name = FileNames.refusal(entry.name());
    if (name != null) {
      return name + ". Ask its sender for another name";
    }
    return entry.size() > plan.largest()
        ? "it has %d MB, and at most %d MB are taken. Ask its sender to split it"
            .formatted(entry.size() / MEGABYTE, plan.largest() / MEGABYTE)
        : null;
  }

  private Failure take(Row row, Taker taker, Instant now) throws IOException, SQLException {
    var entry = row.entry();
    var path = Mailbox.path(plan.folder(), entry.name());
    byte[] content;
    try {
      content = mailbox.read(path, entry.size(), plan.largest() + 1);
    } catch (MailboxException e) {
      if (mailbox.look(path).isEmpty()) {
        return null; // its sender took it back
      }
      throw e;
    }
    var after = mailbox.look(path);
    if (content.length != entry.size() || after.isEmpty() || !after.get().sameAs(entry)) {
      return null; // it is being written after all; the next look notes how it is then
    }
    if (!Trailer.there(content)) {
      if (row.since().plus(plan.unfinishedAfter()).isAfter(now)) {
        return null;
      }
      LOG.warn(
          "File '{}' of '{}' has had no end for {}; it is taken as it is.",
          FileNames.shown(entry.name()),
          plan.account(),
          plan.unfinishedAfter());
    }
    var file = new FetchedFile(entry, content, memory);
    var failure = taker.take(file);
    if (failure != null) {
      return failure;
    }
    if (!file.isTaken()) {
      return Failure.of(
          FailureKind.CONFIG,
          "The route that fetches the files of '%s' does not store them. End it with 'serai:accept/%s'."
              .formatted(plan.account(), plan.document()),
          Place.of(plan.account()));
    }
    CrashPoint.hit(CrashPoint.BEFORE_FILE_MOVE);
    return plan.then() == Then.LEAVE ? null : putAway(entry);
  }

  private Failure putAway(Mailbox.Entry entry) throws IOException, SQLException {
    var path = Mailbox.path(plan.folder(), entry.name());
    try {
      var there = mailbox.look(path);
      if (there.isEmpty() || !there.get().sameAs(entry)) {
        return null; // gone, or another file by now
      }
      if (plan.then() == Then.DELETE) {
        mailbox.delete(path);
      } else {
        archive(entry, path);
      }
      memory.forget(List.of(entry.name()));
    } catch (MailboxException e) {
      if (e.kind() == FailureKind.TRANSIENT && mailbox.look(path).isPresent()) {
        throw e; // the connection, more likely than the file
      }
      problem =
          Failure.of(
              e.kind(),
              "File '%s' of '%s' was taken and cannot be put away (%s). Grant it, or set 'taken-files: leave'."
                  .formatted(FileNames.shown(entry.name()), plan.account(), e.getMessage()),
              Place.of(plan.account()));
    }
    return null;
  }

  private void archive(Mailbox.Entry entry, String path) throws IOException {
    if (!archiveThere) {
      mailbox.makeFolder(plan.archive());
      archiveThere = true;
    }
    var stamp = STAMP.format(clock.instant());
    var target =
        Mailbox.path(
            plan.archive(),
            "%s-%s-%s"
                .formatted(
                    stamp,
                    Sha256.hex((plan.account() + entry).getBytes(StandardCharsets.UTF_8))
                        .substring(0, 8),
                    FileNames.plain(entry.name())));
    mailbox.move(path, target);
    var moved = mailbox.look(target);
    if (moved.isPresent() && !moved.get().sameAs(entry)) {
      // written anew between the last look and the move: what lies in the archive was never read
      var back =
          mailbox.look(path).isEmpty()
              ? path
              : Mailbox.path(plan.folder(), stamp + "-" + FileNames.plain(entry.name()));
      mailbox.move(target, back);
    }
  }
}
