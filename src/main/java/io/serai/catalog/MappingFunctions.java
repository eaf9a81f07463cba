package io.serai.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.schibsted.spt.data.jslt.Function;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The functions Serai adds to JSLT, the same for every mapping.
 *
 * <p>Guarantee: money and decimals are computed exactly, never as binary fractions; a function that
 * cannot do its work names the field it was given. Every function answers null to a null value
 * unless it says otherwise, so optional fields need no {@code if}. Gap: the field is named by the
 * text the mapping passes, which the mapping's author keeps true.
 */
public final class MappingFunctions {

  private static final int MAX_SCALE = 20;
  private static final int MAX_PRECISION = 38;
  private static final Map<String, Integer> MINOR_UNITS = minorUnits();

  private MappingFunctions() {}

  /** All of them, for a JSLT parser. */
  public static List<Function> all() {
    return Stream.concat(TradeFunctions.ALL.stream(), OWN.stream()).toList();
  }

  private static final List<Function> OWN =
      List.of(
          new Named("require", 2, 2, MappingFunctions::require),
          new Named("one-of", 3, 3, MappingFunctions::oneOf),
          new Named("known", 3, 3, MappingFunctions::known),
          new Named("text", 1, 1, MappingFunctions::text),
          new Named("texts", 1, 1, MappingFunctions::texts),
          new Named("list", 2, 2, MappingFunctions::list),
          new Named("count", 2, 2, MappingFunctions::count),
          new Named("decimal", 2, 2, MappingFunctions::decimal),
          new Named("money", 2, 3, MappingFunctions::money),
          new Named("money-of", 2, 2, MappingFunctions::moneyOf),
          new Named("money-of-minor", 2, 3, MappingFunctions::moneyOfMinor),
          new Named("money-of-parts", 3, 4, MappingFunctions::moneyOfParts),
          new Named("money-add", 1, 32, MappingFunctions::moneyAdd),
          new Named("money-sum", 2, 2, MappingFunctions::moneySum),
          new Named("money-subtract", 2, 2, MappingFunctions::moneySubtract),
          new Named("money-multiply", 2, 2, MappingFunctions::moneyMultiply),
          new Named("money-divide", 2, 2, MappingFunctions::moneyDivide),
          new Named("money-negate", 1, 1, MappingFunctions::moneyNegate),
          new Named("money-minor", 1, 1, MappingFunctions::moneyMinor),
          new Named("money-is-zero", 1, 1, MappingFunctions::moneyIsZero),
          new Named("instant", 2, 2, MappingFunctions::instant),
          new Named("instant-of-epoch", 2, 2, MappingFunctions::instantOfEpoch),
          new Named("instant-of-local", 3, 4, MappingFunctions::instantOfLocal),
          new Named("phone", 1, 1, MappingFunctions::phone),
          new Named("postal-code", 2, 2, MappingFunctions::postalCode),
          new Named("by-time", 2, 2, MappingFunctions::byTime),
          new Named("after-last", 2, 2, MappingFunctions::afterLast),
          new Named("url-encode", 1, 1, MappingFunctions::urlEncode),
          new Named("tally", 3, 3, MappingFunctions::tally),
          new Named("spread", 2, 2, MappingFunctions::spread),
          new Named("refuse", 2, 2, MappingFunctions::refuse));

  /** require(value, "path"): the value; missing, null and blank text fail. */
  private static JsonNode require(JsonNode[] a) {
    if (isAbsent(a[0]) || a[0].isTextual() && a[0].textValue().isBlank()) {
      throw missing(path(a[1]));
    }
    return a[0];
  }

  /** one-of(value, {"theirs": "ours"}, "path"): ours; a missing or unlisted value fails. */
  private static JsonNode oneOf(JsonNode[] a) {
    if (isAbsent(a[0])) {
      throw missing(path(a[2]));
    }
    JsonNode ours = a[1].get(a[0].asText());
    if (ours == null) {
      throw new FieldFault(
          path(a[2]),
          shown(a[0]),
          "is '%s', which the mapping does not know; add it to the table of '%s'"
              .formatted(shown(a[0]), path(a[2])));
    }
    return ours;
  }

