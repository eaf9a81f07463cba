package io.serai.hub;

import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.order.AnOrder;
import io.serai.order.CollectedBy;
import io.serai.order.Discount;
import io.serai.order.Fee;
import io.serai.order.LineKind;
import io.serai.order.Money;
import io.serai.order.Order;
import io.serai.order.OrderLine;
import io.serai.order.ShippingLine;
import io.serai.order.Tax;
import io.serai.order.Totals;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What shipments cost: each by itself, and together what the order does. */
class BillingTest {
  @Test
  void whatIsSentIsBilledAtItsPrice() {
    var order = usd(line("1", 3, "10.00", "30.00"), line("2", 1, "5.00", "5.00"));

    var bill = Billing.of(order, Map.of("1", 0, "2", 0), Map.of("1", 2));

    assertThat(bill.lines()).hasSize(1);
    assertThat(bill.lines().getFirst().amount()).isEqualTo(Money.of("20.00", "USD"));
    assertThat(bill.totals().total()).isEqualTo(Money.of("20.00", "USD"));
    assertThat(bill.discounts()).isEmpty();
  }

  @Test
  void aCaseCostsWhatItCostsAndNotItsPiecesTimesTheirRoundedPrice() {
    var order = usd(line("1", 36, "0.83333333", "30.00"));

    var first = Billing.of(order, Map.of("1", 0), Map.of("1", 12));
    var rest = Billing.of(order, Map.of("1", 12), Map.of("1", 24));

    assertThat(first.totals().total()).isEqualTo(Money.of("10.00", "USD"));
    assertThat(rest.totals().total()).isEqualTo(Money.of("20.00", "USD"));
  }

  @Test
  void freightAndFeesAreChargedOnceWithTheFirst() {
    var order =
        with(
            usd(line("1", 2, "10.00", "20.00")),
            List.of(new ShippingLine("Freight", "D240", Money.of("7.50", "USD"), null, null)),
            List.of(),
            List.of(),
            List.of(new Fee("Pallet", Money.of("3.00", "USD"))));

    var first = Billing.of(order, Map.of("1", 0), Map.of("1", 1));
    var second = Billing.of(order, Map.of("1", 1), Map.of("1", 1));

    assertThat(first.totals().charges()).isEqualTo(Money.of("10.50", "USD"));
    assertThat(first.charges()).extracting(a -> a.code()).containsExactly("D240", null);
    assertThat(second.totals().total()).isEqualTo(Money.of("10.00", "USD"));
  }

  @Test
  void anAllowanceOfTheOrderIsSharedByWhatTheGoodsCost() {
    var order =
        with(
            usd(line("1", 1, "90.00", "90.00"), line("2", 1, "10.00", "10.00")),
            List.of(),
            List.of(new Discount(Money.of("5.00", "USD"), "Spring offer", "C310", "MERCHANT")),
            List.of(),
            List.of());

    var first = Billing.of(order, Map.of("1", 0, "2", 0), Map.of("1", 1));
    var second = Billing.of(order, Map.of("1", 1, "2", 0), Map.of("2", 1));

    assertThat(first.totals().discount()).isEqualTo(Money.of("4.50", "USD"));
    assertThat(first.discounts().getFirst().code()).isEqualTo("C310");
    assertThat(second.totals().discount()).isEqualTo(Money.of("0.50", "USD"));
  }

  @Test
  void onlyTaxesThatWeCollectAreBilled() {
    var order =
        with(
            usd(line("1", 3, "10.00", "30.00")),
            List.of(),
            List.of(),
            List.of(
                new Tax("ST", null, Money.of("1.00", "USD"), false, CollectedBy.MERCHANT),
                new Tax("VA", null, Money.of("4.00", "USD"), false, CollectedBy.CHANNEL),
                new Tax("GS", null, Money.of("2.00", "USD"), true, CollectedBy.MERCHANT)),
            List.of());

    var bill = Billing.of(order, Map.of("1", 0), Map.of("1", 3));

    assertThat(bill.taxes()).extracting(a -> a.title()).containsExactly("ST");
    assertThat(bill.totals().total()).isEqualTo(Money.of("31.00", "USD"));
  }

