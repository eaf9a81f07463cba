package io.serai.catalog;

import java.util.regex.Pattern;

/** How connectors and what they declare are named: lower-case letters, digits, single dashes. */
public final class KebabCase {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

  private KebabCase() {}

  /** Whether a name is written so. */
  public static boolean is(String name) {
    return NAME.matcher(name).matches();
  }
}
