package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Feeds 2021-06-30 for {@code JSON_LISTINGS_FEED}: a document is made, filled at a signed address
 * within five minutes, and submitted as a feed; what became of each message stands in a report.
 *
 * <p>A feed that was created is processed after a restart too. Documents that were not filled yet
 * are forgotten.
 */
final class SpApiFeeds {

  static final String TYPE = "JSON_LISTINGS_FEED";

  private static final String STATUSES = "CANCELLED,DONE,FATAL,IN_PROGRESS,IN_QUEUE";
  private static final String FOLDER = "/feed-documents/";
  private static final Duration UPLOAD = Duration.ofMinutes(5);

  private final SellerAccount account;
  private final SpApiListings listings;
  private final AmazonOptions options;
  private final Timetable timetable;
  private final Supplier<URI> root;
  private final Map<String, Awaited> awaited = new HashMap<>();

  private record Awaited(Instant until, String contentType) {}

  SpApiFeeds(
      SellerAccount account,
      SpApiListings listings,
      AmazonOptions options,
      Timetable timetable,
      Supplier<URI> root) {
    this.account = account;
    this.listings = listings;
    this.options = options;
    this.timetable = timetable;
    this.root = root;
  }

  /** Plans what was left unprocessed. */
  void resume() {
    account.feeds().values().stream()
        .filter(f -> "IN_QUEUE".equals(f.get("processingStatus").asText()))
        .forEach(f -> plan(f.get("feedId").asText()));
  }

  static boolean isUpload(Request request) {
    return request.path().startsWith(FOLDER);
  }

  Answer createDocument(Request request) throws IOException {
    if (!SpApiOrders.has(request.json(), "contentType")) {
      return SpApiWords.invalid("contentType is missing.");
    }
    var id = "amzn1.tortuga.4." + UUID.randomUUID();
    awaited.put(
        id, new Awaited(account.now().plus(UPLOAD), request.json().get("contentType").asText()));
    return Answer.json(
        201,
        Jsons.object().put("feedDocumentId", id).put("url", root.get() + FOLDER + id + "?sig=up"));
  }

  /** The signed address of a document: who has it may fill it, or read what is in it. */
  Answer content(Request request) {
    var id = request.path().substring(FOLDER.length());
    if (request.method().equals("GET")) {
      var text = account.document(id);
      return text == null ? Answer.text(404, "text/plain", "gone") : json(text);
    }
    var until = awaited.get(id);
    if (until == null || account.now().isAfter(until.until())) {
      return Answer.text(403, "text/plain", "Request has expired");
    }
    if (!request.method().equals("PUT")
        || !until.contentType().equals(request.header("Content-Type").orElse(""))) {
      return Answer.text(403, "text/plain", "SignatureDoesNotMatch");
    }
    account.upload(id, new String(request.body(), StandardCharsets.UTF_8));
    return new Answer(200, Map.of(), new byte[0], Answer.Manner.WHOLE, Duration.ZERO);
  }

  private static Answer json(String text) {
    return Answer.text(200, "application/json; charset=UTF-8", text);
  }

  Answer create(Request request) throws IOException {
    var body = request.json();
    var document = body.path("inputFeedDocumentId").asText("");
    var stores = body.path("marketplaceIds");
    if (!TYPE.equals(body.path("feedType").asText())
        || stores.size() != 1
        || !options.marketplaceId.equals(stores.get(0).asText())) {
      return SpApiWords.invalid("feedType or marketplaceIds is missing or not served.");
    }
    if (account.document(document) == null) {
      return SpApiWords.invalid("inputFeedDocumentId names no document that was uploaded.");
    }
    var feed = Jsons.object();
    feed.put("feedId", String.valueOf(50_000_000_000L + account.feeds().size() + 1));
    feed.put("feedType", TYPE);
    feed.set("marketplaceIds", body.get("marketplaceIds"));
    feed.put("createdTime", account.now().toString());
    feed.put("processingStatus", "IN_QUEUE");
    account.feed(SellerAccount.FEED, feed, Jsons.object().put("input", document));
    plan(feed.get("feedId").asText());
    return Answer.json(202, Jsons.object().put("feedId", feed.get("feedId").asText()));
  }

  Answer get(Request request) {
    var feed = account.feeds().get(request.segments().getLast());
    return feed == null ? SpApiWords.missing("The feed is not known.") : Answer.json(200, feed);
  }