  @Test
  void theShipmentsOfAnOrderCostTogetherWhatItDoesHoweverItIsDivided() {
    var random = new Random(20260302);
    for (var run = 0; run < 300; run++) {
      var lines = new OrderLine[1 + random.nextInt(4)];
      var expected = Money.zero("USD");
      for (var i = 0; i < lines.length; i++) {
        var ordered = 1 + random.nextInt(9);
        var gross = Money.ofMinor(random.nextInt(10_000), "USD");
        var off =
            Money.ofMinor(
                random.nextInt((int) gross.amount().movePointRight(2).longValue() + 1), "USD");
        expected = expected.plus(gross).minus(off);
        lines[i] = line("" + i, ordered, "1.00", gross.minus(off).text(), off);
      }
      var allowance = Money.ofMinor(random.nextInt(500), "USD");
      var freight = Money.ofMinor(random.nextInt(500), "USD");
      var tax = Money.ofMinor(random.nextInt(500), "USD");
      var order =
          with(
              usd(lines),
              List.of(new ShippingLine("Freight", null, freight, null, null)),
              List.of(new Discount(allowance, null, null, null)),
              List.of(new Tax("ST", null, tax, false, CollectedBy.MERCHANT)),
              List.of());
      expected = expected.minus(allowance).plus(freight).plus(tax);

      var sent = new HashMap<String, Integer>();
      for (var line : lines) {
        sent.put(line.lineId(), 0);
      }
      var billed = Money.zero("USD");
      while (true) {
        var now = new HashMap<String, Integer>();
        for (var line : lines) {
          var rest = line.ordered() - sent.get(line.lineId());
          now.put(line.lineId(), Math.min(rest, random.nextInt(4)));
        }
        var bill = Billing.of(order, Map.copyOf(sent), now);
        if (now.values().stream().anyMatch(units -> units > 0)) {
          billed = billed.plus(bill.totals().total());
          assertThat(bill.totals().total().amount().scale()).isEqualTo(2);
        }
        now.forEach((line, units) -> sent.merge(line, units, Integer::sum));
        if (java.util.Arrays.stream(lines).allMatch(l -> sent.get(l.lineId()) == l.ordered())) {
          break;
        }
      }

      assertThat(billed).as("run %d", run).isEqualTo(expected);
    }
  }

  private static OrderLine line(String id, int ordered, String price, String total) {
    return line(id, ordered, price, total, null);
  }

  private static OrderLine line(String id, int ordered, String price, String total, Money off) {
    return new OrderLine(
        id,
        null,
        null,
        LineKind.PHYSICAL,
        "MUG-BLU",
        null,
        "Mug",
        null,
        "EA",
        ordered,
        0,
        0,
        0,
        0,
        true,
        Money.of(price, "USD"),
        off == null ? List.of() : List.of(new Discount(off, null, null, null)),
        List.of(),
        Money.of(total, "USD"));
  }

  private static Order usd(OrderLine... lines) {
    var order = anOrder().chargedIn("USD").with("MUG-BLU", 1).build();
    return with(AnOrder.copy(order, List.of(lines)), List.of(), List.of(), List.of(), List.of());
  }

  private static Order with(
      Order o,
      List<ShippingLine> shipping,
      List<Discount> discounts,
      List<Tax> taxes,
      List<Fee> fees) {
    return new Order(
        o.schemaVersion(),
        o.channel(),
        o.orderType(),
        o.fulfilledBy(),
        o.placedAt(),
        o.updatedAt(),
        null,
        null,
        null,
        false,
        o.currency(),
        null,
        false,
        null,
        null,
        null,
        o.shipTo(),
        o.lines(),
        shipping,
        discounts,
        taxes,
        fees,
        (Totals) null,
        o.payment(),
        null,
        null,
        null,
        null,
        null);
  }
}
