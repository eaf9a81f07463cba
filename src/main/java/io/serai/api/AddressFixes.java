package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.CsvReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Corrections of addresses as a table: read from CSV, and laid over what an order has. */
final class AddressFixes {
  /** So many in one request. */
  static final int MOST = 500;

  static final List<String> COLUMNS =
      List.of("order", "name", "street", "street2", "city", "region", "postalCode", "countryCode");

  private AddressFixes() {}

  /**
   * The rows of a table.
   *
   * @param csv its first line names the columns, in any order and any of four separators; empty
   *     fields mean: as it is
   */
  static List<AddressFixApi.Fix> read(String csv) {
    var reader = new CsvReader(csv.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    var heading = reader.next();
    if (heading == null) {
      return List.of();
    }
    var columns = heading.fields().stream().map(AddressFixes::column).toList();
    if (!columns.contains("order")) {
      throw Problem.badRequest(
          "The first line names no column 'order'; begin with a line of some of %s."
              .formatted(String.join(",", COLUMNS)));
    }
    var fixes = new ArrayList<AddressFixApi.Fix>();
    for (var row = reader.next(); row != null; row = reader.next()) {
      if (row.fault() != null) {
        throw Problem.badRequest(
            "Line %d %s; correct it, nothing was changed.".formatted(row.number(), row.fault()));
      }
      if (row.fields().size() > columns.size()) {
        throw Problem.badRequest(
            "Line %d has %d fields and the first line names %d; put a field with a comma in quotes."
                .formatted(row.number(), row.fields().size(), columns.size()));
      }
      var values = new HashMap<String, String>();
      for (int i = 0; i < row.fields().size(); i++) {
        values.put(columns.get(i), Words.present(row.fields().get(i)));
      }
      fixes.add(fix(values));
    }
    return fixes;
  }

  private static AddressFixApi.Fix fix(Map<String, String> values) {
    var lines =
        values.get("street") == null
            ? null
            : Stream.of(values.get("street"), values.get("street2"))
                .filter(Objects::nonNull)
                .toList();
    return new AddressFixApi.Fix(
        values.get("order"),
        values.get("name"),
        lines,
        values.get("city"),
        values.get("region"),
        values.get("postalCode"),
        values.get("countryCode"));
  }

  private static String column(String heading) {
    var word = heading.toLowerCase(Locale.ROOT).replaceAll("[ _-]", "");
    if (word.equals("country")) {
      return "countryCode";
    }
    return COLUMNS.stream()
        .filter(column -> column.toLowerCase(Locale.ROOT).equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                Problem.badRequest(
                    "Column '%s' is none of an address; give some of %s."
                        .formatted(Words.cut(heading), String.join(", ", COLUMNS))));
  }

  /** The whole receiver: what a fix gives, and the order's own for the rest. */
  static OrderActionsApi.Receiver over(JsonNode shipTo, AddressFixApi.Fix fix) {
    var address = shipTo.path("address");
    var lines = new ArrayList<String>();
    address.path("lines").forEach(line -> lines.add(line.asText()));
    return new OrderActionsApi.Receiver(
        Words.present(fix.name()),
        null,
        null,
        null,
        fix.lines() == null || fix.lines().isEmpty() ? lines : fix.lines(),
        or(fix.city(), address, "city"),
        or(fix.region(), address, "region"),
        or(fix.postalCode(), address, "postalCode"),
        or(fix.countryCode(), address, "countryCode"));
  }

  /** What is otherwise then, field by field. */
  static List<AddressFixApi.Change> changes(JsonNode shipTo, OrderActionsApi.Receiver then) {
    var address = shipTo.path("address");
    var now = new ArrayList<String>();
    address.path("lines").forEach(line -> now.add(line.asText()));
    var changes = new ArrayList<AddressFixApi.Change>();
    if (then.name() != null) {
      add(changes, "name", shipTo.path("name").asText(null), then.name());
    }
    add(changes, "street", String.join(", ", now), String.join(", ", then.lines()));
    add(changes, "city", address.path("city").asText(null), then.city());
    add(changes, "region", address.path("region").asText(null), then.region());
    add(changes, "postalCode", address.path("postalCode").asText(null), then.postalCode());
    add(
        changes,
        "countryCode",
        address.path("countryCode").asText(null),
        then.countryCode() == null ? null : then.countryCode().toUpperCase(Locale.ROOT));
    return changes;
  }

  private static void add(
      List<AddressFixApi.Change> changes, String field, String from, String to) {
    var before = from == null || from.isBlank() ? null : from;
    if (!Objects.equals(before, to)) {
      changes.add(new AddressFixApi.Change(field, before, to));
    }
  }

  private static String or(String given, JsonNode address, String field) {
    return Words.present(given) == null
        ? Words.present(address.path(field).asText(null))
        : given.strip();
  }
}
