package io.serai.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.order.Money;
import io.serai.support.Ids;
import io.serai.support.Json;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;

class MappingFunctionsTest {

  private final Mappings mappings = Mappings.builtIn();

  @Test
  void requireGivesTheValueOrNamesTheField() {
    assertThat(map("require(.a, \"a\")", "{\"a\":0}")).isEqualTo("0");
    assertThat(map("require(.a, \"a\")", "{\"a\":false}")).isEqualTo("false");
    for (String missing : List.of("{}", "{\"a\":null}", "{\"a\":\"  \"}")) {
      assertThatThrownBy(() -> map("require(.a, \"order.a\")", missing))
          .hasMessage("Mapping 'test.in.jslt' line 1: field 'order.a' is missing.")
          .isInstanceOfSatisfying(
              MappingException.class,
              e -> {
                assertThat(e.unmapped()).isTrue();
                assertThat(e.field()).isEqualTo("order.a");
                assertThat(e.value()).isNull();
                assertThat(e.line()).isEqualTo(1);
              });
    }
  }

  @Test
  void oneOfTranslatesWhatItKnowsAndNamesWhatItDoesNot() {
    String mapping = "\n\none-of(.s, {\"paid\": \"PAID\", \"7\": \"SEVEN\"}, \"status\")";

    assertThat(map(mapping, "{\"s\":\"paid\"}")).isEqualTo("\"PAID\"");
    assertThat(map(mapping, "{\"s\":7}")).isEqualTo("\"SEVEN\"");
    assertThatThrownBy(() -> map(mapping, "{\"s\":\"payed\"}"))
        .hasMessage(
            "Mapping 'test.in.jslt' line 3: field 'status' is 'payed', which the mapping does not"
                + " know; add it to the table of 'status'.")
        .isInstanceOfSatisfying(
            MappingException.class, e -> assertThat(e.value()).isEqualTo("payed"));
    assertThatThrownBy(() -> map(mapping, "{}")).hasMessageContaining("field 'status' is missing");
  }

  @Test
  void moneyIsTextWithTheMinorUnitsOfItsCurrency() {
    assertThat(map("money(.a, \"EUR\")", "{\"a\":\"90.0\"}")).isEqualTo(euro("90.00"));
    assertThat(map("money(.a, \"EUR\")", "{\"a\":\"90.00\"}")).isEqualTo(euro("90.00"));
    assertThat(map("money(.a, \"EUR\")", "{\"a\":90}")).isEqualTo(euro("90.00"));
    assertThat(map("money(.a, \"EUR\")", "{\"a\":264.8}")).isEqualTo(euro("264.80"));
    assertThat(map("money(.a, \"EUR\")", "{\"a\":\"007.10\"}")).isEqualTo(euro("7.10"));
    assertThat(map("money(.a, \"EUR\")", "{\"a\":\"-3\"}")).isEqualTo(euro("-3.00"));
    assertThat(map("money(.a, \"JPY\")", "{\"a\":\"1500.0\"}"))
        .isEqualTo("{\"amount\":\"1500\",\"currency\":\"JPY\"}");
    assertThat(map("money(.a, \"EUR\")", "{\"a\":\" \"}")).isEqualTo("null");
    assertThat(map("money(.a, \"EUR\")", "{}")).isEqualTo("null");
  }

  @Test
  void moneyThatIsNoneIsRefusedByName() {
    assertThatThrownBy(() -> map("money(.a, \"EUR\", \"price\")", "{\"a\":\"12,30\"}"))
        .hasMessage(
            "Mapping 'test.in.jslt' line 1: field 'price' is '12,30', which is not a number.");
    assertThatThrownBy(() -> map("money(.a, .c, \"price\")", "{\"a\":\"1\",\"c\":\"EURO\"}"))
        .hasMessage(
            "Mapping 'test.in.jslt' line 1: field 'price' is in 'EURO', which is not a currency of"
                + " ISO 4217.");
    assertThatThrownBy(() -> map("money(.a, .c, \"price\")", "{\"a\":\"1\"}"))
        .hasMessage("Mapping 'test.in.jslt' line 1: field 'price' has no currency.");
    assertThatThrownBy(() -> map("money(.a, \"EUR\", \"price\")", "{\"a\":1e999999}"))
        .hasMessageContaining("which has more digits than any amount");
  }

