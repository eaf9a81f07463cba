package io.serai.edi;

import io.serai.edi.SegmentRule.Part;
import io.serai.edi.SegmentRule.Relation;
import io.serai.edi.SetRule.Loop;
import io.serai.edi.SetRule.Use;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A standard as Serai knows it: elements, segments and sets (EDIFACT's messages), read from its
 * three tables when they are first asked for.
 *
 * <p>Guarantee: a table that contradicts itself fails to load, with file and line. Gap: the
 * standards have more segments than these; one that only its place is known of is taken without a
 * look at its elements.
 */
final class Dictionary {
  private static final Pattern ELEMENT =
      Pattern.compile(
          "(\\w+) (AN|FT|ID|DT|TM|R|N\\d) (\\d+)/(\\d+)(?: (?:5010|later):\\d+/(\\d+))? ([^=]+?)(?: = (.*))?");
  private static final Pattern SEGMENT = Pattern.compile("(\\w+) ([^:|]+(?:: [a-z][^:|]*)?): (.*)");
  private static final Pattern SET = Pattern.compile("(\\d{3}) ([A-Z]{2}) (.+)");
  // EDIFACT has no functional groups but those of one message type.
  private static final Pattern MESSAGE = Pattern.compile("(([A-Z]{6})) (.+)");
  private static final Pattern COMPOSITE = Pattern.compile("[CS]\\d{3} .*");
  private static final Pattern USE = Pattern.compile("([A-Z][A-Z0-9]{1,2})(!?)(?:(\\*)|:(\\d+))?");
  private static final Pattern LOOP = Pattern.compile("\\((\\w+)(!?)(?:(\\*)|:(\\d+))?\\)");
  private static final Pattern RANGE = Pattern.compile("(\\d+)-(\\d+)");

  private final Map<String, ElementRule> elements = new HashMap<>();
  private final Map<String, SegmentRule> segments = new HashMap<>();
  private final Map<String, SetRule> sets = new TreeMap<>();
  private final Set<String> known = new HashSet<>();
  private final Standard standard;
  private final String elementFile;
  private final String segmentFile;
  private final String setFile;

  private Dictionary(Standard standard) {
    this.standard = standard;
    boolean x12 = standard == Standard.X12;
    elementFile = x12 ? "x12-elements.txt" : "edifact-elements.txt";
    segmentFile = x12 ? "x12-segments.txt" : "edifact-segments.txt";
    setFile = x12 ? "x12-sets.txt" : "edifact-messages.txt";
    if (x12) {
      known.addAll(Set.of("ISA", "ST", "SE", "GE", "IEA"));
    }
    read(elementFile, this::element);
    var lines = new ArrayList<String>();
    read(segmentFile, lines::add);
    // composites stand last and are needed first
    lines.stream().filter(line -> COMPOSITE.matcher(line).matches()).forEach(this::segment);
    lines.stream().filter(line -> !COMPOSITE.matcher(line).matches()).forEach(this::segment);
    sets();
    known.addAll(segments.keySet());
    sets.values().forEach(set -> known.addAll(set.segments()));
  }

  /** The tables of X12. */
  static Dictionary x12() {
    return X12.INSTANCE;
  }

  /** The tables of EDIFACT. */
  static Dictionary edifact() {
    return Edifact.INSTANCE;
  }

  /** The tables of a standard. */
  static Dictionary of(Standard standard) {
    return standard == Standard.X12 ? x12() : edifact();
  }

  /** The tables that would have this set or message. */
  static Dictionary ofSet(String set) {
    return of(Standard.of(set));
  }

  private static final class X12 {
    static final Dictionary INSTANCE = new Dictionary(Standard.X12);
  }

  private static final class Edifact {
    static final Dictionary INSTANCE = new Dictionary(Standard.EDIFACT);
  }

  /** Whose tables they are. */
  Standard standard() {
    return standard;
  }

  /** What a segment is made of, null when only its place is known. */
  SegmentRule rule(String segment) {
    return segments.get(segment);
  }

  SetRule set(String id) {
    return sets.get(id);
  }

  /** Every set, by number. */
  Map<String, SetRule> allSets() {
    return sets;
  }

  boolean knowsGroup(String functionalId) {
    return sets.values().stream().anyMatch(set -> set.group().equals(functionalId));
  }

  boolean knowsSegment(String id) {
    return known.contains(id);
  }

  private void element(String line) {
    var match = ELEMENT.matcher(line);
    require(match.matches(), elementFile, line);
    var type = match.group(2);
    int longest = Integer.parseInt(match.group(4));
    var codes = new LinkedHashSet<String>();
    if (match.group(7) != null) {
      for (var code : match.group(7).split(" ")) {
        var range = RANGE.matcher(code);
        if (range.matches()) {
          int width = range.group(1).length();
          IntStream.rangeClosed(Integer.parseInt(range.group(1)), Integer.parseInt(range.group(2)))
              .mapToObj(i -> ("%0" + width + "d").formatted(i))
              .forEach(codes::add);
        } else {
          codes.add(code);
        }
      }
    }
    var rule =
        new ElementRule(
            match.group(1),
            switch (type) {
              case "AN" -> ElementRule.Type.TEXT;
              case "FT" -> ElementRule.Type.FREE_TEXT;
              case "ID" -> ElementRule.Type.CODE;
              case "DT" -> ElementRule.Type.DATE;
              case "TM" -> ElementRule.Type.TIME;
              case "R" -> ElementRule.Type.DECIMAL;
              default -> ElementRule.Type.WHOLE;
            },
            type.startsWith("N") ? type.charAt(1) - '0' : 0,
            Integer.parseInt(match.group(3)),
            longest,
            match.group(5) == null ? longest : Integer.parseInt(match.group(5)),
            match.group(6),
            codes);
    require(elements.put(rule.number(), rule) == null, elementFile, line);
  }

  private void segment(String line) {
    var match = SEGMENT.matcher(line);
    require(match.matches(), segmentFile, line);
    var halves = match.group(3).split(" \\| ");
    var parts = new ArrayList<Part>();
    for (var word : halves[0].split(" ")) {
      var number = word.replace("!", "");
      var composite = elements.containsKey(number) ? null : segments.get(number);
      var rule =
          composite == null
              ? elements.get(number)
              : new ElementRule(
                  number, ElementRule.Type.COMPOSITE, 0, 1, 999, 999, composite.name(), Set.of());
      require(rule != null, segmentFile, line);
      parts.add(new Part(rule, word.endsWith("!"), composite));
    }
    var relations = new ArrayList<Relation>();
    if (halves.length > 1) {
      for (var word : halves[1].split(" ")) {
        var places = new int[(word.length() - 1) / 2];
        for (int i = 0; i < places.length; i++) {
          places[i] = Integer.parseInt(word.substring(1 + 2 * i, 3 + 2 * i));
          require(places[i] <= parts.size(), segmentFile, line);
        }
        relations.add(new Relation(word.charAt(0), places));
      }
    }
    var rule = new SegmentRule(match.group(1), match.group(2), parts, relations);
    require(segments.put(rule.id(), rule) == null, segmentFile, line);
  }

  private void sets() {
    var lines = new ArrayList<String>();
    read(setFile, lines::add);
    for (int at = 0; at < lines.size(); ) {
      var head = (standard == Standard.X12 ? SET : MESSAGE).matcher(lines.get(at));
      require(head.matches(), setFile, lines.get(at));
      int end = at + 1;
      while (end < lines.size() && lines.get(end).startsWith(" ")) {
        end++;
      }
      var root = loop("", true, 1, List.of(), lines.subList(at + 1, end), 1, -1);
      sets.put(head.group(1), new SetRule(head.group(1), head.group(2), head.group(3), root));
      at = end;
    }
  }

  private Loop loop(
      String name,
      boolean mandatory,
      int max,
      List<Use> first,
      List<String> lines,
      int depth,
      int afterLs) {
    var parts = new ArrayList<SetRule.Part>(first);
    int openLs = open(parts, -1);
    for (int at = 0; at < lines.size(); ) {
      var line = lines.get(at);
      require(indent(line) == depth, setFile, line);
      var words = line.strip().split(" ");
      var loop = LOOP.matcher(words[0]);
      if (loop.matches()) {
        int end = at + 1;
        while (end < lines.size() && indent(lines.get(end)) > depth) {
          end++;
        }
        parts.add(
            loop(
                loop.group(1),
                !loop.group(2).isEmpty(),
                max(loop.group(3), loop.group(4)),
                uses(words, 1, line),
                lines.subList(at + 1, end),
                depth + 1,
                openLs));
        at = end;
      } else {
        var uses = uses(words, 0, line);
        parts.addAll(uses);
        openLs = open(parts, openLs);
        at++;
      }
    }
    return new Loop(name, mandatory, max, List.copyOf(parts), afterLs);
  }

  private static int open(List<SetRule.Part> parts, int before) {
    int open = before;
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).trigger().equals("LS")) {
        open = i;
      } else if (parts.get(i).trigger().equals("LE")) {
        open = -1;
      }
    }
    return open;
  }

  private List<Use> uses(String[] words, int from, String line) {
    return IntStream.range(from, words.length)
        .mapToObj(
            i -> {
              var use = USE.matcher(words[i]);
              require(use.matches(), setFile, line);
              return new Use(
                  use.group(1), !use.group(2).isEmpty(), max(use.group(3), use.group(4)));
            })
        .collect(Collectors.toList());
  }

  private static int max(String unlimited, String count) {
    return unlimited != null ? Integer.MAX_VALUE : count == null ? 1 : Integer.parseInt(count);
  }

  private static int indent(String line) {
    return (line.length() - line.stripLeading().length()) / 2;
  }

  private static void require(boolean sound, String file, String line) {
    if (!sound) {
      throw new IllegalStateException("The table '" + file + "' cannot be read at '" + line + "'.");
    }
  }

  private static void read(String file, Consumer<String> line) {
    try (var in = Dictionary.class.getResourceAsStream("/edi/" + file)) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(text -> !text.isBlank() && !text.startsWith("#"))
          .forEach(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
