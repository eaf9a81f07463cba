package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.cli.Session;
import io.serai.cli.Terminal;
import io.serai.support.ManualClock;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;

class CommandLineTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private CommandLine commands(Map<String, String> environment) {
    return Serai.commandLine(
        new Session(
            new Terminal(
                new PrintWriter(out, true), new PrintWriter(err, true), 0, false, ZoneOffset.UTC),
            environment::get,
            new ManualClock()));
  }

  private static List<CommandLine> verbs(CommandLine command) {
    var all = new ArrayList<CommandLine>();
    if (command.getSubcommands().isEmpty()) {
      all.add(command);
    }
    command.getSubcommands().values().forEach(sub -> all.addAll(verbs(sub)));
    return all;
  }

  @TestFactory
  List<DynamicTest> everyVerbExplainsItselfWithAnExample() {
    return verbs(commands(Map.of())).stream()
        .map(
            verb ->
                DynamicTest.dynamicTest(
                    verb.getCommandSpec().qualifiedName(),
                    () -> {
                      var help = verb.getUsageMessage(CommandLine.Help.Ansi.OFF);
                      assertThat(help).contains("Usage:").contains("--help");
                      assertThat(help).contains("Example").contains("serai ");
                      assertThat(
                              String.join("", verb.getCommandSpec().usageMessage().description()))
                          .endsWith(".");
                    }))
        .toList();
  }

  @Test
  void thePointThatADatabaseWasSetBackToIsAnInstant() {
    assertThat(commands(Map.of()).execute("restored", "--at", "yesterday")).isEqualTo(2);
    assertThat(err.toString())
        .startsWith(
            "'--at' is 'yesterday', which is no instant. Write it as in '2026-11-23T04:00:00Z'.");
  }

  @Test
  void aMisusedVerbIsOneSentenceAndExitCodeTwo() {
    assertThat(commands(Map.of()).execute("orders", "show")).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo(
            """
            Missing required parameter: 'ORDER'.
            See 'serai orders show --help'.
            """);
  }

  @Test
  void aNounAnswersHelpWithItsVerbs() {
    for (var noun : commands(Map.of()).getSubcommands().values()) {
      var name = noun.getCommandName();
      if (!noun.getSubcommands().isEmpty()) {
        out.getBuffer().setLength(0);

        assertThat(commands(Map.of()).execute(name, "--help")).as(name).isZero();
        assertThat(out.toString())
            .contains("Usage: serai " + name)
            .contains("\nVerbs:\n")
            // nobody lists what is decided about each order: it is shown with the order
            .contains(
                switch (name) {
                  case "allocations" -> "\n  show ";
                  case "edi" -> "\n  check ";
                  case "new" -> "\n  channel ";
                  default -> "\n  list ";
                });
      }
    }
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void anUnknownNounNamesTheNearest() {
    assertThat(commands(Map.of()).execute("order")).isEqualTo(2);
    assertThat(err.toString()).contains("orders").contains("See 'serai --help'.");
  }

  @Test
  void aNounWithoutAVerbIsMisuse() {
    assertThat(commands(Map.of()).execute("dead-letters")).isEqualTo(2);
    assertThat(err.toString()).contains("See 'serai dead-letters --help'.");
  }

  @Test
  void withoutCredentialsTheVerbSaysWhereToPutThem() {
    assertThat(commands(Map.of()).execute("orders", "list")).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "No credentials are set; put the hub's token into SERAI_API_TOKEN, or the password of user 'admin' into SERAI_ADMIN_PASSWORD.\n");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aHubThatDoesNotAnswerIsOneSentence() {
    var code =
        commands(Map.of("SERAI_API_TOKEN", "0123456789abcdef", "SERAI_URL", "http://127.0.0.1:1"))
            .execute("orders", "list");

    assertThat(code).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "No hub answers at http://127.0.0.1:1; start one with 'serai run' or name another with SERAI_URL.\n");
  }

  @Test
  void anAddressThatIsNoneIsNamed() {
    var code =
        commands(Map.of("SERAI_API_TOKEN", "0123456789abcdef"))
            .execute("orders", "list", "--url", "here");

    assertThat(code).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "'here' is no address of a hub; set SERAI_URL or --url to one like http://127.0.0.1:8080.\n");
  }

  @Test
  void aReplayOfNothingIsRefusedBeforeTheHubIsAsked() {
    var code = commands(Map.of("SERAI_API_TOKEN", "0123456789abcdef")).execute("replays", "start");

    assertThat(code).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "Nothing is selected; name ids, --group, --kind, --account, --since, or say --all.\n");
  }

  @Test
  void aResolutionNeedsOneOfTwoAnswers() {
    assertThat(commands(Map.of()).execute("dead-letters", "resolve", "dlv_1", "--reason", "r"))
        .isEqualTo(2);
    assertThat(
            commands(Map.of())
                .execute(
                    "dead-letters",
                    "resolve",
                    "dlv_1",
                    "--reason",
                    "r",
                    "--happened",
                    "F",
                    "--did-not-happen"))
        .isEqualTo(2);
  }
}
