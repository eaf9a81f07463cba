package io.serai.simulator;

import graphql.GraphqlErrorException;
import graphql.schema.DataFetchingEnvironment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Pages of the Admin API's lists.
 *
 * <p>A cursor names the last item by sort value and id, so an item that changed its place between
 * two pages may be seen twice or not at all, as with the real one.
 */
final class Connections {

  static final int LARGEST_PAGE = 250;

  /** An item of a list: where it sorts, and what it is. */
  record Entry(long value, long id, Supplier<?> node) {
    String cursor() {
      var text = Jsons.text(Jsons.object().put("last_id", id).put("last_value", value));
      return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private record Position(long value, long id) {}

  private Connections() {}

  /** The page of a list in its own order. */
  static Map<String, Object> page(List<?> list, DataFetchingEnvironment env) {
    var entries = new ArrayList<Entry>();
    for (var i = 0; i < list.size(); i++) {
      var node = list.get(i);
      Supplier<?> supplier = node instanceof Supplier<?> s ? s : () -> node;
      entries.add(new Entry(i, i, supplier));
    }
    return page(entries, env, 0);
  }

  /**
   * The page of a list sorted by value and id.
   *
   * @param repeat how many items before the cursor are shown again
   */
  static Map<String, Object> page(List<Entry> list, DataFetchingEnvironment env, int repeat) {
    int size = size(env);
    Comparator<Entry> order = Comparator.comparingLong(Entry::value).thenComparingLong(Entry::id);
    if (Boolean.TRUE.equals(env.getArgument("reverse"))) {
      order = order.reversed();
    }
    var sorted = new ArrayList<>(list);
    sorted.sort(order);
    var from = 0;
    var to = sorted.size();
    String after = env.getArgument("after");
    String before = env.getArgument("before");
    if (after != null) {
      var at = entry(after);
      while (from < to && order.compare(sorted.get(from), at) <= 0) {
        from++;
      }
      from = Math.max(0, from - repeat);
    }
    if (before != null) {
      var at = entry(before);
      while (to > from && order.compare(sorted.get(to - 1), at) >= 0) {
        to--;
      }
    }
    var end = to;
    if (env.getArgument("first") != null) {
      to = Math.min(to, from + size);
    } else {
      from = Math.max(from, to - size);
    }
    return json(sorted.subList(from, to), from > 0, to < end || before != null);
  }

  private static Map<String, Object> json(List<Entry> page, boolean before, boolean after) {
    var nodes = new ArrayList<Object>();
    var edges = new ArrayList<Object>();
    for (var entry : page) {
      var node = entry.node().get();
      nodes.add(node);
      edges.add(Map.of("cursor", entry.cursor(), "node", node));
    }
    var info = new LinkedHashMap<String, Object>();
    info.put("hasNextPage", after);
    info.put("hasPreviousPage", before);
    info.put("startCursor", page.isEmpty() ? null : page.get(0).cursor());
    info.put("endCursor", page.isEmpty() ? null : page.get(page.size() - 1).cursor());
    return Map.of("nodes", nodes, "edges", edges, "pageInfo", info);
  }

  private static int size(DataFetchingEnvironment env) {
    Integer first = env.getArgument("first");
    Integer last = env.getArgument("last");
    if (first == null && last == null) {
      throw refusal("you must provide one of first or last", "BAD_REQUEST");
    }
    var size = first == null ? last : first;
    if (size < 0 || size > LARGEST_PAGE) {
      throw refusal(
          "The page size of "
              + size
              + " is not between 0 and the maximum allowed of "
              + LARGEST_PAGE
              + ".",
          "BAD_REQUEST");
    }
    return size;
  }

  private static Entry entry(String cursor) {
    var position = position(cursor);
    return new Entry(position.value(), position.id(), () -> null);
  }

  private static Position position(String cursor) {
    try {
      var json = Jsons.read(Base64.getDecoder().decode(cursor));
      if (json.hasNonNull("last_value") && json.hasNonNull("last_id")) {
        return new Position(json.get("last_value").asLong(), json.get("last_id").asLong());
      }
    } catch (IOException | IllegalArgumentException e) {
      // Told below: a cursor is ours or it is not.
    }
    throw expired();
  }

  /** What is said of a cursor that is not, or no longer, ours. */
  static GraphqlErrorException expired() {
    return refusal("Invalid cursor for current pagination sort.", "BAD_REQUEST");
  }

  private static GraphqlErrorException refusal(String message, String code) {
    return GraphqlErrorException.newErrorException()
        .message(message)
        .extensions(Map.of("code", code))
        .build();
  }
}
