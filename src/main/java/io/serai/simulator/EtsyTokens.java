package io.serai.simulator;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Access tokens of an Etsy shop: they say of themselves until when they hold, so a shop that was
 * opened again knows those it gave before.
 */
final class EtsyTokens {

  private final EtsyShop shop;
  private final EtsyOptions options;

  EtsyTokens(EtsyShop shop, EtsyOptions options) {
    this.shop = shop;
    this.options = options;
  }

  /** Answers the token endpoint. */
  Answer grant(Map<String, String> form) {
    if (!"refresh_token".equals(form.get("grant_type"))) {
      return error(400, "unsupported_grant_type", "Only refresh_token is granted here");
    }
    if (!options.keystring.equals(form.get("client_id"))) {
      return error(401, "invalid_client", "client_id is not known");
    }
    if (shop.revoked() || !options.refreshToken.equals(form.get("refresh_token"))) {
      return error(400, "invalid_grant", "The refresh token has been revoked");
    }
    var body = Jsons.object();
    body.put("access_token", token(shop.seconds() + options.tokenLife.toSeconds()));
    body.put("token_type", "Bearer");
    body.put("expires_in", options.tokenLife.toSeconds());
    body.put("refresh_token", options.refreshToken);
    return Answer.json(200, body);
  }

  /** Why a call with this header is not let in, or {@code null}. */
  Answer fault(String authorization) {
    if (authorization == null || !authorization.startsWith("Bearer ")) {
      return error(401, "invalid_token", "No access token in the Authorization header");
    }
    var token = authorization.substring("Bearer ".length());
    var parts = token.split("-", 3);
    var until = parts.length == 3 && parts[1].matches("\\d{1,18}") ? Long.parseLong(parts[1]) : 0;
    if (shop.revoked() || until < shop.seconds() || !token.equals(token(until))) {
      return error(401, "invalid_token", "access token is expired");
    }
    return null;
  }

  private String token(long until) {
    var user = options.refreshToken.split("\\.")[0];
    var text = shop.tokenGeneration() + "/" + until;
    return "%s.%d-%d-%s"
        .formatted(
            user,
            shop.tokenGeneration(),
            until,
            Signature.hex(options.sharedSecret, text.getBytes(StandardCharsets.UTF_8))
                .substring(0, 24));
  }

  private static Answer error(int status, String code, String description) {
    return Answer.json(
        status, Jsons.object().put("error", code).put("error_description", description));
  }
}
