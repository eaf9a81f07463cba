package io.serai.simulator;

/** The Admin API's door: path, version, access token; behind it GraphQL. */
final class ShopifyApi {

  private final Shop shop;
  private final ShopifyOptions options;
  private final Moods moods;

  ShopifyApi(Shop shop, ShopifyOptions options, Moods moods) {
    this.shop = shop;
    this.options = options;
    this.moods = moods;
  }

  Answer answer(Request request) throws Exception {
    return Answer.json(404, Jsons.object().put("errors", "Not Found"));
  }
}
