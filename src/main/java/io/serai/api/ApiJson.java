package io.serai.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serai.support.Json;
import java.util.List;
import java.util.Map;

/** JSON as the API speaks it: the hub's limits, empty lists shown, unknown fields refused. */
final class ApiJson {
  static final ObjectMapper MAPPER = mapper();

  private ApiJson() {}

  private static ObjectMapper mapper() {
    var mapper = Json.MAPPER.copy();
    mapper.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    mapper.configOverride(List.class).setInclude(always());
    mapper.configOverride(Map.class).setInclude(always());
    return mapper;
  }

  private static JsonInclude.Value always() {
    return JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS);
  }
}
