package io.serai.edi;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Files for tests, correct unless a test spoils them. */
final class AFile {
  static final Path SAMPLES = Path.of("samples/edi");

  private static final String ISA =
      "ISA*00*          *00*          *08*RETAILHUB      *ZZ*SERAIHUB       *260302*0915*U*00401*000001201*0*T*>~";

  private AFile() {}

  /** What was heard of a file. */
  record Heard(FileReport file, List<TransactionSet> sets) {
    InterchangeReport interchange() {
      return file.interchanges().get(0);
    }

    GroupReport group() {
      return interchange().groups().get(0);
    }

    SetReport set() {
      return group().sets().get(0);
    }

    /** The faults of all sets that count, as code and place. */
    List<String> codes() {
      return interchange().groups().stream()
          .flatMap(group -> group.sets().stream())
          .flatMap(set -> set.faults().stream())
          .filter(EdiFault::counts)
          .map(fault -> fault.place().name() + "@" + fault.place().position() + "=" + fault.code())
          .toList();
    }

    /** Every fault and note of the file, in words. */
    String words() {
      var words = new ArrayList<String>();
      file.faults().forEach(fault -> words.add(fault.what()));
      for (var interchange : file.interchanges()) {
        interchange.faults().forEach(fault -> words.add(fault.what()));
        for (var group : interchange.groups()) {
          group.faults().forEach(fault -> words.add(fault.what()));
          group.sets().forEach(set -> set.faults().forEach(fault -> words.add(fault.what())));
        }
      }
      return String.join("\n", words);
    }
  }

  /** A purchase order with this body, in an interchange of its own. */
  static Heard purchaseOrder(String... body) {
    return read(wrapped("PO", "850", body));
  }

  static String wrapped(String group, String set, String... body) {
    return ISA
        + "GS*"
        + group
        + "*RETAILHUB*SERAIHUB*20260302*0915*1201*X*004010~"
        + set(set, "0001", body)
        + "GE*1*1201~IEA*1*000001201~";
  }

  /** A set with its right count. */
  static String set(String set, String control, String... body) {
    var segments = Arrays.stream(body).map(segment -> segment + "~").toList();
    return "ST*"
        + set
        + "*"
        + control
        + "~"
        + String.join("", segments)
        + "SE*"
        + (segments.size() + 2)
        + "*"
        + control
        + "~";
  }

  /** A small purchase order that has no faults. */
  static String goodOrder(String control) {
    return set(
        "850", control, "BEG*00*SA*PO-" + control + "**20260301", "PO1*1*2*EA*3.5**VN*MUG-BLU");
  }

  /** Several sets of orders in one group. */
  static String orders(String... sets) {
    return ISA
        + "GS*PO*RETAILHUB*SERAIHUB*20260302*0915*1201*X*004010~"
        + String.join("", sets)
        + "GE*"
        + sets.length
        + "*1201~IEA*1*000001201~";
  }

  static Heard read(String text) {
    return read(text, ReadOptions.STRICT);
  }

  static Heard read(String text, ReadOptions options) {
    return read(text.getBytes(StandardCharsets.ISO_8859_1), options);
  }

  static Heard read(byte[] bytes, ReadOptions options) {
    var sets = new ArrayList<TransactionSet>();
    try {
      var file =
          EdiReader.read(
              new ByteArrayInputStream(bytes),
              options,
              new EdiListener() {
                @Override
                public void set(TransactionSet set) {
                  sets.add(set);
                }
              });
      return new Heard(file, sets);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The samples of X12 that have no fault. */
  static Stream<Path> goodSamples() {
    return samples(Standard.X12);
  }

  /** The samples of EDIFACT, which have no fault. */
  static Stream<Path> edifactSamples() {
    return samples(Standard.EDIFACT);
  }

  private static Stream<Path> samples(Standard standard) {
    try (var files = Files.list(SAMPLES)) {
      return files
          .filter(file -> EdiReader.standard(bytes(file)) == standard)
          .filter(file -> !file.getFileName().toString().contains("fault"))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
