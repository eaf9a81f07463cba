package io.serai.edi;

import static io.serai.edi.AFile.goodOrder;
import static io.serai.edi.AFile.orders;
import static io.serai.edi.AFile.read;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands around sets: cleaning, control numbers, counts, and how far one fault reaches. */
class EnvelopesTest {
  private static final String GOOD = orders(goodOrder("0001"), goodOrder("0002"));

  @ParameterizedTest
  @ValueSource(strings = {"~", "~\n", "~\r\n", "\n", "\r\n", "'", "\u001c"})
  void everyTerminatorInUseIsRead(String terminator) {
    var heard = read(GOOD.replace("~", terminator));

    assertThat(heard.words()).isEmpty();
    assertThat(heard.sets()).hasSize(2);
  }

  @Test
  void whatRealFilesBringAlongIsCleanedAndNoted() {
    var bom = "\u00ef\u00bb\u00bf  \r\n" + GOOD.substring(0, GOOD.length() - 1);

    var heard = read(bom);

    assertThat(heard.file().clean()).isTrue();
    assertThat(heard.words())
        .isEqualTo(
            """
            The file begins with a byte order mark, which was dropped.
            The file begins with white space, which was dropped.
            The last segment has no terminator '~', which was supplied.""");
  }

  @Test
  void whatStandsBehindTheLastSegmentIsDroppedAndNoted() {
    assertThat(read(GOOD + "\r\n\u001a").words()).isEmpty();
    assertThat(read(GOOD + "-- end of file --").words())
        .isEqualTo("17 bytes after the end of the interchange belong to nothing and were dropped.");
  }

  @Test
  void linesWrappedInsideASegmentAreJoined() {
    var heard = read(GOOD.replaceFirst("MUG-BLU", "MUG\r\n-BLU"));

    assertThat(heard.file().clean()).isTrue();
    assertThat(heard.words())
        .isEqualTo("1 segment goes on over several lines; the line breaks were dropped.");
    assertThat(SetTree.of(heard.sets().get(0)).at("/PO1Loop/0/PO1/PO107").textValue())
        .isEqualTo("MUG-BLU");
  }

  @Test
  void severalInterchangesAreReadEachWithItsOwnDelimiters() {
    var other =
        GOOD.replace("*", "|")
            .replace("~", "\n")
            .replace(">", ":")
            .replace("000001201", "000001202");

    var heard = read(GOOD + other);

    assertThat(heard.words()).isEmpty();
    assertThat(heard.file().interchanges()).hasSize(2);
    assertThat(heard.sets()).hasSize(4);
  }

