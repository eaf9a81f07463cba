package io.serai.edi;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** The syntax identifiers of UNB (0001) and the characters that each of them stands for. */
public final class Syntax {
  // UNOA and UNOB are parts of ASCII; what stands in them beyond it is read as most systems write
  // it.
  private static final Map<String, String> CHARSETS =
      Map.ofEntries(
          Map.entry("UNOA", "ISO-8859-1"),
          Map.entry("UNOB", "ISO-8859-1"),
          Map.entry("UNOC", "ISO-8859-1"),
          Map.entry("UNOD", "ISO-8859-2"),
          Map.entry("UNOE", "ISO-8859-5"),
          Map.entry("UNOF", "ISO-8859-7"),
          Map.entry("UNOG", "ISO-8859-3"),
          Map.entry("UNOH", "ISO-8859-4"),
          Map.entry("UNOI", "ISO-8859-6"),
          Map.entry("UNOJ", "ISO-8859-8"),
          Map.entry("UNOK", "ISO-8859-9"),
          Map.entry("UNOY", "UTF-8"),
          Map.entry("UNOW", "UTF-8"));

  private Syntax() {}

  /** What the bytes of a syntax identifier mean; empty when Serai does not read it. */
  public static Optional<Charset> charset(String identifier) {
    return Optional.ofNullable(CHARSETS.get(identifier)).map(Charset::forName);
  }

  /** What we write under a syntax identifier; UNOA and UNOB have no letters beyond ASCII. */
  static Charset writing(String identifier) {
    return identifier.equals("UNOA") || identifier.equals("UNOB")
        ? StandardCharsets.US_ASCII
        : charset(identifier)
            .orElseThrow(
                () -> new Unwritable("Syntax '" + identifier + "' is not one that Serai writes."));
  }
}
