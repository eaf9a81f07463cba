package io.serai.edi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.edi.SetRule.Loop;
import io.serai.edi.SetRule.Use;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A transaction set, or a message of EDIFACT, as the JSON tree that mappings read and write.
 *
 * <pre>
 * {"envelope": {"set": "850", "control": "0001", "sender": "...", ...},
 *  "BEG": {"BEG01": "00", "BEG03": "PO-1"},
 *  "REF": [{"REF01": "DP", "REF02": "38"}],
 *  "N1Loop": [{"N1": {"N101": "ST", ...}, "N3": [{...}]}],
 *  "PO1Loop": [{"PO1": {...}, "PIDLoop": [...]}]}
 * </pre>
 *
 * <p>Guarantee: the shape follows the table, never the document: what may come more than once is
 * always a list and what comes once never is; a composite is a list of texts; what is absent has no
 * name. A document of ours, read and written again, is the same bytes. Gap: segments that stand out
 * of place are not in the tree, and of an element that repeats only the first.
 */
public final class SetTree {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String ENVELOPE = "envelope";

  private SetTree() {}

  /**
   * The tree of a set.
   *
   * @throws IllegalArgumentException when the set was refused, so that it has no tree to rely on
   */
  public static ObjectNode of(TransactionSet set) {
    if (!set.report().outcome().taken() || set.tree() == null) {
      throw new IllegalArgumentException(
          "Set '" + set.report().control() + "' was refused; a refused set is not mapped.");
    }
    var tree = JSON.objectNode();
    var interchange = set.interchange();
    var group = set.group();
    boolean edifact = interchange.delimiters().standard() == Standard.EDIFACT;
    tree.putObject(ENVELOPE)
        .put("set", set.report().id())
        .put("control", set.report().control())
        .put("version", edifact ? set.report().implementation() : group.version())
        .put("usage", interchange.usage())
        .put("senderQualifier", interchange.senderQualifier())
        .put("sender", interchange.sender())
        .put("receiverQualifier", interchange.receiverQualifier())
        .put("receiver", interchange.receiver())
        .put("groupSender", group.sender())
        .put("groupReceiver", group.receiver())
        .put("groupControl", group.control())
        .put("interchangeControl", interchange.control())
        .put("date", interchange.date())
        .put("time", interchange.time());
    fill(tree, set.tree(), interchange.delimiters());
    return tree;
  }

  private static void fill(ObjectNode into, LoopNode node, Delimiters delimiters) {
    for (var child : node.children) {
      if (child instanceof LoopNode inner) {
        var object = JSON.objectNode();
        fill(object, inner, delimiters);
        var name = inner.rule.trigger() + delimiters.standard().loop();
        put(into, name, object, inner.rule.max());
      } else {
        var segment = (Segment) child;
        put(into, segment.id(), elements(segment, delimiters), max(node.rule, segment.id()));
      }
    }
  }

  private static int max(Loop loop, String id) {
    for (var part : loop.parts()) {
      if (part instanceof Use && part.trigger().equals(id)) {
        return part.max();
      }
    }
    return 1;
  }

  private static void put(ObjectNode into, String name, ObjectNode value, int max) {
    if (max == 1) {
      into.set(name, value);
    } else if (into.get(name) instanceof ArrayNode list) {
      list.add(value);
    } else {
      into.putArray(name).add(value);
    }
  }

  private static ObjectNode elements(Segment segment, Delimiters delimiters) {
    var object = JSON.objectNode();
    char component = delimiters.components();
    var rule = Dictionary.of(delimiters.standard()).rule(segment.id());
    for (int i = 0; i < segment.elements().size(); i++) {
      var value = first(segment.elements().get(i), delimiters);
      if (value.isBlank()) {
        continue;
      }
      var name = name(segment.id(), i + 1);
      var known = rule == null || i >= rule.parts().size() ? null : rule.parts().get(i);
      boolean composite =
          rule == null ? value.indexOf(component) >= 0 : known != null && known.composite() != null;
      if (composite) {
        var inner = known == null ? null : known.composite();
        var parts = object.putArray(name);
        int from = 0;
        for (int cut; (cut = value.indexOf(component, from)) >= 0; from = cut + 1) {
          parts.add(plain(value.substring(from, cut), inner, parts.size(), delimiters));
        }
        parts.add(plain(value.substring(from), inner, parts.size(), delimiters));
      } else {
        object.put(name, plain(value.stripTrailing(), rule, i, delimiters));
      }
    }
    return object;
  }

