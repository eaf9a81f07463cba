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
  private final Instant started;
  private Instant ended;
  private int asked;

  EbayTokens(EbayOptions options) {
    this.options = options;
    refreshToken = options.refreshToken;
    started = options.clock.instant();
  }

  /** The seller takes the consent back: nothing given for it is good any more. */
  synchronized void revoke() {
    refreshToken = null;
    ended = options.clock.instant();
    given.values().removeIf(g -> g.of == Of.SELLER);
  }

  /** The seller consents again. */
  synchronized void consent(String newRefreshToken) {
    refreshToken = newRefreshToken;
  }

  /** Every access token is over at once, long before its time. */
  synchronized void expire() {
    given.clear();
    ended = options.clock.instant();
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
    var token = header.substring(scheme.length() + 1);
    var known = given.getOrDefault(token, before(token));
    return known == null || !options.clock.instant().isBefore(known.until) ? null : known.of;
  }

  private String token(Of of) {
    var now = options.clock.instant();
    var said = "%s.%d.%s".formatted(of, now.toEpochMilli(), UUID.randomUUID());
    var token = "v^1.1#" + said + '.' + proof(said);
    given.put(token, new Given(of, now.plus(options.tokenLife)));
    return token;
  }

  // A token outlives the process that gave it, as eBay's outlive whatever happens there.
  private Given before(String token) {
    var parts = token.startsWith("v^1.1#") ? token.substring(6).split("[.]") : new String[0];
    if (parts.length != 4 || !proof(parts[0] + '.' + parts[1] + '.' + parts[2]).equals(parts[3])) {
      return null;
    }
    var at = Instant.ofEpochMilli(Long.parseLong(parts[1]));
    return at.isBefore(started) && ended == null
        ? new Given(Of.valueOf(parts[0]), at.plus(options.tokenLife))
        : null;
  }

  private String proof(String said) {
    return Signature.hex(options.clientSecret, said.getBytes(StandardCharsets.UTF_8));
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
