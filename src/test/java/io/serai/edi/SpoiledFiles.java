package io.serai.edi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * A good file with bytes flipped, segments dropped, doubled and moved, other delimiters and cut
 * ends, and what must hold of it in either standard: no set that came whole is lost without a word,
 * and what is refused is named.
 *
 * @param file the good one
 * @param whole its sets, as they stand in it
 * @param controls the control number of each, by its place from 0
 * @param terminator what ends its segments
 * @param delimiters what parts it
 * @param others what may stand in their place
 * @param read reads a file
 * @param groupsTell whether a fault of a group tells why nothing in it was read
 * @param answered judges what answers an interchange
 */
record SpoiledFiles(
    String file,
    List<String> whole,
    IntFunction<String> controls,
    char terminator,
    String delimiters,
    String others,
    BiFunction<byte[], ReadOptions, AFile.Heard> read,
    boolean groupsTell,
    Consumer<InterchangeReport> answered) {

  /** Judges one file for each seed; a failure names the seed and shows the file. */
  void judge(int from, int until) {
    for (var seed = from; seed < until; seed++) {
      var random = new Random(seed);
      var bytes = file.getBytes(StandardCharsets.ISO_8859_1);
      for (var times = 1 + random.nextInt(3); times > 0; times--) {
        bytes = spoiled(bytes, random);
      }
      try {
        judge(bytes, random.nextBoolean());
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            "seed %d: %s".formatted(seed, new String(bytes, StandardCharsets.ISO_8859_1)), e);
      }
    }
  }

  private byte[] spoiled(byte[] bytes, Random random) {
    if (bytes.length < 2) {
      return bytes;
    }
    var text = new String(bytes, StandardCharsets.ISO_8859_1);
    var segments = new ArrayList<>(List.of(text.split("(?<=" + terminator + ")")));
    var one = random.nextInt(segments.size());
    var at = random.nextInt(text.length());
    switch (random.nextInt(9)) {
      case 0 -> {
        var flipped = bytes.clone();
        flipped[at] ^= (byte) (1 << random.nextInt(8));
        return flipped;
      }
      case 1 -> segments.remove(one);
      case 2 -> segments.add(one, segments.get(one));
      case 3 -> Collections.swap(segments, one, random.nextInt(segments.size()));
      case 4 -> Collections.shuffle(segments.subList(Math.min(one, 2), segments.size()), random);
      case 5 -> {
        return text.substring(0, at).getBytes(StandardCharsets.ISO_8859_1);
      }
      case 6 -> {
        return text.replace(any(delimiters, random), any(others, random))
            .getBytes(StandardCharsets.ISO_8859_1);
      }
      case 7 -> {
        return (text.substring(0, at) + any(others, random) + text.substring(at))
            .getBytes(StandardCharsets.ISO_8859_1);
      }
      default -> {
        var longer = new ByteArrayOutputStream();
        longer.write(bytes, 0, at);
        for (var i = random.nextInt(200_000); i > 0; i--) {
          longer.write('A' + i % 26);
        }
        longer.write(bytes, at, bytes.length - at);
        return longer.toByteArray();
      }
    }
    return String.join("", segments).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static char any(String of, Random random) {
    return of.charAt(random.nextInt(of.length()));
  }

  private void judge(byte[] bytes, boolean lenient) {
    var heard = read.apply(bytes, lenient ? ReadOptions.STRICT.asLenient() : ReadOptions.STRICT);

    var reported = new ArrayList<SetReport>();
    for (var interchange : heard.file().interchanges()) {
      for (var group : interchange.groups()) {
        for (var set : group.sets()) {
          reported.add(set);
          assertThat(
                  interchange.accepts(group, set)
                      || refuses(interchange.faults(), group.faults(), set.faults()))
              .as("set '%s' is taken, or it is said why not", set.control())
              .isTrue();
        }
      }
      answered.accept(interchange);
      assertThat(interchange.outcome().taken() || refuses(interchange.faults())).isTrue();
    }
    assertThat(heard.sets().stream().map(TransactionSet::report))
        .containsExactlyElementsOf(reported);
    heard.sets().stream().filter(set -> set.report().outcome().taken()).forEach(SetTree::of);
    var text = new String(bytes, StandardCharsets.ISO_8859_1);
    for (var i = 0; i < whole.size(); i++) {
      var control = controls.apply(i);
      if (text.contains(whole.get(i))
          && reported.stream().noneMatch(set -> set.control().equals(control))) {
        assertThat(
                refuses(heard.file().faults())
                    || heard.file().interchanges().stream().anyMatch(SpoiledFiles::refuses))
            .as("what stands where set '%s' was not read is told", control)
            .isTrue();
      }
    }
    if (reported.isEmpty()) {
      assertThat(refuses(heard.file().faults()) || saysWhy(heard.file()))
          .as("a file of which nothing is read is told why")
          .isTrue();
    }
  }

  private boolean saysWhy(FileReport report) {
    return report.interchanges().stream()
        .anyMatch(
            one ->
                !one.faults().isEmpty()
                    || groupsTell
                        && one.groups().stream().anyMatch(group -> !group.faults().isEmpty()));
  }

  /** Whether an interchange or a group of it is refused. */
  static boolean refuses(InterchangeReport interchange) {
    return refuses(interchange.faults())
        || interchange.groups().stream().anyMatch(group -> refuses(group.faults()));
  }

  @SafeVarargs
  static boolean refuses(List<EdiFault>... faults) {
    return Stream.of(faults).flatMap(List::stream).anyMatch(EdiFault::refuses);
  }
}
