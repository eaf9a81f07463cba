package io.serai.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.serai.catalog.Mappings;
import io.serai.support.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/**
 * A connector's other side on a port of its own, as its file describes it: it wants the right
 * token, knows its keys, counts its effects, and misbehaves when it is told to.
 */
final class StandIn implements AutoCloseable {
  private static final int LARGEST_BODY = 16 << 20;
  private static final int PAGE = 2;
  private static final int ENDLESS = 1_000;

  /** How it misbehaves. */
  enum Mood {
    WELL,
    /** Answers the next write that there are too many. */
    THROTTLES,
    /** Carries the next write out and closes the connection without an answer. */
    LOSES_ANSWER,
    /** Takes no token. */
    DENIES,
    /** Refuses a part of the next write. */
    REFUSES_PART,
    /** Answers the next write with an error that shows what it was sent. */
    ECHOES,
    /** Breaks once on the second page. */
    BREAKS_PAGE,
    /** Names the same next page for ever. */
    REPEATS_PAGE
  }

  /** A call as it came, and how it was answered; no answer is 0. */
  record Call(String document, String key, byte[] body, int status) {}

  private record Request(
      String method,
      String path,
      Map<String, String> query,
      Map<String, List<String>> headers,
      byte[] bytes,
      JsonNode body) {
    String at(StandInFile.Place place) {
      if (place == null) {
        return null;
      }
      if (place.path()) {
        return path;
      }
      if (place.header() != null) {
        var values = headers.get(place.header().toLowerCase(java.util.Locale.ROOT));
        return values == null ? null : values.get(0);
      }
      if (place.query() != null) {
        return query.get(place.query());
      }
      var value = body.at(place.pointer());
      return value.isMissingNode() || value.isNull() ? null : value.asText();
    }
  }

  private record Reply(int status, Map<String, String> headers, byte[] body) {
    static final Reply NONE = new Reply(0, Map.of(), new byte[0]);

    static Reply of(int status, JsonNode body) {
      return new Reply(status, Map.of(), Json.bytes(body));
    }

    static Reply problem(int status, String code) {
      return of(status, Json.node(Map.of("error", Map.of("code", code, "message", code))));
    }
  }

  private final StandInFile file;
  private final HttpServer server;
  private final SigningKey key = SigningKey.made();
  private final Mappings language = Mappings.builtIn();
  private final List<Call> calls = new ArrayList<>();
  private final Map<String, Map<String, Reply>> effects = new HashMap<>();
  private final Map<String, List<JsonNode>> listed = new HashMap<>();
  private final Map<String, List<JsonNode>> samples = new HashMap<>();
  private final Set<String> valid = new TreeSet<>();
  private final Set<String> issued = new TreeSet<>();
  private Mood mood = Mood.WELL;
  private int effectCount;
  private int lastPages;

  private StandIn(StandInFile file) throws IOException {
    this.file = file;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(
        Executors.newFixedThreadPool(
            4, Thread.ofPlatform().daemon().name("stand-in-", 0).factory()));
    server.createContext("/", this::serve);
    server.start();
  }

