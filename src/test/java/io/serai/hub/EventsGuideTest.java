package io.serai.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The guide and the connector name every event there is, and no other. */
class EventsGuideTest {
  private static final Pattern TYPE = Pattern.compile("`([a-z]+\\.[a-z]+)`");
  private static final Pattern CHOICES = Pattern.compile("choices: \\[(order[^]]+)]");

  private static TreeSet<String> types() {
    var types = new TreeSet<>(Feeds.TYPES.values());
    types.add("stock.changed");
    return types;
  }

  @Test
  void theGuideSaysWhenEachIsTold() throws IOException {
    var told = new TreeSet<String>();
    for (var line : Files.readAllLines(Path.of("docs/events.md"))) {
      if (line.startsWith("| `")) {
        var names = TYPE.matcher(line.split("\\|")[1]);
        while (names.find()) {
          told.add(names.group(1));
        }
      }
    }

    assertThat(told).isEqualTo(types());
  }

  @ParameterizedTest
  @ValueSource(strings = {"event-webhook", "event-file", "event-kafka"})
  void theConnectorOffersEachAndEveryKind(String connector) throws IOException {
    var choices =
        CHOICES.matcher(Files.readString(Path.of("connectors/" + connector + ".connector.yaml")));
    assertThat(choices.find()).isTrue();

    var offered = new TreeSet<String>();
    for (var choice : choices.group(1).split(", ")) {
      offered.add(choice);
    }
    var expected = types();
    types().forEach(type -> expected.add(type.substring(0, type.indexOf('.')) + ".*"));
    assertThat(offered).isEqualTo(expected);
  }
}
