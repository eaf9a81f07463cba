package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.Json;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Bytes as they are stored, made fit to be shown: text where they are text, base64 where not.
 *
 * @param contentType as sent
 * @param size in bytes
 * @param sha256 of the bytes, in hexadecimal
 * @param text the bytes as UTF-8, unchanged; absent when they are none or too many
 * @param base64 the bytes when they are no text
 * @param masked whether personal data was hidden; the text is then not what was sent
 * @param note why neither text nor base64 is shown, if so
 */
@Schema(name = "Payload")
public record Payload(
    @Schema(example = "application/json") String contentType,
    int size,
    String sha256,
    @Schema(description = "The bytes as UTF-8, unchanged.") String text,
    @Schema(description = "The bytes when they are no text.") String base64,
    @Schema(description = "Whether personal data was hidden; the text is then not what was sent.")
        boolean masked,
    @Schema(description = "Why nothing is shown, if so.") String note) {
  /** Larger payloads are only downloaded. */
  static final int LARGEST_SHOWN = 1024 * 1024;

  static Payload of(String contentType, byte[] sha256, byte[] body, boolean personalData) {
    var hash = HexFormat.of().formatHex(sha256);
    if (body.length > LARGEST_SHOWN) {
      return new Payload(
          contentType,
          body.length,
          hash,
          null,
          null,
          false,
          "The payload is larger than %d KB; download it from /payload."
              .formatted(LARGEST_SHOWN >> 10));
    }
    var text = text(body);
    if (personalData) {
      return new Payload(
          contentType,
          body.length,
          hash,
          text,
          text == null ? Base64.getEncoder().encodeToString(body) : null,
          false,
          null);
    }
    try {
      JsonNode masked = PersonalData.masked(Json.tree(body));
      return new Payload(contentType, body.length, hash, masked.toPrettyString(), null, true, null);
    } catch (Json.Unreadable notJson) {
      return new Payload(
          contentType,
          body.length,
          hash,
          null,
          null,
          true,
          "Only operators may see a payload that is not JSON; what in it is personal is not known.");
    }
  }

  private static String text(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
