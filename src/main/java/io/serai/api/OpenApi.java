package io.serai.api;

import io.serai.access.Allows;
import io.serai.access.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The interface's own description. It is generated from the controllers when a test says so,
 * committed, and compared by every build: a start does not pay for it.
 */
@Tag(name = "openapi", description = "This description.")
@RestController
final class OpenApi {
  static final String FILE = "openapi.json";
  private final Resource document = new ClassPathResource(FILE, OpenApi.class);

  @Operation(
      summary = "Read this description",
      description = "OpenAPI 3, of the version that is running.",
      responses =
          @ApiResponse(
              responseCode = "200",
              description = "The description.",
              content =
                  @Content(mediaType = "application/json", schema = @Schema(type = "object"))))
  @GetMapping(path = "/api/v1/openapi.json", produces = "application/json")
  @Allows(Role.VIEWER)
  public ResponseEntity<Resource> read() {
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(document);
  }
}
