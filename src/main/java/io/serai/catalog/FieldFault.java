package io.serai.catalog;

/** A field that a mapping function refuses; {@link Mapping} adds where the function was called. */
final class FieldFault extends RuntimeException {

  private final String field;
  private final String value;

  /** The sentence is the middle of one: "has no …", "is …, which …". */
  FieldFault(String field, String value, String sentence) {
    super(sentence, null, false, false);
    this.field = field;
    this.value = value;
  }

  String field() {
    return field;
  }

  String value() {
    return value;
  }
}
