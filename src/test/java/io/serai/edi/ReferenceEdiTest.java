package io.serai.edi;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.support.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Every document of the reference folder has the outcome that is listed here: what was taken, and
 * why what was refused was refused. Skipped where the folder is not given.
 */
class ReferenceEdiTest {
  private static final Path LIST = Path.of("src/test/resources/edi/reference-outcomes.txt");
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

    assertThat(found).isEqualTo(listed);
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
                  + (set.outcome() == Outcome.ACCEPTED ? "" : " " + codes(set.faults())));
        }
      }
      interchange
          .acknowledgments()
          .forEach(ta1 -> words.add("TA1 " + ta1.element(4) + " " + ta1.element(5)));
      answered(interchange);
    }
    heard.file().faults().stream()
        .filter(X12Fault::refuses)
        .forEach(fault -> words.add(fault.what()));
    return String.join(", ", words);
  }

  private static void answered(InterchangeReport interchange) {
    var answer = new Acknowledgment(interchange, Acknowledgment.Kind.FUNCTIONAL);
    assertThat(answer.envelope(1, AT).isPresent() || interchange.outcome().taken()).isTrue();
    for (var group : answer.groups()) {
      assertThat(answer.group(group, new X12Writer.Numbers(1, 1), AT)).isNotEmpty();
    }
  }

  private static String codes(Iterable<X12Fault> faults) {
    var codes = new ArrayList<String>();
    for (var fault : faults) {
      if (fault.counts()) {
        codes.add(fault.place().name() + "=" + fault.code());
      }
    }
    return codes.toString();
  }
}
