package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.regex.Pattern;

/** The Admin API's door: path, version, access token; behind it GraphQL. */
final class ShopifyApi {

  private static final Pattern PATH =
      Pattern.compile("/admin/api/(\\d{4}-\\d{2}|unstable)/graphql\\.json");

  private final ShopifyOptions options;
  private final Moods moods;
  private final Future<ShopifyGraphql> building;

  ShopifyApi(Shop shop, ShopifyOptions options, Moods moods) {
    this.options = options;
    this.moods = moods;
    // Reading the schema takes half a second, which nobody has to wait for at start.
    this.building =
        CompletableFuture.supplyAsync(
            () -> new ShopifyGraphql(shop, options, moods), task -> Thread.ofVirtual().start(task));
  }

  Answer answer(Request request) throws Exception {
    var path = PATH.matcher(request.path());
    if (!path.matches() || !"POST".equals(request.method())) {
      return Answer.json(404, Jsons.object().put("errors", "Not Found"));
    }
    return served(request).header("X-Shopify-API-Version", options.apiVersion);
  }

  private Answer served(Request request) throws Exception {
    if (!request
        .header("X-Shopify-Access-Token")
        .equals(java.util.Optional.of(options.accessToken))) {
      return unauthorized();
    }
    JsonNode body;
    try {
      body = request.json();
    } catch (IOException e) {
      return Answer.json(400, Jsons.object().put("errors", "The body is not JSON."));
    }
    if (!body.path("query").isTextual()) {
      return Answer.json(
          400,
          Jsons.object()
              .set("errors", Jsons.object().put("query", "Required parameter missing or invalid")));
    }
    var graphql = building.get();
    var text = body.get("query").asText();
    var operationName = body.path("operationName").textValue();
    var prepared = graphql.prepare(text, operationName);
    var mood = moods.onCall(prepared.roots()).orElse(null);
    return BadDay.live(
        mood,
        new Words(graphql, prepared),
        () ->
            Answer.json(
                200, graphql.run(prepared, text, operationName, variables(body.get("variables")))));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> variables(JsonNode node) {
    return node == null || !node.isObject() ? Map.of() : (Map<String, Object>) Jsons.plain(node);
  }

  private static Answer unauthorized() {
    return Answer.json(
        401,
        Jsons.object()
            .put(
                "errors",
                "[API] Invalid API key or access token (unrecognized login or wrong password)"));
  }

  /** How the shop words its troubles; most of them come with status 200. */
  private static final class Words implements BadDay.Words {
    private final ShopifyGraphql graphql;
    private final ShopifyGraphql.Prepared query;

    Words(ShopifyGraphql graphql, ShopifyGraphql.Prepared query) {
      this.graphql = graphql;
      this.query = query;
    }

    @Override
    public Answer throttled(Mood mood) {
      if (mood.status() == 429) {
        return Answer.json(429, Jsons.object().put("errors", "Too many requests"))
            .header("Retry-After", Math.max(1, mood.delay().toSeconds()) + ".0");
      }
      return Answer.json(200, graphql.throttled(10));
    }

    @Override
    public Answer refused() {
      return query.mutation()
          ? userError("The shop does not take this change.", null)
          : Answer.json(
              200,
              Jsons.object()
                  .set(
                      "errors",
                      ShopifyErrors.of("Access denied for this field.", "ACCESS_DENIED")));
    }

    @Override
    public Answer concurrent() {
      return userError(
          "Another request with this idempotency key is under way.",
          "IDEMPOTENCY_CONCURRENT_REQUEST");
    }

    private Answer userError(String message, String code) {
      var body = Jsons.object();
      var data = body.putObject("data");
      for (var root : query.roots()) {
        var errors = Jsons.array();
        errors
            .addObject()
            .put("message", message)
            .put("code", code)
            .set("field", Jsons.tree(List.of("input")));
        var payload = data.putObject(root);
        payload.set("userErrors", errors);
        payload.set("orderCancelUserErrors", errors.deepCopy());
      }
      return Answer.json(200, body);
    }

    @Override
    public Answer unauthorized() {
      return ShopifyApi.unauthorized();
    }

    @Override
    public Answer errorIn200() {
      return Answer.json(
          200,
          Jsons.object()
              .set(
                  "errors",
                  ShopifyErrors.of(
                      "Internal error. Something went wrong on our side.",
                      "INTERNAL_SERVER_ERROR")));
    }

    @Override
    public Answer unavailable(int status) {
      return Answer.json(status, Jsons.object().put("errors", "Service Unavailable"));
    }
  }
}
