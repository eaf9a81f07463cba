package io.serai.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.OneChannel;
import io.serai.access.Role;
import io.serai.hub.AcceptShipment;
import io.serai.hub.Deed;
import io.serai.hub.PackOrder;
import io.serai.hub.ParcelAction;
import io.serai.order.ParcelRequest;
import io.serai.support.Ids;
import io.serai.support.Json;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What a node's own people pack: parcels, their carriers, labels and scans. */
@Tag(name = "parcels", description = "What is packed here and goes by a carrier.")
@RestController
@RequestMapping(path = "/api/v1", produces = "application/json")
public final class ParcelsApi {
  /** The states a parcel may be in. */
  public static final List<String> STATES =
      List.of(
          "RATING",
          "WAITING",
          "BUYING",
          "LABELED",
          "VOIDING",
          "VOIDED",
          "KEPT",
          "SHIPPED",
          "DELIVERED",
          "RETURNED",
          "ABANDONED");

  private static final int MOST_PARCELS = 50;
  private static final int HEAVIEST = 1_000_000;
  private static final int LONGEST = 10_000;

  private final OrderReads orders;
  private final ParcelReads parcels;
  private final OrderActions actions;
  private final PersonalDataReads personal;

  ParcelsApi(
      OrderReads orders, ParcelReads parcels, OrderActions actions, PersonalDataReads personal) {
    this.orders = orders;
    this.parcels = parcels;
    this.actions = actions;
    this.personal = personal;
  }

  /** What was packed. */
  @Schema(name = "PackRequest")
  record PackRequest(
      @Schema(
              description = "Which request; the only one that can be packed when absent.",
              example = "ful_01JD8QW5T3E9V4X2Y7Z8A1B2C3")
          String fulfillment,
      @Schema(description = "Each parcel.") List<PackedParcel> parcels) {}

  /** One parcel. */
  @Schema(name = "PackedParcel")
  record PackedParcel(
      @Schema(description = "Grams.", example = "850") Integer weight,
      @Schema(description = "Millimeters.", example = "300") Integer length,
      @Schema(description = "Millimeters.", example = "200") Integer width,
      @Schema(description = "Millimeters.", example = "100") Integer height,
      @Schema(description = "What is in it; all that is not packed yet when absent.")
          List<PackedLine> lines) {}

  /** So many of one line. */
  @Schema(name = "PackedLine")
  record PackedLine(
      @Schema(description = "The channel's id of the line.", example = "1001-1") String lineId,
      @Schema(example = "2") Integer quantity) {}

  /** Why a shipment that differs may be told, and what stands for what. */
  @Schema(name = "ShipmentAcceptance")
  public record AcceptRequest(
      @Schema(description = "Why.", example = "The buyer agreed to the green one.") String reason,
      @Schema(description = "What each substitute stands for; none when absent.")
          List<Substitute> instead) {}

  /** One article sent in place of another. */
  @Schema(name = "Substitute")
  public record Substitute(
      @Schema(description = "What was sent.", example = "CAP-GRN") String sku,
      @Schema(description = "The channel's id of the line it stands for.", example = "1001-1")
          String lineId) {}

  /** Why something is done to a parcel. */
  @Schema(name = "ParcelActionRequest")
  public record ActionRequest(
      @Schema(description = "Why.", example = "The box broke.") String reason) {}

