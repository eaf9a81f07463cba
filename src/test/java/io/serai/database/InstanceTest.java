package io.serai.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceTest {
  @TempDir Path folder;

  @Test
  void aFolderKeepsItsId() {
    String first;
    try (var instance = Instance.claim(folder)) {
      first = instance.id();
    }

    try (var instance = Instance.claim(folder)) {
      assertThat(instance.id()).isEqualTo(first).matches("hub-[0-9a-z]{8}");
    }
  }

  @Test
  void anotherFolderIsAnotherInstance() {
    try (var one = Instance.claim(folder.resolve("a"));
        var other = Instance.claim(folder.resolve("b"))) {
      assertThat(one.id()).isNotEqualTo(other.id());
    }
  }

  @Test
  void aHeldFolderIsRefusedAndStaysHeld() {
    try (var instance = Instance.claim(folder)) {
      for (int round = 0; round < 2; round++) {
        assertThatThrownBy(() -> Instance.claim(folder))
            .isInstanceOf(DatabaseRefused.class)
            .hasMessage(
                "Data folder '%s' is in use by another Serai (process '%d'). Stop that one or set SERAI_DATA_DIR to a folder of its own.",
                instance.folder(), ProcessHandle.current().pid());
      }
    }
  }

  @Test
  void aFolderThatIsAFileIsNamed() throws IOException {
    var file = Files.writeString(folder.resolve("file"), "");

    assertThatThrownBy(() -> Instance.claim(file))
        .isInstanceOf(DatabaseRefused.class)
        .hasMessageContaining("Data folder '" + file + "' cannot be created")
        .hasMessageEndingWith("Create it for this user or set SERAI_DATA_DIR to another folder.");
  }

  @Test
  void aDamagedIdIsReplaced() throws IOException {
    Files.writeString(folder.resolve("instance.id"), "\0\0\0");

    try (var instance = Instance.claim(folder)) {
      assertThat(instance.id()).matches("hub-[0-9a-z]{8}");
    }
  }
}
