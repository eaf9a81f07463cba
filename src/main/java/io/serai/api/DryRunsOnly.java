package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.access.HubMode;
import io.serai.access.OffersDryRun;
import java.lang.reflect.Type;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;

/**
 * Lets a read-only hub be asked what something would come to, and refuses to do it.
 *
 * <p>Guarantee: of a method that {@link OffersDryRun} no body but one with {@code dryRun} true gets
 * through, and neither does none.
 */
@ControllerAdvice
final class DryRunsOnly extends RequestBodyAdviceAdapter {
  private final HubMode mode;

  DryRunsOnly(HubMode mode) {
    this.mode = mode;
  }

  @Override
  public boolean supports(
      MethodParameter parameter, Type type, Class<? extends HttpMessageConverter<?>> converter) {
    return mode.readOnly() && parameter.hasMethodAnnotation(OffersDryRun.class);
  }

  @Override
  public Object afterBodyRead(
      Object body,
      HttpInputMessage message,
      MethodParameter parameter,
      Type type,
      Class<? extends HttpMessageConverter<?>> converter) {
    if (!looks(body)) {
      throw Problem.forbidden(mode.sentence());
    }
    return body;
  }

  @Override
  public Object handleEmptyBody(
      Object body,
      HttpInputMessage message,
      MethodParameter parameter,
      Type type,
      Class<? extends HttpMessageConverter<?>> converter) {
    throw Problem.forbidden(mode.sentence());
  }

  /** Whether a request that was read asks to look only. */
  static boolean looks(Object body) {
    if (body == null) {
      return false;
    }
    return switch (body) {
      case JsonNode json -> json.path("dryRun").asBoolean();
      case DeadLetterViews.Start start -> Boolean.TRUE.equals(start.dryRun());
      case DeadLetterViews.Patch patch -> Boolean.TRUE.equals(patch.dryRun());
      case ReplayRepeatsApi.Repeat repeat -> Boolean.TRUE.equals(repeat.dryRun());
      case PublishNowApi.Request request -> Boolean.TRUE.equals(request.dryRun());
      default -> false;
    };
  }
}
