package io.serai.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DatabaseUrlTest {
  private static DatabaseSettings.External parse(String url) {
    return DatabaseUrl.parse(url, Optional.empty(), Optional.empty());
  }

  @Test
  void theFormOfJdbcIsTakenAsItIs() {
    var server =
        DatabaseUrl.parse(
            "jdbc:postgresql://db-1:5432,db-2:5432/hub?targetServerType=primary",
            Optional.of("serai"),
            Optional.of("secret"));

    assertThat(server.url())
        .isEqualTo("jdbc:postgresql://db-1:5432,db-2:5432/hub?targetServerType=primary");
    assertThat(server.user()).isEqualTo("serai");
    assertThat(server.password()).isEqualTo("secret");
  }

  @Test
  void theFormOfCloudsGivesUserAndPasswordToo() {
    var server = parse("postgres://serai:p%40ss+word@db.example.com/hub?sslmode=require");

    assertThat(server.url()).isEqualTo("jdbc:postgresql://db.example.com/hub?sslmode=require");
    assertThat(server.user()).isEqualTo("serai");
    assertThat(server.password()).isEqualTo("p@ss+word");
  }

  @Test
  void credentialsInTheQueryAreMovedOutOfTheAddress() {
    var server = parse("jdbc:postgresql://db/hub?user=serai&password=secret&ssl=true");

    assertThat(server.url()).isEqualTo("jdbc:postgresql://db/hub?ssl=true");
    assertThat(server.user()).isEqualTo("serai");
    assertThat(server).asString().doesNotContain("secret");
  }

  @Test
  void theEnvironmentsUserWins() {
    var server =
        DatabaseUrl.parse(
            "postgresql://other:x@db/hub", Optional.of("serai"), Optional.of("secret"));

    assertThat(server.user()).isEqualTo("serai");
    assertThat(server.password()).isEqualTo("secret");
  }

  @Test
  void anAddressOfSomethingElseIsNamedWithoutItsPassword() {
    assertThatThrownBy(() -> parse("mysql://root:secret@db/hub"))
        .isInstanceOf(DatabaseRefused.class)
        .hasMessage(
            "SERAI_DB_URL 'mysql://root:***@db/hub' cannot be used: it names no PostgreSQL. Write it as jdbc:postgresql://host:5432/database.");
  }

  @Test
  void anAddressThatCannotBeReadIsNamed() {
    assertThatThrownBy(() -> parse("jdbc:postgresql://db name/hub"))
        .isInstanceOf(DatabaseRefused.class)
        .hasMessageContaining("cannot be used: illegal character");
  }

  @Test
  void aMissingUserIsNamed() {
    assertThatThrownBy(() -> parse("jdbc:postgresql://db/hub"))
        .isInstanceOf(DatabaseRefused.class)
        .hasMessage(
            "SERAI_DB_URL 'jdbc:postgresql://db/hub' comes without a user. Set SERAI_DB_USER and SERAI_DB_PASSWORD.");
  }

  @Test
  void withoutAnAddressTheEmbeddedServerIsMeant() {
    var settings = DatabaseSettings.from(Map.of("SERAI_DATA_DIR", "/var/lib/serai"));

    assertThat(settings.external()).isEmpty();
    assertThat(settings.folder()).hasToString("/var/lib/serai");
  }

  @Test
  void withoutAFolderItIsTheHiddenOneWhereSeraiWasStarted() {
    assertThat(DatabaseSettings.from(Map.of()).folder()).isAbsolute().hasFileName(".serai");
  }
}
