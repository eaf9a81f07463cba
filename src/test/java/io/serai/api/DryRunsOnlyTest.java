package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.access.HubMode;
import io.serai.access.OffersDryRun;
import io.serai.support.Json;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestBody;

/** What a read-only hub may be asked, and what it refuses all the same. */
class DryRunsOnlyTest {
  private static final List<Class<?>> OFFERING =
      List.of(
          ReplaysApi.class,
          ReplayRepeatsApi.class,
          DeadLettersApi.class,
          PublishNowApi.class,
          StockChangesApi.class);

  private final DryRunsOnly advice = new DryRunsOnly(new HubMode(null, true));

  private static List<Method> offering() {
    return OFFERING.stream()
        .flatMap(api -> Stream.of(api.getDeclaredMethods()))
        .filter(method -> method.isAnnotationPresent(OffersDryRun.class))
        .toList();
  }

  private static MethodParameter body(Method method) {
    var parameters = method.getParameters();
    for (var i = 0; i < parameters.length; i++) {
      if (parameters[i].isAnnotationPresent(RequestBody.class)) {
        return new MethodParameter(method, i);
      }
    }
    throw new AssertionError(method + " has no body to say so in");
  }

  private Object read(MethodParameter parameter, String json) {
    var type = parameter.getParameterType();
    return advice.afterBodyRead(
        type == JsonNode.class ? Json.tree(json) : Json.as(Json.tree(json), type),
        null,
        parameter,
        type,
        null);
  }

  @Test
  void eachMethodThatOffersOneLooksAndDoesNothingElse() {
    assertThat(offering()).hasSize(11);
    for (var method : offering()) {
      var parameter = body(method);
      assertThat(advice.supports(parameter, parameter.getParameterType(), null)).isTrue();
      assertThat(read(parameter, "{\"dryRun\":true}")).as(method.toString()).isNotNull();
      for (var other : List.of("{}", "{\"dryRun\":false}", "{\"dryRun\":null}")) {
        assertThatThrownBy(() -> read(parameter, other))
            .as(method + " " + other)
            .isInstanceOf(Problem.class)
            .hasMessage(
                "This hub is read-only ('serai.access.read-only'), so nobody changes anything in it by hand.");
      }
      assertThatThrownBy(() -> advice.handleEmptyBody(null, null, parameter, null, null))
          .isInstanceOf(Problem.class);
    }
  }

  @Test
  void aHubInWhichPeopleActAsksNobody() {
    var usual = new DryRunsOnly(HubMode.USUAL);
    for (var method : offering()) {
      assertThat(usual.supports(body(method), null, null)).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {DeadLettersApi.class, ReplaysApi.class, ReplayRepeatsApi.class})
  void whatOffersNoneIsNotLookedInto(Class<?> api) {
    Arrays.stream(api.getDeclaredMethods())
        .filter(method -> !method.isAnnotationPresent(OffersDryRun.class))
        .filter(method -> method.getParameterCount() > 0)
        .forEach(
            method ->
                assertThat(advice.supports(new MethodParameter(method, 0), null, null)).isFalse());
  }
}
