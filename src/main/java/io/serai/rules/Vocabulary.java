package io.serai.rules;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.common.types.StructTypeReference;
import io.serai.allocation.Situation;
import io.serai.allocation.Want;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The words an expression may use: what an order, a destination, a line and a node have. A text
 * that is not known is empty; a distance, cost or transit time that is not known is endless.
 */
final class Vocabulary implements CelTypeProvider {
  static final Vocabulary INSTANCE = new Vocabulary();

  /**
   * One thing that can be asked.
   *
   * @param fixed whether it is the same for every order
   */
  record Field(CelType type, boolean fixed, String about, Function<Object, Object> value) {}

  private final Map<String, Map<String, Field>> words = new LinkedHashMap<>();

  private Vocabulary() {
    words.put("order", new LinkedHashMap<>());
    words.put("destination", new LinkedHashMap<>());
    words.put("line", new LinkedHashMap<>());
    words.put("node", new LinkedHashMap<>());
    order();
    destination();
    line();
    node();
  }

  private void order() {
    order(
        "account",
        SimpleType.STRING,
        "account it was sold through",
        s -> text(s.order().account()));
    order(
        "channel",
        SimpleType.STRING,
        "its connector, as 'shopify'",
        s -> text(s.order().channel()));
    order(
        "marketplace",
        SimpleType.STRING,
        "marketplace within the channel",
        s -> text(s.order().marketplace()));
    order("type", SimpleType.STRING, "what it is, as 'SALE'", s -> text(s.order().type()));
    order("currency", SimpleType.STRING, "what it is charged in", s -> text(s.order().currency()));
    order("value", SimpleType.DOUBLE, "the total, in its currency", s -> s.order().value());
    order("tags", ListType.create(SimpleType.STRING), "the channel's tags", s -> s.order().tags());
    order("b2b", SimpleType.BOOL, "whether a company buys", s -> s.order().b2b());
    order("gift", SimpleType.BOOL, "whether it is a present", s -> s.order().gift());
    order(
        "shipComplete",
        SimpleType.BOOL,
        "whether it may leave only as a whole",
        s -> Boolean.TRUE.equals(s.order().shipComplete()));
    order(
        "service", SimpleType.STRING, "transport the buyer chose", s -> text(s.order().service()));
    order(
        "slaHours",
        SimpleType.DOUBLE,
        "hours until it has to arrive, else to leave; endless without a promise",
        Situation::slaHours);
    order("units", SimpleType.INT, "units of all lines", s -> (long) s.units());
    order("weight", SimpleType.DOUBLE, "kilograms of all lines", Situation::weight);
    order("skus", ListType.create(SimpleType.STRING), "SKUs of all lines", Vocabulary::skus);
    order(
        "lines",
        ListType.create(StructTypeReference.create("line")),
        "its lines, each as 'line'",
        Situation::wants);
  }

  private void destination() {
    destination("country", "country, as 'US'", s -> s.order().country());
    destination("region", "state or province, as 'NY'", s -> s.order().region());
    destination("city", "city", s -> s.order().city());
    destination("postalCode", "postal code", s -> s.order().postalCode());
    destination("type", "kind of address, as 'RESIDENTIAL'", s -> s.order().addressType());
  }

  private void line() {
    line("sku", SimpleType.STRING, "our SKU", Want::sku);
    line("quantity", SimpleType.INT, "units wanted", w -> (long) w.quantity());
    line("kind", SimpleType.STRING, "what was sold, as 'PHYSICAL'", w -> text(w.facts().kind()));
    line("title", SimpleType.STRING, "what the buyer read", w -> text(w.facts().title()));
    line(
        "tags",
        ListType.create(SimpleType.STRING),
        "what the item needs, as 'fragile'",
        w -> w.facts().tags());
    line("weight", SimpleType.DOUBLE, "kilograms of one unit", w -> w.facts().weight());
    line("value", SimpleType.DOUBLE, "what one unit is sold for", w -> w.facts().value());
    line(
        "preorder",
        SimpleType.BOOL,
        "whether it was sold before it is in stock",
        w -> w.facts().preorder());
  }

