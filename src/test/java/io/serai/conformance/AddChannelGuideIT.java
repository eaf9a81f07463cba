package io.serai.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.HubProcess;
import io.serai.camel.CatalogInspection;
import io.serai.catalog.Catalog;
import io.serai.catalog.ChannelTable;
import io.serai.catalog.Mappings;
import io.serai.catalog.Sources;
import io.serai.cli.Scaffold;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Whoever does what docs/add-a-channel.md says, and nothing else, has a channel that works. */
class AddChannelGuideIT {
  private static final Pattern FILE =
      Pattern.compile(
          "^`((?:routes|connectors|mappings|samples)/[^`]+)`\\n\\n```[a-z]+\\n(.*?)^```",
          Pattern.DOTALL | Pattern.MULTILINE);

  @TempDir Path folder;
  private String guide;
  private Path home;

  @BeforeEach
  void follow() throws Exception {
    guide = Files.readString(Path.of("docs/add-a-channel.md"));
    home = folder.resolve("site");
    for (var file : Scaffold.channel("woocommerce", "WooCommerce").entrySet()) {
      write(file.getKey(), file.getValue());
    }
    for (var line : guide.lines().filter(line -> line.startsWith("rm ")).toList()) {
      var removing =
          new ProcessBuilder("bash", "-c", line).directory(folder.toFile()).inheritIO().start();
      assertThat(removing.waitFor()).as(line).isZero();
    }
    var files = FILE.matcher(guide);
    while (files.find()) {
      write(files.group(1), files.group(2));
    }
  }

  private void write(String file, String text) throws IOException {
    var path = home.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @Test
  void itsFilesAreWithoutFaultAndItsCommandsAreThere() {
    var edition = Catalog.of(Sources.of(getClass().getClassLoader(), List.of(home))).edition();

    assertThat(edition.faults()).isEmpty();
    assertThat(
            new CatalogInspection(Set.of(), null)
                .inspect(edition, new Mappings(home, getClass().getClassLoader()), null))
        .isEmpty();
    assertThat(ChannelTable.markdown(edition))
        .contains(
            "| WooCommerce | `woocommerce` | webhook, poll | yes | yes | back | – | samples |\n");
    assertThat(guide)
        .contains(
            "./serai new channel woocommerce --title WooCommerce --home site/",
            "./serai test woocommerce --home site/ --write");
  }

  @Test
  void itsChannelPassesEveryClauseAndPrintsWhatTheGuideShows() {
    var out = new StringWriter();
    var code =
        new CommandLine(
                new TestCommand(
                    (settings, properties) -> HubProcess.start(null, settings, properties),
                    Map.<String, String>of()::get))
            .setOut(new PrintWriter(out, true))
            .execute("woocommerce", "--home", home.toString(), "--write");

    assertThat(code).as(out.toString()).isZero();
    assertThat(out.toString()).contains("\n12 passed, 0 failed, 0 not judged, in ");
    assertThat(guide)
        .contains(
            out.toString()
                .lines()
                .filter(line -> line.startsWith("  passed "))
                .limit(5)
                .reduce("```\n", (a, b) -> a + b + "\n"));
  }
}
