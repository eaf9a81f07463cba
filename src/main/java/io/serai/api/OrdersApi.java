package io.serai.api;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.OneChannel;
import io.serai.access.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriUtils;

/** Orders: find one by any key, read it, its timeline and why it went where it went. */
@Tag(name = "orders", description = "Orders as the hub knows them.")
@RestController
@RequestMapping(path = "/api/v1/orders", produces = "application/json")
public final class OrdersApi {
  private static final String EXAMPLE =
      """
      {"schemaVersion":"1.0","channel":{"type":"api","account":"erp","orderId":"4711"},"orderType":"STANDARD",\
      "fulfilledBy":"MERCHANT","placedAt":"2026-01-31T12:00:00Z","updatedAt":"2026-01-31T12:00:00Z","test":false,\
      "currency":"EUR","pricesIncludeTax":true,\
      "shipTo":{"name":"Ada Example","address":{"lines":["1 Main St"],"city":"Berlin","postalCode":"10115",\
      "countryCode":"DE"},"piiState":"present"},\
      "lines":[{"lineId":"1","kind":"PHYSICAL","sku":"MUG-BLU","title":"Blue mug","unit":"EA","ordered":2,\
      "cancelled":0,"shipped":0,"returned":0,"refunded":0,"requiresShipping":true,\
      "unitPrice":{"amount":"9.90","currency":"EUR"},"lineTotal":{"amount":"19.80","currency":"EUR"}}],\
      "totals":{"items":{"amount":"19.80","currency":"EUR"},"discount":{"amount":"0.00","currency":"EUR"},\
      "shipping":{"amount":"0.00","currency":"EUR"},"tax":{"amount":"0.00","currency":"EUR"},\
      "grandTotal":{"amount":"19.80","currency":"EUR"},"channelGrandTotal":{"amount":"19.80","currency":"EUR"}},\
      "payment":{"state":"PAID"}}""";

  private final OrderReads orders;

  private final OrderIntake intake;
  private final PersonalDataReads personal;
  private final OrderNext next;

  OrdersApi(OrderReads orders, OrderIntake intake, PersonalDataReads personal, OrderNext next) {
    this.orders = orders;
    this.intake = intake;
    this.personal = personal;
    this.next = next;
  }

  @Operation(
      summary = "List orders",
      description =
          "Newest first. `q` finds an order by any one key: our id, the channel's order id or display number,"
              + " the buyer's e-mail, a tracking number, or a partner's reference; it matches whole keys.")
  @GetMapping
  @Allows(Role.VIEWER)
  @OneChannel("channel")
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

  /** An order was taken. */
  @Schema(name = "OrderTaken")
  record Taken(
      @Schema(
              description = "The message that carries it, or where it is kept until it is one.",
              example = "msg_17")
          String messageId,
      @Schema(description = "How to read the order once it is applied.", example = "erp:4711")
          String order,
      @Schema(
              description =
                  "It had been sent before and has no other effect; absent while that is not known, as with"
                      + " transport `kafka`.")
          Boolean duplicate) {}

  @Operation(
      summary = "Send an order",
      description =
          "Takes one canonical order for a channel account of connector `api` and answers 202 after it is committed;"
              + " `Location` is the order's address once it is applied, usually within milliseconds. Under one"
              + " `Idempotency-Key` the same body again is the same order, another body is refused with 422.\n\n"
              + "What B2B adds, each optional: `channel.purchaseOrderNumber`, the buyer's purchase order;"
              + " `channel.customerOrderId`, the buyer's own reference; `service.shipNotBefore` and `service.shipBy`,"
              + " the window in which it is to leave, before which it is held as `SHIP_WINDOW`;"
              + " `service.shipComplete`, whether all of it leaves together.",
      responses = @ApiResponse(responseCode = "202", description = "Committed."))
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      required = true,
      description = "A canonical order.",
      content =
          @Content(
              schema =
                  @Schema(
                      type = "object",
                      additionalProperties = Schema.AdditionalPropertiesValue.TRUE),
              examples = @ExampleObject(EXAMPLE)))
  @PostMapping(consumes = "application/json")
  @Allows(Role.OPERATOR)
  @OneChannel(OneChannel.IN_BODY)
  public ResponseEntity<Taken> send(
      @Parameter(description = "Stands for this body for good.", example = "erp-4711-1")
          @RequestHeader(name = "Idempotency-Key", required = false)
          String key,
      @RequestBody byte[] body,
      Caller caller) {
    var taken = intake.take(body, Words.present(key), caller);
    return ResponseEntity.accepted()
        .location(
            URI.create(
                "/api/v1/orders/"
                    + UriUtils.encodePathSegment(taken.order(), StandardCharsets.UTF_8)))
        .body(new Taken(taken.accepted().id(), taken.order(), taken.accepted().known()));
  }

  @Operation(
      summary = "Read an order",
      description =
          "By our id or by `<account>:<channelOrderId>`. Names, addresses and notes are masked for"
              + " viewers; showing them to others is noted in the audit.")
  @GetMapping("/{id}")
  @Allows(Role.VIEWER)
  @OneChannel("id")
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
  @OneChannel("id")
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
      summary = "Read what an order waits for",
      description =
          "Who has to do what next and by when, soonest first and what nobody promised a time for last; empty when it"
              + " waits for nothing.")
  @GetMapping("/{id}/next")
  @Allows(Role.VIEWER)
  @OneChannel("id")
  public Page<OrderViews.Awaited> next(
      @Parameter(example = "shopify-main:820982911946154508") @PathVariable String id) {
    return new Page<>(next.of(id), null);
  }

  @Operation(
      summary = "Read why an order went where it went",
      description =
          "The newest allocation decision, or that of a given revision: candidates, figures, rule version and why"
              + " losers lost. 404 until something was allocated.")
  @GetMapping("/{id}/decision")
  @Allows(Role.VIEWER)
  @OneChannel("id")
  public OrderViews.Decision decision(
      @Parameter(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id,
      @Parameter(description = "The order's revision; the newest when absent.")
          @RequestParam(required = false)
          Integer revision) {
    return orders.decision(id, revision);
  }
}