  @Test
  void aHeaderOfTheWrongWidthIsRefusedUnlessThePartnerIsKnownForIt() {
    var narrow = GOOD.replace("RETAILHUB      *ZZ", "RETAILHUB*ZZ");

    var strict = read(narrow);

    assertThat(strict.interchange().outcome()).isEqualTo(Outcome.REFUSED);
    var fault = strict.interchange().faults().get(0);
    assertThat(fault.code()).isEqualTo("006");
    assertThat(fault.what())
        .isEqualTo(
            "The ISA segment has fields of the wrong width: ISA06 (sender) has 9 instead of 15.");
    assertThat(GOOD).startsWith(fault.corrected());
    var padded = read(narrow, ReadOptions.STRICT.withShortHeaders());
    assertThat(padded.interchange().outcome()).isEqualTo(Outcome.ACCEPTED);
    assertThat(padded.interchange().interchange().sender()).isEqualTo("RETAILHUB");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "*000001201*0*T*>~GS | *00000120X*0*T*>~GS | 018 | R",
        "*0*T*>~GS | *0*X*>~GS | 020 | R",
        "*00401* | *4.1.0* | 017 | R",
        "*08*RETAILHUB      *ZZ | *  *RETAILHUB      *ZZ | 005 | R",
        "*ZZ*SERAIHUB       * | *ZZ*               * | 008 | R",
        "*260302*0915*U | *261302*0915*U | 014 | E",
        "*260302*0915*U | *260302*2515*U | 015 | E",
        "IEA*1*000001201 | IEA*1*000001299 | 001 | R",
        "IEA*1*000001201 | IEA*1*1201 | 001 | E",
        "IEA*1*000001201 | IEA*2*000001201 | 021 | R",
        "IEA*1*000001201~ | `` | 023 | R",
        "GS*PO | XX*1~GS*PO | 024 | E",
      })
  void aFaultOfTheEnvelopeHasItsCode(String good, String bad, String code, String letter) {
    assertThat(GOOD).contains(good);

    var heard = read(GOOD.replace(good, bad));

    assertThat(heard.interchange().faults()).extracting(EdiFault::code).contains(code);
    assertThat(heard.interchange().outcome().letter()).isEqualTo(letter);
    assertThat(heard.sets()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "GE*2*1201 | GE*3*1201 | 5",
        "GE*2*1201 | GE*2*1202 | 4",
        "GE*2*1201~ | `` | 3",
        "GS*PO* | GS*QQ* | 1",
        "*X*004010 | *X*006010 | 2",
        "0915*1201*X | 0915*12A1*X | 6",
      })
  void aFaultOfTheGroupHasItsCodeAndRefusesTheGroupOnly(String good, String bad, String code) {
    var other =
        "GS*PO*RETAILHUB*SERAIHUB*20260302*0915*1299*X*004010~" + goodOrder("0001") + "GE*1*1299~";
    var file = GOOD.replace("IEA*1*", other + "IEA*2*");
    assertThat(file).contains(good);

    var heard = read(file.replaceFirst(Pattern.quote(good), bad));

    var group = heard.group();
    assertThat(group.faults()).extracting(EdiFault::code).contains(code);
    assertThat(group.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(group.accepted()).isZero();
    assertThat(heard.interchange().groups().get(1).outcome()).isEqualTo(Outcome.ACCEPTED);
    assertThat(heard.interchange().outcome()).isEqualTo(Outcome.ACCEPTED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SE*4*0002 | SE*5*0002 | 4",
        "SE*4*0002 | SE*4*0009 | 3",
        "SE*4*0002~ | `` | 2",
        "ST*850*0002 | ST*850*0001 | 23",
        "ST*850*0002 | ST*855*0002 | 6",
        "ST*850*0002 | ST*837*0002 | 1",
        "ST*850*0002 | ST*85*0002 | 6",
        "ST*850*0002 | ST*850*2 | 7",
      })
  void aFaultOfASetHasItsCodeAndNeverHoldsItsNeighbours(String good, String bad, String code) {
    var file = orders(goodOrder("0001"), goodOrder("0002"), goodOrder("0003"));
    assertThat(file).contains(good);

    var heard = read(file.replace(good, bad));

    assertThat(heard.group().outcome()).isEqualTo(Outcome.PARTLY_ACCEPTED);
    assertThat(heard.group().sets())
        .extracting(set -> set.outcome().letter())
        .containsExactly("A", "R", "A");
    assertThat(heard.group().sets().get(1).faults()).extracting(EdiFault::code).contains(code);
  }

  @Test
  void aFileThatIsCutOffLosesOnlyWhatIsCut() {
    var heard = read(GOOD.substring(0, GOOD.indexOf("PO1*1", GOOD.indexOf("0002")) + 8));

    assertThat(heard.group().sets())
        .extracting(set -> set.outcome().letter())
        .containsExactly("A", "R");
    assertThat(heard.interchange().outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(heard.words())
        .contains("The set 0002 does not end: its SE segment is missing.")
        .contains("The group 1201 does not end: its GE segment is missing.")
        .contains("The interchange 000001201 does not end: its IEA segment is missing.");
  }

  @Test
  void aControlNumberUsedTwiceInAFileRefusesTheSecond() {
    var heard = read(GOOD + GOOD);

    assertThat(heard.file().interchanges())
        .extracting(interchange -> interchange.outcome().letter())
        .containsExactly("A", "R");
    assertThat(heard.file().interchanges().get(1).faults())
        .extracting(EdiFault::code)
        .containsExactly("025");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | The file is empty.",
        "isa*00* | The file begins with 'isa' in lower case.",
        "ST*850*0001~ | The file begins with ST: its envelope is missing.",
        "GS*PO*A~ | The file begins with GS: its envelope is missing.",
        "<?xml version='1.0'?> | The file begins with '<?xml version='1.0'?>' and is neither X12 nor EDIFACT.",
        "ISA*00*  *00 | The ISA segment is not complete: it has 3 of its 16 elements within 12 bytes.",
        "\u00ff\u00feI\u0000S\u0000 | The file is written in UTF-16.",
      })
  void aFileThatCannotBeTakenApartIsRefusedForTheTrueReason(String text, String reason) {
    var heard = read(text.equals("``") ? "" : text);

    assertThat(heard.file().clean()).isFalse();
    assertThat(heard.file().interchanges()).isEmpty();
    assertThat(heard.words()).isEqualTo(reason);
  }

  @Test
  void twoDelimitersThatAreTheSameAreRefused() {
    assertThat(read(GOOD.replace("*T*>~", "*T**~")).words())
        .contains("Two delimiters are the same character");
  }

  /** Endless bytes behind a start; counts what was taken. */
  private static final class Endless extends InputStream {
    private final byte[] start;
    private long taken;

    Endless(String start) {
      this.start = start.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public int read() {
      return taken < start.length ? start[(int) taken++] : 'A' + (int) (taken++ % 26);
    }
  }

  @Test
  void aSegmentWithoutEndIsRefusedByNameAfterItsLimit() throws IOException {
    var endless = new Endless(GOOD.substring(0, GOOD.indexOf("PO1*")) + "PO1*1*2*EA*");

    var report = X12Reader.read(endless, ReadOptions.STRICT, new EdiListener() {});

    assertThat(endless.taken).isLessThan(1024 * 1024);
    assertThat(report.interchanges().get(0).outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(report.interchanges().get(0).faults().get(0).what())
        .startsWith("The segment that begins with 'PO1*1*2*EA*")
        .endsWith("' is longer than 65536 bytes.");
  }

  @Test
  void anIsaWithoutEndIsRefusedByName() throws IOException {
    var endless = new Endless("ISA*00*");

    var report = X12Reader.read(endless, ReadOptions.STRICT, new EdiListener() {});

    assertThat(endless.taken).isLessThan(1024 * 1024);
    assertThat(report.faults().get(0).what()).startsWith("The ISA segment is not complete");
  }

  @Test
  void aSetBeyondItsLimitIsRefusedAndHoldsNoMemoryAndNoNeighbours() {
    var big = new ArrayList<String>();
    big.add("BEG*00*SA*PO-2**20260301");
    for (int i = 0; i < 200; i++) {
      big.add("PO1*" + i + "*2*EA*3.5**VN*MUG-BLU");
    }
    var file =
        orders(
            goodOrder("0001"),
            AFile.set("850", "0002", big.toArray(String[]::new)),
            goodOrder("0003"));

    var heard = read(file, ReadOptions.STRICT.withLimits(1024, 2048));

    assertThat(heard.group().sets())
        .extracting(set -> set.outcome().letter())
        .containsExactly("A", "R", "A");
    assertThat(heard.words()).isEqualTo("The set is longer than 2048 bytes.");
    assertThat(heard.sets().get(1).segments()).isEmpty();
    assertThat(heard.sets().get(1).tree()).isNull();
  }

  /** An interchange with so many sets, made while it is read. */
  private static final class Many extends InputStream {
    private final int count;
    private byte[] current;
    private int at;
    private int next;

    Many(int count) {
      this.count = count;
      this.current = GOOD.substring(0, GOOD.indexOf("ST*")).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(byte[] into, int from, int length) {
      if (at == current.length) {
        if (next > count) {
          return -1;
        }
        at = 0;
        current =
            (next++ == count
                    ? "GE*" + count + "*1201~IEA*1*000001201~"
                    : goodOrder("%08d".formatted(next)))
                .getBytes(StandardCharsets.US_ASCII);
      }
      int taken = Math.min(length, current.length - at);
      System.arraycopy(current, at, into, from, taken);
      at += taken;
      return taken;
    }
  }

  @Test
  void setsAreHandedOnWhileTheInterchangeIsStillBeingRead() throws IOException {
    var stream = new Many(20_000);
    var heard = new AtomicInteger();
    var furthest = new AtomicInteger();

    var report =
        X12Reader.read(
            stream,
            ReadOptions.STRICT,
            new EdiListener() {
              @Override
              public void set(TransactionSet set) {
                furthest.accumulateAndGet(stream.next - heard.incrementAndGet(), Math::max);
              }
            });

    assertThat(heard).hasValue(20_000);
    assertThat(furthest.get()).isLessThan(2_000);
    assertThat(report.clean()).isTrue();
    assertThat(report.interchanges().get(0).groups().get(0).accepted()).isEqualTo(20_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GS*PO~ST*850*0001~ZZ~SE*9*0002~", "GS~GE~", "TA1~"})
  void aFileMadeOfFaultsIsNotReadForEver(String part) throws IOException {
    var start = GOOD.substring(0, GOOD.indexOf("GS*"));
    var endless =
        new InputStream() {
          private long taken;

          @Override
          public int read() {
            int at =
                (int) Math.min(taken, start.length() + (taken - start.length()) % part.length());
            taken++;
            return at < start.length() ? start.charAt(at) : part.charAt(at - start.length());
          }
        };

    var report = X12Reader.read(endless, ReadOptions.STRICT, new EdiListener() {});

    var interchange = report.interchanges().get(0);
    assertThat(interchange.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(interchange.faults())
        .extracting(EdiFault::what)
        .contains("The file has more than 50000 faults; it is not read any further.");
  }

  @Test
  void ofAPartnerOverX12EdifactIsRefusedByName() throws java.io.IOException {
    var file =
        X12Reader.read(
            new java.io.ByteArrayInputStream("UNA:+.? 'UNB+UNOA:1".getBytes()),
            ReadOptions.STRICT,
            new EdiListener() {});

    assertThat(file.faults().get(0).what()).isEqualTo("The file is EDIFACT: it begins with 'UNA'.");
    assertThat(file.faults().get(0).expected()).contains("X12 was agreed with this partner");
  }
}
