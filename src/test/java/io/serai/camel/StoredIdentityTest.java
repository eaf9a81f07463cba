package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.catalog.Catalog;
import io.serai.catalog.Configuration;
import io.serai.catalog.Fault;
import io.serai.deadletter.LockedFields.Locked;
import io.serai.deadletter.Normalizer.Raw;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

/** What an edit leaves as it is is found by the connector's events table or the EDI standard. */
class StoredIdentityTest {
  private static final String SCAN =
      "{\"id\":\"evt_1\",\"description\":\"tracker.updated\",\"result\":{\"tracking_code\":\"1Z5\",\"weight\":\"x\"}}";
  private static final String ISA =
      "ISA*00*          *00*          *ZZ*NORTHWIND      *ZZ*SERAI          *260302*1000*U*00401*000000007*0*P*>~";
  private static final String SETS =
      "GS*SH*NORTHWIND*SERAI*20260302*1000*3*X*004010~ST*945*0001~W06*F*1001~SE*3*0001~ST*945*0002~W06*F*1002~SE*3*0002~GE*2*3~IEA*1*000000007~";
  private static final String UNB = "UNA:+.? 'UNB+UNOC:3+NORTHWIND+SERAI+260302:1000+R7'";

  private static StoredIdentity identity;

  @BeforeAll
  static void configure() {
    var environment =
        new MockEnvironment()
            .withProperty("serai.partners.parcels.connector", "easypost")
            .withProperty("serai.partners.parcels.credentials", "a2V5Og==")
            .withProperty("serai.partners.parcels.webhook-secret", "secret-of-the-test");
    var faults = new ArrayList<Fault>();
    var edition = Catalog.open(StoredIdentityTest.class.getClassLoader(), null).edition();
    identity = new StoredIdentity(Configuration.read(environment, edition, faults));
    assertThat(faults).isEmpty();
  }

  private static Raw message(String eventType, String key, String body) {
    return new Raw(
        5,
        "parcels",
        "tracking",
        eventType,
        key,
        "application/json",
        body.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void ofAnEventItsKeyItsIdAndItsTypeStay() {
    var scan = message("tracker.updated", "1Z5", SCAN);

    assertThat(identity.of(scan))
        .containsExactly(
            new Locked("/result/tracking_code", "the message's key", "1Z5"),
            new Locked("/id", "the event's own id", "evt_1"),
            new Locked("/description", "the event's type", "tracker.updated"));
    assertThat(identity.refusal(scan, bytes(SCAN.replace("\"x\"", "2")))).isEmpty();
    assertThat(identity.refusal(scan, bytes(SCAN.replace("evt_1", "evt_2"))))
        .hasValue(
            "'/id' of 'msg_5' is the event's own id, 'evt_1', and stays as it is. Take that change back; if the value itself is wrong, discard the message and have it sent anew.");
    assertThat(identity.refusal(scan, bytes(SCAN.replace("\"tracking_code\":\"1Z5\",", ""))))
        .as("left out")
        .isPresent();
    assertThat(identity.refusal(scan, bytes("no JSON"))).isPresent();
  }

  @Test
  void aKeyThatTheHubDidNotTakeMayBeCorrected() {
    var without = message("tracker.updated", "sha256:ab", SCAN);

    assertThat(identity.of(without))
        .extracting(Locked::place)
        .containsExactly("/id", "/description");
  }

  @Test
  void ofWhatWasFetchedTheOutermostMembersThatAreItsKeyStay() {
    var fetched = message(null, "1001", "{\"no\":1001,\"a/b\":\"1001\",\"lines\":[{\"no\":1001}]}");

    assertThat(identity.of(fetched))
        .containsExactly(
            new Locked("/no", "the message's key", "1001"),
            new Locked("/a~1b", "the message's key", "1001"));
  }

  @Test
  void whatCannotBeReadIsHeldToNothing() {
    for (var type : new String[] {null, "tracker.updated"}) {
      var cut = message(type, "1Z5", "{\"id\":");
      assertThat(identity.of(cut)).isEmpty();
      assertThat(identity.refusal(cut, bytes("{}"))).isEmpty();
    }
  }

  @Test
  void ofX12TheControlNumbersStay() {
    var file = message(null, "file-7", ISA + SETS);

    assertThat(identity.of(file))
        .containsExactly(
            new Locked("GS06", "the group's control number", "3"),
            new Locked("ST02", "the document's control number", "0001"),
            new Locked("ST02 (2)", "the document's control number", "0002"),
            new Locked("ISA13", "the interchange's control number", "000000007"));
    assertThat(identity.refusal(file, bytes(ISA + SETS.replace("*1002~", "*1003~")))).isEmpty();
    assertThat(identity.refusal(file, bytes(ISA + SETS.replace("*0002~", "*0003~"))))
        .hasValueSatisfying(
            sentence ->
                assertThat(sentence)
                    .startsWith("'ST02 (2)' of 'msg_5' is the document's control number, '0002'"));
    assertThat(
            identity.refusal(
                file,
                bytes((ISA + SETS).replace("000000007", "000000008").replace("*1001~", "*1~"))))
        .isPresent();
  }

  @Test
  void ofEdifactTheReferencesStay() {
    var text = UNB + "UNH+M1+DESADV:D:96A:UN'BGM+351+77+9'UNT+3+M1'UNZ+1+R7'";
    var file = message(null, "file-7", text);

    assertThat(identity.of(file))
        .contains(
            new Locked("UNH01", "the document's control number", "M1"),
            new Locked("UNB05", "the interchange's control number", "R7"));
    assertThat(identity.refusal(file, bytes(text.replace("+77+", "+78+")))).isEmpty();
    assertThat(identity.refusal(file, bytes(text.replace("R7", "R8")))).isPresent();
  }
}
