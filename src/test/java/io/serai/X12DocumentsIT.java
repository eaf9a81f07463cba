package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.support.Await;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A retailer's order as 850, sent by an X12 warehouse (940, 945) and answered by 855, 856, 810 and
 * 865: every document as the partner gets it.
 */
class X12DocumentsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private AWholeHub hub;
  private int control = 1000;

  @Test
  void anOrderIsAcknowledgedShippedAndInvoicedAndAChangeOfItAnswered(@TempDir Path data) {
    try (var started =
        AWholeHub.over(DATABASE)
            .channel(
                "big-box",
                "x12-retailer",
                "partner-profile",
                "walmart-dsv",
                "our-qualifier",
                "ZZ",
                "our-id",
                "SERAIHUB",
                "their-id",
                "RETAILHUB",
                "upload-token",
                "secret-of-the-retailer")
            .partner(
                "northwind",
                "x12-3pl",
                "partner-profile",
                "x12-3pl",
                "our-qualifier",
                "ZZ",
                "our-id",
                "SERAIHUB",
                "their-qualifier",
                "ZZ",
                "their-id",
                "NORTHWIND",
                "upload-token",
                "secret-of-the-warehouse")
            .node("nj-1", "type", "3pl", "partner", "northwind", "country", "US")
            .start(data)) {
      hub = started;
      hub.stock("nj-1", "MUG-BLU", 10);

      retailer(
          "PO",
          "850",
          "BEG*00*DS*4108820031**20260901~REF*IA*123456042~N1*ST*ROSA MARTINEZ~N3*18 MAPLE AVENUE~"
              + "N4*HOBOKEN*NJ*07030*US~PO1*1*3*EA*6.25**IN*550011223*VN*MUG-BLU~CTT*1~");

      assertThat(sent("big-box", "855"))
          .contains("BAK*00*AD*4108820031*20260901*", "~REF*IA*123456042~", "~ACK*IA*3*EA~");
      var order = sent("northwind", "940");
      assertThat(order).contains("~N9*PO*4108820031~", "~W01*3*EA**VN*MUG-BLU~");
      var number = order.split("\\~W05\\*N\\*")[1].split("\\*")[0];

      retailer(
          "PC",
          "860",
          "BCH*04*DS*4108820031**7*20260901~POC*1*QD*2*2*EA*6.25**IN*550011223~CTT*1~");
      warehouse(
          "SW",
          "945",
          "W06*F*"
              + number
              + "*20260302*SH-1~N1*WH*NORTHWIND~G62*11*20260302~W27*U*UPSN*UPS GROUND~LX*1~"
              + "MAN*CP*1Z999AA10123456784~W12*CC*3*3*0*EA**VN*MUG-BLU~W03*3~");

      var notice = sent("big-box", "856");
      assertThat(notice)
          .contains(
              "~TD5*O*2*UPSN*U*UPS GROUND~",
              "~PRF*4108820031***20260901~",
              "~MAN*CP*1Z999AA10123456784~",
              "~SN1**3*EA~CTT*4~");
      acknowledge(notice); // an invoice waits for it
      assertThat(sent("big-box", "810"))
          .contains("*4108820031-1*20260901*4108820031~", "~IT1*1*3*EA*6.25*", "~TDS*1875~");
      assertThat(sent("big-box", "865"))
          .as("it came too late")
          .contains("BCA*00*RJ*4108820031**7*20260901*", "~ACK*IR*3*EA~");
      assertThat(hub.parked()).isEmpty();
    }
  }

  /** What a partner was sent of a set, in one line. */
  private String sent(String account, String set) {
    var sql =
        """
        SELECT replace(convert_from(c.body, 'LATIN1'), E'\\n', '') FROM interchange i
        JOIN interchange_content c ON c.interchange_id = i.id JOIN delivery d ON d.id = i.delivery_id
        WHERE d.destination = ? AND convert_from(c.body, 'LATIN1') LIKE ?\
        """;
    var like = "%ST*" + set + "*%";
    Await.until(
        "'%s' is sent a %s".formatted(account, set),
        AWholeHub.PATIENCE,
        () -> hub.text(sql, account, like) != null || !stopped().isEmpty());
    assertThat(stopped()).isEmpty();
    assertThat(hub.texts(sql, account, like)).hasSize(1);
    return hub.text(sql, account, like);
  }

  private List<String> stopped() {
    return hub.texts(
        """
        SELECT d.destination || ' ' || d.operation || ' ' || d.state || ' ' || f.sentence
        FROM delivery d JOIN failure f ON f.id = d.failure_id WHERE d.state IN ('PARKED', 'REFUSED')\
        """);
  }

  private void retailer(String group, String set, String body) {
    upload("big-box", "secret-of-the-retailer", "005010", "08", "RETAILHUB", group, set, body);
  }

  /** The retailer takes a set we sent. */
  private void acknowledge(String sent) {
    var group = sent.split("~GS\\*")[1].split("~")[0].split("\\*");
    var set = sent.split("~ST\\*")[1].split("~")[0].split("\\*");
    retailer(
        "FA",
        "997",
        "AK1*%s*%s~AK2*%s*%s~AK5*A~AK9*A*1*1*1~".formatted(group[0], group[5], set[0], set[1]));
  }

  private void warehouse(String group, String set, String body) {
    upload("northwind", "secret-of-the-warehouse", "004010", "ZZ", "NORTHWIND", group, set, body);
  }

  private void upload(
      String account,
      String secret,
      String version,
      String qualifier,
      String sender,
      String group,
      String set,
      String body) {
    var five = version.equals("005010");
    var number = ++control;
    var segments = (int) body.chars().filter(c -> c == '~').count() + 2;
    var file =
        String.join(
            "",
            List.of(
                "ISA*00*          *00*          *%s*%-15s*ZZ*SERAIHUB       *260302*0915*%s*%s*%09d*0*P*>~"
                    .formatted(
                        qualifier, sender, five ? "^" : "U", five ? "00501" : "00401", number),
                "GS*%s*%s*SERAIHUB*20260302*0915*%d*X*%s~"
                    .formatted(group, sender, number, version),
                "ST*%s*0001~%sSE*%d*0001~".formatted(set, body, segments),
                "GE*1*%d~IEA*1*%09d~".formatted(number, number)));
    var answer =
        hub.send(
            hub.to("/webhooks/" + account)
                .header("Authorization", "Bearer " + secret)
                .header("X-File-Name", set + "-" + number + ".edi")
                .POST(BodyPublishers.ofString(file, StandardCharsets.ISO_8859_1))
                .build());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    Await.until(
        "the %s is read".formatted(set),
        AWholeHub.PATIENCE,
        () ->
            "0"
                    .equals(
                        hub.text(
                            "SELECT count(*) FROM inbox_message WHERE state IN ('RECEIVED',"
                                + " 'RUNNING')"))
                && !"0"
                    .equals(
                        hub.text(
                            "SELECT count(*) FROM interchange WHERE control = ?",
                            "%09d".formatted(number))));
    assertThat(hub.parked()).isEmpty();
  }
}
