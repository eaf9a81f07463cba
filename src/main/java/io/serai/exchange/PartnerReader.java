package io.serai.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serai.catalog.Documents;
import io.serai.catalog.Faults;
import io.serai.catalog.Nearest;
import io.serai.catalog.Section;
import io.serai.catalog.Yaml;
import io.serai.edi.Acknowledgment;
import io.serai.edi.Delimiters;
import io.serai.edi.Standard;
import io.serai.exchange.PartnerProfile.Answers;
import io.serai.exchange.PartnerProfile.Case;
import io.serai.exchange.PartnerProfile.Edifact;
import io.serai.exchange.PartnerProfile.EnvelopeAnswer;
import io.serai.exchange.PartnerProfile.Identity;
import io.serai.exchange.PartnerProfile.Reading;
import io.serai.exchange.PartnerProfile.Received;
import io.serai.exchange.PartnerProfile.Sent;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a {@code *.partner.yaml}: closed to unknown keys at every level mappings do not own. */
final class PartnerReader {
  /** How a partner's file ends. */
  static final String SUFFIX = ".partner.yaml";

  /** How files are called when nothing is said. */
  private static final String USUAL_NAME = "{set}_{ours}_{interchange}.edi";

  private static final List<String> DOCUMENTS =
      Documents.ALL.stream().filter(d -> !Documents.isContainer(d)).toList();
  private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
  private static final Pattern VERSION = Pattern.compile("00[45]0[0-9]{2}[A-Z0-9]{0,6}");
  private static final Pattern BYTES = Pattern.compile("([0-9]{1,6})(KB|MB)");
  private static final int KB = 1024;
  private static final int MOST_SET = 64 * KB * KB;

  /** A directory of UN/EDIFACT. */
  private static final Pattern DIRECTORY = Pattern.compile("D\\.(9[3-9]|[0-4][0-9])[A-C]");

  /** An element and what it says: N901=RZ. */
  private static final Pattern CASE = Pattern.compile("([A-Z][A-Z0-9]{1,2})([0-9]{2})=(\\S+)");

  private static final Pattern SYNTAX = Pattern.compile("UNO[A-KWY]:[1-4]");

  /** The qualifier (0007) of a GLN. */
  private static final String GLN = "14";

  /** The sets and messages of which these documents are made. */
  private static final Map<String, Set<String>> MADE_OF =
      Map.of(
          "order", Set.of("850", "940", "ORDERS"),
          "order-change", Set.of("850", "860", "ORDERS"),
          "shipment", Set.of("856", "945", "DESADV"),
          "stock", Set.of("846", "944", "947", "INVRPT", "RECADV"),
          "return", Set.of("944"),
          "invoice", Set.of("810", "INVOIC"));

  /**
   * A clock to be compared with what the other side sends.
   *
   * @param theirs whether it is theirs to answer
   */
  private record Awaited(int line, String set, String after, boolean theirs) {}

  private final Faults faults;
  private final List<Awaited> awaited = new ArrayList<>();
  private final Map<String, String> associations = new LinkedHashMap<>();
  private Standard standard = Standard.X12;

  private PartnerReader(Faults faults) {
    this.faults = faults;
  }

  /** Reads one file; null when anything is wrong with it, which is then among the faults. */
  static PartnerProfile read(String file, String text, Faults faults) {
    var yaml = Yaml.parse(text, faults);
    var root = yaml == null ? null : Section.of("partner file", yaml, faults);
    if (root == null) {
      return null;
    }
    var profile = new PartnerReader(faults).profile(file, root);
    return faults.none() ? profile : null;
  }

