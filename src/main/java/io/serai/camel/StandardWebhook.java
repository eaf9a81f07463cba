package io.serai.camel;

import io.serai.catalog.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The proof of the Standard Webhooks specification, version 1: id, time and body are signed
 * together, so that an old request cannot be sent again later than {@link #TOLERANCE}. It is
 * checked on the way in and made on the way out.
 */
final class StandardWebhook implements Proof {
  static final Duration TOLERANCE = Duration.ofMinutes(5);

  private static final String PREFIX = "whsec_";

  private final List<byte[]> keys = new ArrayList<>();
  private final Clock clock;

  /** The name of the scheme. */
  static final String SCHEME = "standard-webhooks";

  StandardWebhook(List<Secret> secrets, Clock clock) {
    this.clock = clock;
    secrets.forEach(secret -> keys.add(key(secret.reveal())));
  }

  private static byte[] key(String secret) {
    if (secret.startsWith(PREFIX)) {
      try {
        return Base64.getDecoder().decode(secret.substring(PREFIX.length()));
      } catch (IllegalArgumentException e) {
        return secret.getBytes(StandardCharsets.UTF_8); // a text that only looks like one
      }
    }
    return secret.getBytes(StandardCharsets.UTF_8);
  }

  /** The signatures of a body by each of the secrets, as header webhook-signature has them. */
  static String sign(List<Secret> secrets, String id, long time, byte[] body) {
    var before = before(id, Long.toString(time));
    return secrets.stream()
        .map(
            secret ->
                "v1,"
                    + Signatures.sign("hmac-sha256", "base64", key(secret.reveal()), before, body))
        .collect(Collectors.joining(" "));
  }

  private static byte[] before(String id, String time) {
    return (id + '.' + time + '.').getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean holds(byte[] body, Function<String, String> headers) {
    var id = headers.apply("webhook-id");
    var time = headers.apply("webhook-timestamp");
    var proofs = headers.apply("webhook-signature");
    if (id == null || time == null || proofs == null || !time.matches("[0-9]{1,12}")) {
      return false;
    }
    var age = Duration.between(Instant.ofEpochSecond(Long.parseLong(time)), clock.instant()).abs();
    if (age.compareTo(TOLERANCE) > 0) {
      return false;
    }
    var before = before(id, time);
    var ok = false;
    for (var proof : proofs.strip().split(" +")) {
      if (proof.startsWith("v1,")) {
        ok |= Signatures.right("hmac-sha256", "base64", keys, before, body, proof.substring(3));
      }
    }
    return ok;
  }
}
