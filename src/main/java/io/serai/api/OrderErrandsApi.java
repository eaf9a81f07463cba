package io.serai.api;

import io.serai.access.Allows;
import io.serai.access.Audit;
import io.serai.access.Caller;
import io.serai.access.OffersDryRun;
import io.serai.access.OneChannel;
import io.serai.access.Role;
import io.serai.support.Ids;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Has a channel asked for one of its orders, or told of it, at once. */
@Tag(name = "orders", description = "Orders as the hub knows them.")
@RestController
@RequestMapping(path = "/api/v1/orders/{id}", produces = "application/json")
public final class OrderErrandsApi {
  private final OrderReads orders;
  private final OrderErrands errands;
  private final Audit audit;
  private final JdbcClient jdbc;
  private final Clock clock;

  OrderErrandsApi(
      OrderReads orders, OrderErrands errands, Audit audit, DataSource database, Clock clock) {
    this.orders = orders;
    this.errands = errands;
    this.audit = audit;
    this.jdbc = JdbcClient.create(database);
    this.clock = clock;
  }

  /** What to send now. */
  @Schema(name = "SendNowRequest")
  public record SendNow(
      @Schema(description = "Why.", example = "The shop is back.") String reason,
      @Schema(description = "Only look at what waits.") boolean dryRun) {}

  /** What is sent before its time. */
  @Schema(name = "SentNow")
  public record Sent(boolean dryRun, List<Due> deliveries) {}

  /** A delivery that waited for its time. */
  @Schema(name = "HurriedDelivery")
  public record Due(
      @Schema(example = "dlv_17") String id,
      String destination,
      String document,
      @Schema(description = "When it would have been tried.") Instant dueAt) {}

  /** Who is asked. */
  @Schema(name = "PulledOrder")
  public record Pulled(
      @Schema(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") String id,
      @Schema(example = "shopify-main") String channel,
      @Schema(example = "820982911946154508") String channelOrderId) {}

  private record Named(String account, String channelOrderId) {}

  @Operation(
      summary = "Ask the channel for an order",
      description =
          "Its state there is fetched again and applied as if the channel had told it; older than what is known, it changes"
              + " nothing. Answers before that is done. 422 when the channel cannot be asked for one order.")
  @PostMapping(path = "/pull", consumes = "application/json")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Allows(Role.SUPPORT)
  @OneChannel("id")
  public Pulled pull(
      @Parameter(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id,
      @RequestBody DeadLetterViews.Reason request,
      Caller caller) {
    var order = orders.idOf(id);
    var reason = Words.sentence("reason", request.reason());
    if (reason == null) {
      throw Problem.badRequest("Asking the channel needs a reason; say why.");
    }
    var named = named(order, id);
    if (!errands.pull(named.account(), named.channelOrderId())) {
      throw Problem.unprocessable(
          "Channel '%s' cannot be asked for one order; its next comparison or poll brings what is new."
              .formatted(named.account()));
    }
    audit.write(Audit.Entry.of(caller, "order.pull", Ids.text("ord", order), reason));
    return new Pulled(Ids.text("ord", order), named.account(), named.channelOrderId());
  }

  @Operation(
      summary = "Send what an order owes now",
      description =
          "Deliveries of it that wait for their next try are due at once; what keeps their destination (a pause, a breaker,"
              + " maintenance, a quota) keeps them all the same. Stopped ones are replayed instead. 422 when nothing waits.")
  @PostMapping(path = "/send-now", consumes = "application/json")
  @Allows(Role.OPERATOR)
  @OneChannel("id")
  @OffersDryRun
  public Sent sendNow(
      @Parameter(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id,
      @RequestBody SendNow request,
      Caller caller) {
    var order = orders.idOf(id);
    var reason = Words.sentence("reason", request.reason());
    if (reason == null && !request.dryRun()) {
      throw Problem.badRequest("Sending before its time needs a reason; say why.");
    }
    named(order, id);
    var now = Timestamp.from(clock.instant());
    var waits = waiting(order, now);
    if (waits.isEmpty()) {
      throw Problem.unprocessable(
          "Nothing of order '%s' waits for its time: what it owes is sent, under way or stopped."
              .formatted(Words.cut(id)));
    }
    if (!request.dryRun()) {
      jdbc.sql(
              """
              UPDATE delivery SET due_at = :now WHERE order_id = :order AND state = 'READY' AND due_at > :now
              """)
          .param("now", now)
          .param("order", order)
          .update();
      audit.write(Audit.Entry.of(caller, "order.send-now", Ids.text("ord", order), reason));
      errands.nudge();
    }
    return new Sent(request.dryRun(), waits);
  }

  private List<Due> waiting(UUID order, Timestamp now) {
    return jdbc.sql(
            """
            SELECT id, destination, document, due_at FROM delivery
            WHERE order_id = :order AND state = 'READY' AND due_at > :now ORDER BY id
            """)
        .param("order", order)
        .param("now", now)
        .query(
            (row, n) ->
                new Due(
                    "dlv_" + row.getLong("id"),
                    row.getString("destination"),
                    row.getString("document"),
                    Reads.instant(row, "due_at")))
        .list();
  }

  private Named named(UUID order, String id) {
    return jdbc.sql("SELECT account, channel_order_id FROM sales_order WHERE id = :id")
        .param("id", order)
        .query((row, n) -> new Named(row.getString(1), row.getString(2)))
        .optional()
        .orElseThrow(() -> OrderReads.unknown(id));
  }
}
