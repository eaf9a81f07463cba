package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.stock.CrossReference;
import io.serai.stock.Item;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Judges rows of items and cross-references one by one: what cannot be taken is named. */
final class ItemRows {
  static final int MOST_ROWS = 10_000;
  static final int LARGEST_QUANTITY = 10_000;
  static final int HEAVIEST = 1_000_000_000;

  private static final Set<String> ITEM =
      Set.of(
          "sku",
          "title",
          "tags",
          "weightGrams",
          "hsCode",
          "originCountry",
          "abcClass",
          "components");
  private static final Set<String> COMPONENT = Set.of("sku", "quantity");
  private static final Set<String> REFERENCE = Set.of("channel", "code", "sku", "quantity");
  private static final Pattern HS_CODE = Pattern.compile("[0-9]{4,12}");
  private static final Pattern COUNTRY = Pattern.compile("[A-Z]{2}");
  private static final Pattern CLASS = Pattern.compile("[ABC]");
  private static final Pattern TAG = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  private ItemRows() {}

  /** What can be taken, and what cannot. */
  record Judged<T>(List<T> taken, List<StockViews.Refused> refused) {}

  /** Why a row cannot be taken. */
  private static final class Fault extends RuntimeException {
    Fault(String sentence, Object... values) {
      super(sentence.formatted(values), null, false, false);
    }
  }

  /** The rows of a body. */
  static JsonNode list(JsonNode body, String name) {
    if (!body.path(name).isArray()) {
      throw Problem.badRequest(
          "The body has no list '%s'; send {\"%s\": [...]}.".formatted(name, name));
    }
    for (var field : (Iterable<String>) body::fieldNames) {
      if (!field.equals(name)) {
        throw Problem.badRequest(
            "Field '%s' is not known; the body has '%s' only.".formatted(Words.cut(field), name));
      }
    }
    if (body.path(name).size() > MOST_ROWS) {
      throw Problem.tooLarge(
          "The body has %d rows; send at most %d at once."
              .formatted(body.path(name).size(), MOST_ROWS));
    }
    return body.path(name);
  }

  static Judged<Item> items(JsonNode rows) {
    var judged = new Judged<Item>(new ArrayList<>(), new ArrayList<>());
    var seen = new HashSet<String>();
    for (var i = 0; i < rows.size(); i++) {
      try {
        var item = item(rows.get(i));
        if (!seen.add(item.sku())) {
          throw new Fault("SKU '%s' is given more than once; send it once.", item.sku());
        }
        judged.taken().add(item);
      } catch (Fault e) {
        refuse(judged.refused(), i + 1, rows.get(i).path("sku"), e);
      }
    }
    return judged;
  }

  private static Item item(JsonNode row) {
    fields(row, "an item", ITEM);
    var sku = name(row, "sku", "the item");
    var tags = new TreeSet<String>();
    for (var tag : list(row, "tags", sku, 50)) {
      if (!tag.isTextual() || !TAG.matcher(tag.textValue()).matches()) {
        throw new Fault(
            "Item '%s' has tag '%s'; a tag is lower-case letters, digits and hyphens.",
            sku, Words.cut(tag.asText()));
      }
      tags.add(tag.textValue());
    }
    var components = new ArrayList<Item.Part>();
    var named = new HashSet<String>();
    for (var component : list(row, "components", sku, 100)) {
      fields(component, "a component of '" + sku + "'", COMPONENT);
      var part = name(component, "sku", "a component of '" + sku + "'");
      if (!named.add(part)) {
        throw new Fault(
            "Item '%s' names component '%s' more than once; give its quantity once.", sku, part);
      }
      components.add(
          new Item.Part(
              part,
              whole(component, "quantity", 1, LARGEST_QUANTITY, 1, "Component '" + part + "'")));
    }
    return new Item(
        sku,
        text(row, "title", 1_000, sku),
        tags,
        row.hasNonNull("weightGrams")
            ? whole(row, "weightGrams", 0, HEAVIEST, null, "Item '" + sku + "'")
            : null,
        matching(row, "hsCode", HS_CODE, "4 to 12 digits", sku),
        matching(row, "originCountry", COUNTRY, "two capital letters, such as PT", sku),
        matching(row, "abcClass", CLASS, "A, B or C", sku),
        components);
  }

