package io.serai.camel;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.Json;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Base64;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A signature over the raw body by a key that the partner publishes. The header is Base64 of a JSON
 * object that names the key ({@code kid}) and holds the {@code signature}; which algorithm and
 * digest it is made with, the key says and not the sender.
 */
final class EcdsaProof implements Proof {
  private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  private final String header;
  private final VerificationKeys keys;

  EcdsaProof(String header, VerificationKeys keys) {
    this.header = header;
    this.keys = keys;
  }

  @Override
  public boolean holds(byte[] body, Function<String, String> headers) {
    var proof = decoded(headers.apply(header));
    var id = proof == null ? "" : proof.path("kid").asText("");
    if (!KEY_ID.matcher(id).matches()) {
      return false;
    }
    byte[] given;
    try {
      given = Base64.getDecoder().decode(proof.path("signature").asText(""));
    } catch (IllegalArgumentException e) {
      return false; // not even an encoding of a signature
    }
    var key = keys.get(id);
    if (key == null) {
      return false;
    }
    try {
      var signature = Signature.getInstance(key.algorithm());
      signature.initVerify(key.key());
      signature.update(body);
      return signature.verify(given);
    } catch (GeneralSecurityException e) {
      return false; // bytes that are no signature
    }
  }

  private static JsonNode decoded(String text) {
    if (text == null) {
      return null;
    }
    try {
      return Json.tree(Base64.getDecoder().decode(text.strip()));
    } catch (IllegalArgumentException | Json.Unreadable e) {
      return null;
    }
  }
}
