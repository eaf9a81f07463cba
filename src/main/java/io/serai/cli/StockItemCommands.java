package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serai.support.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.StringJoiner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The verbs of {@code serai stock} about what is sold: items, sets, and what codes mean. */
final class StockItemCommands {
  private StockItemCommands() {}

  @Command(
      name = "items",
      description = "List items: their tags, and what sets consist of.",
      footer = {"Example:", "  serai stock items"})
  static final class Items extends ListVerb {
    Items(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list = hub().list("/items", most());
      if (asJson(list)) {
        return;
      }
      var table = table().text("SKU", "TITLE", "TAGS").number("GRAMS").text("CONSISTS OF");
      for (var item : list.path("items")) {
        table.row(
            at(item, "sku"),
            at(item, "title"),
            joined(item.path("tags")),
            at(item, "weightGrams"),
            consists(item.path("components")));
      }
      if (!table.isEmpty()) {
        table.print();
      }
      ending(list, "No item was described yet.", "add --limit.");
    }
  }

  private static String joined(JsonNode texts) {
    var joined = new StringJoiner(" ");
    texts.forEach(text -> joined.add(Text.line(text.asText())));
    return joined.toString();
  }

  private static String consists(JsonNode components) {
    var joined = new StringJoiner(" + ");
    for (var component : components) {
      joined.add(
          component.path("quantity").asInt() + " x " + Text.line(component.path("sku").asText()));
    }
    return joined.toString();
  }

  @Command(
      name = "describe",
      description = "Say what an item needs, or what a set consists of; replaces what was said.",
      footer = {
        "Examples:",
        "  serai stock describe MUG-BLU --title 'Blue mug' --tag fragile --grams 350",
        "  serai stock describe MUG-SET --component MUG-BLU=2 --component TEA-100=1",
        "  serai stock describe --file items.json",
        "A file holds the JSON that PUT /api/v1/items takes."
      })
  static final class Describe extends OperatorVerb {
    @Parameters(index = "0", arity = "0..1", paramLabel = "SKU", description = "The item.")
    String sku;

    @Option(names = "--title", paramLabel = "TEXT", description = "What people call it.")
    String title;

    @Option(
        names = "--tag",
        paramLabel = "TAG",
        description = "A word that rules know; repeatable.")
    List<String> tags;

    @Option(names = "--grams", paramLabel = "N", description = "Weight of one unit.")
    Integer grams;

    @Option(names = "--hs-code", paramLabel = "DIGITS", description = "Customs tariff number.")
    String hsCode;

    @Option(names = "--origin", paramLabel = "CC", description = "Country it was made in.")
    String origin;

    @Option(
        names = "--class",
        paramLabel = "A|B|C",
        description = "How often it is counted, and how exactly.")
    String rank;

    @Option(
        names = "--component",
        paramLabel = "SKU=N",
        description = "So many of a SKU in each set; repeatable.")
    List<String> components;

    @Option(names = "--file", paramLabel = "FILE", description = "JSON; - reads the input.")
    String file;

    private boolean refused;

    Describe(Session session) {
      super(session);
    }

    @Override
    void run() {
      var result = hub().put("/items", file != null ? json(file) : one());
      refused = told(this, result);
    }

    @Override
    int exitCode() {
      return refused ? 1 : 0;
    }

    private JsonNode one() {
      if (sku == null) {
        throw new Sentence("No item is named; give a SKU or --file.");
      }
      var items = JsonNodeFactory.instance.objectNode();
      var item = items.putArray("items").addObject();
      item.put("sku", sku);
      if (title != null) {
        item.put("title", title);
      }
      if (tags != null) {
        tags.forEach(item.withArray("tags")::add);
      }
      if (grams != null) {
        item.put("weightGrams", grams);
      }
      if (hsCode != null) {
        item.put("hsCode", hsCode);
      }
      if (origin != null) {
        item.put("originCountry", origin);
      }
      if (rank != null) {
        item.put("abcClass", rank);
      }
      if (components != null) {
        for (var component : components) {
          var split = component.lastIndexOf('=');
          if (split <= 0 || !component.substring(split + 1).matches("[0-9]{1,9}")) {
            throw new Sentence("'%s' is no component; write SKU=2.".formatted(component));
          }
          item.withArray("components")
              .addObject()
              .put("sku", component.substring(0, split))
              .put("quantity", Integer.parseInt(component.substring(split + 1)));
        }
      }
      return items;
    }
  }

