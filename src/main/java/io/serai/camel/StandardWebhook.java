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

/**
 * The proof of the Standard Webhooks specification, version 1: id, time and body are signed
 * together, so that an old request cannot be sent again later than {@link #TOLERANCE}.
 */
final class StandardWebhook implements Proof {
  static final Duration TOLERANCE = Duration.ofMinutes(5);

  private static final String PREFIX = "whsec_";

  private final List<byte[]> keys = new ArrayList<>();
  private final Clock clock;

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
    var before = (id + '.' + time + '.').getBytes(StandardCharsets.UTF_8);
    var ok = false;
    for (var proof : proofs.strip().split(" +")) {
      if (proof.startsWith("v1,")) {
        ok |= Signatures.right("hmac-sha256", "base64", keys, before, body, proof.substring(3));
      }
    }
    return ok;
  }
}
