package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.support.Json;
import java.nio.charset.Charset;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a mapping says becomes a file that no value can break. */
class TableProducerTest {
  private static DefaultCamelContext context;

  @BeforeAll
  static void start() {
    context = new DefaultCamelContext();
    context.disableJMX();
    context.start();
  }

  @AfterAll
  static void stop() {
    context.stop();
  }

  private static Exchange run(String table, String encoding) throws Exception {
    var endpoint = new SeraiEndpoint("serai:table", null, "table", null);
    endpoint.setCamelContext(context);
    endpoint.setEncoding(encoding);
    var exchange = new DefaultExchange(context);
    exchange.getMessage().setBody(Json.tree(table));
    new TableProducer(endpoint).process(exchange);
    return exchange;
  }

  private static String file(String table, String encoding) throws Exception {
    return new String(
        run(table, encoding).getMessage().getBody(byte[].class), Charset.forName(encoding));
  }

  @Test
  void rowsAreCsvAndWhatCsvCannotHoldIsQuoted() throws Exception {
    var table =
        """
        {"fileName":"order-1.csv","columns":["sku","quantity","note"],
         "rows":[["00123",2,"Ring, twice"],["MUG",1,"\\"big\\"\\nblue"],["CUP",3,null]]}""";

    assertThat(file(table, "UTF-8"))
        .isEqualTo(
            "sku,quantity,note\r\n00123,2,\"Ring, twice\"\r\nMUG,1,\"\"\"big\"\" blue\"\r\nCUP,3,\r\n");
    assertThat(run(table, "UTF-8").getVariable("fileName")).isEqualTo("order-1.csv");
  }

  @Test
  void withWidthsValuesStandAtTheirPlaces() throws Exception {
    assertThat(
            file(
                """
                {"fileName":"o.txt","columns":["sku","quantity"],"widths":[8,-5],"rows":[["MÜG",2],["CUP-8-XL",12345]]}""",
                "windows-1252"))
        .isEqualTo("MÜG         2\r\nCUP-8-XL12345\r\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"fileName":"o","columns":["sku"],"widths":[3],"rows":[["MUGS"]]}   | UNMAPPED | 'MUGS' has 4 characters in column 'sku', and there is room for 3. Shorten it in the mapping, then replay.
          {"fileName":"o","columns":["sku"],"rows":[["☃"]]}                   | UNMAPPED | '☃' cannot be written in windows-1252. Set the account's 'encoding', or replace it in the mapping, then replay.
          {"fileName":"o","columns":["sku"],"rows":[["a","b"]]}               | CONFIG   | A row of 'o' has 2 values, and there are 1 columns. Correct the mapping, then replay.
          {"fileName":"o","columns":["sku"],"widths":[3,4],"rows":[["a"]]}    | CONFIG   | There are 2 widths and 1 columns. Correct the mapping, then replay.
          {"columns":["sku"],"rows":[["a"]]}                                  | CONFIG   | What is to become a file has no 'fileName', 'columns' and 'rows'. Correct the mapping, then replay.
          """)
  void whatCannotBeWrittenIsRefusedByName(String table, FailureKind kind, String sentence) {
    assertThatThrownBy(() -> file(table, "windows-1252"))
        .hasMessage(sentence)
        .isInstanceOfSatisfying(
            FailureException.class, e -> assertThat(e.failure().kind()).isEqualTo(kind));
  }
}
