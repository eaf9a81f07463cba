package io.serai.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stand-in.yaml says of a partner that exchanges files. */
class StandInFileTest {
  @TempDir Path folder;

  private StandInFile read(String text) throws IOException {
    return StandInFile.read(Files.writeString(folder.resolve("stand-in.yaml"), text));
  }

  @Test
  void filesAreReadAsTheyCome() throws IOException {
    var file =
        read(
            """
            files:
              comes: { name: a.csv, text: "sku\\nMUG\\n" }
              goes: { fulfillment-request: ".*[.]csv" }
            selects: [N101]
            """);

    assertThat(file.files().comes()).isEqualTo(new StandInFile.Shown("a.csv", "sku\nMUG\n"));
    assertThat(file.files().partly()).isNull();
    assertThat(file.files().goes()).containsEntry("fulfillment-request", ".*[.]csv");
    assertThat(file.selects()).containsExactly("N101");
    assertThat(read("account: {}").files()).isNull();
  }

  @Test
  void whatNothingReadsOrMissesIsNamed() {
    assertThatThrownBy(() -> read("files: { come: {} }"))
        .hasMessage(
            "'%s': files has 'come', which nothing reads; write one of comes, partly, goes. docs/add-a-channel.md tells what may stand there.",
            folder.resolve("stand-in.yaml"));
    assertThatThrownBy(() -> read("files: { partly: { name: a.csv } }"))
        .hasMessageContaining("files.partly has no 'text'; add it.");
  }
}
