package io.serai.exchange;

import static io.serai.exchange.AnExchange.interchange;
import static io.serai.exchange.AnExchange.order;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.edi.EdiListener;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Groups whose codes of sender and receiver (GS02, GS03) are those that were agreed, or not. */
class GroupCodesIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private AnExchange exchange;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    exchange = new AnExchange(DATABASE);
  }

  @AfterEach
  void close() {
    exchange.close();
  }

  private String sent() {
    return exchange.text(
        "SELECT convert_from(body, 'LATIN1') FROM interchange_content ORDER BY interchange_id DESC LIMIT 1");
  }

  @Test
  void aGroupOfOthersThanWereAgreedIsRefusedAlone() throws Exception {
    exchange.with =
        AnExchange.agreement(
            AnExchange.PROFILE
                .replace("id: RETAILHUB", "id: RETAILHUB, group: RETAILGS")
                .replace("id: SERAIHUB", "id: SERAIHUB, group: HUBGS"));
    var agreed = "GS*PO*RETAILGS*HUBGS*";
    var good =
        interchange(905, "P", "PO", order("PO-1")).replace("GS*PO*RETAILHUB*SERAIHUB*", agreed);
    var group = good.substring(good.indexOf("GS*"), good.indexOf("IEA*"));
    var stranger =
        group
            .replace(agreed, "GS*PO*OTHERGS*HUBGS*")
            .replace("*905*X", "*906*X")
            .replace("GE*1*905", "GE*1*906")
            .replace("PO-1", "PO-2");

    exchange.takes(good.replace(group, group + stranger).replace("IEA*1", "IEA*2"));

    assertThat(exchange.texts("SELECT message_key FROM inbox_message WHERE document = 'order'"))
        .containsExactly("PO-1");
    assertThat(exchange.text("SELECT sentence FROM failure"))
        .contains(
            "GS02 (application sender's code) is 'OTHERGS', and 'store' is 'RETAILGS'. When the partner has our 997");
    assertThat(sent()).contains("AK1*PO*906~\nAK9*R*1*1*0*1~");
    var toOthers = good.replace("000000905", "000000907").replace("HUBGS", "OURS");
    exchange.takes(toOthers);
    assertThat(
            exchange.text(
                "SELECT state || ' ' || sentence FROM interchange ORDER BY id DESC OFFSET 1 LIMIT 1"))
        .isEqualTo("REFUSED GS03 (application receiver's code) is 'OURS', and we are 'HUBGS'.");
  }

  @Test
  void aGroupsCodeThatNobodyAgreedIsOnlyNoted() throws Exception {
    exchange.takes(
        interchange(905, "P", "PO", order("PO-1")).replace("GS*PO*RETAILHUB*", "GS*PO*OTHERGS*"));

    assertThat(exchange.text("SELECT state FROM interchange WHERE direction = 'IN'"))
        .isEqualTo("ACCEPTED");
    var noted =
        Agreement.judge(
            exchange.with.profile(),
            new ByteArrayInputStream(
                interchange(906, "P", "PO", order("PO-2"))
                    .replace("GS*PO*RETAILHUB*", "GS*PO*OTHERGS*")
                    .getBytes(StandardCharsets.ISO_8859_1)),
            options -> options,
            new EdiListener() {});
    assertThat(noted.interchanges().getFirst().groups().getFirst().faults())
        .singleElement()
        .satisfies(
            note -> {
              assertThat(note.what())
                  .isEqualTo(
                      "GS02 (application sender's code) is 'OTHERGS', and 'retailer' is 'RETAILHUB'.");
              assertThat(note.expected())
                  .isEqualTo(
                      "Nothing else was agreed, so this alone refuses nothing; with 'group' in the profile's ids it does.");
              assertThat(note.counts()).isFalse();
            });
  }
}
