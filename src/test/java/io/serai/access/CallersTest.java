package io.serai.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class CallersTest {
  private final MockEnvironment environment = new MockEnvironment();
  private final ArrayList<String> announced = new ArrayList<>();

  private Callers callers() {
    return new Callers(AccessSettings.from(environment), announced::add);
  }

  @Test
  void withoutAPasswordOneIsMadeAndAnnouncedOnce() {
    var callers = callers();

    assertThat(announced).hasSize(1);
    var password = announced.get(0).split("'")[3];
    assertThat(password).hasSizeGreaterThanOrEqualTo(20);
    assertThat(callers.byLogin("admin", password)).contains(new Caller("admin", Role.ADMIN));
    assertThat(callers.byLogin("admin", password + "x")).isEmpty();
  }

  @Test
  void aConfiguredPasswordIsNeverAnnounced() {
    environment.setProperty("SERAI_ADMIN_PASSWORD", "correct horse");

    var callers = callers();

    assertThat(announced).isEmpty();
    assertThat(callers.byLogin("admin", "correct horse")).isPresent();
    assertThat(callers.byLogin("Admin", "correct horse")).isEmpty();
  }

  @Test
  void aTokenIsAnAdmins() {
    environment.setProperty("SERAI_API_TOKEN", "0123456789abcdef");

    assertThat(callers().byToken("0123456789abcdef"))
        .contains(
            new Caller(
                "token:api",
                Role.ADMIN,
                Scope.ALL,
                Person.and(Person.named("token:api"), Person.named("admin")))); // one person
    assertThat(callers().byToken("0123456789abcdeg")).isEmpty();
    assertThat(callers().byToken("")).isEmpty();
  }

  @Test
  void withoutATokenNoTokenOpensTheDoor() {
    environment.setProperty("SERAI_API_TOKEN", " ");

    assertThat(callers().byToken("")).isEmpty();
    assertThat(callers().byToken(" ")).isEmpty();
  }

  @Test
  void aShortTokenRefusesTheStartInOneSentence() {
    environment.setProperty("SERAI_API_TOKEN", "short");

    assertThatThrownBy(this::callers)
        .isInstanceOf(AccessRefused.class)
        .hasMessage("SERAI_API_TOKEN ('s***') has 5 characters; give at least 16 random ones.");
  }

  @Test
  void everyFaultIsNamed() {
    environment
        .withProperty("SERAI_ADMIN_PASSWORD", "short")
        .withProperty("serai.access.users.ada.role", "boss")
        .withProperty("serai.access.users.ada.password", "a long enough one")
        .withProperty("serai.access.users.bob.role", "viewer")
        .withProperty("serai.access.users.admin.role", "viewer")
        .withProperty("serai.access.users.admin.password", "a long enough one")
        .withProperty("serai.access.tokens.erp.role", "operator")
        .withProperty("serai.access.tokens.wms.role", "operator")
        .withProperty("serai.access.tokens.wms.token", "abc");

    assertThatThrownBy(this::callers)
        .hasMessageContaining("SERAI_ADMIN_PASSWORD ('s***') has 5 characters; give at least 8.")
        .hasMessageContaining(
            "'serai.access.users.ada.role' is 'boss', which is no role; give viewer, support, operator, integrator, approver or admin.")
        .hasMessageContaining(
            "'serai.access.users.bob.password' is missing; give one or remove the user.")
        .hasMessageContaining(
            "'serai.access.users.admin' is configured twice; set the password of 'admin' by SERAI_ADMIN_PASSWORD.")
        .hasMessageContaining(
            "'serai.access.tokens.erp.token' is missing; give one or remove the entry.")
        .hasMessageContaining(
            "'serai.access.tokens.wms.token' ('a***') has 3 characters; give at least 16 random ones.");
  }

  @Test
  void configuredUsersAndTokensHaveTheirRole() {
    environment
        .withProperty("serai.access.users.ada.role", "Operator")
        .withProperty("serai.access.users.ada.password", "a long enough one")
        .withProperty("serai.access.tokens.erp.role", "viewer")
        .withProperty("serai.access.tokens.erp.token", "0123456789abcdef");

    assertThat(callers().byLogin("ada", "a long enough one"))
        .contains(new Caller("ada", Role.OPERATOR));
    assertThat(callers().byToken("0123456789abcdef"))
        .contains(new Caller("token:erp", Role.VIEWER));
  }

  @Test
  void operatorsMayGiveBackWhatTheSettingsSayAndAdminsAnything() {
    var ada = new Caller("ada", Role.OPERATOR);
    assertThat(callers().mostRefunded(ada)).isEmpty();

    environment.withProperty("serai.access.operator-refunds.eur", "100.00");

    assertThat(callers().mostRefunded(ada)).contains(Map.of("EUR", new BigDecimal("100.00")));
    assertThat(callers().mostRefunded(new Caller("admin", Role.ADMIN))).isEmpty();
  }

  @Test
  void aLimitThatIsNoneIsNamed() {
    environment
        .withProperty("serai.access.operator-refunds.EURO", "100")
        .withProperty("serai.access.operator-refunds.USD", "lots");

    assertThatThrownBy(this::callers)
        .hasMessageContaining(
            "'serai.access.operator-refunds.EURO' names no currency; write it as EUR.")
        .hasMessageContaining(
            "'serai.access.operator-refunds.USD' is 'lots', which is no amount; give decimal text as 100.00.");
  }

  @Test
  void settingsNeverShowASecret() {
    var settings =
        new AccessSettings(
            "canary-token-1234",
            "canary-password",
            Map.of("ada", new AccessSettings.User("canary-user", "viewer", null)),
            Map.of("erp", new AccessSettings.Token("canary-token-5678", "viewer", null)),
            Map.of());

    assertThat(settings.toString()).doesNotContain("canary");
  }

  @Test
  void eachRoleIncludesWhatIsBelowItAndNothingBeside() {
    var includes =
        Map.of(
            Role.VIEWER, Set.of(Role.VIEWER),
            Role.SUPPORT, Set.of(Role.VIEWER, Role.SUPPORT),
            Role.OPERATOR, Set.of(Role.VIEWER, Role.SUPPORT, Role.OPERATOR),
            Role.INTEGRATOR, Set.of(Role.VIEWER, Role.INTEGRATOR),
            Role.APPROVER, Set.of(Role.VIEWER, Role.SUPPORT, Role.OPERATOR, Role.APPROVER),
            Role.ADMIN, Set.of(Role.values()));

    for (var role : Role.values()) {
      for (var other : Role.values()) {
        assertThat(role.covers(other))
            .as("%s includes %s", role, other)
            .isEqualTo(includes.get(role).contains(other));
      }
    }
  }

  @Test
  void personalDataIsForThoseWhoRepairOrOperate() {
    for (var role : Role.values()) {
      assertThat(new Caller("x", role).mayReadPersonalData())
          .as(role.word())
          .isEqualTo(role != Role.VIEWER && role != Role.SUPPORT);
    }
  }
}
