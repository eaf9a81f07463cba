package io.serai.camel;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.support.Json;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/**
 * {@code serai:table}: makes a file of what a mapping says, {@code {"fileName": …, "columns": […],
 * "rows": [[…]]}}: the body becomes its bytes, variable {@code fileName} its name. With {@code
 * widths} values stand at fixed places, at the right end of those whose width is negative, and no
 * row names the columns. Of {@code {"fileName": …, "lines": […]}} each line is a value as JSON.
 *
 * <p>Guarantee: no value breaks a row: what CSV cannot hold is quoted, line breaks become spaces,
 * and what does not fit its place or the encoding is refused by name.
 */
final class TableProducer extends DefaultProducer {
  private static final String LINE_END = "\r\n";

  private final SeraiEndpoint endpoint;

  TableProducer(SeraiEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  @Override
  public void process(Exchange exchange) {
    var table = Bodies.tree(exchange);
    if (table.path("fileName").isTextual() && table.path("lines").isArray()) {
      var text = new StringBuilder();
      table.path("lines").forEach(line -> text.append(Json.text(line)).append('\n'));
      exchange.getMessage().setBody(bytes(text));
      exchange.setVariable(Variables.FILE_NAME, table.path("fileName").asText());
      return;
    }
    var columns = texts(table.path("columns"));
    if (!table.path("fileName").isTextual() || columns.isEmpty() || !table.path("rows").isArray()) {
      throw refused(
          FailureKind.CONFIG,
          "What is to become a file has no 'fileName', 'columns' and 'rows'. Correct the mapping, then replay.");
    }
    var widths = new ArrayList<Integer>();
    table.path("widths").forEach(width -> widths.add(width.asInt()));
    var text = new StringBuilder();
    if (widths.isEmpty()) {
      csv(columns, text);
    }
    for (var row : table.path("rows")) {
      var values = texts(row);
      if (values.size() != columns.size()) {
        throw refused(
            FailureKind.CONFIG,
            "A row of '%s' has %d values, and there are %d columns. Correct the mapping, then replay."
                .formatted(table.path("fileName").asText(), values.size(), columns.size()));
      }
      if (widths.isEmpty()) {
        csv(values, text);
      } else {
        fixed(columns, values, widths, text);
      }
    }
    exchange.getMessage().setBody(bytes(text));
    exchange.setVariable(Variables.FILE_NAME, table.path("fileName").asText());
  }

  private static List<String> texts(JsonNode list) {
    var texts = new ArrayList<String>();
    list.forEach(
        value ->
            texts.add(
                value.isNull() ? "" : value.asText().replaceAll("\\s*[\\r\\n]+\\s*", " ").strip()));
    return texts;
  }

  private static void csv(List<String> values, StringBuilder text) {
    for (var i = 0; i < values.size(); i++) {
      var value = values.get(i);
      text.append(i == 0 ? "" : ",");
      text.append(
          value.contains(",") || value.contains("\"") || value.contains(";")
              ? '"' + value.replace("\"", "\"\"") + '"'
              : value);
    }
    text.append(LINE_END);
  }

  private void fixed(
      List<String> columns, List<String> values, List<Integer> widths, StringBuilder text) {
    if (widths.size() != columns.size()) {
      throw refused(
          FailureKind.CONFIG,
          "There are %d widths and %d columns. Correct the mapping, then replay."
              .formatted(widths.size(), columns.size()));
    }
    for (var i = 0; i < values.size(); i++) {
      var width = Math.abs(widths.get(i));
      var value = values.get(i);
      if (value.length() > width) {
        throw refused(
            FailureKind.UNMAPPED,
            "'%s' has %d characters in column '%s', and there is room for %d. Shorten it in the mapping, then replay."
                .formatted(value, value.length(), columns.get(i), width));
      }
      var blank = " ".repeat(width - value.length());
      text.append(widths.get(i) < 0 ? blank + value : value + blank);
    }
    text.append(LINE_END);
  }

  private byte[] bytes(StringBuilder text) {
    var charset = Charset.forName(endpoint.getEncoding());
    try {
      var encoded = charset.newEncoder().encode(CharBuffer.wrap(text));
      var bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      var encoder = charset.newEncoder();
      var strange =
          text.codePoints()
              .mapToObj(Character::toString)
              .filter(c -> !encoder.canEncode(c))
              .findFirst()
              .orElse("?");
      throw refused(
          FailureKind.UNMAPPED,
          "'%s' cannot be written in %s. Set the account's 'encoding', or replace it in the mapping, then replay."
              .formatted(strange, charset.name()));
    }
  }

  private FailureException refused(FailureKind kind, String sentence) {
    return new FailureException(Failure.of(kind, sentence, Place.of(null)));
  }
}