  @Test
  void moneyIsReadFromObjectsHoweverTheyNameTheirCurrency() {
    assertThat(map("money-of(.m, \"m\")", "{\"m\":{\"amount\":\"1.0\",\"currency_code\":\"EUR\"}}"))
        .isEqualTo(euro("1.00"));
    assertThat(map("money-of(.m, \"m\")", "{\"m\":{\"amount\":\"1.0\",\"currencyCode\":\"EUR\"}}"))
        .isEqualTo(euro("1.00"));
    assertThat(map("money-of(.m, \"m\")", "{\"m\":{\"amount\":1,\"currency\":\"EUR\"}}"))
        .isEqualTo(euro("1.00"));
    assertThat(map("money-of(.m, \"m\")", "{\"m\":null}")).isEqualTo("null");
  }

  @Test
  void centsAndPartsBecomeAmounts() {
    assertThat(map("money-of-minor(1999, \"EUR\")", "{}")).isEqualTo(euro("19.99"));
    assertThat(map("money-of-minor(1999, \"KWD\")", "{}"))
        .isEqualTo("{\"amount\":\"1.999\",\"currency\":\"KWD\"}");
    assertThat(map("money-of-parts(12345, 100, \"EUR\")", "{}")).isEqualTo(euro("123.45"));
    assertThatThrownBy(() -> map("money-of-parts(1, 3, \"EUR\", \"price\")", "{}"))
        .hasMessage(
            "Mapping 'test.in.jslt' line 1: field 'price' is '1' of '3', which is no exact decimal;"
                + " check the divisor.");
  }

  @Test
  void sumsAreExact() {
    assertThat(map("money-sum([for (.) money(., \"EUR\")], \"EUR\")", "[0.1, 0.2, \"0.30\", null]"))
        .isEqualTo(euro("0.60"));
    assertThat(map("money-sum([], \"EUR\")", "[]")).isEqualTo(euro("0.00"));
    assertThat(map("money-add(money(1, \"EUR\"), null, money(\"0.02\", \"EUR\"))", "{}"))
        .isEqualTo(euro("1.02"));
    assertThat(map("money-add(null)", "{}")).isEqualTo("null");
    assertThat(map("money-subtract(money(1, \"EUR\"), money(\"1.01\", \"EUR\"))", "{}"))
        .isEqualTo(euro("-0.01"));
    assertThat(map("money-multiply(money(\"14.45\", \"EUR\"), 3)", "{}")).isEqualTo(euro("43.35"));
    assertThat(map("money-divide(money(\"4085.00\", \"EUR\"), 19)", "{}"))
        .isEqualTo(euro("215.00"));
    assertThat(map("money-divide(money(\"10.00\", \"EUR\"), 3)", "{}"))
        .isEqualTo(euro("3.33333333"));
    assertThat(map("money-negate(money(\"-0.1\", \"EUR\"))", "{}")).isEqualTo(euro("0.10"));
    assertThat(map("money-minor(money(\"19.99\", \"EUR\"))", "{}")).isEqualTo("1999");
    assertThat(map("money-is-zero(money(\"0.0\", \"EUR\"))", "{}")).isEqualTo("true");
    assertThat(map("money-is-zero(null)", "{}")).isEqualTo("true");
  }

  @Test
  void moneyThatCannotBeCombinedIsRefused() {
    assertThatThrownBy(() -> map("money-add(money(1, \"EUR\"), money(1, \"USD\"))", "{}"))
        .hasMessageContaining(
            "field 'currency' is 'USD' where 'EUR' is expected; keep one currency per sum.");
    assertThatThrownBy(() -> map("money-divide(money(1, \"EUR\"), 0)", "{}"))
        .hasMessageContaining("by which no amount can be divided");
    assertThatThrownBy(() -> map("money-minor(money(\"0.001\", \"EUR\"))", "{}"))
        .hasMessageContaining("which is no whole number of minor units of 'EUR'");
    assertThatThrownBy(() -> map("money-add({\"price\": 1})", "{}"))
        .isInstanceOf(MappingException.class);
  }

  @Test
  void countsAreWholeAndFractionsAreRefusedByName() {
    assertThat(map("count(.q, \"q\")", "{\"q\":3}")).isEqualTo("3");
    assertThat(map("count(.q, \"q\")", "{\"q\":\"3\"}")).isEqualTo("3");
    assertThat(map("count(.q, \"q\")", "{\"q\":3.0}")).isEqualTo("3");
    assertThat(map("count(.q, \"q\")", "{}")).isEqualTo("null");
    assertThatThrownBy(() -> map("count(.q, \"quantity\")", "{\"q\":\"0.5\"}"))
        .hasMessage(
            "Mapping 'test.in.jslt' line 1: field 'quantity' is '0.5', which is not a whole number"
                + " within 2,147,483,647; count weighed goods in grams.");
    assertThatThrownBy(() -> map("count(.q, \"quantity\")", "{\"q\":3000000000}"))
        .hasMessageContaining("'3000000000'");
  }