  /**
   * known(value, ["a", "b"], "path"): the value as text, also when it is none of these, which is
   * then reported as drift. For fields that decide nothing; one that decides is {@code one-of}.
   */
  private static JsonNode known(JsonNode[] a) {
    JsonNode value = text(a[0]);
    if (value.isNull()) {
      return value;
    }
    for (JsonNode one : a[1]) {
      if (one.asText().equals(value.textValue())) {
        return value;
      }
    }
    Drift.found(path(a[2]), value.textValue());
    return value;
  }

  /** text(value): trimmed text; numbers as they are written; blank is null. */
  private static JsonNode text(JsonNode[] a) {
    return text(a[0]);
  }

  private static JsonNode text(JsonNode value) {
    if (value.isTextual()) {
      String raw = value.textValue();
      String stripped = raw.strip();
      if (stripped.isEmpty()) {
        return NullNode.instance;
      }
      if (stripped.indexOf('\0') >= 0) { // JSON may carry what no database text can hold
        return TextNode.valueOf(stripped.replace('\0', '\uFFFD'));
      }
      return stripped.length() == raw.length() ? value : TextNode.valueOf(stripped);
    }
    if (isAbsent(value) || value.isContainerNode()) {
      return NullNode.instance;
    }
    return TextNode.valueOf(
        value.isBigDecimal() ? value.decimalValue().toPlainString() : value.asText());
  }

  /** texts([value, …]): those that are not blank, trimmed, in order; null when none is left. */
  private static JsonNode texts(JsonNode[] a) {
    ArrayNode kept = null;
    for (JsonNode value : a[0]) {
      JsonNode text = text(value);
      if (!text.isNull()) {
        kept = kept == null ? JsonNodeFactory.instance.arrayNode(a[0].size()) : kept;
        kept.add(text);
      }
    }
    return kept == null ? NullNode.instance : kept;
  }

  /**
   * list(text, ","): the trimmed parts of a separated list without its blanks; null without any.
   */
  private static JsonNode list(JsonNode[] a) {
    if (isBlank(a[0])) {
      return NullNode.instance;
    }
    ArrayNode parts = JsonNodeFactory.instance.arrayNode();
    String text = a[0].asText();
    String separator = a[1].asText();
    int from = 0;
    while (from <= text.length()) {
      int at = text.indexOf(separator, from);
      int to = at < 0 ? text.length() : at;
      String part = text.substring(from, to).strip();
      if (!part.isEmpty()) {
        parts.add(part);
      }
      from = to + separator.length();
    }
    return parts.isEmpty() ? NullNode.instance : parts;
  }

  /** count(value, "path"): a whole number, from a number or text; a fraction or text fails. */
  private static JsonNode count(JsonNode[] a) {
    JsonNode value = a[0];
    if (value.isInt()) {
      return value;
    }
    if (isAbsent(value)) {
      return NullNode.instance;
    }
    BigDecimal number = number(value, path(a[1]));
    try {
      return IntNode.valueOf(number.intValueExact());
    } catch (ArithmeticException e) {
      throw new FieldFault(
          path(a[1]),
          shown(value),
          "is '%s', which is not a whole number within 2,147,483,647; count weighed goods in grams"
              .formatted(shown(value)));
    }
  }

  /** decimal(value, "path"): exact decimal text, as it was written. */
  private static JsonNode decimal(JsonNode[] a) {
    if (isAbsent(a[0])) {
      return NullNode.instance;
    }
    return TextNode.valueOf(number(a[0], path(a[1])).toPlainString());
  }

  /** money(amount, currency, "path"): {"amount", "currency"}, at least with its minor units. */
  private static JsonNode money(JsonNode[] a) {
    if (isBlank(a[0])) {
      return NullNode.instance;
    }
    return charged(a[0], a[1], a.length > 2 ? a[2] : TextNode.valueOf("amount"));
  }

