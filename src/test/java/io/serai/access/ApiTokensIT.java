package io.serai.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.JdbcTemplate;

class ApiTokensIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Caller ADA = new Caller("ada", Role.ADMIN);

  private final ManualClock clock = new ManualClock();
  private final JdbcTemplate jdbc = new JdbcTemplate(DATABASE.dataSource());
  private final ApiTokens tokens =
      new ApiTokens(DATABASE.dataSource(), new Audit(DATABASE.dataSource(), clock), clock);

  private ApiTokens.Made made(String name) {
    return tokens
        .make(name, Role.SUPPORT, Scope.ALL, Duration.ofDays(1), ADA, "for a test")
        .orElseThrow();
  }

  @Test
  void aTokenIsWhoItWasMadeFor() {
    var scope = new Scope(Set.of("orders:read", "stock"), Set.of("shopify-main"));

    var made =
        tokens
            .make("whole", Role.OPERATOR, scope, Duration.ofDays(1), ADA, "for a test")
            .orElseThrow();

    assertThat(tokens.find(made.secret()).caller())
        .isEqualTo(
            new Caller("token:whole", Role.OPERATOR, scope, Set.of("token:whole", "name:ada")));
  }

  @Test
  void theSecretIsNeitherKeptNorPrinted() {
    var made = made("kept");

    var row =
        jdbc.queryForObject("SELECT t::text FROM api_token t WHERE name = 'kept'", String.class);
    var audit =
        jdbc.queryForObject(
            "SELECT a::text FROM audit_entry a WHERE object = ?",
            String.class,
            ApiTokens.name(made.token().id()));
    var random = made.secret().substring(made.secret().indexOf('_', ApiTokens.PREFIX.length()) + 1);
    assertThat(random).hasSizeGreaterThanOrEqualTo(40);
    assertThat(row + audit + made).doesNotContain(random);
  }

  @Test
  void onlyTheWholeSecretOpens() {
    var secret = made("guessed").secret();

    for (var wrong :
        new String[] {
          secret.substring(0, secret.length() - 1),
          secret + "x",
          secret.substring(ApiTokens.PREFIX.length()),
          secret.replaceFirst("_[0-9]+_", "_999999_"),
          secret.replaceFirst("_[0-9]+_", "_99999999999999999999_"),
          secret.replaceFirst("_[0-9]+_", "_-1_"),
          "",
          ApiTokens.PREFIX,
          ApiTokens.PREFIX + "1",
          ApiTokens.PREFIX + "1_"
        }) {
      assertThat(tokens.find(wrong)).as(wrong).isEqualTo(ApiTokens.Found.NOTHING);
    }
  }

  @Test
  void itOpensNothingFromItsEndOn() {
    var made = made("ending");

    clock.advance(Duration.ofDays(1).minusSeconds(1));
    assertThat(tokens.find(made.secret()).caller()).isNotNull();

    clock.advance(Duration.ofSeconds(1));
    assertThat(tokens.find(made.secret()))
        .isEqualTo(
            new ApiTokens.Found(
                null, "Token 'ending' expired at 2026-03-03T10:00:00Z; ask for another."));
  }

  @Test
  void itOpensNothingOnceItIsRevokedAndItsNameIsFree() {
    var made = made("revoked");

    assertThat(tokens.make("revoked", Role.VIEWER, Scope.ALL, Duration.ofDays(1), ADA, "a second"))
        .isEmpty();
    assertThat(tokens.revoke(made.token().id(), ADA, "over").orElseThrow().revokedBy())
        .isEqualTo("ada");
    assertThat(tokens.revoke(made.token().id(), ADA, "over")).isEmpty();
    assertThat(tokens.find(made.secret()))
        .isEqualTo(new ApiTokens.Found(null, "Token 'revoked' was revoked; ask for another."));
    assertThat(tokens.find(made("revoked").secret()).caller()).isNotNull();
  }

  @Test
  void makingAndRevokingOneIsInTheAudit() {
    var made = made("audited");
    tokens.revoke(made.token().id(), ADA, "over");

    assertThat(
            jdbc.queryForList(
                "SELECT actor || ' ' || action || ' ' || reason FROM audit_entry WHERE object = ? ORDER BY id",
                String.class,
                ApiTokens.name(made.token().id())))
        .containsExactly("ada token.create for a test", "ada token.revoke over");
  }

  @Test
  void whenItWasLastUsedIsKeptToTheMinute() {
    var secret = made("used").secret();
    var first = clock.instant();

    tokens.find(secret);
    clock.advance(Duration.ofSeconds(59));
    tokens.find(secret);
    assertThat(used()).isEqualTo(first);

    clock.advance(Duration.ofSeconds(2));
    tokens.find(secret);
    assertThat(used()).isEqualTo(clock.instant());
  }

  private java.time.Instant used() {
    return tokens.list(500).stream()
        .filter(token -> token.name().equals("used"))
        .findFirst()
        .orElseThrow()
        .usedAt();
  }
}
