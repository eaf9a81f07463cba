package io.serai.simulator;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Who may call: access tokens for what an application and a seller proved themselves with.
 *
 * <p>Tokens live in memory only, so none of those given out before a restart is good after it.
 */
final class EbayTokens {

  /** Whose token it is: the application's own opens public things, the seller's the seller's. */
  enum Of {
    APPLICATION,
    SELLER
  }

  private record Given(Of of, Instant until) {}

  private final EbayOptions options;
  private final Map<String, Given> given = new HashMap<>();
  private String refreshToken;
  private int asked;

  EbayTokens(EbayOptions options) {
    this.options = options;
    refreshToken = options.refreshToken;
  }

  /** The seller takes the consent back: nothing given for it is good any more. */
  synchronized void revoke() {
    refreshToken = null;
    given.values().removeIf(g -> g.of == Of.SELLER);
  }

  /** The seller consents again. */
  synchronized void consent(String newRefreshToken) {
    refreshToken = newRefreshToken;
  }

  /** Every access token is over at once, long before its time. */
  synchronized void expire() {
    given.clear();
  }

  /** A token of the seller without the asking. */
  synchronized String ofSeller() {
    return token(Of.SELLER);
  }

  /** How often a token was asked for. */
  synchronized int asked() {
    return asked;
  }

  /** The token endpoint. */
  synchronized Answer grant(Request request) {
    asked++;
    var basic =
        "Basic "
            + Base64.getEncoder()
                .encodeToString(
                    (options.clientId + ":" + options.clientSecret)
                        .getBytes(StandardCharsets.UTF_8));
    if (!request.header("Authorization").filter(basic::equals).isPresent()) {
      return refusal(401, "invalid_client", "client authentication failed");
    }
    var form =
        new Request(
                "POST",
                "/",
                new String(request.body(), StandardCharsets.UTF_8),
                Map.of(),
                new byte[0])
            .query();
    return switch (form.getOrDefault("grant_type", "")) {
      case "client_credentials" -> give(Of.APPLICATION, "Application Access Token");
      case "refresh_token" ->
          refreshToken != null && refreshToken.equals(form.get("refresh_token"))
              ? give(Of.SELLER, "User Access Token")
              : refusal(
                  400,
                  "invalid_grant",
                  "the provided authorization refresh token is invalid or was issued to another client");
      default -> refusal(400, "unsupported_grant_type", "grant type in request is not supported");
    };
  }

  /** Whose token a call bears, or {@code null}. */
  synchronized Of bearer(Request request, String scheme) {
    var header = request.header("Authorization").orElse("");
    if (!header.startsWith(scheme + " ")) {
      return null;
    }
    var known = given.get(header.substring(scheme.length() + 1));
    return known == null || !options.clock.instant().isBefore(known.until) ? null : known.of;
  }

  private String token(Of of) {
    var token = "v^1.1#" + UUID.randomUUID();
    given.put(token, new Given(of, options.clock.instant().plus(options.tokenLife)));
    return token;
  }

  private Answer give(Of of, String type) {
    return Answer.json(
        200,
        Jsons.object()
            .put("access_token", token(of))
            .put("expires_in", options.tokenLife.toSeconds())
            .put("token_type", type));
  }

  private static Answer refusal(int status, String error, String description) {
    return Answer.json(
        status, Jsons.object().put("error", error).put("error_description", description));
  }
}
