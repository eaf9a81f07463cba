package io.serai.edi;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.edi.SetRule.Loop;
import io.serai.edi.SetRule.Part;
import io.serai.edi.SetRule.Use;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a set is made of as far as it is used: the segments and elements of some trees, and those
 * that must be there. What else X12 allows is left out.
 */
public final class SetGuide {
  private static final int MOST_EXAMPLES = 4;

  /**
   * A segment at its place.
   *
   * @param depth how many loops it stands in
   * @param segment its identifier
   * @param name what it is, in words
   * @param mandatory whether its set or loop must have it
   * @param max how often at most, {@link Integer#MAX_VALUE} without a limit
   * @param opens whether it opens a loop
   */
  public record Row(
      int depth,
      String segment,
      String name,
      boolean mandatory,
      int max,
      boolean opens,
      List<Element> elements) {}

  /**
   * An element of a segment.
   *
   * @param name segment and place, as BEG05
   * @param what it is, in words
   * @param mandatory whether its segment must have it
   * @param expected what may stand there
   * @param examples what stood there
   */
  public record Element(
      String name, String what, boolean mandatory, String expected, List<String> examples) {}

  private final Dictionary dictionary;
  private final Version version;
  private final Set<String> wanted;
  private final List<Row> rows = new ArrayList<>();

  private SetGuide(Dictionary dictionary, Version version, Set<String> wanted) {
    this.dictionary = dictionary;
    this.version = version;
    this.wanted = wanted;
  }

  /**
   * The rows of a set, in its order.
   *
   * @param version as GS08 says it
   * @param trees documents of that set
   * @param wanted segments and elements that must be there beyond what X12 asks for
   */
  public static List<Row> of(
      String set, String version, List<? extends JsonNode> trees, Set<String> wanted) {
    var dictionary = Dictionary.ofSet(set);
    var rule = dictionary.set(set);
    var known =
        dictionary.standard() == Standard.EDIFACT ? Optional.of(Version.D96A) : Version.of(version);
    if (rule == null || known.isEmpty()) {
      throw new IllegalArgumentException(
          "Set '%s' of version '%s' is not one that Serai knows.".formatted(set, version));
    }
    var guide = new SetGuide(dictionary, known.get(), wanted);
    guide.loop(rule.root(), trees, 0);
    return guide.rows;
  }

  private void loop(Loop loop, List<? extends JsonNode> trees, int depth) {
    var seen = new LinkedHashSet<String>();
    for (var part : loop.parts()) {
      var inner = part instanceof Loop;
      var name = part.trigger() + (inner ? dictionary.standard().loop() : "");
      if (!seen.add(name)) {
        continue; // a second place of the same segment reads like the first
      }
      var found = children(trees, name);
      if (part instanceof Loop deeper) {
        if (!found.isEmpty() || deeper.mandatory() || wants(deeper)) {
          loop(deeper, found, depth + 1);
        }
      } else if (!found.isEmpty() || part.mandatory() || wants(part)) {
        rows.add(row(loop, (Use) part, found, depth));
      }
    }
  }

  // Where it stands first: the same segment deeper down is another thing.
  private boolean wants(Part part) {
    return rows.stream().noneMatch(row -> row.segment().equals(part.trigger()))
        && wanted.stream()
            .anyMatch(
                name ->
                    name.equals(part.trigger())
                        || name.length() == part.trigger().length() + 2
                            && name.startsWith(part.trigger()));
  }

  private Row row(Loop loop, Use use, List<JsonNode> segments, int depth) {
    var opens = depth > 0 && loop.parts().get(0) == use;
    var rule = dictionary.rule(use.trigger());
    var elements = new ArrayList<Element>();
    for (int i = 0; rule != null && i < rule.parts().size(); i++) {
      var name = use.trigger() + (i < 9 ? "0" : "") + (i + 1);
      var part = rule.parts().get(i);
      var examples = examples(segments, name);
      if (!examples.isEmpty() || part.mandatory() || wanted.contains(name)) {
        elements.add(
            new Element(
                name,
                part.composite() == null ? part.rule().name() : part.composite().name(),
                part.mandatory(),
                part.composite() == null ? part.rule().expected(version) : "a composite",
                apart(part) ? List.of() : examples));
        if (apart(part)) {
          components(segments, name, part.composite(), elements);
        }
      }
    }
    return new Row(
        depth,
        use.trigger(),
        rule == null ? "" : rule.name(),
        opens ? loop.mandatory() : use.mandatory(),
        opens ? loop.max() : use.max(),
        opens,
        elements);
  }

  private boolean apart(SegmentRule.Part part) {
    return part.composite() != null && dictionary.standard() == Standard.EDIFACT;
  }

  // Nearly everything in EDIFACT stands in composites, so they are taken apart.
  private void components(
      List<JsonNode> segments, String name, SegmentRule composite, List<Element> elements) {
    for (int i = 0; i < composite.parts().size(); i++) {
      var part = composite.parts().get(i);
      var examples = new LinkedHashSet<String>();
      for (var segment : segments) {
        var text = segment.path(name).path(i).asText("");
        if (!text.isBlank() && examples.size() < MOST_EXAMPLES) {
          examples.add(text);
        }
      }
      if (!examples.isEmpty() || part.mandatory()) {
        elements.add(
            new Element(
                name + '-' + (i + 1),
                part.rule().name(),
                part.mandatory(),
                part.rule().expected(version),
                List.copyOf(examples)));
      }
    }
  }

  private static List<String> examples(List<JsonNode> segments, String name) {
    var examples = new LinkedHashSet<String>();
    for (var segment : segments) {
      var value = segment.path(name);
      for (var one : value.isArray() ? value : List.of(value)) {
        if (one.isValueNode() && !one.asText().isBlank() && examples.size() < MOST_EXAMPLES) {
          examples.add(one.asText());
        }
      }
    }
    return List.copyOf(examples);
  }

  private static List<JsonNode> children(List<? extends JsonNode> trees, String name) {
    var found = new ArrayList<JsonNode>();
    for (var tree : trees) {
      var value = tree.path(name);
      if (value.isArray()) {
        value.forEach(found::add);
      } else if (value.isObject()) {
        found.add(value);
      }
    }
    return found;
  }
}
