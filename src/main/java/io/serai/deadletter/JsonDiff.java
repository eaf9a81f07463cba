package io.serai.deadletter;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** What differs between two JSON trees, leaf by leaf, in the order of the trees. */
public final class JsonDiff {
  private final List<DryRun.Difference> found = new ArrayList<>();

  private JsonDiff() {}

  /** The differences from one to the other; equal trees have none. */
  public static List<DryRun.Difference> between(JsonNode before, JsonNode after) {
    var diff = new JsonDiff();
    diff.compare("", before, after);
    return List.copyOf(diff.found);
  }

  private void compare(String path, JsonNode before, JsonNode after) {
    if (before.isObject() && after.isObject()) {
      for (Iterator<String> names = before.fieldNames(); names.hasNext(); ) {
        var name = names.next();
        child(path + "/" + escaped(name), before.get(name), after.get(name));
      }
      for (Iterator<String> names = after.fieldNames(); names.hasNext(); ) {
        var name = names.next();
        if (!before.has(name)) {
          child(path + "/" + escaped(name), null, after.get(name));
        }
      }
    } else if (before.isArray() && after.isArray()) {
      for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
        child(path + "/" + i, before.get(i), after.get(i));
      }
    } else if (!same(before, after)) {
      found.add(new DryRun.Difference(path, text(before), text(after)));
    }
  }

  private void child(String path, JsonNode before, JsonNode after) {
    if (before == null || after == null) {
      found.add(new DryRun.Difference(path, text(before), text(after)));
    } else {
      compare(path, before, after);
    }
  }

  /** Numbers are equal by value: 10, 10.0 and 1e1 are one number. */
  private static boolean same(JsonNode before, JsonNode after) {
    if (before.isNumber() && after.isNumber()) {
      return before.decimalValue().compareTo(after.decimalValue()) == 0;
    }
    return before.equals(after);
  }

  private static String text(JsonNode node) {
    return node == null ? null : node.toString();
  }

  private static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
