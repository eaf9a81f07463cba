package io.serai.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which names a folder of this machine keeps when the power goes. */
class FolderMailboxTest {
  @TempDir private Path home;

  /** Folders that were forced, each with the names in it then. */
  private final List<String> forced = new ArrayList<>();

  private final FolderMailbox mailbox = new FolderMailbox(this::note);

  private void note(Path folder) {
    try (var files = Files.list(folder)) {
      forced.add(
          home.relativize(folder)
              + ":"
              + files.map(f -> f.getFileName().toString()).sorted().toList());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aNameIsForcedWhenItWasGiven() throws IOException {
    mailbox.write(home + "/.order.part", new byte[3]);

    mailbox.move(home + "/.order.part", home + "/order.edi");

    assertThat(forced).containsExactly(":[order.edi]");
  }

  @Test
  void bothFoldersAreForcedWhenAFileIsPutAwayAndTheOneItCameToFirst() throws IOException {
    Files.createDirectories(home.resolve("in"));
    mailbox.write(home + "/in/order.edi", new byte[3]);
    mailbox.makeFolder(home + "/archive");
    assertThat(forced).as("the name of a new folder, too").containsExactly(":[archive, in]");
    mailbox.makeFolder(home + "/archive");
    assertThat(forced).hasSize(1);

    mailbox.move(home + "/in/order.edi", home + "/archive/order.edi");

    assertThat(forced.subList(1, 3)).containsExactly("archive:[order.edi]", "in:[]");
  }

  @Test
  void whatIsInTheWayIsNotReplacedAndNothingForced() throws IOException {
    mailbox.write(home + "/one", new byte[1]);
    mailbox.write(home + "/two", new byte[2]);

    assertThatThrownBy(() -> mailbox.move(home + "/one", home + "/two"))
        .hasMessage("'" + home + "/two' is in the way of a file.");

    assertThat(forced).isEmpty();
    assertThat(Files.size(home.resolve("two"))).isEqualTo(2);
  }

  @Test
  void aFolderThatCannotBeForcedIsNoReasonToFail() {
    FolderMailbox.force(home);
    FolderMailbox.force(home.resolve("nowhere"));

    assertThat(home).isEmptyDirectory();
  }
}