  Answer list(Request request) {
    var query = new LinkedHashMap<>(request.query());
    var from = 0;
    if (query.containsKey("nextToken")) {
      if (query.size() > 1) {
        return SpApiWords.invalid("nextToken goes without other parameters.");
      }
      var token = query.get("nextToken").split(";", 5);
      if (token.length != 5 || !token[0].matches("[0-9]{1,6}")) {
        return SpApiWords.invalid("nextToken is not one of ours.");
      }
      from = Integer.parseInt(token[0]);
      query.put("pageSize", token[1]);
      query.put("feedTypes", token[2]);
      query.put("createdSince", token[3]);
      query.put("processingStatuses", token[4]);
    }
    int size;
    Instant since;
    try {
      size = Integer.parseInt(query.getOrDefault("pageSize", "10"));
      since = Instant.parse(query.getOrDefault("createdSince", "1970-01-01T00:00:00Z"));
    } catch (NumberFormatException | DateTimeParseException e) {
      return SpApiWords.invalid("pageSize or createdSince cannot be read.");
    }
    if (!query.containsKey("feedTypes") || size < 1 || size > 100) {
      return SpApiWords.invalid("feedTypes is missing, or pageSize is not from 1 to 100.");
    }
    var wanted = List.of(query.getOrDefault("processingStatuses", STATUSES).split(","));
    if (!List.of(STATUSES.split(",")).containsAll(wanted)) {
      return SpApiWords.invalid("processingStatuses holds a value that is not known.");
    }
    var found =
        account.feeds().values().stream()
            .filter(f -> f.get("feedType").asText().equals(query.get("feedTypes")))
            .filter(f -> !Instant.parse(f.get("createdTime").asText()).isBefore(since))
            .filter(f -> wanted.contains(f.get("processingStatus").asText()))
            .toList();
    var body = Jsons.object();
    var feeds = body.putArray("feeds");
    var to = Math.min(found.size(), from + size);
    found.subList(Math.min(from, to), to).forEach(feeds::add);
    if (to < found.size()) {
      body.put(
          "nextToken",
          "%d;%d;%s;%s;%s"
              .formatted(to, size, query.get("feedTypes"), since, String.join(",", wanted)));
    }
    return Answer.json(200, body);
  }

  Answer document(Request request) {
    var id = request.segments().getLast();
    return account.document(id) == null
        ? SpApiWords.missing("The document is not known.")
        : Answer.json(
            200,
            Jsons.object()
                .put("feedDocumentId", id)
                .put("url", root.get() + FOLDER + id + "?sig=down"));
  }

  private void plan(String feedId) {
    timetable.in(options.feedTakes, () -> process(feedId));
  }

  private void process(String feedId) {
    account.lock().lock();
    try {
      var feed = account.feeds().get(feedId).deepCopy();
      var input =
          account
              .ledger()
              .effects()
              .of(SellerAccount.FEED)
              .on(feedId)
              .all()
              .getFirst()
              .text("input");
      JsonNode content;
      try {
        content = Jsons.read(account.document(input).getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        content = Jsons.object();
      }
      feed.put("processingStartTime", account.now().toString());
      feed.put("processingEndTime", account.now().toString());
      if (!options.sellerId.equals(content.at("/header/sellerId").asText())
          || !"2.0".equals(content.at("/header/version").asText())
          || !messages(content.path("messages"))) {
        feed.put("processingStatus", "FATAL");
        account.feed(SellerAccount.PROCESSED, feed, Jsons.object());
        return;
      }
      feed.put("processingStatus", "DONE");
      feed.put("resultFeedDocumentId", "amzn1.tortuga.3." + UUID.randomUUID());
      account.feed(
          SellerAccount.PROCESSED,
          feed,
          Jsons.object().put("report", Jsons.text(report(feedId, content))));
    } finally {
      account.lock().unlock();
    }
  }

  /** Whether each has a number of its own and what its operation needs. */
  private static boolean messages(JsonNode messages) {
    var numbers = new HashSet<Integer>();
    for (var message : messages) {
      if (!message.path("messageId").isInt()
          || message.get("messageId").asInt() < 1
          || !numbers.add(message.get("messageId").asInt())
          || !SpApiOrders.has(message, "sku")
          || !"PATCH".equals(message.path("operationType").asText())
          || !SpApiOrders.has(message, "productType")
          || message.path("patches").isEmpty()) {
        return false;
      }
    }
    return !messages.isEmpty();
  }

  private ObjectNode report(String feedId, JsonNode content) {
    var report = Jsons.object();
    report
        .putObject("header")
        .put("sellerId", options.sellerId)
        .put("version", "2.0")
        .put("feedId", feedId);
    var issues = report.putArray("issues");
    var invalid = 0;
    for (var message : content.get("messages")) {
      var sku = message.path("sku").asText();
      var faults = listings.issues(sku, message.path("patches"));
      for (var fault : faults) {
        issues
            .addObject()
            .put("messageId", message.path("messageId").asInt())
            .put("sku", sku)
            .put("code", "90220")
            .put("severity", "ERROR")
            .put("message", fault);
      }
      if (faults.isEmpty()) {
        account.setStock(sku, message.at("/patches/0/value/0/quantity").asInt(), feedId);
      } else {
        invalid++;
      }
    }
    var all = content.get("messages").size();
    report
        .putObject("summary")
        .put("errors", issues.size())
        .put("warnings", 0)
        .put("messagesProcessed", all)
        .put("messagesAccepted", all - invalid)
        .put("messagesInvalid", invalid);
    return report;
  }
}