  @Test
  void decimalsAreTextAsTheyWereWritten() {
    assertThat(map("decimal(.r, \"rate\")", "{\"r\":0.190}")).isEqualTo("\"0.190\"");
    assertThat(map("decimal(.r, \"rate\")", "{\"r\":\"1e-2\"}")).isEqualTo("\"0.01\"");
    assertThat(map("decimal(.r, \"rate\")", "{}")).isEqualTo("null");
  }

  @Test
  void textIsTrimmedAndBlanksAreNoText() {
    assertThat(
            map(
                "[text(.a), text(.b), text(.c), text(.d), text(.e)]",
                "{\"a\":\" x \",\"b\":\"  \",\"c\":7024924328248,\"d\":1.50,\"e\":{\"f\":1}}"))
        .isEqualTo("[\"x\",null,\"7024924328248\",\"1.50\",null]");
    assertThat(map("text(.a)", "{\"a\":\"x\\u0000y\"}")).isEqualTo("\"x\uFFFDy\"");
    assertThat(map("texts([.a, .b, .c])", "{\"a\":\" x \",\"b\":\" \"}")).isEqualTo("[\"x\"]");
    assertThat(map("texts([.a])", "{}")).isEqualTo("null");
    assertThat(map("list(.a, \",\")", "{\"a\":\"news, vip,, \"}")).isEqualTo("[\"news\",\"vip\"]");
    assertThat(map("list(.a, \",\")", "{\"a\":\" , \"}")).isEqualTo("null");
  }

  @Test
  void instantsAreUtcWhateverTheOffset() {
    assertThat(map("instant(.t, \"t\")", "{\"t\":\"2026-02-04T15:25:51+11:00\"}"))
        .isEqualTo("\"2026-02-04T04:25:51Z\"");
    assertThat(map("instant(.t, \"t\")", "{\"t\":\"2026-12-31T23:59:59-08:00\"}"))
        .isEqualTo("\"2027-01-01T07:59:59Z\"");
    assertThat(map("instant(.t, \"t\")", "{\"t\":\"2026-02-04T15:25:51.5Z\"}"))
        .isEqualTo("\"2026-02-04T15:25:51.500Z\"");
    assertThat(map("instant(.t, \"t\")", "{\"t\":\"\"}")).isEqualTo("null");
    assertThat(map("instant-of-epoch(.t, \"milliseconds\")", "{\"t\":1767225600123}"))
        .isEqualTo("\"2026-01-01T00:00:00.123Z\"");
    assertThat(map("instant-of-epoch(.t, \"seconds\")", "{\"t\":\"1767225600\"}"))
        .isEqualTo("\"2026-01-01T00:00:00Z\"");
    assertThat(
            map(
                "instant-of-local(.t, \"America/Los_Angeles\", \"t\")",
                "{\"t\":\"2026-07-01T10:00:00\"}"))
        .isEqualTo("\"2026-07-01T17:00:00Z\"");
    assertThat(
            map(
                "instant-of-local(.t, \"Europe/Berlin\", \"t\", \"yyyy-MM-dd HH:mm:ss\")",
                "{\"t\":\"2026-10-25 02:30:00\"}"))
        .isEqualTo("\"2026-10-25T00:30:00Z\"");
  }

  @Test
  void aTimeThatSaysNoOffsetOrDoesNotExistIsRefusedByName() {
    assertThatThrownBy(() -> map("instant(.t, \"created_at\")", "{\"t\":\"2026-02-04 15:25\"}"))
        .hasMessage(
            "Mapping 'test.in.jslt' line 1: field 'created_at' is '2026-02-04 15:25', which is not a"
                + " date and time with an offset; give one like 2026-02-04T15:25:51Z.");
    assertThatThrownBy(() -> map("instant(.t, \"t\")", "{\"t\":\"2026-02-30T15:25:51Z\"}"))
        .isInstanceOf(MappingException.class);
    assertThatThrownBy(() -> map("instant(.t, \"t\")", "{\"t\":\"2026-02-03T15:25:51+25:00\"}"))
        .isInstanceOf(MappingException.class);
    assertThatThrownBy(() -> map("instant-of-local(.t, \"Mars/Base\", \"t\")", "{\"t\":\"x\"}"))
        .hasMessageContaining("is 'x', which is no local time of 'Mars/Base'");
    assertThatThrownBy(() -> map("instant-of-epoch(.t, \"seconds\")", "{\"t\":\"1.5\"}"))
        .hasMessageContaining("is '1.5', which is no count of seconds since 1970");
  }

