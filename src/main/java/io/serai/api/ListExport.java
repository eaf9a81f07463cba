package io.serai.api;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;

/**
 * A whole list of the API as a file.
 *
 * <p>Guarantee: the rows are those that page after page shows, with the same masks; no more than a
 * page of them is in memory; no value is a formula to a spreadsheet. Gap: rows that come or go
 * while it runs may or may not be in it.
 */
public final class ListExport {
  /** Items of a page to ask for. */
  public static final int PAGE = Cursor.LARGEST_LIMIT;

  private ListExport() {}

  /** The pages of a list, one after the other. */
  @FunctionalInterface
  public interface Pages<T> {
    /** The page after this cursor; the first one after null. */
    Page<T> after(String cursor);
  }

  /** As CSV, with the columns of the API's own. */
  public static <T> void csv(Class<T> type, Pages<T> pages, OutputStream to) throws IOException {
    var columns = CsvColumns.of(type);
    var out = new BufferedWriter(new OutputStreamWriter(to, StandardCharsets.UTF_8));
    columns.heading(out);
    var page = pages.after(null);
    while (true) {
      for (var one : page.items()) {
        columns.row(ApiJson.MAPPER.valueToTree(one), out);
      }
      if (page.next() == null) {
        break;
      }
      page = pages.after(page.next());
    }
    out.flush();
  }

  /** As one array of JSON. */
  public static <T> void json(Pages<T> pages, OutputStream to) throws IOException {
    try (var out =
        ApiJson.MAPPER
            .createGenerator(to)
            .disable(com.fasterxml.jackson.core.JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      out.writeStartArray();
      var page = pages.after(null);
      while (true) {
        for (var one : page.items()) {
          ApiJson.MAPPER.writeValue(out, one);
        }
        if (page.next() == null) {
          break;
        }
        page = pages.after(page.next());
      }
      out.writeEndArray();
    }
  }
}
