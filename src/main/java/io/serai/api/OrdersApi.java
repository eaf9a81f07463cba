package io.serai.api;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Orders: find one by any key, read it, its timeline and why it went where it went. */
@Tag(name = "orders", description = "Orders as the hub knows them.")
@RestController
@RequestMapping(path = "/api/v1/orders", produces = "application/json")
final class OrdersApi {
  private final OrderReads orders;

  private final PersonalDataReads personal;

  OrdersApi(OrderReads orders, PersonalDataReads personal) {
    this.orders = orders;
    this.personal = personal;
  }

  @Operation(
      summary = "List orders",
      description =
          "Newest first. `q` finds an order by any one key: our id, the channel's order id or display number,"
              + " the buyer's e-mail, a tracking number, or a partner's reference; it matches whole keys.")
  @GetMapping
  @Allows(Role.VIEWER)
  public Page<OrderViews.Summary> list(
      @Parameter(description = "Any key of the order.", example = "#1001")
          @RequestParam(required = false)
          String q,
      @Parameter(description = "Only this channel account.", example = "shopify-main")
          @RequestParam(required = false)
          String channel,
      @Parameter(description = "Only this state.", example = "BACKORDERED")
          @RequestParam(required = false)
          String state,
      @Parameter(description = "Items a page, 1 to 500; 50 when absent.", example = "50")
          @RequestParam(required = false)
          Integer limit,
      @Parameter(description = "`next` of the page before.") @RequestParam(required = false)
          String cursor) {
    return orders.list(
        Words.present(q),
        Words.present(channel),
        Words.known("order state", state, OrderReads.STATES),
        Cursor.limit(limit),
        Words.present(cursor));
  }

  @Operation(
      summary = "Read an order",
      description =
          "By our id or by `<account>:<channelOrderId>`. Names, addresses and notes are masked for"
              + " viewers; showing them to others is noted in the audit.")
  @GetMapping("/{id}")
  @Allows(Role.VIEWER)
  public OrderViews.Full get(
      @Parameter(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id,
      Caller caller) {
    var order = orders.get(id, caller.mayReadPersonalData());
    personal.note(caller, order.id());
    return order;
  }

  @Operation(
      summary = "Read an order's timeline",
      description = "What happened to it, oldest first.")
  @GetMapping("/{id}/timeline")
  @Allows(Role.VIEWER)
  public Page<OrderViews.Event> timeline(
      @Parameter(example = "shopify-main:820982911946154508") @PathVariable String id,
      @Parameter(description = "Items a page, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit,
      @Parameter(description = "`next` of the page before.") @RequestParam(required = false)
          String cursor) {
    return orders.timeline(id, Cursor.limit(limit), Words.present(cursor));
  }

  @Operation(
      summary = "Read why an order went where it went",
      description =
          "The newest allocation decision, or that of a given revision: candidates, figures, rule version and why"
              + " losers lost. 404 until something was allocated.")
  @GetMapping("/{id}/decision")
  @Allows(Role.VIEWER)
  public OrderViews.Decision decision(
      @Parameter(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id,
      @Parameter(description = "The order's revision; the newest when absent.")
          @RequestParam(required = false)
          Integer revision) {
    return orders.decision(id, revision);
  }
}
