package io.serai.edi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.serai.catalog.MappingException;
import io.serai.catalog.Mappings;
import io.serai.support.Json;
import io.serai.support.Reference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Every document of the reference folder has the outcome that is listed here: what was taken and
 * what became of it, and why what was refused was refused. Skipped where the folder is not given.
 */
class ReferenceEdiTest {
  private static final Path LIST = Path.of("src/test/resources/edi/reference-outcomes.txt");
  private static final Mappings MAPPINGS = Mappings.builtIn();

  /** The mappings of sets that come in, and the document they give. */
  private static final Map<String, String> MAPPED =
      Map.of(
          "850", "x12-retailer/order.in",
          "860", "x12-retailer/order-change.in",
          "945", "x12-3pl/shipment.in",
          "944", "x12-3pl/stock.in",
          "947", "x12-3pl/stock.in",
          "846", "x12-3pl/stock.in",
          "ORDERS", "edifact-retailer/order.in",
          "DESADV", "edifact-3pl/shipment.in",
          "INVRPT", "edifact-3pl/stock.in");

  private static final LocalDateTime AT = LocalDateTime.of(2026, 3, 2, 9, 15);

  @Test
  void everyDocumentHasTheOutcomeThatIsListed() throws IOException {
    var folder = Reference.path("edi-samples");
    var found = new TreeMap<String, String>();
    try (var files = Files.list(folder)) {
      for (var file : files.filter(f -> !f.toString().endsWith(".md")).sorted().toList()) {
        found.put(file.getFileName().toString(), outcome(file));
      }
    }
    var listed = new TreeMap<String, String>();
    for (var line : Files.readAllLines(LIST)) {
      if (!line.startsWith("#") && !line.isBlank()) {
        int cut = line.indexOf(": ");
        listed.put(line.substring(0, cut), line.substring(cut + 2));
      }
    }

    var other = new TreeMap<>(found);
    other.entrySet().removeAll(listed.entrySet());
    assertThat(other).as("what has another outcome than is listed").isEmpty();
    assertThat(found.keySet()).isEqualTo(listed.keySet());
  }

  /** The sets with their results, then the codes of what is refused, in the order of the file. */
  private static String outcome(Path file) {
    var heard = AFile.read(AFile.bytes(file), ReadOptions.STRICT);
    var words = new ArrayList<String>();
    for (var interchange : heard.file().interchanges()) {
      if (!interchange.outcome().taken()) {
        words.add("interchange refused " + codes(interchange.faults()));
      }
      for (var group : interchange.groups()) {
        if (Outcome.of(group.faults()) == Outcome.REFUSED) {
          words.add("group refused " + codes(group.faults()));
        }
        for (var set : group.sets()) {
          words.add(
              set.id()
                  + " "
                  + set.outcome().letter()
                  + (set.outcome() == Outcome.ACCEPTED ? "" : " " + codes(set.faults()))
                  + mapped(heard, set));
        }
      }
      interchange
          .acknowledgments()
          .forEach(ta1 -> words.add("TA1 " + ta1.element(4) + " " + ta1.element(5)));
      answered(interchange);
    }
    heard.file().faults().stream()
        .filter(EdiFault::refuses)
        .forEach(fault -> words.add(fault.what()));
    return String.join(", ", words);
  }

  /** What our own mappings make of a set that was taken, before any partner's words are known. */
  private static String mapped(AFile.Heard heard, SetReport report) {
    var mapping = MAPPED.get(report.id());
    var found = heard.sets().stream().filter(one -> one.report() == report).findFirst();
    if (mapping == null || !report.outcome().taken() || found.isEmpty()) {
      return "";
    }
    var set = found.get();
    var document = mapping.substring(mapping.indexOf('/') + 1, mapping.indexOf('.'));
    try {
      var canonical =
          MAPPINGS
              .mapping(mapping)
              .apply(SetTree.of(set), Map.of("account", TextNode.valueOf("reference")));
      var faults = schema(document).validate(canonical);
      return faults.isEmpty() ? " > " + document : " > invalid " + faults;
    } catch (MappingException e) {
      var what = e.unmapped() ? e.field() + (e.value() == null ? "" : "=" + e.value()) : e.code();
      return " > "
          + (e.unmapped() ? "unmapped " : "refused ")
          + (what == null ? e.getMessage() : what);
    }
  }

  private static JsonSchema schema(String name) {
    try {
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(
              Json.tree(Files.readAllBytes(Path.of("mappings/canonical", name + ".schema.json"))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void answered(InterchangeReport interchange) {
    if (interchange.interchange().delimiters().standard() == Standard.EDIFACT) {
      // who names neither themselves nor the interchange cannot be answered
      var asked = interchange.interchange();
      var contrl = new Contrl(interchange);
      assertThat(contrl.write(1, AT).isPresent())
          .isEqualTo(
              contrl.answers()
                  && !asked.sender().isEmpty()
                  && !asked.receiver().isEmpty()
                  && !asked.control().isEmpty());
      return;
    }
    var answer = new Acknowledgment(interchange, Acknowledgment.Kind.FUNCTIONAL);
    assertThat(answer.envelope(1, AT).isPresent() || interchange.outcome().taken()).isTrue();
    for (var group : answer.groups()) {
      assertThat(answer.group(group, new X12Writer.Numbers(1, 1), AT)).isNotEmpty();
    }
  }

  private static String codes(Iterable<EdiFault> faults) {
    var codes = new ArrayList<String>();
    for (var fault : faults) {
      if (fault.counts()) {
        codes.add(fault.place().name() + "=" + fault.code());
      }
    }
    return codes.size() > 20 ? codes.size() + " times " + new TreeSet<>(codes) : codes.toString();
  }
}