  private PartnerProfile profile(String file, Section root) {
    var name = root.required("partner");
    var fileName = file.substring(file.lastIndexOf('/') + 1);
    if (!name.isEmpty() && !fileName.equals(name + SUFFIX)) {
      faults.at(
          root.lineOf("partner"),
          "Partner '" + name + "' stands in file '" + fileName + "'",
          "Name the file '" + name + SUFFIX + "'");
    }
    if (!name.isEmpty() && !NAME.matcher(name).matches()) {
      faults.at(
          root.lineOf("partner"),
          "Partner name '" + name + "' is not in kebab case",
          "Use lower-case letters, digits and single dashes");
    }
    var title = root.required("title");
    var description = root.required("description");
    if (forgotten(root)) {
      return null;
    }
    var version = root.required("version");
    standard =
        root.choice("standard", List.of("x12", "edifact"), "x12").equals("x12")
            ? Standard.X12
            : Standard.EDIFACT;
    if (!version.isEmpty() && !(x12() ? VERSION : DIRECTORY).matcher(version).matches()) {
      faults.at(
          root.lineOf("version"),
          "'version' is '" + version + "', which Serai neither reads nor writes",
          x12()
              ? "Write 004010 or 005010 in quotes, with the partner's suffix behind it"
              : "Write a directory, as in D.96A");
    }
    var syntax = x12() ? null : syntax(root);
    var ids = root.section("ids");
    var ours = ids == null ? null : identity(ids.section("ours"));
    var theirs = ids == null ? null : identity(ids.section("theirs"));
    if (ids != null) {
      ids.close();
    }
    var writing = root.section("writing");
    var delimiters = delimiters(writing == null ? null : writing.section("delimiters"));
    var lineEnd =
        writing == null
            ? "none"
            : writing.choice("line-end", List.of("none", "lf", "crlf"), "none");
    var capitals = writing != null && writing.flag("capitals", false);
    var zone = zone(writing);
    var fileNames = fileName(writing, USUAL_NAME);
    var first = writing == null ? 1 : writing.number("first-control-number", 1, 1);
    if (writing != null) {
      writing.close();
    }
    var charset = root.choice("character-set", List.of("iso-8859-1", "utf-8"), "iso-8859-1");
    var usage = root.choice("usage", List.of("production", "test"), "production");
    var receives = receives(root.section("receives"));
    var sends = sends(root.section("sends"));
    exchanged(receives, sends);
    var profile =
        new PartnerProfile(
            name,
            title,
            description,
            version,
            x12() ? null : new Edifact(syntax, associations),
            ours == null ? nobody() : ours,
            theirs == null ? nobody() : theirs,
            delimiters,
            lineEnd.equals("none") ? "" : lineEnd.equals("lf") ? "\n" : "\r\n",
            capitals,
            charset.equals("utf-8") ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1,
            zone,
            usage.equals("test"),
            reading(root.section("reading"), root.section("codes")),
            receives,
            sends,
            answers(root.section("acknowledgments"), fileNames),
            first,
            tree(root, "translations"),
            tree(root, "values"),
            file);
    root.close();
    return profile;
  }

  // Everything below would be judged as X12, and nothing of it named the cause.
  private boolean forgotten(Section root) {
    var sets = new ArrayList<String>();
    for (var key : List.of("receives", "sends")) {
      if (root.mapping().get(key) instanceof Yaml.Mapping mapping) {
        sets.addAll(mapping.entries().keySet());
      }
    }
    if (root.has("standard") || sets.isEmpty() || !Standard.EDIFACT.sets().containsAll(sets)) {
      return false;
    }
    faults.at(
        root.line(),
        "The messages of this file are those of EDIFACT, and it does not say so",
        "Add 'standard: edifact'");
    return true;
  }

  // What is never exchanged starts no clock.
  private void exchanged(Map<String, Received> receives, Map<String, Sent> sends) {
    for (var one : awaited) {
      if (standard.sets().contains(one.after())
          && !(one.theirs() ? sends.keySet() : receives.keySet()).contains(one.after())) {
        faults.at(
            one.line(),
            "Set '%s' comes after '%s', which is not among what this partner %s"
                .formatted(one.set(), one.after(), one.theirs() ? "is sent" : "sends"),
            "Add it under '%s', or remove 'after' and 'within'"
                .formatted(one.theirs() ? "sends" : "receives"));
      }
    }
  }

  private boolean x12() {
    return standard == Standard.X12;
  }

  private String syntax(Section root) {
    var syntax = root.has("syntax") ? root.text("syntax") : "UNOC:3";
    if (!SYNTAX.matcher(syntax).matches()) {
      faults.at(
          root.lineOf("syntax"),
          "'syntax' is '" + syntax + "', which Serai does not write",
          "Write identifier and version in quotes, as in 'UNOC:3'; UNOA to UNOK, UNOW or UNOY, and 1 to 4");
    }
    return syntax;
  }