  static StandIn start(StandInFile file) {
    try {
      return new StandIn(file);
    } catch (IOException e) {
      throw new Unsuitable("The stand-in finds no port (%s). Try again.".formatted(e.getMessage()));
    }
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Signs its webhooks, where they are signed by a key of its own. */
  SigningKey key() {
    return key;
  }

  synchronized void mood(Mood mood) {
    this.mood = mood;
  }

  /** Takes this as a right key or token. */
  synchronized void trust(String token) {
    valid.add(token);
  }

  /** Takes no token it ever gave out. */
  synchronized void revokeIssued() {
    valid.removeAll(issued);
  }

  /** Tokens it gave out so far. */
  synchronized Set<String> issued() {
    return new TreeSet<>(issued);
  }

  /** Has these documents, whoever asks for one. */
  synchronized void knows(String document, List<JsonNode> items) {
    samples.put(document, List.copyOf(items));
  }

  synchronized void list(String document, List<JsonNode> items) {
    listed.put(document, List.copyOf(items));
  }

  /** How often a list was read to its end. */
  synchronized int lastPages() {
    return lastPages;
  }

  /** Calls about a document, oldest first. */
  synchronized List<Call> calls(String document) {
    return calls.stream().filter(call -> document.equals(call.document())).toList();
  }

  /** Different effects on a document so far. */
  synchronized int effects(String document) {
    return effects.getOrDefault(document, Map.of()).size();
  }

  /** Calls that nothing in the file describes. */
  synchronized List<String> strangers() {
    return calls.stream()
        .filter(call -> call.document() == null)
        .map(Call::key)
        .distinct()
        .toList();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      var bytes = exchange.getRequestBody().readNBytes(LARGEST_BODY);
      var headers = new HashMap<String, List<String>>();
      exchange
          .getRequestHeaders()
          .forEach((name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values));
      var request =
          new Request(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getRawPath(),
              query(exchange.getRequestURI().getRawQuery()),
              headers,
              bytes,
              json(bytes));
      Reply reply;
      try {
        reply = answer(request);
      } catch (RuntimeException e) {
        reply = Reply.problem(500, "STAND_IN: " + e.getMessage());
      }
      if (reply.status() == 0) {
        return; // closing an exchange that was never answered closes its connection
      }
      reply.headers().forEach(exchange.getResponseHeaders()::set);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(
          reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
      if (reply.body().length > 0) {
        exchange.getResponseBody().write(reply.body());
      }
    }
  }

  private static JsonNode json(byte[] bytes) {
    try {
      return bytes.length == 0 ? NullNode.instance : Json.tree(bytes);
    } catch (Json.Unreadable e) {
      return form(new String(bytes, StandardCharsets.UTF_8));
    }
  }

  private static JsonNode form(String body) {
    return Json.node(query(body));
  }

  private static Map<String, String> query(String raw) {
    var query = new LinkedHashMap<String, String>();
    if (raw != null) {
      for (var pair : raw.split("&")) {
        var at = pair.indexOf('=');
        if (at > 0) {
          query.put(
              URLDecoder.decode(pair.substring(0, at), StandardCharsets.UTF_8),
              URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
        }
      }
    }
    return query;
  }

  private synchronized Reply answer(Request request) {
    if (file.tokens() != null && fits(file.tokens(), request)) {
      return token(request);
    }
    var denied = denied(request);
    for (var entry : file.lists().entrySet()) {
      if (fits(entry.getValue().call(), request)) {
        return noted(
            entry.getKey(),
            null,
            request,
            denied != null ? denied : page(entry.getKey(), entry.getValue(), request));
      }
    }
    for (var entry : file.reads().entrySet()) {
      if (fits(entry.getValue().call(), request)) {
        return noted(
            "read " + entry.getKey(),
            null,
            request,
            denied != null ? denied : read(entry.getValue(), request));
      }
    }
    for (var entry : file.writes().entrySet()) {
      if (fits(entry.getValue().call(), request)) {
        var key = request.at(entry.getValue().key());
        return noted(
            entry.getKey(),
            key,
            request,
            denied != null ? denied : write(entry.getKey(), entry.getValue(), key, request));
      }
    }
    return noted(
        null,
        request.method() + " " + request.path(),
        request,
        Reply.problem(404, "NOT_DESCRIBED"));
  }

  private Reply noted(String document, String key, Request request, Reply reply) {
    calls.add(new Call(document, key, request.bytes(), reply.status()));
    return reply;
  }

  private static boolean fits(StandInFile.Call call, Request request) {
    return call.method().equals(request.method())
        && Pattern.matches(
            ("\\Q" + call.path() + "\\E").replace("*", "\\E[^/]*\\Q"), request.path())
        && (call.containing() == null
            || new String(request.bytes(), StandardCharsets.UTF_8).contains(call.containing()));
  }

  private Reply token(Request request) {
    var token = "canary-issued-token-" + (issued.size() + 1);
    issued.add(token);
    valid.add(token);
    return noted(
        "token",
        null,
        request,
        Reply.of(
            200, run(file.tokens().answer(), request, Map.of("token", TextNode.valueOf(token)))));
  }

  private Reply denied(Request request) {
    var wanted = file.authorization();
    if (wanted == null && mood != Mood.DENIES) {
      return null;
    }
    var given =
        wanted == null
            ? null
            : request.at(new StandInFile.Place(wanted.header(), null, null, false));
    boolean right =
        given != null
            && wanted.prefixes().stream()
                .anyMatch(
                    prefix ->
                        given.startsWith(prefix)
                            && valid.contains(given.substring(prefix.length())));
    return right && mood != Mood.DENIES ? null : Reply.problem(401, "UNAUTHORIZED");
  }

  private Reply read(StandInFile.Reading reading, Request request) {
    var happened = new HashMap<String, List<String>>();
    file.writes()
        .keySet()
        .forEach(
            document ->
                happened.put(
                    document, List.copyOf(effects.getOrDefault(document, Map.of()).keySet())));
    return Reply.of(
        200,
        run(
            reading.call().answer(),
            request,
            Map.of(
                "effects",
                Json.node(happened),
                "samples",
                Json.node(samples),
                "publicKey",
                TextNode.valueOf(key.publicText()))));
  }

  private Reply page(String document, StandInFile.Listing listing, Request request) {
    var items = listed.getOrDefault(document, List.of());
    var cursor = request.at(listing.cursor());
    int from = cursor != null && cursor.matches("[0-9]{1,6}") ? Integer.parseInt(cursor) : 0;
    var counted = listing.numbered() || listing.step() > 0;
    if (listing.numbered()) {
      from = Math.max(0, from - 1) * PAGE;
    } else if (listing.step() > 0) {
      from = from / listing.step() * PAGE;
    }
    if (from > 0 && mood == Mood.BREAKS_PAGE) {
      mood = Mood.WELL;
      return Reply.problem(500, "BROKEN");
    }
    var to = Math.min(items.size(), Math.max(0, from) + PAGE);
    var page = from >= items.size() ? List.<JsonNode>of() : items.subList(from, to);
    if (mood == Mood.REPEATS_PAGE && counted) {
      page = items.subList(0, Math.min(items.size(), PAGE)); // whatever number is asked for
    }
    var pages = mood == Mood.REPEATS_PAGE ? ENDLESS : Math.max(1, (items.size() + PAGE - 1) / PAGE);
    var next = mood == Mood.REPEATS_PAGE ? "2" : to < items.size() ? Integer.toString(to) : null;
    if (listing.numbered() ? page.isEmpty() : next == null) {
      lastPages++;
    }
    return Reply.of(
        200,
        run(
            listing.call().answer(),
            request,
            Map.of(
                "items",
                Json.node(page),
                "next",
                next == null ? NullNode.instance : TextNode.valueOf(next),
                "pages",
                IntNode.valueOf(pages),
                "total",
                IntNode.valueOf(mood == Mood.REPEATS_PAGE ? ENDLESS * PAGE : items.size()))));
  }

  private Reply write(String document, StandInFile.Writing writing, String key, Request request) {
    var known = effects.computeIfAbsent(document, name -> new LinkedHashMap<>());
    if (key != null && known.containsKey(key)) {
      return known.get(key);
    }
    switch (mood) {
      case THROTTLES -> {
        mood = Mood.WELL;
        return new Reply(
            file.throttled().status(),
            file.throttled().headers(),
            Json.bytes(run(file.throttled().answer(), request, Map.of())));
      }
      case ECHOES -> {
        mood = Mood.WELL;
        return Reply.of(
            400,
            Json.node(
                Map.of(
                    "error", Map.of("code", "INVALID", "message", request.headers().toString()))));
      }
      default -> {
        // it is carried out
      }
    }
    effectCount++;
    var answer =
        mood == Mood.REFUSES_PART && writing.partial() != null
            ? writing.partial()
            : writing.call().answer();
    var variables = Map.<String, JsonNode>of("effect", IntNode.valueOf(effectCount));
    var headers = new LinkedHashMap<String, String>();
    writing
        .headers()
        .forEach((name, jslt) -> headers.put(name, run(jslt, request, variables).asText()));
    var reply = new Reply(200, headers, Json.bytes(run(answer, request, variables)));
    known.put(key == null ? "#" + effectCount : key, reply);
    var lost = mood == Mood.LOSES_ANSWER;
    if (lost || mood == Mood.REFUSES_PART) {
      mood = Mood.WELL;
    }
    return lost ? Reply.NONE : reply;
  }

  private JsonNode run(String jslt, Request request, Map<String, JsonNode> given) {
    var variables = new HashMap<>(given);
    variables.put("path", TextNode.valueOf(request.path()));
    variables.put("query", Json.node(request.query()));
    var answer = language.compileAnswer("stand-in.jslt", jslt).apply(request.body(), variables);
    return answer == null ? NullNode.instance : answer;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
