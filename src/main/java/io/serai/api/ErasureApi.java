package io.serai.api;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.OneChannel;
import io.serai.access.Role;
import io.serai.hub.Erasure;
import io.serai.support.Ids;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * When the people of an order are forgotten, sooner on demand, or later because the law says so.
 */
@Tag(name = "orders", description = "Orders as the hub knows them.")
@RestController
@RequestMapping(path = "/api/v1/orders/{id}", produces = "application/json")
public final class ErasureApi {
  private final Erasure erasure;
  private final OrderReads orders;

  ErasureApi(Erasure erasure, OrderReads orders) {
    this.erasure = erasure;
    this.orders = orders;
  }

  /** What is known of when personal data of an order goes. */
  @Schema(name = "PersonalDataStanding")
  public record Standing(
      @Schema(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") String id,
      @Schema(description = "When it is erased; absent while goods are still to be sent.")
          Instant dueAt,
      @Schema(description = "When it was erased.") Instant erasedAt,
      @Schema(description = "Who asked for it; absent when its time was over.") String erasedBy,
      String reason,
      @Schema(description = "Since when a legal hold keeps it.") Instant keptSince,
      String keptBy,
      @Schema(example = "A court asked for it.") String keptReason) {}

  @Operation(
      summary = "Read when personal data of an order is erased",
      description = "Or when it was, and what keeps it.")
  @GetMapping("/personal-data")
  @Allows(Role.VIEWER)
  @OneChannel("id")
  public Standing standing(
      @Parameter(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id) {
    var order = orders.idOf(id);
    try {
      return view(erasure.find(order).orElseThrow(() -> unknown(id)));
    } catch (SQLException e) {
      throw unwritten(e);
    }
  }

  @Operation(
      summary = "Erase personal data of an order",
      description =
          "Names, addresses, phones, mails and what people wrote go now, in every table; lines, totals, states, ids,"
              + " country and region stay. Nothing of it can be sent again. Asked for twice it is done once. 409 while"
              + " something of it is still owed, or a legal hold keeps it.")
  @PostMapping(path = "/erase", consumes = "application/json")
  @Allows(Role.ADMIN)
  @OneChannel("id")
  public Standing erase(
      @Parameter(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id,
      @RequestBody DeadLetterViews.Reason request,
      Caller caller) {
    var why = why(request, "Erasing");
    return done(id, order -> erasure.erase(order, caller.name(), why));
  }

  @Operation(
      summary = "Keep an order for the law",
      description =
          "Nothing of it is erased until the hold is ended. 409 when it was erased already.")
  @PostMapping(path = "/legal-hold", consumes = "application/json")
  @Allows(Role.ADMIN)
  @OneChannel("id")
  public Standing keep(
      @Parameter(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id,
      @RequestBody DeadLetterViews.Reason request,
      Caller caller) {
    var why = why(request, "Keeping");
    return done(id, order -> erasure.keep(order, caller.name(), why));
  }

  @Operation(
      summary = "End a legal hold of an order",
      description = "What is overdue is erased within minutes.")
  @PostMapping(path = "/legal-hold/end", consumes = "application/json")
  @Allows(Role.ADMIN)
  @OneChannel("id")
  public Standing letGo(
      @Parameter(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id,
      @RequestBody DeadLetterViews.Reason request,
      Caller caller) {
    var why = why(request, "Ending the legal hold of");
    return done(id, order -> erasure.letGo(order, caller.name(), why));
  }

  /** Something done to an order. */
  @FunctionalInterface
  private interface Deed {
    Erasure.Outcome on(UUID order) throws SQLException;
  }

  private Standing done(String id, Deed deed) {
    var order = orders.idOf(id);
    try {
      var outcome = deed.on(order);
      if (outcome.refusal() != null) {
        throw Problem.conflict(outcome.refusal(), null);
      }
      if (outcome.standing() == null) {
        throw unknown(id);
      }
      return view(erasure.find(order).orElseThrow(() -> unknown(id)));
    } catch (SQLException e) {
      throw unwritten(e);
    }
  }

  private static Standing view(Erasure.Standing one) {
    return new Standing(
        Ids.text("ord", one.order()),
        one.dueAt(),
        one.erasedAt(),
        one.erasedBy(),
        one.reason(),
        one.keptSince(),
        one.keptBy(),
        one.keptReason());
  }

  private static String why(DeadLetterViews.Reason request, String deed) {
    var why = request == null ? null : Words.sentence("reason", request.reason());
    if (why == null) {
      throw Problem.badRequest(deed + " an order needs a reason; say why.");
    }
    return why;
  }

  private static RuntimeException unknown(String id) {
    return Problem.notFound("Order '%s' is not known.".formatted(Words.cut(id)));
  }

  private static DataAccessResourceFailureException unwritten(SQLException e) {
    return new DataAccessResourceFailureException("Personal data cannot be read or erased.", e);
  }
}
