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
 * EDIFACT files spoiled as {@link X12FuzzTest} spoils those of X12: no message that came whole is
 * lost without a word, and what is refused is named and answered by a CONTRL that is right itself.
 */
class EdifactFuzzTest {
  private static final int ORDERS = 8;
  private static final LocalDateTime AT = LocalDateTime.of(2026, 3, 2, 10, 5);
  private static final List<String> WHOLE =
      IntStream.rangeClosed(1, ORDERS)
          .mapToObj(
              i ->
                  EdifactReaderTest.order(
                      i,
                      "BGM+220+PO-%d?'?++9".formatted(i),
                      EdifactReaderTest.DTM,
                      EdifactReaderTest.LINE,
                      "UNS+S"))
          .toList();
  private static final String FILE =
      "UNA:+.? '" + EdifactReaderTest.interchange(WHOLE.toArray(String[]::new));
  private static final String SERVICE = "+:'?*\n\r AZ09\u0000\u00e9";

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
    var segments = new ArrayList<>(List.of(text.split("(?<=')")));
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
        return text.replace(any("+:'?", random), any(SERVICE, random))
            .getBytes(StandardCharsets.ISO_8859_1);
      }
      case 7 -> {
        return (text.substring(0, at) + any(SERVICE, random) + text.substring(at))
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

  private static void judge(byte[] file, boolean lenient) throws AssertionError {
    var heard = read(file, lenient ? ReadOptions.STRICT.asLenient() : ReadOptions.STRICT);

    var reported = new ArrayList<SetReport>();
    for (var interchange : heard.file().interchanges()) {
      for (var group : interchange.groups()) {
        for (var message : group.sets()) {
          reported.add(message);
          assertThat(
                  interchange.accepts(group, message)
                      || refuses(interchange.faults(), group.faults(), message.faults()))
              .as("message '%s' is taken, or it is said why not", message.control())
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
      var control = Integer.toString(i + 1);
      if (text.contains(WHOLE.get(i))
          && reported.stream().noneMatch(message -> message.control().equals(control))) {
        assertThat(
                refuses(heard.file().faults())
                    || heard.file().interchanges().stream().anyMatch(EdifactFuzzTest::refuses))
            .as("what stands where message '%s' was not read is told", control)
            .isTrue();
      }
    }
    if (reported.isEmpty()) {
      assertThat(
              refuses(heard.file().faults())
                  || heard.file().interchanges().stream().anyMatch(r -> !r.faults().isEmpty()))
          .as("a file of which nothing is read is told why")
          .isTrue();
    }
  }

  private static AFile.Heard read(byte[] file, ReadOptions options) {
    var sets = new ArrayList<TransactionSet>();
    try {
      var report =
          EdifactReader.read(
              new java.io.ByteArrayInputStream(file),
              options,
              new EdiListener() {
                @Override
                public void set(TransactionSet set) {
                  sets.add(set);
                }
              });
      return new AFile.Heard(report, sets);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  // What is answered names every message of an interchange that is taken, and reads back clean.
  private static void answered(InterchangeReport interchange) {
    new Contrl(interchange)
        .write(7, AT)
        .ifPresent(
            bytes -> {
              var text = new String(bytes, StandardCharsets.ISO_8859_1);
              assertThat(text).contains("UCI");
              var named =
                  interchange.outcome().taken()
                      ? interchange.groups().stream()
                          .filter(group -> !refuses(group.faults()))
                          .flatMap(group -> group.sets().stream())
                          .filter(message -> !Standard.acknowledges(message.id()))
                          .count()
                      : 0;
              assertThat(text.split("UCM", -1).length - 1).isEqualTo((int) named);
              var heard = AFile.read(bytes, ReadOptions.STRICT);
              assertThat(heard.words()).isEmpty();
              var set = heard.sets().get(0);
              var told = Answers.contrl(set.segments(), set.interchange().delimiters());
              assertThat(
                      told.accepted() && told.messages().stream().allMatch(Answers.OfSet::accepted))
                  .as("what is refused is said")
                  .isEqualTo(!refuses(interchange) && !refusesOne(interchange));
            });
    assertThat(interchange.outcome().taken() || refuses(interchange.faults())).isTrue();
  }

  private static boolean refusesOne(InterchangeReport interchange) {
    return interchange.groups().stream()
        .flatMap(group -> group.sets().stream())
        .filter(message -> !Standard.acknowledges(message.id()))
        .anyMatch(message -> !message.outcome().taken());
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
