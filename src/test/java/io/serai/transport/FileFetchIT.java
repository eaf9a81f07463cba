package io.serai.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.database.TestDatabase;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.support.ManualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Which files of a folder are taken, when, once, and what becomes of them. */
class FileFetchIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  static final String WHOLE =
      "ISA*00*          *00*          *ZZ*NORTHWIND      *ZZ*SERAI          *260302*1000*U*00401*000000007*0*P*>~"
          + "GS*SW*NORTHWIND*SERAI*20260302*1000*7*X*004010~ST*945*0001~SE*2*0001~GE*1*7~IEA*1*000000007~\n";

  private final ManualClock clock = new ManualClock();
  private final List<String> taken = new ArrayList<>();
  private final List<String> left = new ArrayList<>();
  private Path folder;
  private FetchPlan.Then then = FetchPlan.Then.ARCHIVE;
  private Mailbox mailbox = new FolderMailbox();
  private int mostNew = 20_000;
  private FileFetch.Taker taker = this::take;

  @BeforeEach
  void begin(@TempDir Path home) throws IOException, SQLException {
    DATABASE.truncate();
    folder = Files.createDirectories(home.resolve("out"));
    fence(1);
  }

  private static void fence(long fence) throws SQLException {
    try (var connection = DATABASE.dataSource().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO poll_cursor (account, document, fence, updated_at) VALUES ('northwind', 'batch', %1$d, now()) ON CONFLICT (account, document) DO UPDATE SET fence = %1$d"
              .formatted(fence));
    }
  }

  private Failure take(FetchedFile file) throws SQLException {
    try (var connection = DATABASE.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      file.taken(connection);
      connection.commit();
    }
    taken.add(file.name() + "=" + new String(file.content(), StandardCharsets.UTF_8).strip());
    return null;
  }

  private Failure look() throws IOException, SQLException {
    return look(1);
  }

  private Failure look(long fence) throws IOException, SQLException {
    var plan =
        new FetchPlan(
            "northwind",
            "batch",
            folder.toString(),
            "*.edi, *.csv",
            Duration.ofSeconds(30),
            Duration.ofMinutes(15),
            then,
            folder + "/archive",
            1_000_000);
    return new FileFetch(plan, DATABASE.dataSource(), clock, fence, mailbox, left::add, mostNew)
        .look(taker, () -> true);
  }

  private Failure lookTwice() throws IOException, SQLException {
    look();
    clock.advance(Duration.ofSeconds(31));
    return look();
  }

  private Path write(String name, String text) throws IOException {
    var file = Files.writeString(folder.resolve(name), text);
    Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
    return file;
  }

  private List<String> lying() throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(f -> f.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private List<String> archived() throws IOException {
    try (var files = Files.list(folder.resolve("archive"))) {
      return files.map(FileFetchIT::read).sorted().collect(Collectors.toList());
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void filesThatAreLeftThereNeverKeepOutNewOnesHoweverManyTheyAre() throws Exception {
    then = FetchPlan.Then.LEAVE;
    mostNew = 2;
    for (var name : List.of("a", "b", "c", "d", "e")) {
      write(name + ".csv", name);
    }

    for (var looks = 0; looks < 4; looks++) {
      assertThat(lookTwice()).isNull();
    }

    assertThat(taken)
        .containsExactlyInAnyOrder("a.csv=a", "b.csv=b", "c.csv=c", "d.csv=d", "e.csv=e");
    write("f.csv", "f");
    lookTwice();
    assertThat(taken).hasSize(6).endsWith("f.csv=f");
  }

  @Test
  void aFileIsTakenWhenItStoodStillAndIsArchivedThen() throws Exception {
    write("a.csv", "one");
    assertThat(look()).isNull();
    clock.advance(Duration.ofSeconds(29));
    look();
    assertThat(taken).as("it has not stood still for long enough").isEmpty();

    clock.advance(Duration.ofSeconds(2));
    assertThat(look()).isNull();

    assertThat(taken).containsExactly("a.csv=one");
    assertThat(lying()).isEmpty();
    assertThat(archived()).containsExactly("one");
  }

  @Test
  void aGrowingFileIsTakenOnceAndWhole() throws Exception {
    write("a.csv", "one");
    look();
    clock.advance(Duration.ofSeconds(31));
    write("a.csv", "one two");
    look();
    clock.advance(Duration.ofSeconds(31));
    write("a.csv", "one two three");
    look();
    assertThat(taken).isEmpty();

    clock.advance(Duration.ofSeconds(31));
    look();

    assertThat(taken).containsExactly("a.csv=one two three");
  }

  @Test
  void aFileUnderTheNameOfAnUnfinishedOneWaitsForItsOwn() throws Exception {
    write("a.csv.part", "half");
    write(".a.csv", "hidden");
    write("b.txt", "not meant");
    lookTwice();
    assertThat(taken).isEmpty();

    Files.move(folder.resolve("a.csv.part"), folder.resolve("a.csv"));
    lookTwice();

    assertThat(taken).containsExactly("a.csv=half");
    assertThat(left).isEmpty();
  }

  @Test
  void anInterchangeWithoutItsEndIsWaitedForAndThenTakenAsItIs() throws Exception {
    var half = WHOLE.substring(0, WHOLE.indexOf("~IEA") + 8);
    write("half.edi", half);
    write("whole.edi", WHOLE);
    lookTwice();
    assertThat(taken).singleElement().asString().startsWith("whole.edi");

    clock.advance(Duration.ofMinutes(14));
    look();
    assertThat(taken).hasSize(1);

    clock.advance(Duration.ofMinutes(2));
    look();
    assertThat(taken).last().isEqualTo("half.edi=" + half);
  }

  @Test
  void anEmptyFileIsWaitedForAndThenTaken() throws Exception {
    write("empty.csv", "");
    lookTwice();
    assertThat(taken).isEmpty();

    clock.advance(Duration.ofMinutes(15));
    look();

    assertThat(taken).containsExactly("empty.csv=");
  }

  @Test
  void oneNameIsManyFilesAndAFileThatComesAgainIsLookedAtAgain() throws Exception {
    for (var text : List.of("one", "two", "two")) {
      write("stock.csv", text);
      lookTwice();
      clock.advance(Duration.ofMinutes(1));
    }

    assertThat(taken)
        .as("whether the third is known is for the inbox to say")
        .containsExactly("stock.csv=one", "stock.csv=two", "stock.csv=two");
    assertThat(archived()).containsExactly("one", "two", "two");
  }

  @Test
  void oldestFirst() throws Exception {
    write("z.csv", "first");
    clock.advance(Duration.ofSeconds(5));
    write("a.csv", "second");
    lookTwice();

    assertThat(taken).containsExactly("z.csv=first", "a.csv=second");
  }

  @Test
  void whatCannotBePutAwayIsNotTakenAgain() throws Exception {
    Files.writeString(folder.resolve("archive"), "a file is where the folder is to be");
    write("a.csv", "one");
    var problem = lookTwice();
    look();
    assertThat(problem).isNotNull();
    assertThat(problem.sentence()).contains("File 'a.csv' of 'northwind' was taken");
    assertThat(taken).hasSize(1);

    Files.delete(folder.resolve("archive"));
    assertThat(look()).isNull();

    assertThat(taken).hasSize(1);
    assertThat(archived()).containsExactly("one");
  }

  @Test
  void aProcessThatDiesBetweenCommitAndMoveTakesNothingTwice() throws Exception {
    write("a.csv", "one");
    taker =
        file -> {
          take(file);
          throw new SQLException("the process dies here");
        };
    try {
      lookTwice();
    } catch (SQLException e) {
      assertThat(e.getMessage()).contains("dies here");
    }
    taker = this::take;
    look();

    assertThat(taken).containsExactly("a.csv=one");
    assertThat(archived()).containsExactly("one");
  }

  @Test
  void aFileWrittenAnewWhileItWasTakenIsAnother() throws Exception {
    write("a.csv", "one");
    taker =
        file -> {
          take(file);
          try {
            clock.advance(Duration.ofSeconds(1));
            if (taken.size() == 1) {
              FileFetchIT.this.write("a.csv", "two");
            }
          } catch (IOException e) {
            throw new AssertionError(e);
          }
          return null;
        };
    lookTwice();
    assertThat(lying()).containsExactly("a.csv");
    lookTwice();

    assertThat(taken).containsExactly("a.csv=one", "a.csv=two");
    assertThat(archived()).as("what was written over is gone").containsExactly("two");
  }

  @Test
  void aFileWrittenAnewInTheMomentOfItsMoveComesBackAndIsTaken() throws Exception {
    write("a.csv", "one");
    mailbox =
        new Delegate() {
          boolean done;

          @Override
          public void move(String from, String to) throws IOException {
            if (!done) {
              done = true;
              clock.advance(Duration.ofSeconds(1));
              FileFetchIT.this.write("a.csv", "two");
            }
            super.move(from, to);
          }
        };
    lookTwice();
    lookTwice();

    assertThat(taken).containsExactly("a.csv=one", "a.csv=two");
    assertThat(lying()).isEmpty();
  }

  @Test
  void whatIsToBeDeletedIsAndWhatIsToBeLeftIsRemembered() throws Exception {
    then = FetchPlan.Then.DELETE;
    write("a.csv", "one");
    lookTwice();
    assertThat(lying()).isEmpty();
    assertThat(folder.resolve("archive")).doesNotExist();

    then = FetchPlan.Then.LEAVE;
    write("b.csv", "two");
    lookTwice();
    lookTwice();
    assertThat(taken).containsExactly("a.csv=one", "b.csv=two");

    write("b.csv", "three");
    lookTwice();
    assertThat(taken).last().isEqualTo("b.csv=three");
    assertThat(lying()).containsExactly("b.csv");
  }

  @Test
  void whatTheInboxDoesNotTakeLiesThereAndIsTriedAgain() throws Exception {
    write("a.csv", "one");
    taker = file -> Failure.of(FailureKind.THROTTLED, "The disk is full.", Place.of("northwind"));
    assertThat(lookTwice().sentence()).isEqualTo("The disk is full.");
    assertThat(lying()).containsExactly("a.csv");

    taker = this::take;
    look();

    assertThat(taken).containsExactly("a.csv=one");
  }

  @Test
  void aReplicaThatLostTheLeaseStoresNothing() throws Exception {
    write("a.csv", "one");
    look();
    clock.advance(Duration.ofSeconds(31));
    fence(2);

    assertThatThrownBy(() -> look(1))
        .hasMessage("Another replica fetches the files of 'northwind' now");
    assertThat(taken).isEmpty();

    look(2);
    assertThat(taken).hasSize(1);
  }

  @Test
  void tricksInNamesLeadNowhereAndAreNamed() throws Exception {
    write("fine.csv", "fine");
    Files.createSymbolicLink(folder.resolve("link.csv"), Path.of("/etc/passwd"));
    Files.createDirectory(folder.resolve("folder.csv"));
    write("back\\slash.csv", "x");
    write("pattern*.csv", "x");
    write("line\nbreak.csv", "x");
    write("right\u202Eleft.csv", "x");
    write("CON.csv", "a name that another system reserves is text here");
    mailbox =
        new Delegate() {
          @Override
          public List<Entry> list(String where, int most) throws IOException {
            var all = new ArrayList<>(super.list(where, most));
            for (var trick :
                List.of(
                    "../../etc/cron.d/x.csv",
                    "/etc/x.csv",
                    "nul\0.csv",
                    "a".repeat(300) + ".csv")) {
              all.add(new Entry(trick, 1, Instant.EPOCH, true));
            }
            return all;
          }
        };
    lookTwice();

    assertThat(taken)
        .extracting(t -> t.split("=")[0])
        .containsExactlyInAnyOrder("fine.csv", "CON.csv");
    assertThat(left)
        .contains(
            "link.csv",
            "folder.csv",
            "back\\slash.csv",
            "pattern*.csv",
            "line\uFFFDbreak.csv",
            "right\uFFFDleft.csv",
            "../../etc/cron.d/x.csv",
            "/etc/x.csv",
            "nul\uFFFD.csv");
    assertThat(archived()).hasSize(2);
  }

  @Test
  void aFileThatIsTooLargeIsNeverRead() throws Exception {
    write("big.csv", "x".repeat(1_000_001));
    mailbox =
        new Delegate() {
          @Override
          public byte[] read(String path, long size, int most) {
            throw new AssertionError("it was read");
          }
        };
    assertThat(lookTwice()).isNull();
    assertThat(left).contains("big.csv");
  }

  /** The folder, with its bad days. */
  private static class Delegate implements Mailbox {
    private final Mailbox folder = new FolderMailbox();

    @Override
    public List<Entry> list(String where, int most) throws IOException {
      return folder.list(where, most);
    }

    @Override
    public Optional<Entry> look(String path) throws IOException {
      return folder.look(path);
    }

    @Override
    public byte[] read(String path, long size, int most) throws IOException {
      return folder.read(path, size, most);
    }

    @Override
    public void write(String path, byte[] content) throws IOException {
      folder.write(path, content);
    }

    @Override
    public void move(String from, String to) throws IOException {
      folder.move(from, to);
    }

    @Override
    public void delete(String path) throws IOException {
      folder.delete(path);
    }

    @Override
    public void makeFolder(String where) throws IOException {
      folder.makeFolder(where);
    }

    @Override
    public void close() {
      folder.close();
    }
  }
}
