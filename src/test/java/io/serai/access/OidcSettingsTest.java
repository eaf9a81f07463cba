package io.serai.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class OidcSettingsTest {
  private final MockEnvironment environment = new MockEnvironment();

  private OidcSettings settings() {
    environment
        .withProperty("serai.access.oidc.issuer", "https://sso.example/realms/acme")
        .withProperty("serai.access.oidc.client-id", "serai")
        .withProperty("serai.access.oidc.client-secret", "canary-secret")
        .withProperty("serai.access.oidc.console-url", "https://serai.example")
        .withProperty("serai.access.oidc.roles.viewer[0]", "staff")
        .withProperty("serai.access.oidc.roles.admin[0]", "root");
    return OidcSettings.from(environment).orElseThrow();
  }

  @Test
  void nobodyLogsInElsewhereUnlessItIsSaid() {
    assertThat(OidcSettings.from(environment)).isEmpty();
  }

  @Test
  void theSecretIsNeverShown() {
    assertThat(settings().toString()).doesNotContain("canary");
  }

  @Test
  void aClaimOfAnyShapeGivesARoleOrNone() {
    var settings = settings();

    assertThat(settings.caller(Map.of("sub", "u", "groups", List.of("staff", "root"))))
        .contains(new Caller("sso:u", Role.ADMIN, Scope.ALL, Set.of("name:u", "sub:u")));
    assertThat(settings.caller(Map.of("preferred_username", "ada", "groups", "staff")))
        .contains(new Caller("sso:ada", Role.VIEWER));
    for (Object other : new Object[] {"STAFF", 5, true, List.of(5), Map.of("staff", true)}) {
      assertThat(settings.caller(Map.of("sub", "u", "groups", other))).as("" + other).isEmpty();
    }
    assertThat(settings.caller(Map.of("sub", "u"))).isEmpty();
  }

  @Test
  void aNameIsOneLine() {
    assertThat(settings().name(Map.of("preferred_username", "ada\r\nadmin")))
        .isEqualTo("sso:ada··admin");
  }

  @Test
  void everyFaultIsNamed() {
    environment
        .withProperty("serai.access.oidc.issuer", "http://sso.example")
        .withProperty("serai.access.oidc.client-id", "serai")
        .withProperty("serai.access.oidc.console-url", "https://serai.example/")
        .withProperty("serai.access.oidc.roles.boss[0]", "ops");

    assertThatThrownBy(() -> OidcSettings.from(environment))
        .isInstanceOf(AccessRefused.class)
        .hasMessageContaining(
            "'serai.access.oidc.issuer' is 'http://sso.example', which is no https address without a last slash; write it as https://sso.example.")
        .hasMessageContaining(
            "'serai.access.oidc.console-url' is 'https://serai.example/', which is no https address without a last slash;")
        .hasMessageContaining(
            "'serai.access.oidc.client-secret' is missing; set it, or remove 'serai.access.oidc.issuer'.")
        .hasMessageContaining(
            "'serai.access.oidc.roles.boss' names no role; give viewer, support, operator, integrator, approver or admin.")
        .hasMessageContaining(
            "'serai.access.oidc.roles' gives nobody a role; say which values of the claim give which, as serai.access.oidc.roles.operator: [ops].");
  }
}
