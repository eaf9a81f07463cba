package io.serai.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrailerTest {
  private static final String WHOLE = FileFetchIT.WHOLE;
  private static final String EDIFACT =
      "UNA:+.? 'UNB+UNOC:3+A:14+B:14+260302:0915+4711'UNH+1+ORDERS:D:96A:UN'BGM+220+O?'UNZ+9'UNT+3+1'UNZ+1+4711'";

  static Stream<Arguments> files() {
    return Stream.of(
        Arguments.of("as it is to be", WHOLE, true),
        Arguments.of("without its last terminator", WHOLE.strip().replaceAll("~$", ""), true),
        Arguments.of("lines", WHOLE.replace("~", "\n"), true),
        Arguments.of("a byte order mark", "\u00EF\u00BB\u00BF" + WHOLE, true),
        Arguments.of("two interchanges", WHOLE + WHOLE.replace("000000007", "000000008"), true),
        Arguments.of("half of the second", WHOLE + WHOLE.substring(0, 150), false),
        Arguments.of("no IEA", WHOLE.substring(0, WHOLE.indexOf("IEA")), false),
        Arguments.of("half of its number", WHOLE.substring(0, WHOLE.indexOf("IEA") + 9), false),
        Arguments.of("half a header", WHOLE.substring(0, 60), false),
        Arguments.of("nothing", "", false),
        Arguments.of("white space", " \r\n", false),
        Arguments.of("EDIFACT", EDIFACT, true),
        Arguments.of("EDIFACT without UNA", EDIFACT.substring(9), true),
        Arguments.of("EDIFACT without its last terminator", EDIFACT.replaceAll("'$", ""), true),
        Arguments.of("EDIFACT in lines", EDIFACT.substring(9).replace("'", "\n"), true),
        Arguments.of("two of EDIFACT", EDIFACT + EDIFACT.replace("4711", "4712"), true),
        Arguments.of("EDIFACT and half of another", EDIFACT + EDIFACT.substring(0, 70), false),
        Arguments.of("no UNZ", EDIFACT.substring(0, EDIFACT.lastIndexOf("UNZ")), false),
        Arguments.of("half of its reference", EDIFACT.substring(0, EDIFACT.length() - 3), false),
        Arguments.of(
            "a value with an end in it", EDIFACT.substring(0, EDIFACT.indexOf("UNT")), false),
        Arguments.of("no X12", "sku,on_hand\nMUG,4", true),
        Arguments.of("a word that begins as ISA does", "ISABELLA,4", true));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void anInterchangeHasItsEnd(String name, String text, boolean there) {
    assertThat(Trailer.there(text.getBytes(StandardCharsets.ISO_8859_1))).isEqualTo(there);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 10, 20, 50, 100})
  void noBeginningOfOneHasIt(int less) {
    var text = WHOLE.strip().substring(0, WHOLE.strip().length() - 1 - less);

    assertThat(Trailer.there(text.getBytes(StandardCharsets.ISO_8859_1))).isFalse();
  }
}