  private void node() {
    fixed("id", SimpleType.STRING, "its name", s -> s.node().id());
    fixed("type", SimpleType.STRING, "as 'store' or '3pl'", s -> text(s.node().type()));
    fixed("partner", SimpleType.STRING, "who works there", s -> text(s.node().partner()));
    fixed("country", SimpleType.STRING, "country, as 'US'", s -> text(s.node().country()));
    fixed("region", SimpleType.STRING, "state or province", s -> text(s.node().region()));
    fixed("postalCode", SimpleType.STRING, "postal code", s -> text(s.node().postalCode()));
    fixed(
        "capabilities",
        ListType.create(SimpleType.STRING),
        "what it can handle",
        s -> List.copyOf(s.node().capabilities()));
    fixed(
        "serves",
        ListType.create(SimpleType.STRING),
        "countries it sends to; empty for all",
        s -> List.copyOf(s.node().serves()));
    fixed("floor", SimpleType.INT, "units of a SKU it should keep", s -> (long) s.node().floor());
    node("complete", SimpleType.BOOL, "whether it has every line", Situation::complete);
    node("available", SimpleType.INT, "units it has of the line's SKU", s -> (long) s.available());
    node(
        "capacityLeft",
        SimpleType.INT,
        "orders it still takes today",
        s -> (long) s.capacityLeft());
    node("daysLate", SimpleType.INT, "days it would be late", s -> (long) s.daysLate());
    node(
        "distance",
        SimpleType.DOUBLE,
        "kilometers to the destination",
        s -> s.distance() == null ? Double.POSITIVE_INFINITY : s.distance().kilometers());
    node(
        "cost",
        SimpleType.DOUBLE,
        "what a shipment to the destination costs",
        s -> endless(s.node().costTo(s.order().country())));
    node(
        "transitDays",
        SimpleType.DOUBLE,
        "days to the destination",
        s -> endless(s.node().transitTo(s.order().country())));
  }

  private void order(String name, CelType type, String about, Function<Situation, Object> value) {
    words.get("order").put(name, new Field(type, false, about, o -> value.apply((Situation) o)));
  }

  private void destination(String name, String about, Function<Situation, String> value) {
    words
        .get("destination")
        .put(
            name,
            new Field(SimpleType.STRING, false, about, o -> text(value.apply((Situation) o))));
  }

  private void line(String name, CelType type, String about, Function<Want, Object> value) {
    words.get("line").put(name, new Field(type, false, about, o -> value.apply((Want) o)));
  }

  private void node(String name, CelType type, String about, Function<Situation, Object> value) {
    words.get("node").put(name, new Field(type, false, about, o -> value.apply((Situation) o)));
  }

  private void fixed(String name, CelType type, String about, Function<Situation, Object> value) {
    words.get("node").put(name, new Field(type, true, about, o -> value.apply((Situation) o)));
  }

  private static String text(String text) {
    return text == null ? "" : text;
  }

  private static Double endless(Number number) {
    return number == null ? Double.POSITIVE_INFINITY : number.doubleValue();
  }

  private static List<String> skus(Situation situation) {
    var skus = new ArrayList<String>(situation.wants().size());
    situation.wants().forEach(want -> skus.add(want.sku()));
    return skus;
  }

  /** What has fields: order, destination, line and node. */
  Set<String> things() {
    return words.keySet();
  }

  /** What a thing has, by name. */
  Map<String, Field> fields(String thing) {
    return words.getOrDefault(thing, Map.of());
  }

  @Override
  public ImmutableCollection<CelType> types() {
    return words.keySet().stream()
        .map(name -> findType(name).orElseThrow())
        .collect(ImmutableList.toImmutableList());
  }

  @Override
  public Optional<CelType> findType(String name) {
    var fields = words.get(name);
    return fields == null
        ? Optional.empty()
        : Optional.of(
            StructType.create(
                name,
                ImmutableSet.copyOf(fields.keySet()),
                field -> Optional.ofNullable(fields.get(field)).map(Field::type)));
  }
}
