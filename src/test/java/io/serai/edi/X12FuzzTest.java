package io.serai.edi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * X12 files with bytes flipped, segments dropped, doubled and moved, other delimiters and cut ends:
 * no set that came whole is lost without a word, and what is refused is named and answered.
 */
class X12FuzzTest {
  private static final int ORDERS = 8;
  private static final LocalDateTime AT = LocalDateTime.of(2026, 3, 2, 10, 5);
  private static final List<String> WHOLE =
      IntStream.rangeClosed(1, ORDERS).mapToObj(i -> AFile.goodOrder("%04d".formatted(i))).toList();
  private static final String FILE = AFile.orders(WHOLE.toArray(String[]::new));
  private static final String DELIMITERS = "*~>^|!\n\r +AZ09\u0000\u00e9";

  @Test
  @Timeout(60)
  void aSpoiledFileIsReadToItsEndAndNothingInItIsForgotten() {
    judge(0, 400);
  }

  @Test
  @Tag("long")
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void soAreVeryManyOfThem() {
    judge(400, 20_000);
  }

  private static void judge(int from, int until) {
    for (var seed = from; seed < until; seed++) {
      var random = new Random(seed);
      var bytes = FILE.getBytes(StandardCharsets.ISO_8859_1);
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

  private static byte[] spoiled(byte[] file, Random random) {
    if (file.length < 2) {
      return file;
    }
    var text = new String(file, StandardCharsets.ISO_8859_1);
    var segments = new ArrayList<>(List.of(text.split("(?<=~)")));
    var one = random.nextInt(segments.size());
    var at = random.nextInt(text.length());
    switch (random.nextInt(9)) {
      case 0 -> {
        var flipped = file.clone();
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
        return text.replace(any("*~>", random), any(DELIMITERS, random))
            .getBytes(StandardCharsets.ISO_8859_1);
      }
      case 7 -> {
        return (text.substring(0, at) + any(DELIMITERS, random) + text.substring(at))
            .getBytes(StandardCharsets.ISO_8859_1);
      }
      default -> {
        var longer = new ByteArrayOutputStream();
        longer.write(file, 0, at);
        for (var i = random.nextInt(200_000); i > 0; i--) {
          longer.write('A' + i % 26);
        }
        longer.write(file, at, file.length - at);
        return longer.toByteArray();
      }
    }
    return String.join("", segments).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static char any(String of, Random random) {
    return of.charAt(random.nextInt(of.length()));
  }

  private static void judge(byte[] file, boolean lenient) {
    var heard = AFile.read(file, lenient ? ReadOptions.STRICT.asLenient() : ReadOptions.STRICT);

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
      answered(interchange);
    }
    assertThat(heard.sets().stream().map(TransactionSet::report))
        .containsExactlyElementsOf(reported);
    heard.sets().stream().filter(set -> set.report().outcome().taken()).forEach(SetTree::of);
    var text = new String(file, StandardCharsets.ISO_8859_1);
    for (var i = 0; i < ORDERS; i++) {
      var control = "%04d".formatted(i + 1);
      if (text.contains(WHOLE.get(i))
          && reported.stream().noneMatch(set -> set.control().equals(control))) {
        assertThat(
                refuses(heard.file().faults())
                    || heard.file().interchanges().stream().anyMatch(X12FuzzTest::refuses))
            .as("what stands where set '%s' was not read is told", control)
            .isTrue();
      }
    }
    if (reported.isEmpty()) {
      assertThat(
              refuses(heard.file().faults())
                  || heard.file().interchanges().stream().anyMatch(r -> !r.faults().isEmpty())
                  || heard.file().interchanges().stream()
                      .flatMap(r -> r.groups().stream())
                      .anyMatch(group -> !group.faults().isEmpty()))
          .as("a file of which nothing is read is told why")
          .isTrue();
    }
  }

  // What is answered names every set that has a name, and reads back without a fault.
  private static void answered(InterchangeReport interchange) {
    var answer = new Acknowledgment(interchange, Acknowledgment.Kind.FUNCTIONAL);
    // a TA1 goes to whom the header names, however wrong that is
    answer
        .envelope(7, AT)
        .ifPresent(ta1 -> assertThat(new String(ta1, StandardCharsets.ISO_8859_1)).contains("TA1"));
    var delimiters = Envelope.answering(interchange.interchange(), null).delimiters();
    for (var group : answer.groups()) {
      var text = clean(answer.group(group, new X12Writer.Numbers(7, 8), AT));
      var named =
          group.sets().stream()
              .filter(set -> set.id().matches("[A-Z0-9]{3}"))
              .filter(set -> set.control().matches("[!-~]{4,9}"))
              .filter(set -> set.control().chars().noneMatch(c -> delimiters.holds((char) c)))
              .filter(set -> !refuses(group.faults()) || !set.outcome().taken())
              .count();
      assertThat(text.split("AK2", -1).length - 1).isEqualTo((int) named);
    }
    assertThat(interchange.outcome().taken() || refuses(interchange.faults())).isTrue();
  }

  private static String clean(byte[] answer) {
    assertThat(AFile.read(answer, ReadOptions.STRICT).file().clean()).isTrue();
    return new String(answer, StandardCharsets.ISO_8859_1);
  }

  private static boolean refuses(InterchangeReport interchange) {
    return refuses(interchange.faults())
        || interchange.groups().stream().anyMatch(group -> refuses(group.faults()));
  }

  @SafeVarargs
  private static boolean refuses(List<EdiFault>... faults) {
    return Stream.of(faults).flatMap(List::stream).anyMatch(EdiFault::refuses);
  }
}