  // Partners of EDIFACT are known by their GLN unless the profile says otherwise.
  private Identity nobody() {
    return new Identity(x12() ? null : GLN, null, null);
  }

  private Identity identity(Section section) {
    if (section == null) {
      return null;
    }
    var qualifier = section.text("qualifier");
    var id = section.text("id");
    var group = section.text(x12() ? "group" : "routing");
    if (x12()) {
      length(section, "qualifier", qualifier, 2, 2);
      length(section, "id", id, 1, 15);
      length(section, "group", group, 2, 15);
    } else {
      length(section, "qualifier", qualifier, 0, 4);
      length(section, "id", id, 1, 35);
      length(section, "routing", group, 1, 14);
    }
    section.close();
    return new Identity(qualifier == null ? nobody().qualifier() : qualifier, id, group);
  }

  private void length(Section section, String key, String value, int least, int most) {
    if (value != null && (value.length() < least || value.length() > most)) {
      faults.at(
          section.lineOf(key),
          "'" + section.name() + "." + key + "' is '" + value + "', which does not fit an envelope",
          "Write "
              + (least == most ? least + " characters" : least + " to " + most + " characters")
              + ", in quotes");
    }
  }

  private Delimiters delimiters(Section section) {
    var usual = x12() ? Delimiters.USUAL : Delimiters.EDIFACT;
    if (section == null) {
      return usual;
    }
    var delimiters =
        new Delimiters(
            standard,
            character(section, "element", usual.element()),
            character(section, "component", usual.component()),
            character(section, "repetition", usual.repetition()),
            character(section, "segment", usual.segment()),
            x12() ? 0 : character(section, "release", usual.release()),
            x12() ? '.' : character(section, "decimal", usual.decimal()));
    if (delimiters.twice() != 0) {
      faults.at(
          section.line(),
          "'" + section.name() + "' names '" + delimiters.twice() + "' twice",
          "Give each part a character of its own");
    }
    section.close();
    return delimiters;
  }

  private char character(Section section, String key, char usual) {
    var text = section.text(key);
    if (text == null) {
      return usual;
    }
    if (text.equals("lf")) {
      return '\n';
    }
    if (text.length() != 1 || text.charAt(0) <= ' ' || Character.isLetterOrDigit(text.charAt(0))) {
      faults.at(
          section.lineOf(key),
          "'" + section.name() + "." + key + "' is '" + text + "', which parts nothing",
          "Write one character that is no letter, digit or space, in quotes; or lf");
      return usual;
    }
    return text.charAt(0);
  }

