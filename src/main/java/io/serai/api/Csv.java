package io.serai.api;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * A list as CSV, page by page.
 *
 * <p>Guarantee: no more than a page is in memory, and no value is a formula to a spreadsheet.
 */
public final class Csv {
  private Csv() {}

  /**
   * Writes all pages of a list.
   *
   * @param pages the page at a cursor; the first one at null
   */
  public static <T> void write(Class<T> type, Function<String, Page<T>> pages, OutputStream to)
      throws IOException {
    var columns = CsvColumns.of(type);
    var out = new BufferedWriter(new OutputStreamWriter(to, StandardCharsets.UTF_8));
    columns.heading(out);
    String cursor = null;
    do {
      var page = pages.apply(cursor);
      for (var one : page.items()) {
        columns.row(ApiJson.MAPPER.valueToTree(one), out);
      }
      cursor = page.next();
    } while (cursor != null);
    out.flush();
  }
}
