package io.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.cli.CommandLines;
import io.serai.cli.Session;
import io.serai.cli.Terminal;
import io.serai.support.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.PostMapping;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Whatever can be done on a page can be done by a request and in a terminal. */
class TwinsTest {
  @Command(name = "serai")
  static final class Root {}

  // What is about the page or the session alone.
  private static final List<String> OWN =
      List.of("/login", "/logout", "/theme", "/density", "/reveal", "/dead-letters/list");
  private static final Pattern OPTION = Pattern.compile("--[a-z-]+");

  private final JsonNode twins = read("/static/console/twins.json");
  private final JsonNode api = read("/io/serai/api/openapi.json");
  private final CommandLine terminal = terminal();

  private static JsonNode read(String resource) {
    try (var in = TwinsTest.class.getResourceAsStream(resource)) {
      return Json.tree(in.readAllBytes());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static CommandLine terminal() {
    var nowhere = new PrintWriter(new StringWriter());
    Map<String, String> environment = Map.of();
    var session =
        new Session(
            new Terminal(nowhere, nowhere, 0, false, ZoneOffset.UTC),
            environment::get,
            Clock.systemUTC());
    return CommandLines.complete(
        new CommandLine(new Root(), CommandLines.factory(session)), session);
  }

  private List<String> names() {
    var names = new ArrayList<String>();
    twins.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void everyActionOfAPageHasItsTwins() {
    var actions = new TreeSet<String>();
    for (var pages : ConsolePages.class.getAnnotation(Import.class).value()) {
      for (var method : pages.getDeclaredMethods()) {
        var post = method.getAnnotation(PostMapping.class);
        if (post != null) {
          actions.addAll(List.of(post.value()));
        }
      }
    }
    actions.removeAll(OWN);

    assertThat(actions).hasSizeGreaterThan(40);
    assertThat(new TreeSet<>(names())).isEqualTo(actions);
  }

  @Test
  void everyRequestIsOneOfTheInterfaceAndTakesWhatIsSent() {
    var faults = new ArrayList<String>();
    for (var name : names()) {
      var twin = twins.path(name);
      for (var path : variants(twin, twin.path("api").asText())) {
        var parts = path.split(" ");
        var operation = api.path("paths").path("/api/v1" + parts[1]).path(parts[0].toLowerCase());
        if (operation.isMissingNode()) {
          faults.add("%s: no request '%s'".formatted(name, path));
          continue;
        }
        var schema =
            operation.path("requestBody").path("content").path("application/json").path("schema");
        var properties =
            api.at(schema.path("$ref").asText().replaceFirst("^#", "")).path("properties");
        twin.path("body")
            .fieldNames()
            .forEachRemaining(
                field -> {
                  if (!properties.has(field)) {
                    faults.add("%s: '%s' takes no '%s'".formatted(name, path, field));
                  }
                });
      }
    }

    assertThat(faults).isEmpty();
  }

  private static List<String> variants(JsonNode twin, String text) {
    return twin.has("verbs")
        ? StreamSupport.stream(twin.path("verbs").spliterator(), false)
            .map(verb -> text.replace("{verb}", verb.asText()))
            .toList()
        : List.of(text);
  }

  @Test
  void everyCommandIsOneOfTheTerminalWithTheseOptions() {
    var faults = new ArrayList<String>();
    for (var name : names()) {
      for (var text : variants(twins.path(name), twins.path(name).path("cli").asText())) {
        var command = terminal;
        for (var word : text.split(" ")) {
          if (!command.getSubcommands().containsKey(word)) {
            break;
          }
          command = command.getSubcommands().get(word);
        }
        if (command == terminal || !command.getSubcommands().isEmpty()) {
          faults.add("%s: no command '%s'".formatted(name, text));
          continue;
        }
        var options = command.getCommandSpec().optionsMap();
        OPTION
            .matcher(text)
            .results()
            .forEach(
                option -> {
                  if (!options.containsKey(option.group())) {
                    faults.add("%s: '%s' knows no %s".formatted(name, text, option.group()));
                  }
                });
      }
    }

    assertThat(faults).isEmpty();
  }
}
