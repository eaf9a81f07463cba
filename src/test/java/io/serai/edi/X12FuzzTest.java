package io.serai.edi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
  private static final SpoiledFiles SPOILED =
      new SpoiledFiles(
          FILE,
          WHOLE,
          i -> "%04d".formatted(i + 1),
          '~',
          "*~>",
          "*~>^|!\n\r +AZ09\u0000\u00e9",
          AFile::read,
          true,
          X12FuzzTest::answered);

  @Test
  @Timeout(60)
  void aSpoiledFileIsReadToItsEndAndNothingInItIsForgotten() {
    SPOILED.judge(0, 400);
  }

  @Test
  @Tag("long")
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void soAreVeryManyOfThem() {
    SPOILED.judge(400, 20_000);
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
              .filter(set -> !SpoiledFiles.refuses(group.faults()) || !set.outcome().taken())
              .count();
      assertThat(text.split("AK2", -1).length - 1).isEqualTo((int) named);
    }
  }

  private static String clean(byte[] answer) {
    assertThat(AFile.read(answer, ReadOptions.STRICT).file().clean()).isTrue();
    return new String(answer, StandardCharsets.ISO_8859_1);
  }
}