  // Of what repeats the first: no message of D.96A has more.
  private static String first(String value, Delimiters delimiters) {
    int cut =
        delimiters.standard() == Standard.X12 || delimiters.repetitions() == 0
            ? -1
            : value.indexOf(delimiters.repetitions());
    return cut < 0 ? value : value.substring(0, cut);
  }

  // EDIFACT writes decimals behind a comma or a point; mappings see a point.
  private static String plain(String value, SegmentRule rule, int index, Delimiters delimiters) {
    boolean number =
        delimiters.standard() == Standard.EDIFACT
            && rule != null
            && index < rule.parts().size()
            && rule.parts().get(index).rule().type() == ElementRule.Type.DECIMAL;
    return number ? value.replace(',', '.') : value;
  }

  private static String name(String segment, int element) {
    return element < 10 ? segment + '0' + element : segment + element;
  }

  /**
   * The segments between ST and SE, or UNH and UNT, that a tree stands for, in the order of the
   * set.
   *
   * @param set number of the set, or type of the message
   * @param component the separator that composites of X12 are joined with
   * @throws Unwritable when the tree has a name that the set has no place for
   */
  public static List<Segment> segments(String set, JsonNode tree, char component) {
    var rule = Dictionary.ofSet(set).set(set);
    if (rule == null) {
      throw new Unwritable("Set '" + set + "' is not one that Serai writes.");
    }
    var segments = new ArrayList<Segment>();
    boolean edifact = Standard.of(set) == Standard.EDIFACT;
    char separator = edifact ? Delimiters.EDIFACT.components() : component;
    write(rule, rule.root(), tree, set, separator, segments);
    return segments;
  }

  private static void write(
      SetRule set, Loop loop, JsonNode tree, String path, char component, List<Segment> segments) {
    Set<String> names = new HashSet<>();
    for (var part : loop.parts()) {
      var name = part.trigger() + (part instanceof Loop ? Standard.of(set.id()).loop() : "");
      if (!names.add(name)) {
        continue;
      }
      var value = tree.get(name);
      if (value == null || value.isNull()) {
        continue;
      }
      for (var one : value.isArray() ? value : List.of(value)) {
        if (!one.isObject()) {
          throw new Unwritable(
              "'" + path + "." + name + "' is not an object but " + shown(one) + ".");
        }
        if (part instanceof Loop inner) {
          write(set, inner, one, path + "." + name, component, segments);
        } else {
          segments.add(segment(name, one, path, component));
        }
      }
    }
    for (Map.Entry<String, JsonNode> field : tree.properties()) {
      if (!names.contains(field.getKey())
          && !(loop == set.root() && field.getKey().equals(ENVELOPE))) {
        throw new Unwritable(
            "'"
                + path
                + "' has '"
                + field.getKey()
                + "', which "
                + Standard.of(set.id()).document()
                + ' '
                + set.id()
                + " has no place for there.");
      }
    }
  }

  private static Segment segment(String id, JsonNode object, String path, char component) {
    var values = new ArrayList<String>();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      int element = element(id, field.getKey());
      if (element == 0) {
        throw new Unwritable(
            "'" + path + "." + id + "' has '" + field.getKey() + "', which is no element of it.");
      }
      while (values.size() < element) {
        values.add("");
      }
      values.set(element - 1, text(field.getValue(), path + "." + field.getKey(), component));
    }
    while (!values.isEmpty() && values.get(values.size() - 1).isEmpty()) {
      values.remove(values.size() - 1);
    }
    return new Segment(id, values, 0, 0, 0);
  }

  private static int element(String id, String name) {
    if (name.length() != id.length() + 2 || !name.startsWith(id)) {
      return 0;
    }
    int tens = name.charAt(id.length()) - '0';
    int ones = name.charAt(id.length() + 1) - '0';
    return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? 0 : tens * 10 + ones;
  }

  private static String text(JsonNode value, String path, char component) {
    if (value.isArray()) {
      var parts = new ArrayList<String>();
      for (var part : value) {
        parts.add(text(part, path, component).replace(component, ' '));
      }
      while (!parts.isEmpty() && parts.get(parts.size() - 1).isEmpty()) {
        parts.remove(parts.size() - 1);
      }
      return String.join(String.valueOf(component), parts);
    }
    if (value.isNull()) {
      return "";
    }
    if (value.isTextual()) {
      return value.textValue();
    }
    if (value.isNumber()) {
      return value.decimalValue().toPlainString();
    }
    throw new Unwritable("'" + path + "' is neither text nor a number but " + shown(value) + ".");
  }

  private static String shown(JsonNode value) {
    return Values.shown(value.toString());
  }
}
