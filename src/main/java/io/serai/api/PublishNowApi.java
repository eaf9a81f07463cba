package io.serai.api;

import io.serai.access.Allows;
import io.serai.access.Audit;
import io.serai.access.Caller;
import io.serai.access.OffersDryRun;
import io.serai.access.Role;
import io.serai.hub.Publications;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.sql.SQLException;
import java.util.List;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Has channels told of an article's stock at once. */
@Tag(name = "stock")
@RestController
@RequestMapping(path = "/api/v1/stock", produces = "application/json")
public final class PublishNowApi {
  private final Publications publications;
  private final Audit audit;

  PublishNowApi(Publications publications, Audit audit) {
    this.publications = publications;
    this.audit = audit;
  }

  /** Who is to be told, and why. */
  @Schema(name = "PublishRequest", requiredProperties = "reason")
  public record Request(
      @Schema(description = "Only this channel; all that list it when absent.", example = "shop")
          String channel,
      @Schema(description = "Only say who would be told what.") Boolean dryRun,
      @Schema(example = "They say that they show 40.") String reason) {}

  /** A listing and what it is told. */
  @Schema(name = "PublishedListing")
  public record Told(
      String channel,
      String listingId,
      @Schema(description = "Absent where the channel knows no places.") String location,
      @Schema(description = "What it should show by the figures of now.") int quantity,
      @Schema(description = "What it shows as far as is known.") Integer shown) {}

  /** What came of it. */
  @Schema(name = "Published")
  public record Published(boolean dryRun, List<Told> listings) {}

  @Operation(
      summary = "Publish stock now",
      description =
          "Every listing that sells the SKU, alone or in a set, is told what it should show, also when it is believed to show"
              + " it: before what is due otherwise, with the figure of the moment it is told. Twice is once. 422 when no channel is told of it.")
  @PostMapping(path = "/{sku}/publish", consumes = "application/json")
  @OffersDryRun
  @Allows(Role.OPERATOR)
  public Published publish(
      @Parameter(example = "MUG-BLU") @PathVariable String sku,
      @RequestBody Request request,
      Caller caller) {
    var reason = Words.sentence("reason", request.reason());
    boolean dry = Boolean.TRUE.equals(request.dryRun());
    if (reason == null && !dry) {
      throw Problem.badRequest(
          "Publishing '%s' needs a reason; say why it is told at once.".formatted(Words.cut(sku)));
    }
    var channel = Words.present(request.channel());
    try {
      var told = publications.told(sku, channel);
      if (told.isEmpty()) {
        throw Problem.unprocessable(
            "No listing of '%s'%s is told of stock, so there is nothing to publish."
                .formatted(
                    Words.cut(sku),
                    channel == null ? "" : " at '%s'".formatted(Words.cut(channel))));
      }
      if (!dry) {
        publications.hurry(told);
        audit.write(
            Audit.Entry.of(
                caller,
                "stock.publish",
                "sku:" + sku,
                "%d listings: %s".formatted(told.size(), reason)));
      }
      return new Published(
          dry,
          told.stream()
              .map(
                  one ->
                      new Told(
                          one.channel(),
                          one.listingId(),
                          Words.present(one.location()),
                          one.wanted(),
                          one.shown()))
              .toList());
    } catch (SQLException e) {
      throw new IllegalStateException(
          "Who is told of '%s' could not be read or marked: %s".formatted(sku, e.getMessage()), e);
    }
  }
}
