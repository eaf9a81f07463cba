package io.serai.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class HubModeTest {
  @Test
  void aReadOnlyHubRefusesWhatPeopleChangeAndGoesOnWithWhatProgramsHandIn() {
    var mode = HubMode.from(new MockEnvironment().withProperty("serai.access.read-only", "true"));

    assertThat(mode.refusal("POST", "/api/v1/orders/{id}/hold"))
        .isEqualTo(
            "This hub is read-only ('serai.access.read-only'), so nobody changes anything in it by hand.");
    assertThat(mode.refusal("PUT", "/api/v1/stock/buffers")).isNotNull();
    assertThat(mode.refusal("DELETE", "/api/v1/items/{sku}")).isNotNull();
    assertThat(mode.refusal("POST", "/console/jobs/{id}/abort")).isNotNull();
    assertThat(mode.refusal("GET", "/api/v1/orders/{id}")).isNull();
    assertThat(mode.refusal("POST", "/api/v1/orders")).isNull();
    assertThat(mode.refusal("PUT", "/api/v1/stock")).isNull();
    assertThat(mode.refusal("POST", "/console/theme")).isNull();
    assertThat(HubMode.USUAL.refusal("POST", "/api/v1/orders/{id}/hold")).isNull();
  }

  @Test
  void itsNameIsSaidUnlessItIsTheRealOne() {
    assertThat(HubMode.from(new MockEnvironment())).isEqualTo(HubMode.USUAL);
    assertThat(
            HubMode.from(new MockEnvironment().withProperty("serai.environment", "sandbox"))
                .environment())
        .isEqualTo("sandbox");
    assertThatThrownBy(
            () -> HubMode.from(new MockEnvironment().withProperty("serai.environment", "<b>")))
        .hasMessage(
            "'serai.environment' is '<b>', which is no name of an environment; give letters, digits and hyphens, 30 at most.");
    assertThatThrownBy(
            () -> HubMode.from(new MockEnvironment().withProperty("serai.access.read-only", "yes")))
        .hasMessage("'serai.access.read-only' is 'yes'; give true or false.");
  }
}
