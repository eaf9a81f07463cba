package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.access.Allows;
import io.serai.access.Role;
import io.serai.allocation.Decision;
import io.serai.hub.DryAllocation;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Who would ship an order that may come: a promise for the checkout. */
@Tag(name = "allocations", description = "Who would ship what.")
@RestController
@RequestMapping(path = "/api/v1/allocations", produces = "application/json")
final class AllocationsApi {
  private static final int MOST_LINES = 500;

  private final DryAllocation dry;
  private final Clock clock;

  AllocationsApi(DryAllocation dry, Clock clock) {
    this.dry = dry;
    this.clock = clock;
  }

  /** An answer for the checkout. */
  @Schema(name = "Quote")
  record Quote(
      @Schema(description = "Whether every line could leave now.") boolean available,
      Instant quotedAt,
      @Schema(description = "The decision that would be made now: who, why, and by what figures.")
          Decision decision) {}

  @Operation(
      summary = "Quote an allocation",
      description =
          "Decides about an order that does not exist, by the rules and the stock of this instant, and reserves"
              + " nothing. The body is as much of the canonical order as is known; its lines need `sku` and"
              + " `quantity`. What is quoted may be sold to somebody else in the next moment.")
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      required = true,
      content =
          @Content(
              examples =
                  @ExampleObject(
                      "{\"shipTo\":{\"address\":{\"countryCode\":\"US\",\"postalCode\":\"10012\"}},"
                          + "\"lines\":[{\"sku\":\"MUG-BLU\",\"quantity\":2}]}")))
  @PostMapping(path = "/quote", consumes = "application/json")
  @Allows(Role.VIEWER)
  public Quote quote(@RequestBody JsonNode order) {
    if (!order.isObject() || order.path("lines").size() > MOST_LINES) {
      throw Problem.unprocessable(
          "The body is no order of at most %d lines; give an object with 'lines'."
              .formatted(MOST_LINES));
    }
    try {
      var decision = dry.quote(order);
      return new Quote(decision.outcome() == Decision.Outcome.ALLOCATED, clock.instant(), decision);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw Problem.unprocessable(
          e instanceof ArithmeticException ? "A quantity is absurd; correct it." : e.getMessage());
    } catch (SQLException e) {
      throw Problem.unavailable("The stock could not be read; try again shortly.");
    }
  }
}
