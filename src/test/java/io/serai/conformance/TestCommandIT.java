package io.serai.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.HubProcess;
import io.serai.cli.Scaffold;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A sound connector passes every clause; one that is careless fails those it is careless in. */
class TestCommandIT {
  @TempDir Path home;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void aNewChannel() throws IOException {
    for (var file : Scaffold.channel("acme", "Acme").entrySet()) {
      var path = home.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
  }

  private int test(String connector) {
    return test(connector, "10");
  }

  private int test(String connector, String patience) {
    return new CommandLine(
            new TestCommand(
                (settings, properties) -> HubProcess.start(null, settings, properties),
                Map.<String, String>of()::get))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(connector, "--home", home.toString(), "--patience", patience);
  }

  private void change(String file, String from, String to) throws IOException {
    var path = home.resolve(file);
    var text = Files.readString(path);
    assertThat(text).contains(from);
    Files.writeString(path, text.replace(from, to));
  }

  @Test
  void whatNewChannelWritesPassesEveryClause() {
    assertThat(test("acme", "60")).as(out.toString()).isZero();

    assertThat(out.toString())
        .startsWith("Acme (acme)\n  profile    connectors/acme.connector.yaml\n")
        .contains(
            "\n  passed      samples          all 27 give what stands beside them\n",
            "\n  passed      signature        ",
            "\n  passed      dedupe           ",
            "\n  passed      pagination       ",
            "\n  passed      out of order     ",
            "\n  passed      unknown value    ",
            "\n  passed      effects          ",
            "\n  passed      throttling       ",
            "\n  passed      token expiry     ",
            "\n  passed      lost answer      ",
            "\n  passed      partial failure  ",
            "\n  passed      secrets          ",
            "\n12 passed, 0 failed, 0 not judged, in ");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void carelessnessIsFoundClauseByClause() throws IOException {
    // whoever knows the address is believed; a version that comes late wins; a key is no key
    change(
        "connectors/acme.connector.yaml",
        "verification: { scheme: hmac-sha256, encoding: hex, header: X-Signature, secret: webhook-secret }",
        "verification: { scheme: none }");
    change("connectors/acme-webhook-source.kamelet.yaml", "verify: hmac-sha256", "verify: none");
    change("connectors/acme-write-sink.kamelet.yaml", "${variable.deliveryKey}", "${exchangeId}");
    change(
        "mappings/acme/order.in.jslt",
        "one-of(.state, {\n      \"pending\": \"PENDING\",\n      \"paid\": \"PAID\",\n      \"cancelled\": \"VOIDED\",\n      \"refunded\": \"REFUNDED\"\n    }, \"state\")",
        "if (.state == \"paid\") \"PAID\" else \"PENDING\"");
    change("mappings/acme/page.in.jslt", "text(.next)", "null");
    change(
        "mappings/acme/stock-receipt.in.jslt",
        "else if ($said.error) { \"outcome\": \"failed\", \"code\": $said.error.code, \"sentence\": string($said.error.message) }",
        "else if ($said.error) { \"outcome\": \"confirmed\" }");

    assertThat(test("acme")).isOne();

    assertThat(out.toString())
        .contains(
            "\n  not judged  signature        its profile wants no proof: whoever knows the address is believed\n",
            "\n  FAILED      pagination       of 3 listed 'order' only 2 were kept, ",
            "\n  FAILED      unknown value    in silence something else is taken for an unknown value in '/state' of order/",
            "\n  FAILED      lost answer      a 'shipment' whose answer was lost had 2 effects\n",
            "\n  FAILED      partial failure  of 2 quantities of which one was refused 2 are told as taken and 0 as refused\n");
  }

  @Test
  void whatCannotBeginIsOneSentence() throws IOException {
    assertThat(test("acm")).isOne();
    assertThat(test("acme", "0")).isOne();
    change("samples/payloads/acme/stand-in.yaml", "call: POST /stock", "call: stock");
    assertThat(test("acme")).isOne();
    change("samples/payloads/acme/stand-in.yaml", "call: stock", "cal: POST /stock");
    assertThat(test("acme")).isOne();

    var file = home.resolve("samples/payloads/acme/stand-in.yaml");
    assertThat(err.toString())
        .startsWith("No connector is named 'acm'. There are: acme, ")
        .endsWith(
            """
            --patience is 0; give 1 to 600 seconds.
            '%s': writes.stock.call is 'stock'; write it as 'POST /path'. docs/add-a-channel.md tells what may stand there.
            '%s': writes.stock has 'cal', which nothing reads; write one of call, containing, answer, headers, key, partial. docs/add-a-channel.md tells what may stand there.
            """
                .formatted(file, file));
  }
}
