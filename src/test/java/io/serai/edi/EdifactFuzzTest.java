package io.serai.edi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
  private static final SpoiledFiles SPOILED =
      new SpoiledFiles(
          FILE,
          WHOLE,
          i -> Integer.toString(i + 1),
          '\'',
          "+:'?",
          "+:'?*\n\r AZ09\u0000\u00e9",
          EdifactFuzzTest::read,
          false,
          EdifactFuzzTest::answered);

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

  private static AFile.Heard read(byte[] file, ReadOptions options) {
    var sets = new ArrayList<TransactionSet>();
    try {
      var report =
          EdifactReader.read(
              new ByteArrayInputStream(file),
              options,
              new EdiListener() {
                @Override
                public void set(TransactionSet set) {
                  sets.add(set);
                }
              });
      return new AFile.Heard(report, sets);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
                          .filter(group -> !SpoiledFiles.refuses(group.faults()))
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
                  .isEqualTo(!SpoiledFiles.refuses(interchange) && !refusesOne(interchange));
            });
  }

  private static boolean refusesOne(InterchangeReport interchange) {
    return interchange.groups().stream()
        .flatMap(group -> group.sets().stream())
        .filter(message -> !Standard.acknowledges(message.id()))
        .anyMatch(message -> !message.outcome().taken());
  }
}
