package io.serai.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.HubProcess;
import io.serai.Variables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The operator's guide says what is there, and all of it. */
class OperateGuideTest {
  private static final Path GUIDE = Path.of("docs", "operate.md");

  private static TreeSet<String> found(String pattern, String text) {
    var all = new TreeSet<String>();
    Pattern.compile(pattern, Pattern.MULTILINE)
        .matcher(text)
        .results()
        .forEach(match -> all.add(match.group(1)));
    return all;
  }

  private static TreeSet<String> variables(Path file) throws IOException {
    var all = new TreeSet<String>();
    Files.readAllLines(file).stream()
        .filter(line -> line.startsWith("| `SERAI_"))
        .map(line -> line.substring(0, line.indexOf('|', 1)))
        .forEach(cell -> all.addAll(found("`(SERAI_[A-Z0-9_]+)`", cell)));
    return all;
  }

  @Test
  void everyVariableIsListed() throws IOException {
    assertThat(variables(GUIDE)).containsExactlyInAnyOrderElementsOf(Variables.NAMES);
    assertThat(Variables.NAMES).containsAll(variables(Path.of("README.md")));
  }

  @Test
  void everyVariableThatIsReadIsKnown() throws IOException {
    var read = new TreeSet<String>();
    try (var files =
        Stream.concat(
            Files.walk(Path.of("src/main/java")),
            Stream.of(Path.of("src/main/resources/application.yaml"), Path.of("serai")))) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var name = file.toString();
        if (!name.contains("simulator")) {
          read.addAll(found("[\"{](SERAI_[A-Z0-9_]+[A-Z0-9])[\":}]", Files.readString(file)));
        }
      }
    }
    assertThat(Variables.NAMES).containsAll(read);
    assertThat(read).contains("SERAI_DB_URL", "SERAI_AS2_PORT", "SERAI_LOG_FORMAT", "SERAI_AOT");
  }

  @Test
  void eachAlertHasASection() throws IOException {
    var rules = Files.readString(RenderedChart.CHART.resolve("alerts.yaml"));
    var guide = Files.readString(GUIDE);

    assertThat(found("^### (Serai\\w+)$", guide))
        .isEqualTo(found("alert: (Serai\\w+)$", rules))
        .hasSizeGreaterThan(10);
  }

  @Test
  void theGuideKnowsHowLongAStopTakes() throws IOException {
    assertThat(Files.readString(GUIDE)).contains(StopTimes.LONGEST + " s at most");
  }

  @Test
  void aHubWithoutItsConfigurationEndsWithOne() {
    assertThat(HubProcess.run(Path.of("nowhere.yaml"))).isEqualTo(1);
  }

  @Test
  void theVerbsThatTheGuideNamesAreThere() throws IOException {
    var verbs = found("`(?:SERAI\\S+ )*\\./serai ([a-z][a-z -]*[a-z])", Files.readString(GUIDE));
    var missing =
        verbs.stream()
            .filter(
                verb -> {
                  var command = io.serai.Serai.commandLine(io.serai.cli.Session.ofProcess());
                  for (var word : List.of(verb.split(" "))) {
                    command = command == null ? null : command.getSubcommands().get(word);
                  }
                  return command == null;
                })
            .toList();

    assertThat(verbs).hasSizeGreaterThan(5);
    assertThat(missing).isEmpty();
  }
}
