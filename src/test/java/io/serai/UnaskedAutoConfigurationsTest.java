package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class UnaskedAutoConfigurationsTest {
  private static final String HTTP =
      "org.apache.camel.component.vertx.http.springboot.VertxHttpComponentAutoConfiguration";
  private static final String HTTP_CONVERTER =
      "org.apache.camel.component.vertx.http.springboot.VertxHttpComponentConverter";

  @Test
  void aComponentThatSomebodyConfiguresIsKeptWithItsConverter() {
    assertThat(
            kept(
                new MockEnvironment().withProperty("camel.component.vertx-http.x", "1"),
                HTTP,
                HTTP_CONVERTER))
        .containsExactly(true, true);
  }

  @Test
  void aComponentThatNobodyConfiguresIsLeftToCamel() {
    assertThat(
            kept(
                new MockEnvironment().withProperty("camel.component.http.x", "1"),
                HTTP,
                HTTP_CONVERTER))
        .containsExactly(false, false);
  }

  @Test
  void aLanguageIsToldFromAComponentOfTheSameName() {
    var environment = new MockEnvironment().withProperty("camel.language.bean.x", "1");
    assertThat(
            kept(
                environment,
                "org.apache.camel.language.bean.springboot.BeanLanguageAutoConfiguration",
                "org.apache.camel.component.bean.springboot.BeanComponentAutoConfiguration"))
        .containsExactly(true, false);
  }

  @Test
  void whatIsNotCamelsAndCamelsOwnStartAreNotTouched() {
    assertThat(
            kept(
                new MockEnvironment(),
                "org.springframework.boot.autoconfigure.jackson.JacksonAutoConfiguration",
                "org.apache.camel.spring.boot.CamelAutoConfiguration",
                "org.apache.camel.spring.boot.vault.AwsVaultAutoConfiguration",
                null))
        .containsExactly(true, true, false, true);
  }

  @Test
  void partsOfSpringThatNothingUsesAreLeftOut() {
    assertThat(
            kept(
                new MockEnvironment(),
                "org.springframework.boot.autoconfigure.web.client.RestTemplateAutoConfiguration",
                "org.springframework.boot.actuate.autoconfigure.metrics.task.TaskExecutorMetricsAutoConfiguration",
                "org.springframework.boot.autoconfigure.transaction.TransactionAutoConfiguration",
                "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
                "org.springframework.boot.actuate.autoconfigure.health.HealthEndpointAutoConfiguration"))
        .containsExactly(false, false, false, true, true);
  }

  private static boolean[] kept(MockEnvironment environment, String... classes) {
    var filter = new UnaskedAutoConfigurations();
    filter.setEnvironment(environment);
    return filter.match(classes, null);
  }
}
