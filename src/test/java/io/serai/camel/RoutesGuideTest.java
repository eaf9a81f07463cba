package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.catalog.Catalog;
import io.serai.catalog.Edition;
import io.serai.catalog.Fault;
import io.serai.catalog.Mappings;
import io.serai.catalog.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoutesGuideTest {
  private static final Pattern FILE =
      Pattern.compile(
          "^`((?:routes|connectors|mappings)/[^`]+)`\\n\\n```[a-z]+\\n(.*?)^```",
          Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern WORD =
      Pattern.compile(
          "^\\| `serai:([a-z0-9-]+)[^`]*` \\| `(from|to)` \\| ([^|]*)\\|", Pattern.MULTILINE);

  @TempDir Path home;
  private String guide;

  @BeforeEach
  void write() throws IOException {
    guide = Files.readString(Path.of("docs/routes.md"));
    var files = FILE.matcher(guide);
    while (files.find()) {
      var file = home.resolve(files.group(1));
      Files.createDirectories(file.getParent());
      Files.writeString(file, files.group(2));
    }
  }

  @Test
  void theChannelOfTheGuideIsWithoutFault() {
    var edition = edition();

    assertThat(edition.files()).hasSize(8);
    assertThat(faults(edition)).isEmpty();
  }

  @Test
  void theFaultOfTheGuideIsTheOneItShows() throws IOException {
    var file = home.resolve("routes/outbound/acme-stock-out.camel.yaml");
    Files.writeString(file, Files.readString(file).replace("acme/stock.out", "acme/stok.out"));

    var edition = edition();
    var sentence = faults(edition);

    assertThat(sentence).hasSize(1);
    assertThat(guide)
        .contains(
            "site/%s%n%d files checked, 1 fault.%n"
                .formatted(sentence.get(0), edition.files().size()));
  }

  @Test
  void theTableOfWordsIsComplete() {
    var words = WORD.matcher(guide);
    var count = 0;
    while (words.find()) {
      var word = Words.word(words.group(1));
      assertThat(word).as(words.group(1)).isNotNull();
      assertThat(words.group(2)).isEqualTo(word.from() ? "from" : "to");
      var options =
          words.group(3).isBlank()
              ? List.<String>of()
              : List.of(words.group(3).strip().replace("`", "").split(", "));
      assertThat(options).as(words.group(1)).containsExactlyInAnyOrderElementsOf(word.options());
      count++;
    }
    assertThat(count).isEqualTo(Words.names(true).size() + Words.names(false).size());
  }

  private List<String> faults(Edition edition) {
    return new CatalogInspection(Set.of(), null)
        .inspect(edition, new Mappings(home, new ClassLoader(null) {}), null).stream()
            .map(Fault::toString)
            .toList();
  }

  private Edition edition() {
    return Catalog.of(Sources.of(List.of(home))).edition();
  }
}