  @Property(seed = "20260302")
  void theShortWayToReadATimeGivesWhatTheLongOneGives(
      @ForAll @LongRange(min = -2_000_000_000L, max = 4_000_000_000L) long epoch,
      @ForAll @IntRange(min = -1079, max = 1079) int offsetMinutes) {
    var offset = ZoneOffset.ofTotalSeconds(offsetMinutes * 60);
    var time = OffsetDateTime.ofInstant(java.time.Instant.ofEpochSecond(epoch), offset);
    String text =
        time.format(java.time.format.DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssXXX"));

    assertThat(map("instant(.t, \"t\")", "{\"t\":\"" + text + "\"}"))
        .isEqualTo("\"" + time.toInstant() + "\"");
  }

  @Property(seed = "20260302")
  void mappingsComputeMoneyAsTheRecordsDo(
      @ForAll @Scale(3) BigDecimal a, @ForAll @IntRange(max = 9999) int times) {
    BigDecimal amount = a.remainder(new BigDecimal("1e12"));
    Money money = new Money(amount, "EUR");

    String mapped =
        map(
            "money-multiply(money(.a, \"EUR\"), .n)",
            "{\"a\":\"" + amount.toPlainString() + "\",\"n\":" + times + "}");

    assertThat(Json.as(Json.tree(mapped), Money.class)).isEqualTo(money.times(times));
  }

  @Test
  void phonesAreInternationalWhenTheyAreWrittenSo() {
    assertThat(phone("+49 (30) 555-0142")).isEqualTo("+49305550142");
    assertThat(phone("0096522255501")).isEqualTo("+96522255501");
    assertThat(phone("(614) 555-0188")).isEqualTo("(614) 555-0188");
    assertThat(phone("+44*******12")).isEqualTo("+44*******12");
    assertThat(phone("+1 614 555 0188 ext. 5")).isEqualTo("+1 614 555 0188 ext. 5");
    assertThat(phone("+123")).isEqualTo("+123");
    assertThat(map("phone(.p)", "{\"p\":\"  \"}")).isEqualTo("null");
  }

  @Test
  void postalCodesKeepTheirZerosAndGetTheirCapitals() {
    assertThat(map("postal-code(.z, \"US\")", "{\"z\":\"07001\"}")).isEqualTo("\"07001\"");
    assertThat(map("postal-code(.z, \"GB\")", "{\"z\":\" ls1 4dy\"}")).isEqualTo("\"LS1 4DY\"");
    assertThat(map("postal-code(.z, null)", "{\"z\":\"x\"}")).isEqualTo("\"x\"");
    assertThat(map("postal-code(.z, \"GB\")", "{}")).isEqualTo("null");
  }

  @Test
  void aTextIsOneValueOfAnAddress() {
    assertThat(map("url-encode(.i)", "{\"i\":\"a b/c+d&e=f%~*ü\"}"))
        .isEqualTo("\"a%20b%2Fc%2Bd%26e%3Df%25~%2A%C3%BC\"");
    assertThat(map("url-encode(.i)", "{}")).isEqualTo("null");
  }

  @Test
  void theLastPartOfAnIdIsFound() {
    assertThat(map("after-last(.i, \"/\")", "{\"i\":\"gid://shopify/Order/12\"}"))
        .isEqualTo("\"12\"");
    assertThat(map("after-last(.i, \"/\")", "{\"i\":\"12\"}")).isEqualTo("\"12\"");
    assertThat(map("after-last(.i, \"/\")", "{}")).isEqualTo("null");
  }

  @Test
  void talliesAddUpPerKey() {
    assertThat(
            map(
                "tally(., \"id\", \"n\")",
                "[{\"id\":1,\"n\":2},{\"id\":\"2\",\"n\":1},{\"id\":1,\"n\":3},{\"id\":null,\"n\":9},{}]"))
        .isEqualTo("{\"1\":5,\"2\":1}");
  }

  @Test
  void aCountIsSpreadFromTheLeftOrNotAtAll() {
    assertThat(map("spread(5, [3, 1, 4])", "{}")).isEqualTo("[3,1,1]");
    assertThat(map("spread(2, [3])", "{}")).isEqualTo("[2]");
    assertThat(map("spread(5, [3, 1])", "{}")).isEqualTo("null");
    assertThat(map("spread(5000000000, [3000000000, 4000000000])", "{}"))
        .isEqualTo("[3000000000,2000000000]");
    assertThat(map("spread(1, [])", "{}")).isEqualTo("null");
  }

  @Test
  void aMappingMayRefuseWithACodeOfItsOwn() {
    assertThatThrownBy(() -> map("refuse(\"THROTTLED\", \"Come back later.\")", "{}"))
        .hasMessage("Come back later.")
        .isInstanceOfSatisfying(
            MappingException.class,
            e -> {
              assertThat(e.code()).isEqualTo("THROTTLED");
              assertThat(e.unmapped()).isFalse();
            });
  }

  private String phone(String raw) {
    return Json.tree(map("phone(.p)", "{\"p\":\"" + raw + "\"}")).asText();
  }

  @Test
  void anInstantIsToldAsAClockOfThePlaceShowsIt() {
    assertThat(
            map(
                "local-of-instant(., \"America/Chicago\", \"yyyyMMdd HHmm\")",
                "\"2026-03-06T04:30:00.000001201Z\""))
        .isEqualTo("\"20260305 2230\"");
    assertThat(map("local-of-instant(., \"UTC\", \"yyyyMMdd\", -6)", "\"2026-03-06T04:59:59Z\""))
        .isEqualTo("\"20260305\"");
    assertThat(map("local-of-instant(., \"UTC\", \"yyyyMMdd\")", "null")).isEqualTo("null");
    assertThatThrownBy(
            () -> map("local-of-instant(., \"Mars\", \"HH\")", "\"2026-03-06T04:30:00Z\""))
        .hasMessageContaining("which cannot be told as a time of 'Mars'");
  }

  @Test
  void anIdInShortHas22CharactersAndCanBeWrittenInAnyCase() {
    var id = new Ids(Clock.systemUTC()).next("ful");

    var brief = Json.tree(map("short-id(., \"id\")", Json.text(id))).textValue();

    assertThat(brief).hasSize(22);
    for (var written : List.of(brief, brief.toLowerCase(Locale.ROOT), " " + brief + " ")) {
      assertThat(map("long-id(., \"ful\", \"id\")", Json.text(written))).isEqualTo(Json.text(id));
    }
    assertThat(map("short-id(., \"id\")", "null")).isEqualTo("null");
    assertThatThrownBy(() -> map("short-id(., \"id\")", "\"FO-1\""))
        .hasMessageContaining("field 'id' is 'FO-1', which is no id of ours");
    assertThatThrownBy(() -> map("long-id(., \"ful\", \"id\")", "\"FO-20417\""))
        .hasMessageContaining(
            "field 'id' is 'FO-20417', which is no number that we gave; ask the partner to return ours");
    assertThatThrownBy(() -> map("long-id(., \"ful\", \"id\")", "\"......................\""))
        .hasMessageContaining("which is no number that we gave");
  }

  @Test
  void aLabelIsReadWithAndWithoutItsZerosAndAWrongDigitIsFound() {
    assertThat(map("sscc(., \"label\")", "\"00001234560000000018\""))
        .isEqualTo("\"001234560000000018\"");
    assertThat(map("sscc(., \"label\")", "\"001234560000000018\""))
        .isEqualTo("\"001234560000000018\"");
    assertThat(map("sscc(., \"label\")", "\" \"")).isEqualTo("null");
    assertThatThrownBy(() -> map("sscc(., \"label\")", "\"001234560000000081\""))
        .hasMessageContaining(
            "field 'label' is '001234560000000081', which is no SSCC: it has 18 digits, the last of which checks the others");
    assertThatThrownBy(() -> map("sscc(., \"label\")", "\"1Z999AA1\""))
        .hasMessageContaining("which is no SSCC");
  }

  private static String euro(String amount) {
    return "{\"amount\":\"" + amount + "\",\"currency\":\"EUR\"}";
  }

  private String map(String mapping, String input) {
    JsonNode out = mappings.compile("test.in.jslt", mapping).apply(Json.tree(input));
    return Json.text(out);
  }
}
