package io.serai.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.function.Function;

/**
 * One page of a list.
 *
 * @param items the things, in the list's order
 * @param next what to send as {@code cursor} for the page after this one, or null at the end
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Page<T>(
    List<T> items,
    @Schema(
            nullable = true,
            description = "Send it as `cursor` to get the page after this one; null at the end.")
        String next) {

  /** Cuts a page out of up to limit + 1 rows: the extra row only tells that there is more. */
  static <T> Page<T> of(List<T> rows, int limit, Function<T, String> cursor) {
    if (rows.size() <= limit) {
      return new Page<>(rows, null);
    }
    var items = rows.subList(0, limit);
    return new Page<>(List.copyOf(items), cursor.apply(items.get(limit - 1)));
  }
}
