package io.serai.api;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.OneChannel;
import io.serai.access.Role;
import io.serai.hub.ChannelHolds;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.sql.SQLException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Holding what newly comes from a channel, and letting it go. */
@Tag(name = "catalog", description = "Who is connected, how they do, and what runs.")
@RestController
@RequestMapping(path = "/api/v1/channels/{account}", produces = "application/json")
public final class ChannelHoldsApi {
  private final ChannelHolds holds;
  private final CatalogApi catalog;

  ChannelHoldsApi(ChannelHolds holds, CatalogApi catalog) {
    this.holds = holds;
    this.catalog = catalog;
  }

  @Operation(
      summary = "Hold new orders of a channel",
      description =
          "Orders that come from now on are kept, reserve nothing and are asked of no node until the channel or the order is"
              + " released. Those that are here already go on. 409 when it is held already.")
  @PostMapping("/hold")
  @Allows(Role.OPERATOR)
  @OneChannel("account")
  public CatalogViews.Account hold(
      @Parameter(description = "Its name.", example = "shopify-main") @PathVariable String account,
      @RequestBody(required = false) DeadLetterViews.Reason request,
      Caller caller) {
    catalog.channel(account);
    var why = why(request, "Holding new orders of '%s' needs a reason; say why.", account);
    try {
      if (holds.hold(account, why, caller.name()).isEmpty()) {
        throw Problem.conflict(
            "New orders of '%s' are held already; release it first to hold it for something else."
                .formatted(account),
            catalog.channel(account));
      }
    } catch (SQLException e) {
      throw unwritten(e);
    }
    return catalog.channel(account);
  }

  @Operation(
      summary = "Release a channel",
      description =
          "New orders are not held any more, and those that were go on within seconds, but for what else holds them. 409"
              + " when it is not held.")
  @PostMapping("/release")
  @Allows(Role.OPERATOR)
  @OneChannel("account")
  public CatalogViews.Account release(
      @Parameter(description = "Its name.", example = "shopify-main") @PathVariable String account,
      @RequestBody(required = false) DeadLetterViews.Reason request,
      Caller caller) {
    catalog.channel(account);
    var why = why(request, "Releasing '%s' needs a reason; say why.", account);
    try {
      if (!holds.release(account, why, caller.name())) {
        throw Problem.conflict(
            "New orders of '%s' are not held; there is nothing to release.".formatted(account),
            catalog.channel(account));
      }
    } catch (SQLException e) {
      throw unwritten(e);
    }
    return catalog.channel(account);
  }

  private static String why(DeadLetterViews.Reason request, String missing, String account) {
    var why = request == null ? null : Words.sentence("reason", request.reason());
    if (why == null) {
      throw Problem.badRequest(missing.formatted(account));
    }
    return why;
  }

  private static DataAccessResourceFailureException unwritten(SQLException e) {
    return new DataAccessResourceFailureException("A channel's hold cannot be written.", e);
  }
}
