package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.method.HandlerMethod;

/** How the interface's description is generated from its controllers. */
@Configuration(proxyBeanMethods = false)
class OpenApiDocument {
  static final String GENERATED = "/generated-openapi";

  static {
    SpringDocUtils.getConfig()
        .addRequestWrapperToIgnore(Caller.class)
        .replaceWithClass(JsonNode.class, Object.class);
  }

  @Bean
  OpenAPI description() {
    return new OpenAPI()
        .info(
            new Info()
                .title("Serai")
                .version("v1")
                .description(
                    "Orders, messages, dead letters, replays and stock of an order-integration hub. Lists are paged by"
                        + " cursor: send `next` as `cursor`. Whatever is refused is a problem document (RFC 9457) whose"
                        + " `detail` is one sentence.")
                .license(new License().name("Apache-2.0")))
        .servers(List.of(new Server().url("/").description("The hub itself.")))
        .components(
            new Components()
                .addSecuritySchemes(
                    "token",
                    new SecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme("bearer")
                        .description(
                            "SERAI_API_TOKEN, a token under serai.access.tokens, or one made here."))
                .addSecuritySchemes(
                    "login",
                    new SecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme("basic")
                        .description("User admin, or one under serai.access.users."))
                .addSchemas(
                    "Problem",
                    new ObjectSchema()
                        .description("What was refused, and why (RFC 9457).")
                        .addProperty(
                            "type", new StringSchema().example("urn:serai:problem:not-found"))
                        .addProperty("title", new StringSchema().example("Not Found"))
                        .addProperty("status", new IntegerSchema().example(404))
                        .addProperty(
                            "detail",
                            new StringSchema()
                                .example(
                                    "Message 'msg_17' is not known; list messages to find its id."))
                        .addProperty("instance", new StringSchema())
                        .addProperty(
                            "current",
                            new ObjectSchema()
                                .description("With 409: how the thing is now (id, state, fence)."))
                        .addProperty(
                            "refused",
                            new ArraySchema()
                                .items(new ObjectSchema())
                                .description("With 422 of a stock report: the refused rows."))))
        .security(
            List.of(
                new SecurityRequirement().addList("token"),
                new SecurityRequirement().addList("login")));
  }

  @Bean
  OperationCustomizer rolesAndRefusals() {
    return OpenApiDocument::complete;
  }

  private static Operation complete(Operation operation, HandlerMethod method) {
    var tag = operation.getTags().get(0);
    operation.setOperationId(tag + "." + method.getMethod().getName());
    operation.setDescription(
        operation.getDescription()
            + " Needs role "
            + Role.words(method.getMethodAnnotation(Allows.class).value())
            + ".");
    refuse(operation, 400, "The request is not well formed.");
    refuse(operation, 401, "No or wrong credentials.");
    refuse(operation, 403, "The caller's role does not allow it.");
    boolean reads = method.getMethodAnnotation(GetMapping.class) != null;
    if (!reads || hasPathParameter(operation)) {
      refuse(operation, 404, "There is no such thing.");
    }
    if (!reads) {
      refuse(operation, 409, "Somebody was faster; `current` says how it is now.");
      refuse(operation, 413, "The body is too large.");
      refuse(operation, 415, "The body is not JSON.");
      refuse(operation, 422, "Understood, but it cannot be done.");
    }
    refuse(operation, 503, "Not now; Retry-After says when.");
    return operation;
  }

  private static boolean hasPathParameter(Operation operation) {
    return operation.getParameters() != null
        && operation.getParameters().stream().anyMatch(p -> "path".equals(p.getIn()));
  }

  private static void refuse(Operation operation, int status, String description) {
    operation
        .getResponses()
        .addApiResponse(
            Integer.toString(status),
            new ApiResponse()
                .description(description)
                .content(
                    new Content()
                        .addMediaType(
                            "application/problem+json",
                            new MediaType()
                                .schema(new Schema<>().$ref("#/components/schemas/Problem")))));
  }

  @Bean
  OpenApiCustomizer jsonOnly() {
    return document ->
        document
            .getPaths()
            .values()
            .forEach(
                path ->
                    path.readOperations()
                        .forEach(
                            operation ->
                                operation
                                    .getResponses()
                                    .values()
                                    .forEach(
                                        response -> {
                                          if (response.getContent() != null
                                              && response.getContent().containsKey("*/*")) {
                                            var any = response.getContent().remove("*/*");
                                            response
                                                .getContent()
                                                .addMediaType("application/json", any);
                                          }
                                        })));
  }
}