  @Command(
      name = "codes",
      description = "List what channels' codes mean.",
      footer = {"Example:", "  serai stock codes --sku MUG-BLU"})
  static final class Codes extends ListVerb {
    @Option(names = "--sku", paramLabel = "SKU", description = "Only those that mean this SKU.")
    String sku;

    Codes(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list = hub().list("/cross-references" + Hub.query("sku", sku), most());
      if (asJson(list)) {
        return;
      }
      var table = table().text("CHANNEL", "CODE", "MEANS").number("UNITS");
      for (var reference : list.path("items")) {
        table.row(
            at(reference, "channel") == null ? "(every)" : at(reference, "channel"),
            at(reference, "code"),
            at(reference, "sku"),
            at(reference, "quantity"));
      }
      if (!table.isEmpty()) {
        table.print();
      }
      ending(list, "Every code is its own SKU.", "add --limit.");
    }
  }

  @Command(
      name = "code",
      description = "Say what a code means, in one channel or in every one.",
      footer = {
        "Examples:",
        "  serai stock code MUG-BLU-6 --means MUG-BLU --units 6 --channel shopify-main",
        "  serai stock code --file codes.json",
        "A file holds the JSON that PUT /api/v1/cross-references takes."
      })
  static final class Code extends OperatorVerb {
    @Parameters(index = "0", arity = "0..1", paramLabel = "CODE", description = "The code.")
    String code;

    @Option(names = "--means", paramLabel = "SKU", description = "What it is.")
    String sku;

    @Option(names = "--units", paramLabel = "N", description = "How many of it; 1 when absent.")
    Integer units;

    @Option(names = "--channel", paramLabel = "CHANNEL", description = "Absent: in every channel.")
    String channel;

    @Option(names = "--file", paramLabel = "FILE", description = "JSON; - reads the input.")
    String file;

    private boolean refused;

    Code(Session session) {
      super(session);
    }

    @Override
    void run() {
      refused = told(this, hub().put("/cross-references", file != null ? json(file) : one()));
    }

    @Override
    int exitCode() {
      return refused ? 1 : 0;
    }

    private JsonNode one() {
      if (code == null || sku == null) {
        throw new Sentence("Nothing is said; give a code and --means, or --file.");
      }
      var references = JsonNodeFactory.instance.objectNode();
      var reference = references.putArray("crossReferences").addObject();
      reference.put("code", code).put("sku", sku).put("quantity", units == null ? 1 : units);
      if (channel != null) {
        reference.put("channel", channel);
      }
      return references;
    }
  }

  @Command(
      name = "forget",
      description = "Forget what was said of an item, or what a code means.",
      footer = {
        "Examples:",
        "  serai stock forget --item MUG-SET",
        "  serai stock forget --code MUG-BLU-6 --channel shopify-main"
      })
  static final class Forget extends OperatorVerb {
    @Option(names = "--item", paramLabel = "SKU", description = "The item.")
    String item;

    @Option(names = "--code", paramLabel = "CODE", description = "The code.")
    String code;

    @Option(names = "--channel", paramLabel = "CHANNEL", description = "Absent: in every channel.")
    String channel;

    Forget(Session session) {
      super(session);
    }

    @Override
    void run() {
      if ((item == null) == (code == null)) {
        throw new Sentence("Name one thing to forget: --item or --code.");
      }
      var removed =
          hub()
              .delete(
                  item != null
                      ? "/items/" + Hub.segment(item)
                      : "/cross-references" + Hub.query("code", code, "channel", channel));
      if (!asJson(removed)) {
        say("Forgotten: '%s'.", Text.line(at(removed, "removed")));
      }
    }
  }

  private static JsonNode json(String file) {
    var text = new String(DeadLettersCommand.read(file), StandardCharsets.UTF_8);
    try {
      return Json.tree(text);
    } catch (Json.Unreadable e) {
      throw new Sentence("File '%s': %s".formatted(file, e.getMessage()));
    }
  }

  /** Tells what came of rows. Answers whether some were refused. */
  private static boolean told(OperatorVerb verb, JsonNode result) {
    if (!verb.asJson(result)) {
      verb.say(
          "%s of %s applied, %d refused.",
          OperatorVerb.at(result, "applied"),
          OperatorVerb.at(result, "received"),
          result.path("refused").size());
      for (var row : result.path("refused")) {
        verb.say("  " + Text.line(OperatorVerb.at(row, "sentence")));
      }
    }
    return !result.path("refused").isEmpty();
  }
}
