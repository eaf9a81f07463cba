package io.serai.api;

import io.serai.access.Allows;
import io.serai.access.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** One search for everything that has a key: an operator knows a number, not what it names. */
@Tag(name = "search", description = "Everything that goes by a key.")
@RestController
@RequestMapping(path = "/api/v1/search", produces = "application/json")
public final class SearchApi {
  private final SearchReads search;

  SearchApi(SearchReads search) {
    this.search = search;
  }

  /**
   * One thing that goes by the key.
   *
   * @param kind what it is
   * @param id ours, or its own name where it has no id of ours
   * @param account whose it is, or null
   * @param by which of its keys was meant
   * @param what it is, in a word or two
   * @param state its state, or null
   * @param at when it came, was made or was last told of; or null
   */
  @Schema(name = "Hit")
  public record Hit(
      @Schema(
              example = "order",
              allowableValues = {
                "order",
                "message",
                "delivery",
                "return",
                "parcel",
                "interchange",
                "file",
                "article",
                "replay",
                "reconciliation"
              })
          String kind,
      @Schema(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") String id,
      String account,
      @Schema(description = "Which of its keys was meant.", example = "tracking number") String by,
      String what,
      String state,
      Instant at) {}

  @Operation(
      summary = "Find by any key",
      description =
          "Matches whole: numbers of an order, e-mail, SKU, GTIN and other codes, tracking number, RMA, purchase order,"
              + " file name, control numbers of interchange, group and set, a message's key or id, a partner's reference."
              + " A word before it narrows, as in `tracking:1Z…`: id, order, po, email, sku, gtin, tracking, rma, file,"
              + " isa, gs, st, message, reference. Numbers of sets are found with `st:` only. At most 20 of a kind.")
  @GetMapping
  @Allows(Role.VIEWER)
  public Page<Hit> find(
      @Parameter(description = "The key.", example = "1Z999AA10123456784")
          @RequestParam(required = false)
          String q) {
    var asked = Words.present(q);
    if (asked == null) {
      throw Problem.badRequest("Nothing is looked for; give a key as 'q'.");
    }
    if (asked.length() > SearchReads.LONGEST || asked.indexOf('\0') >= 0) {
      throw Problem.badRequest(
          "'%s' is no key: it is longer than %d characters or has a zero byte; shorten or correct it."
              .formatted(Words.cut(asked), SearchReads.LONGEST));
    }
    return new Page<>(search.find(asked), null);
  }
}