  private ZoneId zone(Section writing) {
    var text = writing == null ? null : writing.text("time-zone");
    if (text == null) {
      return ZoneId.of("UTC");
    }
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      faults.at(
          writing.lineOf("time-zone"),
          "'writing.time-zone' is '" + text + "', which is no time zone",
          "Write it as in 'America/Chicago'");
      return ZoneId.of("UTC");
    }
  }

  private String fileName(Section section, String usual) {
    var text = section == null ? null : section.text("file-name");
    if (text == null) {
      return usual;
    }
    var unknown = FileName.unknown(text);
    if (unknown != null) {
      faults.at(
          section.lineOf("file-name"),
          "'" + section.name() + ".file-name' has '{" + unknown + "}', which stands for nothing",
          Nearest.advice(unknown, FileName.PARTS));
    } else if (!FileName.distinct(text)) {
      faults.at(
          section.lineOf("file-name"),
          "'" + section.name() + ".file-name' gives two files one name",
          "Add '{interchange}'");
    }
    return text;
  }

  private Reading reading(Section section, Section codes) {
    var lenient = section != null && section.flag("lenient", false);
    var shortHeaders = section != null && section.flag("short-headers", false);
    var segment = bytes(section, "longest-segment", 64 * KB);
    var set = bytes(section, "longest-set", 32 * KB * KB);
    var once =
        section != null
            && section
                .choice("group-numbers", List.of("interchange", "ever"), "interchange")
                .equals("ever");
    if (section != null) {
      section.close();
    }
    return new Reading(lenient, shortHeaders, segment, set, once, codes(codes));
  }

  private int bytes(Section section, String key, int usual) {
    var text = section == null ? null : section.text(key);
    if (text == null) {
      return usual;
    }
    var matcher = BYTES.matcher(text);
    var bytes =
        matcher.matches()
            ? Long.parseLong(matcher.group(1)) * (matcher.group(2).equals("MB") ? KB * KB : KB)
            : 0;
    if (bytes < 1 || bytes > MOST_SET) {
      faults.at(
          section.lineOf(key),
          "'" + section.name() + "." + key + "' is '" + text + "', which is no size up to 64MB",
          "Write it as a number and KB or MB, as in '64KB'");
      return usual;
    }
    return (int) bytes;
  }

  private Map<String, Set<String>> codes(Section section) {
    var codes = new LinkedHashMap<String, Set<String>>();
    if (section == null) {
      return codes;
    }
    for (var element : section.mapping().entries().keySet()) {
      if (!standard.hasElement(element)) {
        faults.at(
            section.lineOf(element),
            "'codes' names '" + element + "', which is no element of a segment Serai knows",
            "Write segment and place, as in 'BEG02'");
      }
      codes.put(element, texts(section, element));
    }
    return codes;
  }

  private Set<String> texts(Section section, String key) {
    var texts = new LinkedHashSet<String>();
    for (var item : section.items(key)) {
      if (item instanceof Yaml.Scalar scalar && !scalar.text().isBlank()) {
        texts.add(scalar.text());
      } else {
        faults.at(
            item, "'" + section.name() + "." + key + "' holds no plain text", "Write texts only");
      }
    }
    return texts;
  }

  private Map<String, Received> receives(Section section) {
    var receives = new LinkedHashMap<String, Received>();
    if (section == null) {
      return receives;
    }
    for (var set : section.mapping().entries().keySet()) {
      known(section, set);
      var one = section.section(set);
      if (one == null) {
        continue;
      }
      var answers = Standard.answers(set);
      var document = one.text("document");
      if (answers && document != null) {
        faults.at(
            one.lineOf("document"),
            "Set '" + set + "' answers what we sent and becomes no document",
            "Remove 'document'");
      } else if (!answers && document == null) {
        faults.at(
            one.line(),
            "Set '" + set + "' does not say which document it becomes",
            "Add 'document: …'");
      } else if (!answers) {
        becomes(one, "document", set, document);
      }
      var cases = answers ? List.<Case>of() : cases(one.section("becomes"), set);
      var required = texts(one, "required");
      for (var name : required) {
        if (!Standard.hasPart(set, name)) {
          faults.at(
              one.lineOf("required"),
              "Set '" + set + "' has no '" + name + "'",
              "Name a segment of it, as 'REF', or an element, as 'BEG05'");
        }
      }
      var clock = clock(one, set, "ours");
      one.close();
      receives.put(
          set,
          new Received(set, document, cases, Set.copyOf(required), clock.after(), clock.within()));
    }
    return receives;
  }

  // Whether a set may become a document.
  private void becomes(Section said, String key, String set, String document) {
    if (!DOCUMENTS.contains(document)) {
      faults.at(
          said.lineOf(key),
          "There is no document '" + document + "'",
          Nearest.advice(document, DOCUMENTS));
    } else if (MADE_OF.containsKey(document)
        && standard.sets().contains(set)
        && !MADE_OF.get(document).contains(set)) {
      faults.at(
          said.lineOf(key),
          "Set '%s' (%s) holds no '%s'".formatted(set, Standard.name(set), document),
          "Write the document that it becomes; '%s' is made of %s"
              .formatted(
                  document,
                  String.join(
                      ", ",
                      MADE_OF.get(document).stream()
                          .filter(standard.sets()::contains)
                          .sorted()
                          .toList())));
    }
  }

  private List<Case> cases(Section section, String set) {
    var cases = new ArrayList<Case>();
    if (section == null) {
      return cases;
    }
    for (var document : section.mapping().entries().keySet()) {
      becomes(section, document, set, document);
      var said = section.text(document);
      var found = CASE.matcher(String.valueOf(said));
      if (!found.matches() || !Standard.hasPart(set, found.group(1) + found.group(2))) {
        faults.at(
            section.lineOf(document),
            "'%s.%s' is '%s', which names no element of set '%s' and a value of it"
                .formatted(section.name(), document, said, set),
            "Write both, as in 'N901=RZ'");
        continue;
      }
      cases.add(
          new Case(document, found.group(1), Integer.parseInt(found.group(2)), found.group(3)));
    }
    section.close();
    return cases;
  }

  /** After which set of the other side, and how soon. */
  private record Owed(String after, Duration within) {}

  private Owed clock(Section section, String set, String whose) {
    var after = section.text("after");
    if (after != null && !standard.sets().contains(after)) {
      faults.at(
          section.lineOf("after"),
          "Set '" + set + "' comes after '" + after + "', which Serai does not know",
          Nearest.advice(after, standard.sets()));
    }
    var within = section.duration("within", null);
    if ((after == null) != (within == null)) {
      faults.at(
          section.line(),
          "Set '" + set + "' has one of 'after' and 'within' without the other",
          "Write both: after which set of " + whose + " it is owed, and within how long");
      return new Owed(null, null);
    }
    if (after != null) {
      awaited.add(new Awaited(section.lineOf("after"), set, after, whose.equals("ours")));
    }
    return new Owed(after, within);
  }

  private void known(Section section, String set) {
    if (!standard.sets().contains(set)) {
      faults.at(
          section.lineOf(set),
          "'" + section.name() + "' names set '" + set + "', which Serai does not know",
          Nearest.advice(set, standard.sets()));
    }
  }

  private Map<String, Sent> sends(Section section) {
    var sends = new LinkedHashMap<String, Sent>();
    if (section == null) {
      return sends;
    }
    for (var set : section.mapping().entries().keySet()) {
      known(section, set);
      if (Standard.acknowledges(set)) {
        faults.at(
            section.lineOf(set),
            "Set '" + set + "' acknowledges and is sent by itself",
            "Remove it; say under 'acknowledgments' how");
      }
      var one = section.section(set);
      if (one == null) {
        continue;
      }
      var acknowledged = one.duration("acknowledged-within", null);
      var fileName = one.has("file-name") ? fileName(one, null) : null;
      if (!x12() && one.has("association")) {
        var association = one.text("association");
        length(one, "association", association, 1, 6);
        associations.put(set, association);
      }
      var clock = clock(one, set, "theirs");
      one.close();
      sends.put(set, new Sent(set, acknowledged, fileName, clock.after(), clock.within()));
    }
    return sends;
  }

  private Answers answers(Section section, String fileName) {
    if (section == null) {
      return new Answers(
          x12() ? Acknowledgment.Kind.FUNCTIONAL : null, EnvelopeAnswer.ASKED, false, fileName);
    }
    if (!x12()) {
      var contrl = section.flag("ask-for-contrl", false);
      section.close();
      return new Answers(null, EnvelopeAnswer.ASKED, contrl, fileName);
    }
    var kind = section.choice("with", List.of("997", "999"), "997");
    var envelope = section.choice("ta1", List.of("never", "asked", "always"), "asked");
    var ask = section.flag("ask-for-ta1", false);
    section.close();
    return new Answers(
        kind.equals("999") ? Acknowledgment.Kind.IMPLEMENTATION : Acknowledgment.Kind.FUNCTIONAL,
        EnvelopeAnswer.valueOf(envelope.toUpperCase(Locale.ROOT)),
        ask,
        fileName);
  }

  private JsonNode tree(Section root, String key) {
    var node = root.node(key);
    if (node == null) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (!(node instanceof Yaml.Mapping)) {
      faults.at(node, "'" + key + "' is not a mapping", "Write it as 'key: value' pairs");
    }
    return json(node);
  }

  private static JsonNode json(Yaml node) {
    return switch (node) {
      case Yaml.Scalar scalar -> JsonNodeFactory.instance.textNode(scalar.text());
      case Yaml.Sequence sequence -> {
        var array = JsonNodeFactory.instance.arrayNode();
        sequence.items().forEach(item -> array.add(json(item)));
        yield array;
      }
      case Yaml.Mapping mapping -> {
        var object = JsonNodeFactory.instance.objectNode();
        mapping.entries().forEach((key, value) -> object.set(key, json(value)));
        yield object;
      }
    };
  }
}
