package io.serai.catalog;

import io.serai.failure.FailureKind;

/**
 * A mapping that could not do its work, in one sentence that names the mapping, the line and, where
 * there is one, the field and its value.
 *
 * <p>Guarantee: {@code unmapped} is true exactly when the document lacks a required field or
 * carries a value the mapping does not know, so replay under a better mapping can cure it; false
 * means the mapping text itself is at fault. Gap: the line is 0 when the fault cannot be pinned to
 * one.
 */
public final class MappingException extends RuntimeException {

  private final String mapping;
  private final int line;
  private final String field;
  private final String value;
  private final boolean unmapped;
  private final String code;

  MappingException(
      String sentence,
      String mapping,
      int line,
      String field,
      String value,
      boolean unmapped,
      Throwable cause) {
    this(sentence, mapping, line, field, value, unmapped, null, cause);
  }

  MappingException(
      String sentence,
      String mapping,
      int line,
      String field,
      String value,
      boolean unmapped,
      String code,
      Throwable cause) {
    super(sentence, cause);
    this.mapping = mapping;
    this.line = line;
    this.field = field;
    this.value = value;
    this.unmapped = unmapped;
    this.code = code;
  }

  /**
   * The mapping's file, for instance {@code shopify/order.in.jslt}; the import when that failed.
   */
  public String mapping() {
    return mapping;
  }

  /** The line in that file, counted from 1; 0 when unknown. */
  public int line() {
    return line;
  }

  /** Path of the field in the document that was mapped; null when no field is to blame. */
  public String field() {
    return field;
  }

  /** The value that could not be mapped, shortened; null when it was missing. */
  public String value() {
    return value;
  }

  /** Whether the document is to blame rather than the mapping's text. */
  public boolean unmapped() {
    return unmapped;
  }

  /**
   * The code a mapping gave with {@code refuse}, for the connector's error table: a throttled page,
   * an order without anything open to ship; null otherwise.
   */
  public String code() {
    return code;
  }

  /**
   * What kind of failure it is when no error table knows better: UNMAPPED when the document is to
   * blame, else CONFIG.
   */
  public FailureKind kind() {
    return unmapped ? FailureKind.UNMAPPED : FailureKind.CONFIG;
  }
}
