package io.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.access.OidcSettings;
import io.serai.access.Role;
import io.serai.support.FreePort;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

class OidcLoginTest {
  @Test
  void aProviderThatIsAwayIsNamedAndKeepsNobodyFromThePassword() {
    var issuer = "http://127.0.0.1:" + FreePort.next();
    var login =
        new OidcLogin(
            new OidcSettings(
                issuer,
                "serai",
                "secret",
                "https://serai.example",
                List.of("openid"),
                "preferred_username",
                "groups",
                Map.of(Role.OPERATOR, Set.of("ops"))),
            null);

    assertThat(login.start(new MockHttpServletRequest(), "/console/orders")).isNull();
    assertThat(login.away())
        .isEqualTo(
            "The identity provider '%s' does not answer; try again, or log in by name and password."
                .formatted(issuer));
  }
}
