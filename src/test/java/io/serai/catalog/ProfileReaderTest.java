package io.serai.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.catalog.ConnectorProfile.Kind;
import io.serai.catalog.ConnectorProfile.Limits;
import io.serai.catalog.ConnectorProfile.Text;
import io.serai.catalog.ConnectorProfile.Type;
import io.serai.failure.FailureKind;
import io.serai.outbox.Outbox;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProfileReaderTest {
  private static final String FILE = "connectors/acme.connector.yaml";
  private static final String GOOD =
      """
      connector: acme
      title: Acme
      kind: channel
      description: A shop.
      api: { version: "2026-07", sunset: 2027-07-01 }
      capabilities: [order, stock]
      parameters:
        base-url: { description: Root of the API., required: true, type: url }
        webhook-secret: { description: Signs webhooks., required: true, secret: true, list: true }
        token: { description: Key of the API., required: true, secret: true }
        publish-stock: { description: Whether stock goes there., type: boolean, default: true }
        level: { description: Which level., choices: [a, b], default: a }
      token: { parameter: token }
      verification: { scheme: hmac-sha256, encoding: hex, header: X-Sign, secret: webhook-secret }
      events:
        type: { header: X-Topic }
        table:
          orders/create: { document: order, key: { pointer: /id }, dedupe: [ { header: X-Id }, { pointer: /event } ], version: { pointer: /updated_at } }
          carts/update: ignore
      operations:
        stock: { repeat: idempotent, bulk: 250 }
        shipment: { repeat: blind }
      deadlines: { connect: 1s, call: 5s, give-up: 2d }
      limits: { rate: 20, per: 1s, burst: 40, in-flight: 8 }
      retry: { base: 500ms, cap: 1m, attempts: 5 }
      errors:
        - { code: SLOW, kind: THROTTLED }
        - { status: 5xx, kind: TRANSIENT }
      routes:
        - acme-order-normalize
        - { template: acme-stock-out, when: publish-stock }
      """;

  @Test
  void everyPartOfAProfileIsRead() {
    var profile = ProfileReader.read(FILE, GOOD, new Faults(FILE));

    assertThat(profile.name()).isEqualTo("acme");
    assertThat(profile.kind()).isEqualTo(Kind.CHANNEL);
    assertThat(profile.api().sunset()).isEqualTo(LocalDate.of(2027, 7, 1));
    assertThat(profile.capabilities()).containsExactly("order", "stock");
    assertThat(profile.parameters().get("base-url").type()).isEqualTo(Type.URL);
    assertThat(profile.parameters().get("base-url").templateName()).isEqualTo("baseUrl");
    assertThat(profile.parameters().get("webhook-secret").secret()).isTrue();
    assertThat(profile.parameters().get("level").choices()).containsExactly("a", "b");
    assertThat(profile.token().parameter()).isEqualTo("token");
    assertThat(profile.verification().encoding()).isEqualTo(Text.of("hex"));
    assertThat(profile.events().type()).isEqualTo(new Locator.Header("X-Topic"));
    var order = profile.events().table().get("orders/create");
    assertThat(order.document()).isEqualTo("order");
    assertThat(order.key()).isEqualTo(new Locator.Pointer("/id"));
    assertThat(order.dedupe())
        .containsExactly(new Locator.Header("X-Id"), new Locator.Pointer("/event"));
    assertThat(order.version()).isEqualTo(new Locator.Pointer("/updated_at"));
    assertThat(profile.events().table().get("carts/update").ignored()).isTrue();
    assertThat(profile.operations().get("stock").bulk()).isEqualTo(250);
    assertThat(profile.operations().get("shipment").repeat()).isEqualTo(Repeat.BLIND);
    assertThat(profile.deadlines().giveUp()).isEqualTo(Duration.ofDays(2));
    assertThat(profile.limits()).isEqualTo(new Limits(20, Duration.ofSeconds(1), 40, 8));
    assertThat(profile.retry().attempts()).isEqualTo(5);
    assertThat(profile.errors().rules().get(0).kind()).isEqualTo(FailureKind.THROTTLED);
    assertThat(profile.routes()).extracting("when").containsExactly(null, "publish-stock");
  }

  @Test
  void aCallMayTakeAsLongAsAnAttemptIsLent() {
    assertThat(ConnectorProfile.Deadlines.LEASE).isEqualTo(Outbox.Settings.DEFAULT.lease());
  }

  @Test
  void whatIsLeftOutHasItsDefault() {
    var profile =
        ProfileReader.read(
            FILE, "{ connector: acme, title: A, kind: partner, description: D }", new Faults(FILE));

    assertThat(profile.kind()).isEqualTo(Kind.PARTNER);
    assertThat(profile.deadlines().call()).isEqualTo(Duration.ofSeconds(10));
    assertThat(profile.deadlines().giveUp()).isEqualTo(Duration.ofHours(48));
    assertThat(profile.retry().base()).isEqualTo(Duration.ofSeconds(2));
    assertThat(profile.limits()).isNull();
    assertThat(profile.errors()).isEqualTo(ErrorTable.BUILT_IN);
  }

  @Test
  void everyFaultNamesLineThingAndRemedy() {
    says(
        "kind: channel",
        "kind: chanel",
        "3: 'connector file.kind' is 'chanel', which is not known. Nearest name: 'channel'.");
    says("title: Acme\n", "", "1: 'connector file' has no 'title'. Add 'title: …'.");
    says(
        "connector: acme",
        "connector: acne",
        "1: Connector 'acne' stands in file 'acme.connector.yaml'. Name the file 'acne.connector.yaml'.");
    says(
        "title: Acme",
        "title: Acme\ntitel: x",
        "3: 'connector file' has a key 'titel', which means nothing there. Nearest name: 'title'.");
    says(
        "title: Acme",
        "title: Acme\ntitle: x",
        "3: Key 'title' is there twice. Keep one; the other stands on line 2.");
    says(
        "title: Acme",
        "title: [Acme]",
        "2: 'connector file.title' is not a text. Write one value.",
        "2: 'connector file' has no 'title'. Add 'title: …'.");
    says(
        "2027-07-01",
        "soon",
        "5: 'api.sunset' is 'soon', which is no date. Write it as year-month-day.");
    says(
        "capabilities: [order",
        "capabilities: [oder",
        "6: There is no document 'oder'. Nearest name: 'order'.");
    says(
        "base-url: {",
        "baseUrl: {",
        "8: Parameter 'baseUrl' is not in kebab case. Use lower-case letters, digits and single dashes.");
    says(
        "base-url: {",
        "account: {",
        "8: Parameter 'account' is a word every account has. Choose another name.");
    says(
        "description: Root of the API., ",
        "",
        "8: 'connector file.parameters.base-url' has no 'description'. Add 'description: …'.");
    says(
        "type: url",
        "type: uri",
        "8: 'connector file.parameters.base-url.type' is 'uri', which is not known. Nearest name: 'url'.");
    says(
        "required: true, type: url",
        "required: yes, type: url",
        "8: 'connector file.parameters.base-url.required' is 'yes', which is not known. Known: 'false', 'true'.");
    says(
        "secret: true }",
        "secret: true, default: x }",
        "10: Secret parameter 'token' has a default. Remove the default; secrets come from the configuration.");
    says(
        "required: true, type: url",
        "required: true, default: \"http://x\", type: url",
        "8: Parameter 'base-url' is required and has a default. Remove one of them.");
    says(
        "default: true",
        "default: maybe",
        "11: The default of parameter 'publish-stock' is 'maybe', which is not true or false. Correct the default.");
    says(
        "choices: [a, b], ",
        "type: choice, ",
        "12: Parameter 'level' has type 'choice' and no choices. Add 'choices: […]'.",
        "12: The default of parameter 'level' is 'a', which is not one of ''. Correct the default.");
    says(
        "choices: [a, b]",
        "type: text, choices: [a, b]",
        "12: Parameter 'level' has type 'text' and choices. Write 'type: choice'.");
    says(
        "token: { parameter: token }",
        "token: { parameter: tokn }",
        "13: 'token.parameter' names parameter 'tokn', which is not declared. Nearest name: 'token'.");
    says(
        "token: { parameter: token }",
        "token: { parameter: base-url }",
        "13: 'token.parameter' names parameter 'base-url', which is not secret. Add 'secret: true' to the parameter.");
    says(
        "scheme: hmac-sha256",
        "scheme: hmac-sha257",
        "14: 'connector file.verification.scheme' is 'hmac-sha257', which is not known. Nearest name: 'hmac-sha256'.");
    says(
        "header: X-Sign, ",
        "",
        "14: 'connector file.verification' has no 'header'. Add 'header: …'.");
    says(
        "type: { header: X-Topic }",
        "type: X-Topic",
        "16: The events.type does not say where it stands. Write { header: … } or { pointer: /… }.");
    says(
        "{ pointer: /id }",
        "{ pointer: id }",
        "18: The key of event 'orders/create' is 'id', which is no JSON pointer. Begin every name with '/', as in '/order/id'.");
    says(
        "document: order, key",
        "key",
        "18: 'events.table.orders/create' has no 'document'. Add 'document: …'.");
    says(
        "carts/update: ignore",
        "carts/update: forget",
        "19: Event 'carts/update' says neither what it becomes nor 'ignore'. Write 'ignore' or { document: …, key: … }.");
    says(
        "repeat: blind",
        "repeat: blnd",
        "22: 'connector file.operations.shipment.repeat' is 'blnd', which is not known. Nearest name: 'blind'.");
    says(
        "bulk: 250",
        "bulk: many",
        "21: 'connector file.operations.stock.bulk' is 'many', which is no whole number from 1. Write a number such as 1.");
    says(
        "call: 5s",
        "call: 5",
        "23: 'connector file.deadlines.call' is '5', which is no duration. Write a number and a unit: ms, s, m, h or d, as in '10s'.");
    says(
        "call: 5s",
        "call: 60s",
        "23: Nothing would ever be sent: 'call' is 60 s, and an attempt is lent to a replica for 60 s. Make it shorter.");
    says(
        "connect: 1s",
        "connect: 1h",
        "23: The deadlines are not in order: connect, call, give-up. Make each at least as long as the one before.");
    says("rate: 20, ", "", "24: 'connector file.limits' has no 'rate'. Add 'rate: …'.");
    says(
        "code: SLOW, ",
        "",
        "27: An error rule names neither 'code' nor 'status'. Add one; the built-in table answers what no rule matches.");
    says(
        "status: 5xx",
        "status: 5x",
        "28: 'errors.status' is '5x', which is no HTTP status. Write three digits, or '5xx' for a class.");
    says(
        "kind: THROTTLED",
        "kind: THROTLED",
        "27: 'errors.kind' is 'THROTLED', which is not known. Nearest name: 'THROTTLED'.");
    says(
        "when: publish-stock",
        "when: publish-stok",
        "31: Route 'acme-stock-out' is switched by 'publish-stok', which is no boolean parameter. Nearest name: 'publish-stock'.");
  }

  @Test
  void aTextThatIsNoYamlNamesLineAndColumn() {
    var faults = new Faults(FILE);

    assertThat(ProfileReader.read(FILE, "connector: acme\n title: [x", faults)).isNull();

    assertThat(faults.list())
        .singleElement()
        .asString()
        .startsWith(FILE + ":2: The YAML cannot be read: ")
        .endsWith("Correct the text at column 7.");
  }

  @Test
  void anEmptyFileAndTwoDocumentsAreNamed() {
    assertThat(faults("")).containsExactly(FILE + ": The file is empty. Write it or remove it.");
    assertThat(faults("a: b\n---\nc: d"))
        .containsExactly(
            FILE + ":3: The file holds 2 YAML documents. Put each into a file of its own.");
    assertThat(faults("- a"))
        .containsExactly(
            FILE + ":1: 'connector file' is not a mapping. Write it as 'key: value' pairs.");
  }

  private static void says(String before, String after, String... sentences) {
    assertThat(GOOD).contains(before);
    assertThat(faults(GOOD.replace(before, after)))
        .as(after)
        .containsExactlyInAnyOrder(
            java.util.Arrays.stream(sentences).map(s -> FILE + ":" + s).toArray(String[]::new));
  }

  private static List<String> faults(String text) {
    var faults = new Faults(FILE);
    ProfileReader.read(FILE, text, faults);
    return faults.list().stream().map(Fault::toString).toList();
  }
}
