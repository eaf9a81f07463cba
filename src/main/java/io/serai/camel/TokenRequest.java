package io.serai.camel;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.catalog.Account;
import io.serai.catalog.ConnectorProfile.Token;
import io.serai.catalog.Secret;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.support.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Asks a partner for one access token (RFC 6749, 4.4 and 6). An answer is a token, a refusal for
 * good (AUTH) or a reason to ask again.
 */
final class TokenRequest {
  private static final int LONGEST_ANSWER = 64 * 1024;
  private static final Duration USUAL_LIFE = Duration.ofHours(1);
  private static final Set<String> OF_CLIENT = Set.of("invalid_client", "unauthorized_client");

  private final HttpClient http;
  private final Clock clock;
  private final UnaryOperator<String> mask;

  /**
   * Asks by this client.
   *
   * @param mask hides secrets in sentences
   */
  TokenRequest(HttpClient http, Clock clock, UnaryOperator<String> mask) {
    this.http = http;
    this.clock = clock;
    this.mask = mask;
  }

  /**
   * A new token.
   *
   * @param refresh the refresh token that holds now, or null where none is needed
   * @throws NotAsked with what follows when there is none
   */
  TokenRow ask(Account account, Token token, String refresh) throws InterruptedException {
    var url = URI.create(value(account, token.url()));
    var startedAt = clock.instant();
    int status;
    Duration wait;
    JsonNode tree;
    try {
      var answer =
          ShortAnswers.ask(
              http,
              request(account, token, refresh, url),
              LONGEST_ANSWER,
              account.profile().deadlines().call());
      status = answer.statusCode();
      wait = wait(answer);
      tree = tree(answer.body());
    } catch (IOException e) {
      throw again(account, url, reason(e), null, null, e);
    }
    var access = tree.path("access_token").asText("");
    if (status == 200 && !access.isBlank() && !tree.hasNonNull("error")) {
      var seconds = tree.path("expires_in").asLong(0);
      var life = seconds > 0 ? Duration.ofSeconds(Math.min(seconds, 31_536_000)) : USUAL_LIFE;
      var next = tree.path("refresh_token").asText(null);
      return new TokenRow(
          access,
          next == null || next.isBlank() ? refresh : next,
          clock.instant(),
          startedAt.plus(life));
    }
    if (status == 429) {
      throw again(account, url, "HTTP 429", FailureKind.THROTTLED, wait, null);
    }
    var error = tree.path("error").asText("");
    var said = said(status, error, tree);
    if (status / 100 == 5 || status == 408 || error.equals("temporarily_unavailable")) {
      throw again(account, url, said, null, null, null);
    }
    if (error.isEmpty() && status / 100 != 4) {
      var why = status == 200 ? "an answer without an access token" : said;
      throw again(account, url, why, null, null, null);
    }
    throw NotAsked.stopped(
        Failure.of(
            FailureKind.AUTH, refusal(account, token, error, said), Place.of(account.name())),
        null);
  }

  private static HttpRequest request(Account account, Token token, String refresh, URI url) {
    var form = new LinkedHashMap<String, String>();
    form.put(
        "grant_type",
        token.scheme().equals("refresh-token") ? "refresh_token" : "client_credentials");
    if (refresh != null) {
      form.put("refresh_token", refresh);
    }
    if (token.scope() != null) {
      form.put("scope", token.scope());
    }
    var request =
        HttpRequest.newBuilder(url)
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded");
    var id = value(account, token.clientId());
    var secret = token.clientSecret() == null ? null : value(account, token.clientSecret());
    if (token.basic()) {
      var pair = encode(id) + ':' + encode(secret);
      request.header(
          "Authorization",
          "Basic "
              + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.ISO_8859_1)));
    } else {
      form.put("client_id", id);
      if (secret != null) {
        form.put("client_secret", secret);
      }
    }
    return request.POST(HttpRequest.BodyPublishers.ofString(text(form))).build();
  }

  private static String text(Map<String, String> form) {
    return form.entrySet().stream()
        .map(field -> field.getKey() + '=' + encode(field.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** What a parameter holds, secret or not; an empty text when nothing does. */
  static String value(Account account, String parameter) {
    var values = account.values().getOrDefault(parameter, List.of());
    var first = values.isEmpty() ? "" : values.getFirst();
    return first instanceof Secret secret ? secret.reveal() : first.toString();
  }

  private static String refusal(Account account, Token token, String error, String said) {
    if (error.equals("invalid_grant") && token.refreshToken() != null) {
      return "Account '%s' is no longer authorized: its refresh token is refused (%s). Authorize it again and set '%s'; its work waits."
          .formatted(account.name(), said, token.refreshToken());
    }
    if (OF_CLIENT.contains(error) || error.isEmpty()) {
      return "Account '%s' gets no access token, because who it says it is is refused (%s). Correct '%s'%s; its work waits."
          .formatted(
              account.name(),
              said,
              token.clientId(),
              token.clientSecret() == null ? "" : " and '" + token.clientSecret() + "'");
    }
    return "Account '%s' gets no access token, because the request for one is refused (%s). Correct 'token' of connector '%s'; its work waits."
        .formatted(account.name(), said, account.profile().name());
  }

  private String said(int status, String error, JsonNode tree) {
    if (error.isEmpty()) {
      return "HTTP " + status;
    }
    var description = tree.path("error_description").asText("").strip();
    description = description.lines().findFirst().orElse("");
    if (description.endsWith(".")) {
      description = description.substring(0, description.length() - 1);
    }
    var text = description.isEmpty() ? error : error + ": " + description;
    text = mask.apply(text);
    return text.length() > 200 ? text.substring(0, 200) + "…" : text;
  }

  private static NotAsked again(
      Account account, URI url, String why, FailureKind kind, Duration wait, Throwable cause) {
    return NotAsked.stopped(
        new Failure(
            kind == null ? FailureKind.TRANSIENT : kind,
            "No access token for account '%s' could be had from '%s' (%s). It is asked for again by itself."
                .formatted(account.name(), url.getHost(), why),
            Place.of(account.name()),
            null,
            null,
            wait),
        cause);
  }

  private static Duration wait(HttpResponse<?> answer) {
    var seconds = answer.headers().firstValue("Retry-After").orElse("");
    return seconds.matches("[0-9]{1,6}") ? Duration.ofSeconds(Long.parseLong(seconds)) : null;
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static JsonNode tree(byte[] body) {
    try {
      return Json.tree(body);
    } catch (Json.Unreadable e) {
      return Json.tree("{}"); // an error page
    }
  }
}
