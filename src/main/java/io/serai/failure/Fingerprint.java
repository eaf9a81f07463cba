package io.serai.failure;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Groups failures of one cause: a hash over kind, sentence with quoted ids and numbers masked,
 * route, step and endpoint. Equal causes give equal fingerprints; two causes may share one only
 * when their sentences differ in nothing but ids and numbers.
 */
final class Fingerprint {
  private static final Pattern QUOTED = Pattern.compile("'[^']*'");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  private Fingerprint() {}

  static String of(Failure failure) {
    var place = failure.place();
    var text =
        String.join(
            "\n",
            failure.kind().name(),
            mask(failure.sentence()),
            String.valueOf(place.route()),
            String.valueOf(place.step()),
            String.valueOf(place.endpoint()));
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has SHA-256
    }
  }

  static String mask(String sentence) {
    return NUMBER.matcher(QUOTED.matcher(sentence).replaceAll("'…'")).replaceAll("#");
  }
}
