package io.serai.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Takes the people out of what is kept of one order: parties, addresses and free words go, and so
 * does what they said wherever else it stands.
 *
 * <p>Guarantee: amounts, quantities, states, codes, ids, country and region stay, so that what
 * reads a document can still read it: parties, addresses and free words go by where they stand, and
 * only in texts that people read is it looked for what they said. Taken out twice is taken out
 * once. Gap: what a party said is known only from {@link #learn}; a name of one or two letters is
 * not looked for.
 */
final class Redaction {
  /** Stands where people had written something. */
  static final String ERASED = "Erased.";

  private static final Set<String> PARTY =
      Set.of("givenname", "familyname", "email", "phone", "piistate", "companyname");
  private static final Set<String> ADDRESS =
      Set.of("city", "postalcode", "regiontext", "address1", "zip");
  private static final Set<String> KEPT_OF_ADDRESS =
      Set.of("countrycode", "country", "region", "type");
  private static final Set<String> WORDS =
      Set.of(
          "note",
          "notes",
          "message",
          "email",
          "phone",
          "cancelreason",
          "extensions",
          "options",
          "tags",
          "reasons",
          "instructions",
          "comment",
          "url");

  /** Of free words, those that people write about themselves; the others only go. */
  private static final Set<String> TELLING =
      Set.of("note", "notes", "message", "email", "phone", "instructions", "comment");

  /** Texts that people read, in which somebody may be named. */
  private static final Set<String> READ =
      Set.of("text", "title", "sentence", "description", "detail", "reason", "why");

  /** What only a thing has; such an object is no party and no address, whatever else it says. */
  private static final Set<String> THING =
      Set.of("sku", "lineid", "totals", "quantity", "parcels", "nodes", "candidates");

  private static final int SHORTEST = 3;
  private static final int SHORTEST_WORD = 4;

  private final Set<String> values = new LinkedHashSet<>();
  private Pattern pattern;

  /** Remembers what parties and free words of a document say. */
  void learn(JsonNode document) {
    pattern = null;
    learn(document, false);
  }

  private void learn(JsonNode node, boolean personal) {
    if (node.isObject()) {
      var party = personal || party(node) || address(node);
      node.properties()
          .forEach(
              field -> {
                var name = field.getKey().toLowerCase(Locale.ROOT);
                learn(
                    field.getValue(),
                    TELLING.contains(name)
                        || !WORDS.contains(name)
                            && party
                            && !KEPT_OF_ADDRESS.contains(name)
                            && !name.equals("piistate"));
              });
    } else if (node.isArray()) {
      node.forEach(item -> learn(item, personal));
    } else if (personal && node.isTextual()) {
      var text = node.textValue().strip();
      add(text, SHORTEST);
      if (text.matches("[\\p{L} .'-]{1,60}")) {
        for (var word : text.split("\\s+")) {
          add(word, SHORTEST_WORD);
        }
      }
    }
  }

  private void add(String text, int shortest) {
    if (text.length() >= shortest) {
      values.add(text);
    }
  }

  /** The document without them; the very same when there was nothing to take out. */
  JsonNode document(JsonNode document) {
    return without(document, false);
  }

  private JsonNode without(JsonNode node, boolean read) {
    if (node.isObject()) {
      var copy = ((ObjectNode) node).objectNode();
      var party = party(node);
      var address = !party && address(node);
      node.properties()
          .forEach(
              field -> {
                var name = field.getKey().toLowerCase(Locale.ROOT);
                if (party) {
                  if (name.equals("address")) {
                    copy.set(field.getKey(), without(field.getValue(), false));
                  }
                } else if (address) {
                  if (KEPT_OF_ADDRESS.contains(name)) {
                    copy.set(field.getKey(), field.getValue());
                  }
                } else if (!WORDS.contains(name)) {
                  copy.set(field.getKey(), without(field.getValue(), READ.contains(name)));
                }
              });
      if (party) {
        copy.put("piiState", "withheld");
      }
      return copy;
    }
    if (node.isArray()) {
      var copy = ((ArrayNode) node).arrayNode(node.size());
      node.forEach(item -> copy.add(without(item, read)));
      return copy;
    }
    return read && node.isTextual() ? TextNode.valueOf(words(node.textValue())) : node;
  }

  private static boolean party(JsonNode object) {
    return !of(object, THING) && (of(object, PARTY) || object.path("address").isObject());
  }

  private static boolean address(JsonNode object) {
    return !of(object, THING) && (of(object, ADDRESS) || object.has("countryCode"));
  }

  private static boolean of(JsonNode object, Set<String> names) {
    var found = false;
    for (var field : object.properties()) {
      found |= names.contains(field.getKey().toLowerCase(Locale.ROOT));
    }
    return found;
  }

  /**
   * A sentence of the timeline without them, and without what follows its colon: words of others.
   */
  String sentence(String sentence) {
    var colon = sentence.indexOf(": ");
    return words(colon < 0 ? sentence : sentence.substring(0, colon) + ".");
  }

  private String words(String text) {
    if (values.isEmpty()) {
      return text;
    }
    if (pattern == null) {
      pattern = pattern(values);
    }
    return pattern.matcher(text).replaceAll("…");
  }

  private static Pattern pattern(Collection<String> values) {
    List<String> longestFirst = new ArrayList<>(values);
    longestFirst.sort(Comparator.comparingInt(String::length).reversed());
    var any = String.join("|", longestFirst.stream().map(Pattern::quote).toList());
    return Pattern.compile(
        "(?<![\\p{L}\\p{N}])(?:" + any + ")(?![\\p{L}\\p{N}])",
        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }
}
