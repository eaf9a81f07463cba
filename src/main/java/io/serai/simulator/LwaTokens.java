package io.serai.simulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Login with Amazon: a refresh token for an access token, and who may come in with it.
 *
 * <p>Protocol: RFC 6749, sections 4.4, 5 and 6, as Amazon's token endpoint {@code /auth/o2/token}
 * speaks it. Tokens live in memory: after a restart the caller fetches a new one.
 */
final class LwaTokens {

  /** What an access token allows. */
  enum Grant {
    SELLER,
    GRANTLESS,
    EXPIRED,
    UNKNOWN
  }

  private record Issued(Grant grant, Instant until) {}

  private final AmazonOptions options;
  private final Clock clock;
  private final Map<String, Issued> issued = new HashMap<>();
  private int count;
  private boolean revoked;

  LwaTokens(AmazonOptions options) {
    this.options = options;
    this.clock = options.clock;
  }

  /** Answers a request for a token. */
  synchronized Answer answer(Request request) {
    var form = form(request);
    if (!options.clientId.equals(form.get("client_id"))
        || !options.clientSecret.equals(form.get("client_secret"))) {
      return error(401, "invalid_client", "Client authentication failed");
    }
    return switch (form.getOrDefault("grant_type", "")) {
      case "refresh_token" ->
          revoked || !options.refreshToken.equals(form.get("refresh_token"))
              ? error(
                  400,
                  "invalid_grant",
                  "The request has an invalid grant parameter : refresh_token")
              : token(Grant.SELLER);
      case "client_credentials" ->
          form.getOrDefault("scope", "").isBlank()
              ? error(400, "invalid_scope", "The request has no scope")
              : token(Grant.GRANTLESS);
      default ->
          error(400, "unsupported_grant_type", "The authorization grant type is not supported");
    };
  }

  /** What a token allows now. */
  synchronized Grant grant(String token) {
    var known = issued.get(token);
    if (known == null || revoked) {
      return Grant.UNKNOWN;
    }
    return clock.instant().isBefore(known.until()) ? known.grant() : Grant.EXPIRED;
  }

  /** Ends every access token before its time; new ones may be fetched. */
  synchronized void expireAll() {
    issued.replaceAll((token, was) -> new Issued(was.grant(), Instant.MIN));
  }

  /** The seller takes back, or gives again, the consent to the application. */
  synchronized void revoke(boolean yes) {
    revoked = yes;
  }

  /** How many tokens were issued. */
  synchronized int count() {
    return count;
  }

  private Answer token(Grant grant) {
    var token = "Atza|" + Signature.hex(options.clientSecret, (grant + "-" + ++count).getBytes());
    issued.put(token, new Issued(grant, clock.instant().plus(options.tokenLife)));
    var body = Jsons.object();
    body.put("access_token", token);
    body.put("token_type", "bearer");
    body.put("expires_in", options.tokenLife.toSeconds());
    if (grant == Grant.SELLER) {
      body.put("refresh_token", options.refreshToken);
    }
    return Answer.json(200, body);
  }

  private static Answer error(int status, String code, String description) {
    return Answer.json(
        status, Jsons.object().put("error", code).put("error_description", description));
  }

  private static Map<String, String> form(Request request) {
    var fields = new LinkedHashMap<String, String>();
    for (var pair : new String(request.body(), StandardCharsets.UTF_8).split("&")) {
      var at = pair.indexOf('=');
      if (at > 0) {
        fields.put(decode(pair.substring(0, at)), decode(pair.substring(at + 1)));
      }
    }
    return fields;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
