package io.serai.api;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.access.SavedViews;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Pages of the console with their filters, under names. */
@Tag(name = "access", description = "Who may do what.")
@RestController
@RequestMapping(path = "/api/v1/views", produces = "application/json")
public final class ViewsApi {
  private static final int LONGEST_NAME = 60;
  private static final int LONGEST_ADDRESS = 2_000;
  private static final String PREFIX = "view_";

  private final SavedViews views;

  ViewsApi(SavedViews views) {
    this.views = views;
  }

  /** A view under its name. */
  @Schema(name = "SavedView")
  public record View(
      @Schema(example = "view_3") String id,
      @Schema(example = "Shopify, older than 2 h") String name,
      @Schema(
              description = "Path and query on this hub.",
              example = "/console/dead-letters/list?q=channel%3Ashopify-main+age%3A%3E2h")
          String address,
      @Schema(description = "Whether everybody sees it.") boolean shared,
      String savedBy,
      Instant savedAt) {}

  /** A view to save. */
  @Schema(name = "SavedViewRequest")
  public record Request(
      @Schema(description = "60 characters at most.", example = "Shopify, older than 2 h")
          String name,
      @Schema(
              description = "A page of the console; where in a list it stood is left out.",
              example = "/console/dead-letters/list?q=channel%3Ashopify-main+age%3A%3E2h")
          String address,
      @Schema(description = "Whether everybody sees it; false when absent.") Boolean shared) {}

  @Operation(summary = "List saved views", description = "Your own and those that are shared.")
  @GetMapping
  @Allows(Role.VIEWER)
  public Page<View> list(Caller caller) {
    return new Page<>(views.of(caller.name()).stream().map(ViewsApi::view).toList(), null);
  }

  @Operation(
      summary = "Save a view",
      description =
          "A page with its filter under a name. Your view of the same name is replaced. What it shows is what the rights of"
              + " whoever opens it allow. 422 when you keep 100 others.",
      responses = @ApiResponse(responseCode = "201", description = "Saved."))
  @PostMapping(consumes = "application/json")
  @ResponseStatus(HttpStatus.CREATED)
  @Allows(Role.VIEWER)
  public View save(@RequestBody Request request, Caller caller) {
    var name = Words.present(request.name());
    if (name == null
        || name.length() > LONGEST_NAME
        || name.chars().anyMatch(Character::isISOControl)) {
      throw Problem.badRequest(
          "'%s' is no name of a view; give 1 to %d characters."
              .formatted(Words.cut(name), LONGEST_NAME));
    }
    var address = address(Words.present(request.address()));
    return views
        .save(name, address, Boolean.TRUE.equals(request.shared()), caller.name())
        .map(ViewsApi::view)
        .orElseThrow(
            () ->
                Problem.unprocessable(
                    "You keep %d views already; delete one first.".formatted(SavedViews.MOST)));
  }

  @Operation(
      summary = "Delete a view",
      description = "Your own; an admin deletes what others share, too.")
  @DeleteMapping("/{id}")
  @Allows(Role.VIEWER)
  public View delete(@Parameter(example = "view_3") @PathVariable String id, Caller caller) {
    var view =
        views
            .find(number(id), caller.name())
            .orElseThrow(
                () ->
                    Problem.notFound(
                        "View '%s' is not known; list the views to find its id."
                            .formatted(Words.cut(id))));
    if (!view.savedBy().equals(caller.name()) && !caller.role().coversAny(Role.ADMIN)) {
      throw Problem.forbidden(
          "View '%s' is '%s's; they or an admin may delete it."
              .formatted(view.name(), view.savedBy()));
    }
    views.delete(view.id());
    return view(view);
  }

  private static long number(String id) {
    return id.matches(PREFIX + "[0-9]{1,18}") ? Long.parseLong(id.substring(PREFIX.length())) : 0;
  }

  /** A page of ours without its place in a list: a link of a view never leads elsewhere. */
  private static String address(String given) {
    if (given != null
        && given.length() <= LONGEST_ADDRESS
        && given.matches("/console(?:/[A-Za-z0-9_-]+)*(?:[?][!-~&&[^#<>\"\\\\]]*)?")) {
      return bare(given);
    }
    throw Problem.badRequest(
        "'%s' is no page of the console; give what stands behind the host, as /console/orders?state=ON_HOLD."
            .formatted(Words.cut(given)));
  }

  /** An address without fields that are empty and without its place in a list. */
  public static String bare(String address) {
    int mark = address.indexOf('?');
    if (mark < 0) {
      return address;
    }
    var query =
        Arrays.stream(address.substring(mark + 1).split("&"))
            .filter(part -> part.indexOf('=') > 0 && !part.endsWith("="))
            .filter(part -> !part.startsWith("cursor="))
            .collect(Collectors.joining("&"));
    return address.substring(0, mark) + (query.isEmpty() ? "" : "?" + query);
  }

  private static View view(SavedViews.View view) {
    return new View(
        PREFIX + view.id(),
        view.name(),
        view.address(),
        view.shared(),
        view.savedBy(),
        view.savedAt());
  }
}
