package io.serai.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** README's table of channels is what the profiles and routes say, and what it claims is there. */
class ChannelTableTest {
  private static final Edition BUILT_IN =
      Catalog.open(ChannelTableTest.class.getClassLoader(), null).edition();

  @Test
  void theReadmeShowsTheTableOfTheProfiles() throws IOException {
    assertThat(Files.readString(Path.of("README.md")))
        .as("replace the table by what './serai channels table' prints")
        .contains("\n\n" + ChannelTable.markdown(BUILT_IN) + "\n");
  }

  @Test
  void aRowSaysWhatTheRoutesDo() {
    assertThat(ChannelTable.markdown(BUILT_IN))
        .contains(
            "| Shopify | `shopify` | webhook, poll | yes | yes | in, back | in, back | samples, ")
        .contains("| API | `api` | REST | – | – | – | – | end-to-end |")
        .doesNotContain("rest-3pl");
  }

  @TestFactory
  List<DynamicTest> whatAConnectorIsTestedByIsThere() {
    return BUILT_IN.connectors().values().stream()
        .flatMap(
            profile ->
                profile.tested().stream()
                    .map(
                        word ->
                            DynamicTest.dynamicTest(
                                profile.name() + " " + word, () -> isThere(profile, word))))
        .toList();
  }

  private static void isThere(ConnectorProfile profile, String word) throws IOException {
    switch (word) {
      case "samples" ->
          assertThat(files(Path.of("samples/payloads", profile.name()), ".json"))
              .hasSizeGreaterThanOrEqualTo(6);
      case "suite" ->
          assertThat(
                  Files.readString(
                      Path.of("src/test/java/io/serai/conformance/BuiltInConnectorsIT.java")))
              .contains("\"" + profile.name());
      case "simulator" ->
          assertThat(files(Path.of("src/main/java/io/serai/simulator"), ".java"))
              .anyMatch(
                  file ->
                      bare(file.getFileName().toString()).startsWith(bare(profile.name()))
                          || read(file).contains('"' + profile.name() + '"'));
      case "specification" ->
          assertThat(tests(profile.name())).anyMatch(text -> text.contains("Reference."));
      case "end-to-end" ->
          assertThat(tests(profile.name()))
              .anyMatch(text -> text.contains("class ") && text.contains("IT {"));
      default -> throw new AssertionError("nobody says how to tell '" + word + "'");
    }
  }

  private static String bare(String name) {
    return name.toLowerCase(Locale.ROOT).replace("-", "");
  }

  private static List<String> tests(String connector) {
    return files(Path.of("src/test/java"), ".java").stream()
        .map(ChannelTableTest::read)
        .filter(text -> text.toLowerCase(Locale.ROOT).contains(connector))
        .toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> files(Path folder, String ending) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
