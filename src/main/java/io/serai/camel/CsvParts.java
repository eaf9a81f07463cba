package io.serai.camel;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.inbox.Arrival;
import io.serai.support.CsvReader;
import io.serai.support.Json;
import io.serai.support.Sha256;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The messages that a CSV file is made of, one at a time: a row each, or the rows together that
 * follow each other and are about one thing.
 *
 * <p>Guarantee: every row of the file is in exactly one message. Rows that belong together and are
 * not all there or not all readable come with a fault, so nothing is taken for whole that is not.
 * Gap: of a row whose key cannot be read nobody knows where it belongs; then the things before and
 * after it come with a fault.
 */
final class CsvParts implements Iterator<Arrival> {
  /**
   * How a file is read.
   *
   * @param account whose it is
   * @param document what its rows become
   * @param file its name, for people
   * @param id the message that carries it
   * @param columns those it must have
   * @param by those that say what a row is about
   * @param together whether rows of one thing are one message
   * @param anew whether rows count anew though they say what is known; else they are known by what
   *     they say
   * @param headed whether its first row names its columns; else they are those it must have
   */
  record Plan(
      String account,
      String document,
      String file,
      String id,
      List<String> columns,
      List<String> by,
      boolean together,
      boolean anew,
      boolean headed) {}

  /** Rows that become one message. */
  private static final class Group {
    final String key;
    final List<CsvReader.Row> rows = new ArrayList<>();
    String fault;

    Group(String key) {
      this.key = key;
    }

    void fault(String sentence) {
      fault = fault == null ? sentence : fault;
    }
  }

  private final Plan plan;
  private final List<String> header;
  private final Set<String> scattered;
  private final CsvReader csv;
  private CsvReader.Row pushedBack;
  private String strayed;
  private Arrival next;
  private int parts;
  private int rows;
  private int faults;

  CsvParts(Plan plan, byte[] bytes, Charset charset) {
    this.plan = plan;
    this.csv = new CsvReader(bytes, charset);
    this.header = plan.headed() ? header(csv.next()) : plan.columns();
    this.scattered = plan.together() ? scattered(new CsvReader(bytes, charset)) : Set.of();
    advance();
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public Arrival next() {
    if (next == null) {
      throw new NoSuchElementException();
    }
    var arrival = next;
    advance();
    return arrival;
  }

  /** What came of it. */
  String summary() {
    return "%d rows of '%s' became %d messages, %d of them at fault."
        .formatted(rows, plan.file(), parts, faults);
  }

  private List<String> header(CsvReader.Row row) {
    if (row == null || row.fault() != null) {
      throw refuse(
          row == null
              ? "is empty; its first row has to name the columns"
              : "has a first row that " + row.fault());
    }
    var names = new ArrayList<String>();
    for (var field : row.fields()) {
      var name = field.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "_");
      if (!name.isEmpty() && names.contains(name)) {
        throw refuse("has two columns '%s'; name each once".formatted(name));
      }
      names.add(name);
    }
    var missing = new TreeSet<>(plan.columns());
    missing.removeAll(names);
    if (!missing.isEmpty()) {
      throw refuse(
          "has no column %s; its columns are %s".formatted(quoted(missing), quoted(names)));
    }
    return names;
  }

  private static String quoted(Iterable<String> names) {
    var all = new ArrayList<String>();
    names.forEach(name -> all.add("'" + name + "'"));
    return String.join(", ", all);
  }

  private FailureException refuse(String what) {
    return new FailureException(
        Failure.of(
            FailureKind.INVALID,
            "File '%s' %s. Correct the file and send it again; nothing of it was taken."
                .formatted(plan.file(), what),
            Place.of(plan.account())));
  }

  // What a row is about; null when it cannot be read.
  private String key(CsvReader.Row row) {
    var key =
        plan.by().stream()
            .map(header::indexOf)
            .filter(column -> column >= 0 && column < row.fields().size())
            .map(row.fields()::get)
            .filter(value -> !value.isEmpty())
            .collect(Collectors.joining("/"));
    return key.isEmpty() ? null : key;
  }

