package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

@ResourceLock(ApiHub.SHARED)
class OpenApiIT {
  private final ApiHub hub = ApiHub.running();
  private final JsonNode document = hub.get("/openapi.json").json();

  private record Documented(String verb, String path, JsonNode operation) {}

  private List<Documented> documented() {
    var all = new ArrayList<Documented>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        verb ->
                            all.add(
                                new Documented(
                                    verb.getKey().toUpperCase(), path.getKey(), verb.getValue()))));
    return all;
  }

  @Test
  void theCommittedDescriptionIsTheGeneratedOne() throws IOException {
    var generated =
        Json.tree(
            hub.send(
                    HttpRequest.newBuilder(
                            URI.create(
                                "http://127.0.0.1:" + hub.port() + OpenApiDocument.GENERATED))
                        .build())
                .response()
                .body());
    if (Boolean.getBoolean("serai.write")) {
      Files.writeString(
          Path.of("src/main/resources/io/serai/api", OpenApi.FILE),
          generated.toPrettyString() + "\n");
      return;
    }

    assertThat(document)
        .as("run 'mvn test -Dtest=OpenApiIT -Dserai.write=true' and commit what it wrote")
        .isEqualTo(generated);
  }

  @Test
  void everyMappedPathIsDocumentedAndEveryDocumentedPathIsMapped() {
    var mapped = new TreeSet<String>();
    hub.context
        .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
        .getHandlerMethods()
        .keySet()
        .forEach(
            mapping ->
                mapping.getPatternValues().stream()
                    .filter(path -> path.startsWith("/api/"))
                    .forEach(
                        path ->
                            mapping
                                .getMethodsCondition()
                                .getMethods()
                                .forEach(verb -> mapped.add(verb + " " + path))));

    assertThat(documented())
        .extracting(each -> each.verb() + " " + each.path())
        .containsExactlyInAnyOrderElementsOf(mapped);
  }

  @Test
  void everyDocumentedPathAnswersAsDocumented() {
    for (var each : documented()) {
      var path =
          each.path()
              .replace("/api/v1", "")
              .replace(
                  "{id}",
                  each.path().contains("replays")
                      ? "rpl_99999"
                      : each.path().contains("stock-cases") ? "stc_99999" : "msg_99999")
              .replace("{sku}", "NO-SUCH-SKU")
              .replace("{account}", "nobody");

      var answer =
          hub.send(
              ApiHub.bearer(ApiHub.TOKEN),
              each.verb(),
              path,
              each.verb().equals("GET") ? null : "{}");

      assertThat(each.operation().path("responses").has(Integer.toString(answer.status())))
          .as("%s %s documents %d", each.verb(), each.path(), answer.status())
          .isTrue();
    }
  }

  @Test
  void everyOperationSaysWhatItDoesAndWhoMayCallIt() {
    for (var each : documented()) {
      var what = each.verb() + " " + each.path();
      assertThat(each.operation().path("summary").asText()).as(what).isNotBlank();
      assertThat(each.operation().path("description").asText()).as(what).contains("Needs role");
      assertThat(each.operation().path("tags")).as(what).hasSize(1);
      assertThat(each.operation().path("operationId").asText()).as(what).isNotBlank();
      for (var parameter : each.operation().path("parameters")) {
        var described = parameter.path("description").asText() + parameter.path("example").asText();
        assertThat(described).as(what + " " + parameter.path("name")).isNotBlank();
        assertThat(parameter.path("name").asText()).as(what).isNotEqualTo("caller");
      }
      for (var status : new String[] {"401", "403"}) {
        assertThat(each.operation().at("/responses/" + status + "/content").fieldNames())
            .as(what)
            .toIterable()
            .containsExactly("application/problem+json");
      }
    }
    assertThat(documented())
        .extracting(e -> e.operation().path("operationId"))
        .doesNotHaveDuplicates();
  }

  @Test
  void theDocumentNamesBothWaysIn() {
    assertThat(document.at("/info/title").asText()).isEqualTo("Serai");
    assertThat(document.at("/components/securitySchemes/token/scheme").asText())
        .isEqualTo("bearer");
    assertThat(document.at("/components/securitySchemes/login/scheme").asText()).isEqualTo("basic");
    assertThat(document.at("/servers/0/url").asText()).isEqualTo("/");
  }
}
