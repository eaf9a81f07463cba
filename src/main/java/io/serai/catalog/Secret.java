package io.serai.catalog;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;

/**
 * A value that must not be seen: prints, logs and serializes as {@value #MASK}. Guards against
 * accidents only; whoever calls {@link #reveal} has it.
 */
public final class Secret {
  /** What is shown instead. */
  public static final String MASK = "********";

  private final String value;

  private Secret(String value) {
    this.value = Objects.requireNonNull(value, "value");
  }

  /** Hides a value. */
  public static Secret of(String value) {
    return new Secret(value);
  }

  /** The value itself; never put it into a message, a metric or a property. */
  public String reveal() {
    return value;
  }

  /** The text with a secret replaced by {@value #MASK}; one shorter than four letters stays. */
  public static String mask(String text, String secret) {
    return secret == null || secret.length() < 4 ? text : text.replace(secret, MASK);
  }

  /** The value as UTF-8, for a signature. */
  public byte[] bytes() {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && MessageDigest.isEqual(bytes(), secret.bytes());
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  /** Always the mask. */
  @Override
  public String toString() {
    return MASK;
  }
}