  /**
   * money-of({amount, currency}, "path"): of an object that names both, the currency also as
   * currency_code or currencyCode; null without one.
   */
  private static JsonNode moneyOf(JsonNode[] a) {
    JsonNode amount = a[0].get("amount");
    if (isBlank(amount)) {
      return NullNode.instance;
    }
    JsonNode currency = a[0].get("currency_code");
    if (currency == null) {
      currency = a[0].get("currencyCode");
    }
    if (currency == null) {
      currency = a[0].get("currency");
    }
    return charged(amount, currency, a[1]);
  }

  private static JsonNode charged(JsonNode amount, JsonNode currency, JsonNode pathNode) {
    String path = path(pathNode);
    String code = currency(currency, path);
    if (amount.isTextual() && isPlain(amount.textValue(), MINOR_UNITS.get(code))) {
      // Nearly every amount comes as we write it: nothing to compute, nothing to copy.
      ObjectNode node = JsonNodeFactory.instance.objectNode();
      node.set("amount", amount);
      node.set("currency", currency);
      return node;
    }
    return money(number(amount, path), code);
  }

  /** Whether a text is an amount with exactly these decimals and no needless zeros before it. */
  private static boolean isPlain(String text, int decimals) {
    int whole = decimals == 0 ? text.length() : text.length() - decimals - 1;
    if (whole < 1 || text.length() > 18 || text.charAt(0) == '0' && whole > 1) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (i == whole ? c != '.' : c < '0' || c > '9') {
        return false;
      }
    }
    return true;
  }

  /** money-of-minor(units, currency, "path"): from cents. */
  private static JsonNode moneyOfMinor(JsonNode[] a) {
    if (isBlank(a[0])) {
      return NullNode.instance;
    }
    String path = a.length > 2 ? path(a[2]) : "amount";
    String currency = currency(a[1], path);
    return money(number(a[0], path).movePointLeft(MINOR_UNITS.get(currency)), currency);
  }

  /** money-of-parts(units, divisor, currency, "path"): from units of 1/divisor, exactly. */
  private static JsonNode moneyOfParts(JsonNode[] a) {
    if (isBlank(a[0])) {
      return NullNode.instance;
    }
    String path = a.length > 3 ? path(a[3]) : "amount";
    BigDecimal divisor = number(a[1], path);
    try {
      return money(number(a[0], path).divide(divisor), currency(a[2], path));
    } catch (ArithmeticException e) {
      throw new FieldFault(
          path,
          shown(a[0]),
          "is '%s' of '%s', which is no exact decimal; check the divisor"
              .formatted(shown(a[0]), shown(a[1])));
    }
  }

  /** money-add(money, money, …): their sum; nulls are skipped, no money at all is null. */
  private static JsonNode moneyAdd(JsonNode[] a) {
    BigDecimal sum = BigDecimal.ZERO;
    String currency = null;
    for (JsonNode part : a) {
      if (!isAbsent(part)) {
        currency = sameCurrency(currency, part);
        sum = sum.add(amount(part));
      }
    }
    return currency == null ? NullNode.instance : money(sum, currency);
  }

  /** money-sum([money, …], currency): their sum; nothing to add is zero in that currency. */
  private static JsonNode moneySum(JsonNode[] a) {
    String currency = currency(a[1], "currency");
    BigDecimal sum = BigDecimal.ZERO;
    for (JsonNode part : a[0]) {
      if (!isAbsent(part)) {
        sameCurrency(currency, part);
        sum = sum.add(amount(part));
      }
    }
    return money(sum, currency);
  }

  /** money-subtract(money, money): the first less the second; a null second is nothing. */
  private static JsonNode moneySubtract(JsonNode[] a) {
    if (isAbsent(a[0]) || isAbsent(a[1])) {
      return a[0];
    }
    String currency = sameCurrency(sameCurrency(null, a[0]), a[1]);
    return money(amount(a[0]).subtract(amount(a[1])), currency);
  }

  /** money-multiply(money, count): so many times; the count may be a decimal. */
  private static JsonNode moneyMultiply(JsonNode[] a) {
    if (isAbsent(a[0]) || isAbsent(a[1])) {
      return NullNode.instance;
    }
    return money(amount(a[0]).multiply(number(a[1], "factor")), sameCurrency(null, a[0]));
  }

  /** money-divide(money, count): a unit price from a line total, with up to six more digits. */
  private static JsonNode moneyDivide(JsonNode[] a) {
    if (isAbsent(a[0]) || isAbsent(a[1])) {
      return NullNode.instance;
    }
    String currency = sameCurrency(null, a[0]);
    BigDecimal count = number(a[1], "count");
    if (count.signum() == 0) {
      throw new FieldFault("count", "0", "is '0', by which no amount can be divided");
    }
    return money(
        amount(a[0]).divide(count, MINOR_UNITS.get(currency) + 6, RoundingMode.HALF_UP), currency);
  }

  /** money-negate(money): channels that send refunds and discounts as negative amounts. */
  private static JsonNode moneyNegate(JsonNode[] a) {
    return isAbsent(a[0])
        ? NullNode.instance
        : money(amount(a[0]).negate(), sameCurrency(null, a[0]));
  }

  /** money-minor(money): whole minor units, for partners that count cents; a fraction fails. */
  private static JsonNode moneyMinor(JsonNode[] a) {
    if (isAbsent(a[0])) {
      return NullNode.instance;
    }
    String currency = sameCurrency(null, a[0]);
    try {
      return LongNode.valueOf(
          amount(a[0]).movePointRight(MINOR_UNITS.get(currency)).longValueExact());
    } catch (ArithmeticException e) {
      throw new FieldFault(
          "amount",
          shown(a[0].get("amount")),
          "is '%s', which is no whole number of minor units of '%s'"
              .formatted(shown(a[0].get("amount")), currency));
    }
  }

  /** money-is-zero(money): also true for null. */
  private static JsonNode moneyIsZero(JsonNode[] a) {
    return JsonNodeFactory.instance.booleanNode(isAbsent(a[0]) || amount(a[0]).signum() == 0);
  }

  /** instant(value, "path"): RFC 3339 with any offset, as UTC; a time without offset fails. */
  private static JsonNode instant(JsonNode[] a) {
    if (isBlank(a[0])) {
      return NullNode.instance;
    }
    String text = a[0].asText();
    try {
      return OffsetSeconds.has(text)
          ? TextNode.valueOf(Instant.ofEpochSecond(OffsetSeconds.epochSecond(text)).toString())
          : TextNode.valueOf(OffsetDateTime.parse(text).toInstant().toString());
    } catch (DateTimeException e) {
      throw new FieldFault(
          path(a[1]),
          shown(a[0]),
          "is '%s', which is not a date and time with an offset; give one like 2026-02-04T15:25:51Z"
              .formatted(shown(a[0])));
    }
  }

  /** instant-of-epoch(value, "milliseconds"|"seconds"): since 1970. */
  private static JsonNode instantOfEpoch(JsonNode[] a) {
    if (isBlank(a[0])) {
      return NullNode.instance;
    }
    try {
      long value = number(a[0], "time").longValueExact();
      Instant instant =
          "seconds".equals(a[1].asText())
              ? Instant.ofEpochSecond(value)
              : Instant.ofEpochMilli(value);
      return TextNode.valueOf(instant.toString());
    } catch (ArithmeticException | DateTimeException e) {
      throw new FieldFault(
          "time",
          shown(a[0]),
          "is '%s', which is no count of %s since 1970".formatted(shown(a[0]), a[1].asText()));
    }
  }

  /**
   * instant-of-local(value, "zone", "path", "pattern"): a local time of a named zone; an hour that
   * occurs twice is read as the earlier one.
   */
  private static JsonNode instantOfLocal(JsonNode[] a) {
    if (isBlank(a[0])) {
      return NullNode.instance;
    }
    try {
      DateTimeFormatter format =
          a.length > 3 && !isAbsent(a[3])
              ? DateTimeFormatter.ofPattern(a[3].asText(), Locale.ROOT)
              : DateTimeFormatter.ISO_LOCAL_DATE_TIME;
      Instant instant =
          LocalDateTime.parse(a[0].asText().strip(), format)
              .atZone(ZoneId.of(a[1].asText()))
              .withEarlierOffsetAtOverlap()
              .toInstant();
      return TextNode.valueOf(instant.toString());
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new FieldFault(
          path(a[2]),
          shown(a[0]),
          "is '%s', which is no local time of '%s'".formatted(shown(a[0]), a[1].asText()));
    }
  }

  /**
   * by-time(list, "field"): its objects, oldest first by the instant in that field; those of one
   * instant stay in order, and those without a readable one come last.
   */
  private static JsonNode byTime(JsonNode[] a) {
    if (!a[0].isArray()) {
      return a[0];
    }
    var all = new ArrayList<JsonNode>(a[0].size());
    a[0].forEach(all::add);
    String field = a[1].asText();
    all.sort(Comparator.comparing(node -> moment(node.path(field).asText(""))));
    ArrayNode sorted = JsonNodeFactory.instance.arrayNode(all.size());
    sorted.addAll(all);
    return sorted;
  }

  private static Instant moment(String text) {
    try {
      return OffsetDateTime.parse(text.strip()).toInstant();
    } catch (DateTimeException e) {
      return Instant.MAX;
    }
  }

  /** phone(value): E.164 when it is written internationally, else as it came; blank is null. */
  private static JsonNode phone(JsonNode[] a) {
    JsonNode text = text(a);
    if (!text.isTextual()) {
      return text;
    }
    String raw = text.textValue();
    boolean international = raw.startsWith("+") || raw.startsWith("00");
    if (!international || raw.indexOf('*') >= 0) {
      return text;
    }
    var digits = new StringBuilder(raw.length()).append('+');
    for (int i = raw.startsWith("+") ? 1 : 2; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c >= '0' && c <= '9') {
        digits.append(c);
      } else if (" -().\u00a0/".indexOf(c) < 0) {
        return text;
      }
    }
    boolean dialable = digits.length() >= 8 && digits.length() <= 16 && digits.charAt(1) != '0';
    return dialable ? TextNode.valueOf(digits.toString()) : text;
  }

  /**
   * postal-code(value, country): text with its zeros; in capitals where the country has letters.
   */
  private static JsonNode postalCode(JsonNode[] a) {
    JsonNode text = text(a);
    if (!text.isTextual()) {
      return text;
    }
    return switch (a[1].asText()) {
      case "GB", "CA", "NL", "IE", "MT" ->
          TextNode.valueOf(text.textValue().toUpperCase(Locale.ROOT));
      default -> text;
    };
  }

  /** after-last(text, "/"): the rest after the last separator; the whole text without one. */
  private static JsonNode afterLast(JsonNode[] a) {
    if (isAbsent(a[0])) {
      return NullNode.instance;
    }
    String text = a[0].asText();
    String separator = a[1].asText();
    int at = text.lastIndexOf(separator);
    return at < 0 ? a[0] : TextNode.valueOf(text.substring(at + separator.length()));
  }

  /**
   * url-encode(text): percent-encoded by RFC 3986 but for its unreserved characters, so that it can
   * stand in a path or query as one value.
   */
  private static JsonNode urlEncode(JsonNode[] a) {
    return isAbsent(a[0])
        ? NullNode.instance
        : TextNode.valueOf(
            URLEncoder.encode(a[0].asText(), StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~"));
  }

  /** tally(array, "key", "count"): {key: sum of counts} over an array of objects. */
  private static JsonNode tally(JsonNode[] a) {
    ObjectNode sums = JsonNodeFactory.instance.objectNode();
    String key = a[1].asText();
    String count = a[2].asText();
    for (JsonNode item : a[0]) {
      JsonNode name = item.get(key);
      JsonNode number = item.get(count);
      if (name != null && !name.isNull() && number != null && number.canConvertToInt()) {
        String text = name.asText();
        sums.put(text, sums.path(text).asInt() + number.intValue());
      }
    }
    return sums;
  }

  /**
   * spread(count, [room, …]): how much of the count goes to each, filling from the left; null when
   * the rooms together are too small.
   */
  private static JsonNode spread(JsonNode[] a) {
    if (isAbsent(a[0])) {
      return NullNode.instance;
    }
    long left = a[0].asLong();
    var parts = JsonNodeFactory.instance.arrayNode();
    for (JsonNode room : a[1]) {
      long part = Math.min(left, Math.max(0, room.asLong()));
      parts.add(part == (int) part ? IntNode.valueOf((int) part) : LongNode.valueOf(part));
      left -= part;
    }
    return left > 0 ? NullNode.instance : parts;
  }

  /** refuse("CODE", "sentence"): stops the mapping with a code for the connector's error table. */
  private static JsonNode refuse(JsonNode[] a) {
    throw new Refusal(a[0].asText(), a[1].asText());
  }

  private static ObjectNode money(BigDecimal amount, String currency) {
    int units = MINOR_UNITS.get(currency);
    BigDecimal scaled = amount;
    if (amount.scale() != units) {
      BigDecimal exact = amount.signum() == 0 ? BigDecimal.ZERO : amount.stripTrailingZeros();
      scaled = exact.setScale(Math.max(units, exact.scale()), RoundingMode.UNNECESSARY);
    }
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.set("amount", TextNode.valueOf(scaled.toPlainString()));
    node.set("currency", TextNode.valueOf(currency));
    return node;
  }

  private static BigDecimal amount(JsonNode money) {
    JsonNode amount = money.get("amount");
    if (amount == null) {
      throw new FieldFault(
          "amount", shown(money), "is '%s', which is not money".formatted(shown(money)));
    }
    return number(amount, "amount");
  }

  private static String sameCurrency(String currency, JsonNode money) {
    String of = money.path("currency").asText();
    if (!MINOR_UNITS.containsKey(of) || currency != null && !currency.equals(of)) {
      throw new FieldFault(
          "currency",
          of,
          "is '%s' where '%s' is expected; keep one currency per sum".formatted(of, currency));
    }
    return of;
  }

  private static String currency(JsonNode node, String path) {
    if (isAbsent(node)) {
      throw new FieldFault(path, null, "has no currency");
    }
    String code = node.asText();
    if (!MINOR_UNITS.containsKey(code)) {
      throw new FieldFault(
          path, code, "is in '%s', which is not a currency of ISO 4217".formatted(code));
    }
    return code;
  }

  private static BigDecimal number(JsonNode node, String path) {
    try {
      BigDecimal number =
          node.isNumber() ? node.decimalValue() : new BigDecimal(node.asText().strip());
      if (Math.abs((long) number.scale()) > MAX_SCALE || number.precision() > MAX_PRECISION) {
        throw new FieldFault(
            path,
            shown(node),
            "is '%s', which has more digits than any amount".formatted(shown(node)));
      }
      return number;
    } catch (NumberFormatException e) {
      throw new FieldFault(
          path, shown(node), "is '%s', which is not a number".formatted(shown(node)));
    }
  }

  private static FieldFault missing(String path) {
    return new FieldFault(path, null, "is missing");
  }

  private static boolean isAbsent(JsonNode node) {
    return node == null || node.isNull() || node.isMissingNode();
  }

  static boolean isBlank(JsonNode node) {
    return isAbsent(node) || node.isTextual() && node.textValue().isBlank();
  }

  static String path(JsonNode node) {
    return node.asText();
  }

  static String shown(JsonNode node) {
    String text = node.isValueNode() ? node.asText() : node.toString();
    return text.length() > 60 ? text.substring(0, 60) + "…" : text;
  }

  private static Map<String, Integer> minorUnits() {
    var all = new HashMap<String, Integer>();
    for (Currency currency : Currency.getAvailableCurrencies()) {
      if (currency.getDefaultFractionDigits() >= 0) {
        all.put(currency.getCurrencyCode(), currency.getDefaultFractionDigits());
      }
    }
    return Map.copyOf(all);
  }

  /** A function by its name. */
  record Named(
      String name, int min, int max, java.util.function.Function<JsonNode[], JsonNode> body)
      implements Function {

    @Override
    public String getName() {
      return name;
    }

    @Override
    public int getMinArguments() {
      return min;
    }

    @Override
    public int getMaxArguments() {
      return max;
    }

    @Override
    public JsonNode call(JsonNode input, JsonNode[] arguments) {
      return body.apply(arguments);
    }
  }
}