  static Judged<CrossReference> references(JsonNode rows, Collection<String> channels) {
    var judged = new Judged<CrossReference>(new ArrayList<>(), new ArrayList<>());
    var seen = new HashSet<String>();
    for (var i = 0; i < rows.size(); i++) {
      try {
        var reference = reference(rows.get(i), channels);
        if (!seen.add(reference.account() + '/' + reference.code())) {
          throw new Fault("Code '%s' is given more than once; send it once.", reference.code());
        }
        judged.taken().add(reference);
      } catch (Fault e) {
        refuse(judged.refused(), i + 1, rows.get(i).path("code"), e);
      }
    }
    return judged;
  }

  private static CrossReference reference(JsonNode row, Collection<String> channels) {
    fields(row, "a cross-reference", REFERENCE);
    var code = name(row, "code", "the cross-reference");
    var channel = row.hasNonNull("channel") ? row.path("channel").asText() : null;
    if (channel != null && !channels.contains(channel)) {
      throw new Fault(
          "Code '%s' names channel '%s', which is not configured; name one of %s, or none for all.",
          code, Words.cut(channel), new TreeSet<>(channels));
    }
    return new CrossReference(
        channel,
        code,
        name(row, "sku", "code '" + code + "'"),
        whole(row, "quantity", 1, LARGEST_QUANTITY, 1, "Code '" + code + "'"));
  }

  private static void fields(JsonNode row, String what, Set<String> known) {
    if (!row.isObject()) {
      throw new Fault("%s is an object; this is none.", sentence(what));
    }
    for (var field : (Iterable<String>) row::fieldNames) {
      if (!known.contains(field)) {
        throw new Fault(
            "Field '%s' of %s is not known; there are %s.",
            Words.cut(field), what, new TreeSet<>(known));
      }
    }
  }

  private static String name(JsonNode row, String field, String of) {
    var given = row.path(field);
    if (!given.isTextual() || given.textValue().isBlank()) {
      throw new Fault("%s has no '%s'; give it as text.", sentence(of), field);
    }
    var name = given.textValue().strip();
    if (name.length() > StockRows.LONGEST_SKU || name.chars().anyMatch(Character::isISOControl)) {
      throw new Fault(
          "'%s' of %s is longer than %d characters or has control characters; correct it.",
          Words.cut(name), of, StockRows.LONGEST_SKU);
    }
    return name;
  }

  private static String text(JsonNode row, String field, int longest, String sku) {
    if (!row.hasNonNull(field)) {
      return null;
    }
    var text = row.path(field).isTextual() ? Words.present(row.path(field).textValue()) : "\0";
    if (text != null
        && (text.length() > longest || text.chars().anyMatch(Character::isISOControl))) {
      throw new Fault(
          "Item '%s' has a '%s' that is no text of at most %d characters; correct it.",
          sku, field, longest);
    }
    return text;
  }

  private static String matching(
      JsonNode row, String field, Pattern pattern, String form, String sku) {
    if (!row.hasNonNull(field)) {
      return null;
    }
    var text = row.path(field).asText();
    if (!pattern.matcher(text).matches()) {
      throw new Fault("Item '%s' has %s '%s'; give %s.", sku, field, Words.cut(text), form);
    }
    return text;
  }

  private static Iterable<JsonNode> list(JsonNode row, String field, String sku, int most) {
    if (!row.hasNonNull(field)) {
      return List.of();
    }
    if (!row.path(field).isArray() || row.path(field).size() > most) {
      throw new Fault(
          "Item '%s' has '%s' that is no list of at most %d; correct it.", sku, field, most);
    }
    return row.path(field);
  }

  private static int whole(
      JsonNode row, String field, int least, int most, Integer absent, String what) {
    var given = row.path(field);
    if (absent != null && (given.isMissingNode() || given.isNull())) {
      return absent;
    }
    if (!given.isIntegralNumber()
        || !given.canConvertToInt()
        || given.intValue() < least
        || given.intValue() > most) {
      throw new Fault(
          "%s has %s '%s'; it is a whole number from %d to %d.",
          what, field, Words.cut(given.asText()), least, most);
    }
    return given.intValue();
  }

  private static String sentence(String words) {
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  private static void refuse(List<StockViews.Refused> refused, int row, JsonNode key, Fault fault) {
    refused.add(
        new StockViews.Refused(
            row,
            key.isTextual() ? Words.cut(key.textValue()) : null,
            "Row %d: %s".formatted(row, fault.getMessage())));
  }
}
