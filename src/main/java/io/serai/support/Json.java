package io.serai.support;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/**
 * The one way Serai reads and writes JSON.
 *
 * <p>Guarantee: a decimal number keeps every digit it was sent with, an object that names a key
 * twice is refused, and depth, text and number length are bounded, so a hostile body costs a
 * bounded amount of memory. Gap: the size of the whole body is not judged here; the listener caps
 * it.
 */
public final class Json {

  /** Deepest nesting that is read. */
  public static final int MAX_DEPTH = 64;

  /** Longest text value that is read, in characters. */
  public static final int MAX_TEXT = 1024 * 1024;

  /** Longest number that is read, in digits. */
  public static final int MAX_DIGITS = 100;

  /**
   * The configured mapper, shared and never reconfigured: decimals written as text, instants as RFC
   * 3339, absent values and empty lists left out, unknown fields ignored when binding to records.
   */
  public static final ObjectMapper MAPPER = mapper();

  private Json() {}

  private static ObjectMapper mapper() {
    var factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_TEXT)
                    .maxNumberLength(MAX_DIGITS)
                    .build())
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();
    return JsonMapper.builder(factory)
        .addModule(new JavaTimeModule())
        .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.READ_ENUMS_USING_TO_STRING)
        .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
        .defaultPropertyInclusion(
            JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
        .withConfigOverride(
            List.class,
            o -> o.setInclude(JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, null)))
        .withConfigOverride(
            Map.class,
            o -> o.setInclude(JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, null)))
        .withConfigOverride(
            BigDecimal.class, o -> o.setFormat(JsonFormat.Value.forShape(JsonFormat.Shape.STRING)))
        .withCoercionConfig(
            LogicalType.Integer,
            c ->
                c.setCoercion(CoercionInputShape.String, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
        .build();
  }

  /**
   * Reads a whole document.
   *
   * @throws Unreadable when the bytes are not exactly one JSON document within the limits
   */
  public static JsonNode tree(byte[] body) {
    try {
      return present(MAPPER.readTree(body));
    } catch (JsonProcessingException e) {
      throw unreadable(e);
    } catch (IOException e) {
      throw new Unreadable("The body is not JSON: " + e.getMessage() + ".", 0, 0, e);
    }
  }

  /**
   * Reads a whole document.
   *
   * @throws Unreadable when the text is not exactly one JSON document within the limits
   */
  public static JsonNode tree(String body) {
    try {
      return present(MAPPER.readTree(body));
    } catch (JsonProcessingException e) {
      throw unreadable(e);
    }
  }

  /** Writes a tree or a record as UTF-8. */
  public static byte[] bytes(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a tree or a record as text. */
  public static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A record as a tree: decimals become text, absent values are left out. */
  public static JsonNode node(Object value) {
    return MAPPER.valueToTree(value);
  }

  /**
   * A tree as a record.
   *
   * @throws Unreadable when a value does not fit its component; the sentence names the path
   */
  public static <T> T as(JsonNode tree, Class<T> type) {
    try {
      return MAPPER.treeToValue(tree, type);
    } catch (JsonProcessingException e) {
      throw unreadable(e);
    }
  }

  private static JsonNode present(JsonNode node) {
    if (node == null || node.isMissingNode()) {
      throw new Unreadable("The body is empty where a JSON document is expected.", 1, 1, null);
    }
    return node;
  }

  private static Unreadable unreadable(JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    int line = at == null ? 0 : at.getLineNr();
    int column = at == null ? 0 : at.getColumnNr();
    String place = line > 0 ? " at line " + line + ", column " + column : "";
    return new Unreadable(
        "The body is not readable JSON" + place + ": " + sentence(e.getOriginalMessage()),
        line,
        column,
        e);
  }

  private static String sentence(String message) {
    if (message == null || message.isBlank()) {
      return "no reason given.";
    }
    String first = message.lines().findFirst().orElse(message).strip();
    String shortened = first.length() > 300 ? first.substring(0, 300) + "…" : first;
    return shortened.endsWith(".") ? shortened : shortened + ".";
  }

  /** A body that is not one JSON document within the limits; says where reading stopped. */
  public static final class Unreadable extends RuntimeException {

    private final int line;
    private final int column;

    /** The sentence for people, and the place (0 when unknown). */
    public Unreadable(String sentence, int line, int column, Throwable cause) {
      super(sentence, cause);
      this.line = line;
      this.column = column;
    }

    /** Line of the fault, counted from 1; 0 when unknown. */
    public int line() {
      return line;
    }

    /** Column of the fault, counted from 1; 0 when unknown. */
    public int column() {
      return column;
    }
  }
}
