package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * An eBay seller: orders with signed notifications that name them only, and the APIs over them.
 *
 * <p>An effect is in its ledger before the answer leaves. Notifications that were not acknowledged
 * when the process died are sent again after the next start on the same folder; access tokens are
 * forgotten.
 */
public final class EbaySimulator extends ChannelBase {

  private final EbayOptions options;
  private final EbayShop shop;
  private final EbayTokens tokens;
  private final Timetable timetable;
  private final WebhookSender sender;

  private EbaySimulator(EbayOptions options) {
    super(options.name, options.seed);
    this.options = options;
    tokens = new EbayTokens(options);
    shop = new EbayShop(options.folder.resolve(options.name + ".ledger.jsonl"), options);
    timetable = new Timetable(options.clock, options.name);
    sender =
        new WebhookSender(
            options.notificationsTo,
            webhook -> Map.of("x-ebay-signature", shop.keys().header(webhook.body())),
            RetrySchedule.over(options.retrySpan),
            Duration.ofSeconds(5),
            moods(),
            timetable,
            shop);
    open(
        options.port,
        Map.of("POST cancel", this::cancel, "POST refund", this::refund),
        new EbayApi(options, shop, tokens, moods())::answer,
        shop::size,
        shop::placeNext);
    shop.postTo(sender::send);
  }

  /** Opens the shop and begins to answer. */
  public static EbaySimulator start(EbayOptions options) {
    return new EbaySimulator(options);
  }

  @Override
  public Ledger ledger() {
    return shop.ledger();
  }

  @Override
  public int placed() {
    return shop.size();
  }

  @Override
  public int owed() {
    return shop.owed();
  }

  @Override
  public ChannelBooks books() {
    shop.lock().lock();
    try {
      return EbaySummary.books(shop);
    } finally {
      shop.lock().unlock();
    }
  }

  @Override
  public Map<String, Object> parameters() {
    var root = url().toString().replaceAll("/$", "");
    var all = new LinkedHashMap<String, Object>();
    all.put("base-url", root);
    all.put("token-url", root + "/identity/v1/oauth2/token");
    all.put("key-url", root + "/commerce/notification/v1/public_key");
    all.put("client-id", options.clientId);
    all.put("client-secret", options.clientSecret);
    all.put("refresh-token", options.refreshToken);
    all.put("verification-token", options.verificationToken);
    all.put("endpoint-url", String.valueOf(options.notificationsTo));
    all.put("reconcile-schedule", "3/10 * * * * ?");
    all.put("listing-schedule", "5/10 * * * * ?");
    all.put("listing-rest", "1s");
    return all;
  }

  /** Places orders until there are this many, at once. */
  public void createUpTo(int total) {
    while (shop.size() < total) {
      shop.placeNext();
    }
  }

  /** Places the next order of the seed and answers its id. */
  public String createOrder() {
    return shop.placeNext();
  }

  /** The payload the next order of the seed would have; change it and place it. */
  public ObjectNode draftOrder() {
    return shop.draft();
  }

  /** Places an order with this payload and answers its id. */
  public String createOrder(ObjectNode payload) {
    return shop.place(payload);
  }

  /** An order as getOrder shows it with the breakdown of taxes. */
  public ObjectNode order(String orderId) {
    return find(orderId).order();
  }

  /** The buyer's money comes. */
  public void payOrder(String orderId) {
    shop.pay(find(orderId));
  }

  /** The buyer asks for a cancellation; the id of the request. */
  public String askToCancel(String orderId) {
    return shop.askToCancel(find(orderId), "Buyer", "BUYER_CANCEL_ORDER");
  }

  /** The seller cancels on eBay's own pages. */
  public void cancelOrder(String orderId) {
    var sold = find(orderId);
    shop.cancel(sold, shop.askToCancel(sold, "Seller", "OUT_OF_STOCK_OR_CANNOT_FULFILL"));
  }

  /** The seller gives money back on eBay's own pages; without a line for the order as a whole. */
  public String refundOrder(String orderId, String lineId, String amount) {
    return shop.refund(find(orderId), lineId, new BigDecimal(amount));
  }

  /** Some user leaves eBay, and every application is told. */
  public void deleteUser(String username) {
    shop.tellOfDeletedUser(username);
  }

  /** What a listing shows and what may be sent at all of a SKU. */
  public Map<String, Integer> stock(String sku) {
    var offer = shop.listings().find(sku);
    var numbers = new HashMap<String, Integer>();
    numbers.put("shown", offer.shown);
    numbers.put("sendable", offer.sendable);
    return numbers;
  }

  /** The id of the offer of a SKU. */
  public String offer(String sku) {
    return shop.listings().find(sku).offerId;
  }

  /** The seller takes the consent back. */
  public void revokeConsent() {
    tokens.revoke();
  }

  /** The seller consents again. */
  public void consent(String refreshToken) {
    tokens.consent(refreshToken);
  }

  /** Every access token is over at once. */
  public void expireTokens() {
    tokens.expire();
  }

  /** An access token of the seller, as the token endpoint gives it. */
  public String accessToken() {
    return tokens.ofSeller();
  }

  /** How often a token was asked for. */
  public int tokensAsked() {
    return tokens.asked();
  }

  /**
   * Asks the endpoint of the notifications for proof that it is meant, as before a subscription.
   *
   * @return whether it answered rightly
   */
  public boolean challenge() throws IOException, InterruptedException {
    var code = UUID.randomUUID().toString();
    var endpoint = options.notificationsTo.toString();
    try (var client = HttpClient.newHttpClient()) {
      var answer =
          client.send(
              HttpRequest.newBuilder(URI.create(endpoint + "?challenge_code=" + code))
                  .timeout(Duration.ofSeconds(5))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      var proof = EbayKeys.response(code, options.verificationToken, endpoint);
      return answer.statusCode() == 200 && proof.equals(response(answer.body()));
    }
  }

  private static String response(byte[] body) {
    try {
      return Jsons.read(body).path("challengeResponse").asText();
    } catch (IOException e) {
      return null; // whoever answers this does not know what it was asked
    }
  }

  /** The header that proves a body, as eBay would send it. */
  public String sign(String body) {
    return shop.keys().header(body.getBytes(StandardCharsets.UTF_8));
  }

  /** Does what is due; for tests that move the clock by hand. */
  int runDue() {
    return timetable.runDue();
  }

  @Override
  public ObjectNode summary(boolean detail) {
    shop.lock().lock();
    try {
      return EbaySummary.of(shop, wanted(), sender, detail);
    } finally {
      shop.lock().unlock();
    }
  }

  @Override
  public void close() {
    super.close();
    timetable.close();
    sender.close();
    shop.close();
  }

  private EbayShop.Sold find(String orderId) {
    var sold = shop.orders().get(orderId);
    if (sold == null) {
      throw new IllegalArgumentException(
          "Order '" + orderId + "' is not in '" + options.name + "'; create it first.");
    }
    return sold;
  }

  private Answer cancel(Request request) throws Exception {
    var id = askToCancel(request.json().path("orderId").asText());
    return Answer.json(200, Jsons.object().put("cancelId", id));
  }

  private Answer refund(Request request) throws Exception {
    var body = request.json();
    var id =
        refundOrder(
            body.path("orderId").asText(),
            EbayFulfillment.text(body, "lineId"),
            body.path("amount").asText());
    return Answer.json(200, Jsons.object().put("refundId", id));
  }
}
