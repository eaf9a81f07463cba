package io.serai.api;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.api.InterchangeViews.Conversation;
import io.serai.api.InterchangeViews.Detail;
import io.serai.api.InterchangeViews.Interchange;
import io.serai.api.InterchangeViews.Number;
import io.serai.api.InterchangeViews.Overdue;
import io.serai.catalog.Configuration;
import io.serai.exchange.Agreement;
import io.serai.exchange.Exchange;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What EDI partners and we sent each other, under which numbers, and what is still owed. */
@Tag(
    name = "interchanges",
    description =
        "What EDI partners and we sent each other, under which numbers, and what is owed.")
@RestController
@RequestMapping(path = "/api/v1")
public final class InterchangesApi {
  private static final List<String> DIRECTIONS = List.of("IN", "OUT");

  private final InterchangeReads interchanges;
  private final ConversationReads conversations;
  private final PersonalDataReads personal;
  private final Configuration configuration;
  private final Exchange exchange;
  private final Clock clock;

  InterchangesApi(
      Reads reads,
      PersonalDataReads personal,
      Configuration configuration,
      Exchange exchange,
      Clock clock) {
    this.interchanges = new InterchangeReads(reads);
    this.conversations = new ConversationReads(reads);
    this.personal = personal;
    this.configuration = configuration;
    this.exchange = exchange;
    this.clock = clock;
  }

  @Operation(
      summary = "List interchanges",
      description = "X12 and EDIFACT interchanges that came and went, newest first.")
  @GetMapping(path = "/interchanges", produces = "application/json")
  @Allows(Role.VIEWER)
  public Page<Interchange> list(
      @Parameter(description = "Only of this account.", example = "walmart")
          @RequestParam(required = false)
          String account,
      @Parameter(description = "Only IN or OUT.", example = "IN") @RequestParam(required = false)
          String direction,
      @Parameter(
              description =
                  "Only in this state; of ours, the state of the delivery that carries it.",
              example = "REFUSED")
          @RequestParam(required = false)
          String state,
      @Parameter(description = "Only with this control number, ISA13.", example = "000000905")
          @RequestParam(required = false)
          String control,
      @Parameter(description = "Only with a set of this number.", example = "850")
          @RequestParam(required = false)
          String set,
      @Parameter(description = "Only about this order.", example = "PO-4711")
          @RequestParam(required = false)
          String subject,
      @Parameter(description = "Items a page, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit,
      @Parameter(description = "`next` of the page before.") @RequestParam(required = false)
          String cursor) {
    var named = Words.present(account);
    if (named != null && configuration.account(named) == null && !interchanges.knows(named)) {
      throw unnamed(named);
    }
    return interchanges.list(
        new InterchangeReads.Wanted(
            named,
            Words.known("direction", direction, DIRECTIONS),
            Words.known("state of an interchange", state, InterchangeReads.STATES),
            padded(Words.present(control)),
            Words.present(set),
            Words.present(subject)),
        Cursor.limit(limit),
        Words.present(cursor));
  }

  private static String padded(String control) {
    return control != null && control.matches("[0-9]{1,9}")
        ? "%09d".formatted(Integer.parseInt(control))
        : control;
  }

  @Operation(
      summary = "Show an interchange",
      description = "One interchange with every set in it and what became of each.")
  @GetMapping(path = "/interchanges/{id}", produces = "application/json")
  @Allows(Role.VIEWER)
  public Detail get(@Parameter(example = "itc_17") @PathVariable String id) {
    return interchanges.get(id);
  }

  @Operation(
      summary = "Download an interchange",
      description =
          "The bytes of an interchange of ours, or of the file that one of theirs came in, as an attachment.",
      responses =
          @ApiResponse(
              responseCode = "200",
              description = "The bytes.",
              content =
                  @Content(
                      mediaType = "application/octet-stream",
                      schema = @Schema(type = "string", format = "binary"))))
  @GetMapping(path = "/interchanges/{id}/content")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  public ResponseEntity<byte[]> content(
      @Parameter(example = "itc_17") @PathVariable String id, Caller caller) {
    var body = interchanges.body(id);
    personal.note(caller, id);
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_OCTET_STREAM)
        .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + id + ".edi\"")
        .body(body);
  }

  @Operation(
      summary = "List control numbers",
      description =
          "The last numbers given to an EDI partner, by level, and the interchanges that the partner has not got: why its"
              + " numbers have gaps.")
  @GetMapping(path = "/control-numbers", produces = "application/json")
  @Allows(Role.VIEWER)
  public Page<Number> numbers(
      @Parameter(description = "The EDI account.", example = "walmart") @RequestParam
          String account) {
    return new Page<>(interchanges.numbers(agreement(account)), null);
  }

  @Operation(
      summary = "List conversations",
      description =
          "The documents about each order of an EDI account as one chain, the newest order first, with what is still owed.")
  @GetMapping(path = "/conversations", produces = "application/json")
  @Allows(Role.VIEWER)
  public Page<Conversation> conversations(
      @Parameter(description = "The EDI account.", example = "walmart") @RequestParam
          String account,
      @Parameter(description = "Only about this order.", example = "PO-4711")
          @RequestParam(required = false)
          String subject,
      @Parameter(description = "Items a page, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit,
      @Parameter(description = "`next` of the page before.") @RequestParam(required = false)
          String cursor) {
    var with = agreement(account);
    return conversations.list(
        with, Words.present(subject), clock.instant(), Cursor.limit(limit), Words.present(cursor));
  }

  @Operation(
      summary = "List what is overdue",
      description =
          "Documents that we or EDI partners owe longer than agreed, the longest first. Acknowledgments that do not come are"
              + " dead letters (SILENT).")
  @GetMapping(path = "/conversations/overdue", produces = "application/json")
  @Allows(Role.VIEWER)
  public Page<Overdue> overdue(
      @Parameter(description = "Only of this account.", example = "walmart")
          @RequestParam(required = false)
          String account,
      @Parameter(description = "Items at most, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit) {
    var named = Words.present(account);
    var all = new ArrayList<Agreement>();
    if (named != null) {
      all.add(agreement(named));
    } else {
      accounts().forEach(one -> all.add(agreement(one)));
    }
    return new Page<>(conversations.overdue(all, clock.instant(), Cursor.limit(limit)), null);
  }

  /** The accounts that exchange EDI files, by name. */
  public List<String> accounts() {
    return configuration.accounts().entrySet().stream()
        .filter(account -> exchange.partners().of(account.getValue()) != null)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  private Agreement agreement(String name) {
    var account = configuration.account(name);
    var with = exchange.partners().of(account);
    if (with == null) {
      throw account == null
          ? unnamed(name)
          : Problem.notFound("Account '%s' exchanges no EDI files.".formatted(name));
    }
    return with;
  }

  private static Problem unnamed(String account) {
    return Problem.notFound("No account is named '%s'.".formatted(Words.cut(account)));
  }
}
