package io.serai.exchange;

import static io.serai.exchange.AnExchange.interchange;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a set becomes by what it says, where the profile tells it apart. */
class CasesIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String PROFILE =
      AnExchange.PROFILE.replace(
          "\"997\": {}",
          "\"944\": { document: stock, becomes: { return: \"N901=RZ\" } }\n  \"997\": {}");

  private static String receipt(String number, String about) {
    return "944W17*F*20260320*%s*RMA-17~\nN1*WH*NORTHWIND~\n%sW07*1*EA**VN*MUG~\nW14*1~\n"
        .formatted(number, about);
  }

  @Test
  void aReceiptThatNamesAReturnIsOneAndHasALaneOfItsOwn() throws Exception {
    DATABASE.truncate();
    try (var exchange = new AnExchange(DATABASE)) {
      exchange.with = AnExchange.agreement(PROFILE);

      exchange.takes(
          interchange(
              905,
              "P",
              "RE",
              receipt("R-1", ""),
              receipt("R-2", "N9*RZ*RMA-17~\n"),
              receipt("R-3", "N9*PO*RZ~\n"),
              receipt("R-4", "N9*RZ*RMA-17~\n")));

      assertThat(
              exchange.texts(
                  "SELECT document || ' ' || message_key FROM inbox_message WHERE document <> 'interchange' ORDER BY id"))
          .containsExactly("stock stock", "return msg_1#1.2", "stock stock", "return msg_1#1.4");
      assertThat(
              exchange.texts(
                  "SELECT document FROM interchange_set WHERE direction = 'IN' ORDER BY place"))
          .containsExactly("stock", "return", "stock", "return");
    }
  }

  @Test
  void whatWasTakenThoughItIsWrongSaysWhy() throws Exception {
    DATABASE.truncate();
    try (var exchange = new AnExchange(DATABASE)) {
      exchange.with = AnExchange.agreement(AnExchange.PROFILE + "reading: { lenient: true }\n");
      var file =
          interchange(906, "P", "PO", AnExchange.order("PO-1").replace("BEG*00*", "BEG*ZY*"));

      exchange.takes(file.replace("IEA*1*000000906", "IEA*1*906"));

      assertThat(
              exchange.text(
                  "SELECT state || ' ' || sentence FROM interchange WHERE direction = 'IN'"))
          .isEqualTo(
              "ACCEPTED_WITH_ERRORS IEA02 says interchange '906', and ISA13 says '000000906'.");
      assertThat(
              exchange.text(
                  "SELECT outcome || ' ' || sentence FROM interchange_set WHERE direction = 'IN'"))
          .isEqualTo("ACCEPTED_WITH_ERRORS BEG01 (purpose) is 'ZY', which X12 does not list.");
    }
  }
}
