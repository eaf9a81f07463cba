package io.serai.api;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.OneChannel;
import io.serai.access.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Messages: what arrived, exactly as it arrived, and what became of it; and what is owed. */
@Tag(
    name = "messages",
    description = "What arrived, what became of it, and the deliveries it caused.")
@RestController
@RequestMapping("/api/v1")
public final class MessagesApi {
  private final MessageReads messages;
  private final PersonalDataReads personal;

  MessagesApi(MessageReads messages, PersonalDataReads personal) {
    this.messages = messages;
    this.personal = personal;
  }

  @Operation(summary = "List messages", description = "Newest first.")
  @GetMapping(path = "/messages", produces = "application/json")
  @Allows(Role.VIEWER)
  @OneChannel("account")
  public Page<MessageViews.Summary> list(
      @Parameter(description = "Only this state.", example = "PARKED")
          @RequestParam(required = false)
          String state,
      @Parameter(description = "Only this account.", example = "shopify-main")
          @RequestParam(required = false)
          String account,
      @Parameter(description = "Only this document.", example = "order")
          @RequestParam(required = false)
          String document,
      @Parameter(description = "Items a page, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit,
      @Parameter(description = "`next` of the page before.") @RequestParam(required = false)
          String cursor) {
    return messages.list(
        Words.present(account),
        Words.present(document),
        Words.known("message state", state, MessageReads.STATES),
        Cursor.limit(limit),
        Words.present(cursor));
  }

  @Operation(
      summary = "Read a message",
      description =
          "With the payload as it arrived, the document after each step as far as it is kept, and what went wrong."
              + " Personal data is masked for viewers; showing it to others is noted in the audit.")
  @GetMapping(path = "/messages/{id}", produces = "application/json")
  @Allows(Role.VIEWER)
  public MessageViews.Full get(
      @Parameter(example = "msg_17") @PathVariable String id, Caller caller) {
    var message = messages.get(id, caller.mayReadPersonalData());
    personal.note(caller, id);
    return message;
  }

  @Operation(
      summary = "Download a message's payload",
      description = "The bytes as they arrived, as an attachment.",
      responses =
          @ApiResponse(
              responseCode = "200",
              description = "The bytes.",
              content =
                  @Content(
                      mediaType = "application/octet-stream",
                      schema = @Schema(type = "string", format = "binary"))))
  @GetMapping(path = "/messages/{id}/payload")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  public ResponseEntity<byte[]> payload(
      @Parameter(example = "msg_17") @PathVariable String id, Caller caller) {
    var body = messages.body(id);
    personal.note(caller, id);
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_OCTET_STREAM)
        .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + id + ".bin\"")
        .body(body);
  }

  @Operation(
      summary = "Read a delivery",
      description =
          "One effect owed to a partner or channel: its content, key, state, attempts and failures. Personal data is"
              + " masked for viewers; showing it to others is noted in the audit.")
  @GetMapping(path = "/deliveries/{id}", produces = "application/json")
  @Allows(Role.VIEWER)
  public MessageViews.Delivery delivery(
      @Parameter(example = "dlv_17") @PathVariable String id, Caller caller) {
    var delivery = messages.delivery(id, caller.mayReadPersonalData());
    personal.note(caller, id);
    return delivery;
  }
}
