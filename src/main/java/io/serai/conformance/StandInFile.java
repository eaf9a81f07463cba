package io.serai.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a connector's other side answers, as {@code samples/payloads/<connector>/stand-in.yaml} says.
 * Closed to unknown keys.
 *
 * @param path where it was read, or null when there is none
 * @param account what the account sets, by key below the account's own: {@code base-url}, {@code
 *     locations[0]}, {@code limits.rate}
 * @param authorization how calls prove themselves, or null
 * @param tokens the call that gives out access tokens, or null
 * @param lists what polls ask for, by document
 * @param reads what else it is asked, by a name of the file's own
 * @param writes what effects are owed to, by document
 * @param events bodies of webhooks, by event type, where no sample is one
 * @param throttled its answer to too many calls
 * @param files what it exchanges by files instead, or null
 * @param selects names of fields, or of a list and the place in it, that say what stands beside
 *     them
 */
record StandInFile(
    Path path,
    Map<String, String> account,
    Authorization authorization,
    Call tokens,
    Map<String, Listing> lists,
    Map<String, Reading> reads,
    Map<String, Writing> writes,
    Map<String, JsonNode> events,
    Throttled throttled,
    Exchanged files,
    Set<String> selects) {
  /** What stands for the stand-in's address. */
  static final String ADDRESS = "${stand-in}";

  static final StandInFile NONE =
      new StandInFile(
          null,
          Map.of(),
          null,
          null,
          Map.of(),
          Map.of(),
          Map.of(),
          Map.of(),
          Throttled.USUAL,
          null,
          Set.of());

  /** Whether a call clears up what became of an effect of this document. */
  boolean looksUp(String document) {
    return reads.values().stream().anyMatch(read -> read.looksUp().contains(document));
  }

  /**
   * Where a call carries its key or token.
   *
   * @param header where it stands
   * @param prefixes what may stand before it there
   * @param parameter of the account that is the key, or null when {@code tokens} gives it out
   */
  record Authorization(String header, List<String> prefixes, String parameter) {}

  /**
   * A call and its answer.
   *
   * @param method of HTTP
   * @param path below the address; {@code *} is any part
   * @param containing what the body holds, or null
   * @param answer JSLT over the request's body
   */
  record Call(String method, String path, String containing, String answer) {}

  /**
   * A list that is read page by page.
   *
   * @param call what asks for a page
   * @param cursor where the page asked for stands
   * @param numbered whether pages are asked for by number, from 1, and not by what the last one
   *     said
   * @param step how many items the asker counts for a page, where it asks by how many it read; else
   *     0
   * @param mapping which samples it lists; those that become the document when null
   * @param id pointer to what tells one item from another, where several samples are of one thing;
   *     a sample that has none is not listed
   */
  record Listing(Call call, Place cursor, boolean numbered, int step, String mapping, String id) {}

  /**
   * A question without an effect.
   *
   * @param looksUp documents of whose effects it tells whether they happened
   */
  record Reading(Call call, List<String> looksUp) {}

  /**
   * Something that has an effect.
   *
   * @param key where the key stands under which a second call is the first, or null
   * @param headers of the answer, each in JSLT
   * @param partial the answer that refuses a part, or null
   */
  record Writing(Call call, Place key, Map<String, String> headers, String partial) {}

  /** Where a value stands in a request. */
  record Place(String header, String query, String pointer, boolean path) {}

  /** How too many calls are answered. */
  record Throttled(int status, Map<String, String> headers, String answer) {
    static final Throttled USUAL = new Throttled(429, Map.of("Retry-After", "1"), "null");
  }

  /**
   * Files through a folder.
   *
   * @param comes one that comes, or null
   * @param partly one of which one part is bad and others are not, or null
   * @param goes what files that it is asked by are called, as a regular expression, by document
   */
  record Exchanged(Shown comes, Shown partly, Map<String, String> goes) {}

  /** A file as it comes. */
  record Shown(String name, String text) {}

  static StandInFile read(Path path) {
    if (!Files.isRegularFile(path)) {
      return NONE;
    }
    try {
      var root = new YAMLMapper().readTree(Files.readString(path));
      return new Reader(path).file(root);
    } catch (JsonProcessingException e) {
      throw new Unsuitable(
          "'%s' line %d cannot be read: %s. Correct it."
              .formatted(
                  path,
                  e.getLocation() == null ? 0 : e.getLocation().getLineNr(),
                  e.getOriginalMessage().lines().findFirst().orElse("no reason given")));
    } catch (IOException e) {
      throw new Unsuitable("'%s' cannot be read (%s). Correct its permissions.".formatted(path, e));
    }
  }

  private record Reader(Path path) {
    StandInFile file(JsonNode root) {
      closed(
          "the file",
          root,
          "account",
          "authorization",
          "tokens",
          "lists",
          "reads",
          "writes",
          "events",
          "throttled",
          "files",
          "selects");
      var selects = new TreeSet<String>();
      root.path("selects").forEach(name -> selects.add(name.asText()));
      var account = new LinkedHashMap<String, String>();
      flatten("", root.path("account"), account);
      var lists = new LinkedHashMap<String, Listing>();
      root.path("lists")
          .properties()
          .forEach(
              e -> {
                var at = "lists." + e.getKey();
                closed(
                    at,
                    e.getValue(),
                    "call",
                    "containing",
                    "answer",
                    "cursor",
                    "numbered",
                    "step",
                    "mapping",
                    "id");
                lists.put(
                    e.getKey(),
                    new Listing(
                        call(at, e.getValue()),
                        place(at + ".cursor", e.getValue().path("cursor")),
                        e.getValue().path("numbered").asBoolean(),
                        e.getValue().path("step").asInt(),
                        text(e.getValue(), "mapping"),
                        text(e.getValue(), "id")));
              });
      var writes = new LinkedHashMap<String, Writing>();
      root.path("writes")
          .properties()
          .forEach(
              e -> {
                var at = "writes." + e.getKey();
                closed(
                    at, e.getValue(), "call", "containing", "answer", "headers", "key", "partial");
                var headers = new LinkedHashMap<String, String>();
                flatten("", e.getValue().path("headers"), headers);
                writes.put(
                    e.getKey(),
                    new Writing(
                        call(at, e.getValue()),
                        place(at + ".key", e.getValue().path("key")),
                        headers,
                        text(e.getValue(), "partial")));
              });
      var reads = new LinkedHashMap<String, Reading>();
      root.path("reads")
          .properties()
          .forEach(
              e -> {
                var at = "reads." + e.getKey();
                closed(at, e.getValue(), "call", "containing", "answer", "looks-up");
                var looksUp = new ArrayList<String>();
                e.getValue().path("looks-up").forEach(document -> looksUp.add(document.asText()));
                reads.put(e.getKey(), new Reading(call(at, e.getValue()), List.copyOf(looksUp)));
              });
      var events = new LinkedHashMap<String, JsonNode>();
      root.path("events").properties().forEach(e -> events.put(e.getKey(), e.getValue()));
      return new StandInFile(
          path,
          account,
          authorization(root.path("authorization")),
          root.has("tokens") ? call("tokens", root.path("tokens")) : null,
          lists,
          reads,
          writes,
          events,
          throttled(root.path("throttled")),
          files(root.path("files")),
          selects);
    }

    private Exchanged files(JsonNode node) {
      if (node.isMissingNode()) {
        return null;
      }
      closed("files", node, "comes", "partly", "goes");
      var goes = new LinkedHashMap<String, String>();
      node.path("goes").properties().forEach(e -> goes.put(e.getKey(), e.getValue().asText()));
      return new Exchanged(
          shown("files.comes", node.path("comes")),
          shown("files.partly", node.path("partly")),
          goes);
    }

    private Shown shown(String at, JsonNode node) {
      if (node.isMissingNode()) {
        return null;
      }
      closed(at, node, "name", "text");
      return new Shown(required(at, node, "name"), required(at, node, "text"));
    }

    private static void flatten(String key, JsonNode node, Map<String, String> values) {
      if (node.isArray()) {
        for (int i = 0; i < node.size(); i++) {
          flatten(key + "[" + i + "]", node.get(i), values);
        }
      } else if (node.isObject()) {
        node.properties()
            .forEach(
                e -> flatten((key.isEmpty() ? "" : key + ".") + e.getKey(), e.getValue(), values));
      } else if (!node.isMissingNode()) {
        values.put(key, node.asText());
      }
    }

    private Authorization authorization(JsonNode node) {
      if (node.isMissingNode()) {
        return null;
      }
      closed("authorization", node, "header", "prefix", "parameter");
      var prefixes = new ArrayList<String>();
      node.path("prefix").forEach(prefix -> prefixes.add(prefix.asText()));
      return new Authorization(
          required("authorization", node, "header"),
          prefixes.isEmpty() ? List.of(node.path("prefix").asText("")) : List.copyOf(prefixes),
          text(node, "parameter"));
    }

    private Throttled throttled(JsonNode node) {
      if (node.isMissingNode()) {
        return Throttled.USUAL;
      }
      closed("throttled", node, "status", "headers", "answer");
      var headers = new LinkedHashMap<String, String>();
      node.path("headers")
          .properties()
          .forEach(e -> headers.put(e.getKey(), e.getValue().asText()));
      return new Throttled(
          node.path("status").asInt(429), headers, node.path("answer").asText("null"));
    }

    private Call call(String at, JsonNode node) {
      var words = required(at, node, "call").strip().split("\\s+");
      if (words.length != 2 || !words[0].matches("[A-Z]+") || !words[1].startsWith("/")) {
        throw fault(
            at + ".call is '" + node.path("call").asText() + "'", "write it as 'POST /path'");
      }
      return new Call(words[0], words[1], text(node, "containing"), required(at, node, "answer"));
    }

    private Place place(String at, JsonNode node) {
      if (node.isMissingNode()) {
        return null;
      }
      closed(at, node, "header", "query", "pointer", "path");
      if (node.size() != 1) {
        throw fault(
            at + " names " + node.size() + " places", "name one of header, query, pointer or path");
      }
      return new Place(
          text(node, "header"),
          text(node, "query"),
          text(node, "pointer"),
          node.path("path").asBoolean());
    }

    private String required(String at, JsonNode node, String key) {
      var text = text(node, key);
      if (text == null || text.isBlank()) {
        throw fault(at + " has no '" + key + "'", "add it");
      }
      return text;
    }

    private static String text(JsonNode node, String key) {
      return node.path(key).isValueNode() && !node.path(key).isNull()
          ? node.path(key).asText()
          : null;
    }

    private void closed(String at, JsonNode node, String... keys) {
      var known = List.of(keys);
      node.fieldNames()
          .forEachRemaining(
              key -> {
                if (!known.contains(key)) {
                  throw fault(
                      at + " has '" + key + "', which nothing reads",
                      "write one of " + String.join(", ", known));
                }
              });
    }

    private Unsuitable fault(String what, String remedy) {
      return new Unsuitable(
          "'%s': %s; %s. docs/add-a-channel.md tells what may stand there."
              .formatted(path, what, remedy));
    }
  }
}
