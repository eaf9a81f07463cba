package io.serai.access;

/** The start is refused because users or tokens are not sound; the message is for people. */
public final class AccessRefused extends RuntimeException {
  /** One sentence a fault. */
  public AccessRefused(String sentences) {
    super(sentences);
  }
}