  // Things whose rows do not stand together, so that no part of them is the whole.
  private Set<String> scattered(CsvReader all) {
    if (plan.headed()) {
      all.next();
    }
    var seen = new HashSet<String>();
    var again = new HashSet<String>();
    String last = null;
    for (var row = all.next(); row != null; row = all.next()) {
      var key = key(row);
      if (key != null && !key.equals(last) && !seen.add(key)) {
        again.add(key);
      }
      last = key == null ? last : key;
    }
    return again;
  }

  private void advance() {
    var group = group();
    next = group == null ? null : arrival(group);
  }

  private CsvReader.Row read() {
    var row = pushedBack == null ? csv.next() : pushedBack;
    pushedBack = null;
    return row;
  }

  private Group group() {
    Group group = null;
    var carried = strayed;
    strayed = null;
    for (var row = read(); row != null; row = read()) {
      var key = key(row);
      if (group == null) {
        group = new Group(key);
      } else if (!plan.together() || key != null && !key.equals(group.key)) {
        pushedBack = row;
        break;
      }
      rows++;
      group.rows.add(row);
      var fault = fault(row);
      if (fault != null) {
        group.fault(fault);
        strayed = key == null && plan.together() ? fault : strayed;
      } else if (key == null && plan.together()) {
        strayed = "Row %d does not say what it is about.".formatted(row.number());
        group.fault(strayed);
      }
    }
    if (group != null && carried != null) {
      group.fault(carried);
    }
    if (group != null && group.key != null && scattered.contains(group.key)) {
      group.fault(
          "The rows of '%s' do not stand together, so none of them is the whole; sort the file."
              .formatted(group.key));
    }
    return group;
  }

  private String fault(CsvReader.Row row) {
    if (row.fault() != null) {
      return "Row %d %s.".formatted(row.number(), row.fault());
    }
    var surplus =
        row.fields().stream().skip(header.size()).filter(value -> !value.isEmpty()).count();
    return row.fields().size() < header.size() || surplus > 0
        ? "Row %d has %d values, and there are %d columns."
            .formatted(row.number(), row.fields().size(), header.size())
        : null;
  }

  private Arrival arrival(Group group) {
    var body = JsonNodeFactory.instance.objectNode();
    var first = group.rows.getFirst().number();
    body.put("file", plan.file());
    body.put("row", first);
    var rows = body.putArray("rows");
    for (var row : group.rows) {
      rows.add(json(row));
    }
    if (group.fault != null) {
      body.put("fault", group.fault);
      faults++;
    }
    parts++;
    var here = plan.id() + '#' + first;
    return new Arrival(
        plan.account(),
        plan.document(),
        group.key == null ? here : WebhookConsumer.clean(group.key),
        plan.anew() || group.fault != null
            ? here
            : Arrival.BY_CONTENT + Sha256.hex(Json.bytes(values(rows))) + '@' + plan.id(),
        null,
        WebhookConsumer.clean(plan.file() + ':' + first),
        "application/json",
        Json.bytes(body));
  }

  // What the rows say, whatever file they stand in, where, and in which order its columns are.
  private static List<TreeMap<String, String>> values(ArrayNode rows) {
    var all = new ArrayList<TreeMap<String, String>>();
    for (var row : rows) {
      var values = new TreeMap<String, String>();
      row.path("values").properties().forEach(v -> values.put(v.getKey(), v.getValue().asText()));
      all.add(values);
    }
    return all;
  }

  private ObjectNode json(CsvReader.Row row) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("row", row.number());
    var values = json.putObject("values");
    for (var i = 0; i < Math.min(header.size(), row.fields().size()); i++) {
      if (!header.get(i).isEmpty() && !row.fields().get(i).isEmpty()) {
        values.put(header.get(i), row.fields().get(i));
      }
    }
    if (row.text() != null) {
      json.put("text", row.text());
    }
    return json;
  }
}
