package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.catalog.Mappings;
import io.serai.database.TestDatabase;
import io.serai.support.Json;
import io.serai.support.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a retry sends after its mapping was changed: what the first attempt sent. */
class PinnedMappingsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String NAME = "acme/order.out.jslt";

  private final ManualClock clock = new ManualClock();
  @TempDir Path home;
  private Mappings mappings;
  private PinnedMappings pinned;

  @BeforeEach
  void open() throws IOException {
    DATABASE.truncate();
    write("order.out.jslt", "import \"acme/words.jslt\" as w\nw:say(.)");
    write("words.jslt", "def say(x) \"first\"");
    start();
  }

  private void start() {
    mappings = new Mappings(home, getClass().getClassLoader());
    pinned = new PinnedMappings(mappings, DATABASE.dataSource(), clock);
    pinned.keep(NAME);
  }

  private void write(String file, String text) throws IOException {
    var path = home.resolve("mappings/acme").resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private String sent(Instant mappedAt) throws SQLException {
    return pinned.mapping(NAME, mappedAt).apply(Json.tree("{}")).asText();
  }

  @Test
  void aRetryAfterAReloadSendsWhatTheFirstAttemptSent() throws Exception {
    var created = clock.instant().plusSeconds(1);
    clock.advance(Duration.ofMinutes(1));

    write("words.jslt", "def say(x) \"second\"");
    mappings.reload("acme/words.jslt");

    assertThat(sent(created)).isEqualTo("first");
    assertThat(sent(clock.instant())).isEqualTo("second");
  }

  @Test
  void aRetryAfterADeploymentSendsWhatTheFirstAttemptSent() throws Exception {
    var created = clock.instant().plusSeconds(1);
    clock.advance(Duration.ofMinutes(1));
    write("words.jslt", "def say(x) \"second\"");
    start();
    clock.advance(Duration.ofMinutes(1));
    write("order.out.jslt", "\"third\"");

    start();

    assertThat(sent(created)).isEqualTo("first");
    assertThat(sent(created.plusSeconds(60))).isEqualTo("second");
    assertThat(sent(clock.instant())).isEqualTo("third");
  }

  @Test
  void aMappingThatComesBackIsInForceAgain() throws Exception {
    clock.advance(Duration.ofMinutes(1));
    write("words.jslt", "def say(x) \"second\"");
    mappings.reload("acme/words.jslt");
    var between = clock.instant();
    clock.advance(Duration.ofMinutes(1));
    write("words.jslt", "def say(x) \"first\"");
    mappings.reload("acme/words.jslt");

    assertThat(sent(between)).isEqualTo("second");
    assertThat(sent(clock.instant())).isEqualTo("first");
  }

  @Test
  void whatIsOlderThanAnyKnownMappingIsMadeByTheFirst() throws Exception {
    assertThat(sent(clock.instant().minus(Duration.ofDays(9)))).isEqualTo("first");

    clock.advance(Duration.ofMinutes(1));
    write("words.jslt", "def say(x) \"second\"");
    mappings.reload("acme/words.jslt");

    assertThat(sent(clock.instant().minus(Duration.ofDays(9)))).isEqualTo("first");
  }

  @Test
  void whatIsReadFromPartnersIsReadByTheMappingOfNow() throws Exception {
    write("receipt.in.jslt", "1");
    var before = pinned.mapping("acme/receipt.in.jslt", clock.instant());
    clock.advance(Duration.ofMinutes(1));
    write("receipt.in.jslt", "2");
    mappings.reload("acme/receipt.in.jslt");

    var after = pinned.mapping("acme/receipt.in.jslt", clock.instant().minusSeconds(59));

    assertThat(before.apply(Json.tree("{}")).asInt()).isEqualTo(1);
    assertThat(after.apply(Json.tree("{}")).asInt()).isEqualTo(2);
  }
}
