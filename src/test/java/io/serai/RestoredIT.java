package io.serai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.database.TestDatabase;
import io.serai.hub.Restoration;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The verb that says that a database was set back. */
class RestoredIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  @TempDir Path folder;

  @Test
  void whatWasSaidIsKeptForHubsThatStartThen() {
    DATABASE.truncate();
    var at = Instant.parse("2020-11-23T04:00:00Z");

    assertThat(HubProcess.restored(at, environment()))
        .startsWith("The database at '")
        .endsWith(
            "' is known to be as it was at 2020-11-23T04:00:00Z. Of 0 deliveries nobody knows whether they were sent since: none is sent blindly. 0 open orders are held, and so are orders placed until now that come anew. Start the hubs.");

    assertThat(Restoration.last(DATABASE.dataSource()).at()).isEqualTo(at);
  }

  @Test
  void nothingIsSetBackToWhatIsYetToCome() {
    DATABASE.truncate();

    assertThatThrownBy(
            () -> HubProcess.restored(Instant.parse("2999-01-01T00:00:00Z"), environment()))
        .hasMessage(
            "'2999-01-01T00:00:00Z' is yet to come. Name the point that the database was set back to.");

    assertThat(Restoration.last(DATABASE.dataSource())).isNull();
  }

  private Map<String, String> environment() {
    return Map.of(
        "SERAI_DATA_DIR", folder.toString(),
        "SERAI_DB_URL", DATABASE.url(),
        "SERAI_DB_USER", TestDatabase.server().user(),
        "SERAI_DB_PASSWORD", TestDatabase.server().password());
  }
}
