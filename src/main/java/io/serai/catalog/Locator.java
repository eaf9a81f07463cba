package io.serai.catalog;

/** Where a value stands in a delivered message. */
public sealed interface Locator {
  /** In an HTTP header; names compare without case. */
  record Header(String name) implements Locator {}

  /** In the JSON body, by JSON pointer (RFC 6901). */
  record Pointer(String pointer) implements Locator {}
}