  @Operation(
      summary = "List parcels",
      description =
          "Newest first: those packed here, and those that others sent once their carrier tells of them.")
  @GetMapping("/parcels")
  @Allows(Role.VIEWER)
  public Page<ParcelViews.Summary> list(
      @Parameter(description = "Only this state.", example = "LABELED")
          @RequestParam(required = false)
          String state,
      @Parameter(description = "Only labels of this carrier's account.", example = "easypost-main")
          @RequestParam(required = false)
          String account,
      @Parameter(description = "Only from this node.", example = "hoboken")
          @RequestParam(required = false)
          String node,
      @Parameter(description = "Only with this number.", example = "9400111899223197428490")
          @RequestParam(required = false)
          String tracking,
      @Parameter(description = "Items a page, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit,
      @Parameter(description = "`next` of the page before.") @RequestParam(required = false)
          String cursor) {
    return parcels.list(
        Words.known("parcel state", state, STATES),
        Words.present(account),
        Words.present(node),
        Words.present(tracking),
        Cursor.limit(limit),
        Words.present(cursor));
  }

  @Operation(
      summary = "Read a parcel",
      description = "Its carrier and why it was chosen, its label, what is in it, its scans.")
  @GetMapping("/parcels/{id}")
  @Allows(Role.VIEWER)
  public ParcelViews.Parcel get(
      @Parameter(example = "pcl_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id) {
    return parcels.get(Cursor.uuid("pcl", id));
  }

  @Operation(
      summary = "Accept a shipment that differs",
      description =
          "Lets the channel hear of a shipment that is not what was asked for: of what was, and of what each"
              + " substitute stands for. 409 when it is as it was asked for, was accepted before, or nothing of it"
              + " stands for a line.")
  @PostMapping(path = "/shipments/{id}/accept", consumes = "application/json")
  @Allows(Role.OPERATOR)
  public OrderViews.Full accept(
      @Parameter(example = "shp_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id,
      @RequestBody AcceptRequest request,
      Caller caller) {
    var reason = Words.sentence("reason", request.reason());
    if (reason == null) {
      throw Problem.badRequest("Nothing says why; give 'reason' as text.");
    }
    var instead = new LinkedHashMap<String, String>();
    for (var one : request.instead() == null ? List.<Substitute>of() : request.instead()) {
      var sku = one == null ? null : Words.present(one.sku());
      var line = one == null ? null : Words.present(one.lineId());
      if (sku == null || line == null) {
        throw Problem.badRequest("A substitute has no 'sku' or no 'lineId'; give both.");
      }
      instead.put(sku, line);
    }
    UUID shipment = Cursor.uuid("shp", id);
    var order = parcels.orderOfShipment(shipment);
    actions.run(
        new AcceptShipment(order, shipment, instead, reason),
        Deed.of(
            caller.name(),
            "shipment.accept",
            id,
            reason,
            Json.MAPPER.createObjectNode().set("instead", Json.node(instead))));
    var text = Ids.text("ord", order);
    var read = orders.get(text, caller.mayReadPersonalData());
    personal.note(caller, text);
    return read;
  }

  @Operation(
      summary = "List an order's parcels",
      description =
          "Each with its carrier and why it was chosen, its label, its scans. Parcels that others send stand here once"
              + " their carrier tells of them.")
  @GetMapping("/orders/{id}/parcels")
  @Allows(Role.VIEWER)
  @OneChannel("id")
  public List<ParcelViews.Parcel> parcels(
      @Parameter(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id) {
    return parcels.of(orders.idOf(id));
  }

  @Operation(
      summary = "Pack an order",
      description =
          "Says what a node's own people packed. Each parcel is offered to the node's carriers; the best offer's label"
              + " is bought. 409 when there is nothing to pack or more than is asked for.")
  @PostMapping(path = "/orders/{id}/pack", consumes = "application/json")
  @Allows(Role.OPERATOR)
  @OneChannel("id")
  public List<ParcelViews.Parcel> pack(
      @Parameter(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id,
      @RequestBody PackRequest request,
      Caller caller) {
    var named = Words.present(request.fulfillment());
    var fulfillment = named == null ? null : Cursor.uuid("ful", named);
    var packed = packed(request.parcels());
    var order = orders.idOf(id);
    actions.run(
        new PackOrder(order, fulfillment, packed),
        Deed.of(
            caller.name(),
            "order.pack",
            Ids.text("ord", order),
            null,
            JsonNodeFactory.instance.objectNode().put("parcels", packed.size())));
    return parcels.of(order);
  }

  private static List<PackOrder.Packed> packed(List<PackedParcel> given) {
    if (given == null || given.isEmpty() || given.size() > MOST_PARCELS) {
      throw Problem.badRequest(
          "'parcels' names %d parcels; give 1 to %d."
              .formatted(given == null ? 0 : given.size(), MOST_PARCELS));
    }
    var packed = new ArrayList<PackOrder.Packed>();
    for (var parcel : given) {
      if (parcel == null || parcel.weight() == null) {
        throw Problem.badRequest("A parcel has no 'weight'; give it in grams.");
      }
      var lines = new ArrayList<PackOrder.Content>();
      for (var line : parcel.lines() == null ? List.<PackedLine>of() : parcel.lines()) {
        var lineId = line == null ? null : Words.sentence("lineId", line.lineId());
        if (lineId == null || line.quantity() == null || line.quantity() < 1) {
          throw Problem.badRequest(
              "A packed line has no 'lineId' or no 'quantity' of at least 1; give both.");
        }
        lines.add(new PackOrder.Content(lineId, line.quantity()));
      }
      packed.add(
          new PackOrder.Packed(
              new ParcelRequest.Size(
                  within("weight", parcel.weight(), HEAVIEST),
                  within("length", parcel.length(), LONGEST),
                  within("width", parcel.width(), LONGEST),
                  within("height", parcel.height(), LONGEST)),
              lines));
    }
    return packed;
  }

  private static Integer within(String name, Integer given, int most) {
    if (given != null && (given < 1 || given > most)) {
      throw Problem.badRequest(
          "'%s' of a parcel is %d; give 1 to %d.".formatted(name, given, most));
    }
    return given;
  }

  @Operation(
      summary = "Read a parcel's label",
      description =
          "The file as the carrier made it, for the printer. Reading it is noted in the audit.",
      responses =
          @ApiResponse(
              responseCode = "200",
              description = "The label.",
              content = @Content(mediaType = "application/octet-stream")))
  @GetMapping(path = "/parcels/{id}/label", produces = MediaType.ALL_VALUE)
  @Allows(Role.OPERATOR)
  public ResponseEntity<byte[]> label(
      @Parameter(example = "pcl_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id,
      Caller caller) {
    var label = parcels.label(Cursor.uuid("pcl", id));
    personal.note(caller, id);
    var type =
        switch (label.format()) {
          case "ZPL" -> "application/zpl";
          case "PDF" -> "application/pdf";
          case "GIF" -> "image/gif";
          default -> "image/png";
        };
    return ResponseEntity.ok()
        .header("Content-Type", type)
        .header(
            "Content-Disposition",
            "attachment; filename=\"%s.%s\"".formatted(id, label.format().toLowerCase()))
        .body(label.content());
  }

  @Operation(
      summary = "Void a parcel",
      description =
          "The carrier takes its label back, if there is one, and its units can be packed anew at once. 409 when its label"
              + " is being bought or it has left.")
  @PostMapping(path = "/parcels/{id}/void", consumes = "application/json")
  @Allows(Role.OPERATOR)
  public List<ParcelViews.Parcel> voidLabel(
      @Parameter(example = "pcl_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id,
      @RequestBody ActionRequest request,
      Caller caller) {
    return act(id, ParcelAction.What.VOID, "parcel.void", request, caller);
  }

  @Operation(
      summary = "Hand a parcel over",
      description =
          "Says that the carrier has it, where its scans do not say so: its units are shipped and the channel hears of it."
              + " 409 when there is no label or it has left.")
  @PostMapping(path = "/parcels/{id}/hand-over", consumes = "application/json")
  @Allows(Role.OPERATOR)
  public List<ParcelViews.Parcel> handOver(
      @Parameter(example = "pcl_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id,
      @RequestBody ActionRequest request,
      Caller caller) {
    return act(id, ParcelAction.What.HAND_OVER, "parcel.hand-over", request, caller);
  }

  @Operation(
      summary = "Ask carriers again",
      description =
          "Offers a parcel that waits to its carriers at once. 409 when it does not wait.")
  @PostMapping(path = "/parcels/{id}/ask-again", consumes = "application/json")
  @Allows(Role.OPERATOR)
  public List<ParcelViews.Parcel> askAgain(
      @Parameter(example = "pcl_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id,
      @RequestBody ActionRequest request,
      Caller caller) {
    return act(id, ParcelAction.What.ASK_AGAIN, "parcel.ask-again", request, caller);
  }

  private List<ParcelViews.Parcel> act(
      String id, ParcelAction.What what, String action, ActionRequest request, Caller caller) {
    var reason = Words.sentence("reason", request.reason());
    if (reason == null) {
      throw Problem.badRequest("Nothing says why; give 'reason' as text.");
    }
    UUID parcel = Cursor.uuid("pcl", id);
    var order = parcels.orderOf(parcel);
    actions.run(
        new ParcelAction(order, parcel, what, reason),
        Deed.of(caller.name(), action, id, reason, JsonNodeFactory.instance.objectNode()));
    return parcels.of(order);
  }
}
