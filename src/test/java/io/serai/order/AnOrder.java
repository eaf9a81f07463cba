package io.serai.order;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An order for tests: say what matters, the rest is valid and dull (one mug to Berlin, paid, tax
 * included).
 */
public final class AnOrder {

  private String account = "shopify-main";
  private String orderId = "1001";
  private String currency = "EUR";
  private Instant placedAt = Instant.parse("2026-03-02T09:00:00Z");
  private Instant updatedAt = Instant.parse("2026-03-02T09:00:01Z");
  private Instant cancelledAt;
  private PaymentState payment = PaymentState.PAID;
  private OrderType type = OrderType.STANDARD;
  private FulfilledBy fulfilledBy = FulfilledBy.MERCHANT;
  private boolean test;
  private String country = "DE";
  private String postalCode = "12045";
  private Party shipTo;
  private boolean withoutAddress;
  private Service service;
  private String note;
  private final List<OrderLine> lines = new ArrayList<>();
  private Money channelTotal;
  private Risk risk;
  private final List<String> tags = new ArrayList<>();

  private AnOrder() {}

  /** A dull order. */
  public static AnOrder anOrder() {
    return new AnOrder();
  }

  /** With this id in the channel; {@code #} and the id is its number. */
  public AnOrder numbered(String id) {
    orderId = id;
    return this;
  }

  /** Of this account. */
  public AnOrder of(String name) {
    account = name;
    return this;
  }

  /** Charged in this currency. */
  public AnOrder chargedIn(String code) {
    currency = code;
    return this;
  }

  /** Placed then, and not changed since. */
  public AnOrder placedAt(Instant at) {
    placedAt = at;
    updatedAt = at;
    return this;
  }

  /** Changed then. */
  public AnOrder updatedAt(Instant at) {
    updatedAt = at;
    return this;
  }

  /** Cancelled then, every line of it. */
  public AnOrder cancelledAt(Instant at) {
    cancelledAt = at;
    updatedAt = at;
    return this;
  }

  /** Paid so far. */
  public AnOrder paid(PaymentState state) {
    payment = state;
    return this;
  }

  /** Of this type. */
  public AnOrder ofType(OrderType orderType) {
    type = orderType;
    return this;
  }

  /** Shipped by the channel itself. */
  public AnOrder fulfilledByChannel() {
    fulfilledBy = FulfilledBy.CHANNEL;
    return this;
  }

  /** Only a test. */
  public AnOrder test() {
    test = true;
    return this;
  }

  /** To this country and postal code. */
  public AnOrder to(String countryCode, String code) {
    country = countryCode;
    postalCode = code;
    return this;
  }

  /** To this party. */
  public AnOrder to(Party party) {
    shipTo = party;
    return this;
  }

  /** The channel does not say where it goes. */
  public AnOrder withoutAddress() {
    withoutAddress = true;
    return this;
  }

  /** Collected by the buyer: no address. */
  public AnOrder pickedUpAt(String location) {
    withoutAddress = true;
    service = new Service(location, null, null, new Service.Pickup(location), null);
    return this;
  }

  /** With this note of the buyer. */
  public AnOrder noted(String text) {
    note = text;
    return this;
  }

  /** Which the channel takes for a fraud so much, for these reasons. */
  public AnOrder risky(Risk.Level level, String... reasons) {
    risk = new Risk(level, List.of(reasons));
    return this;
  }

  /** With this tag. */
  public AnOrder tagged(String tag) {
    tags.add(tag);
    return this;
  }

  /** Which is not to leave before then. */
  public AnOrder notBefore(Instant opens) {
    service = new Service(null, opens, null, null, null, null, null);
    return this;
  }

  /** Which leaves all together, or as it becomes available. */
  public AnOrder shippedComplete(boolean complete) {
    service = new Service(null, null, null, null, null, null, complete);
    return this;
  }

  /** Whose last line was sold before its goods are there, promised for then. */
  public AnOrder ofWhichPreordered(Instant promisedAt) {
    OrderLine l = lines.removeLast();
    return with(
        new OrderLine(
            l.lineId(),
            l.lineNumber(),
            l.parentLineId(),
            l.kind(),
            l.sku(),
            l.listing(),
            l.title(),
            l.options(),
            l.unit(),
            l.ordered(),
            l.cancelled(),
            l.shipped(),
            l.returned(),
            l.refunded(),
            l.requiresShipping(),
            l.unitPrice(),
            l.discounts(),
            l.taxes(),
            l.lineTotal(),
            new Preorder(promisedAt)));
  }

  /** With another line: so many of this SKU at ten each. */
  public AnOrder with(String sku, int quantity) {
    return with(sku, quantity, "10.00");
  }

  /** With another line at this price. */
  public AnOrder with(String sku, int quantity, String price) {
    return with(line(sku, quantity, price, LineKind.PHYSICAL, 0, 0));
  }

  /** With another line of something that is not sent: a gift card, a download, a tip. */
  public AnOrder with(LineKind kind, String price) {
    return with(line(null, 1, price, kind, 0, 0));
  }

  /** With this line. */
  public AnOrder with(OrderLine line) {
    lines.add(line);
    return this;
  }

  /** Whose last line has so many cancelled. */
  public AnOrder ofWhichCancelled(int quantity) {
    OrderLine last = lines.removeLast();
    return with(changed(last, quantity, last.shipped()));
  }

  /** Whose last line has so many shipped already, as the channel knows it. */
  public AnOrder ofWhichShipped(int quantity) {
    OrderLine last = lines.removeLast();
    return with(changed(last, last.cancelled(), quantity));
  }

  /** Which the channel adds up to this. */
  public AnOrder totalling(String amount) {
    channelTotal = Money.of(amount, currency);
    return this;
  }

  /** The order. */
  public Order build() {
    if (lines.isEmpty()) {
      with("MUG-BLU", 1);
    }
    List<OrderLine> all =
        cancelledAt == null
            ? lines
            : lines.stream().map(l -> changed(l, l.ordered() - l.shipped(), l.shipped())).toList();
    Money total = all.stream().map(OrderLine::lineTotal).reduce(Money.zero(currency), Money::plus);
    Party buyer =
        new Party(
            "Jana Ørsted",
            "Jana",
            "Ørsted",
            null,
            "jana@example.com",
            "+493055500142",
            null,
            PiiState.PRESENT);
    Party receiver =
        shipTo != null
            ? shipTo
            : new Party(
                "Jana Ørsted",
                "Jana",
                "Ørsted",
                null,
                "jana@example.com",
                "+493055500142",
                new Address(
                    List.of("Weserstraße 12"), "Berlin", null, null, postalCode, country, null),
                PiiState.PRESENT);
    return new Order(
        "1.0",
        new ChannelRef(
            "shopify", account, orderId, "#" + orderId, null, null, null, null, "web", null),
        type,
        fulfilledBy,
        placedAt,
        updatedAt,
        cancelledAt,
        null,
        null,
        test,
        currency,
        currency,
        true,
        "de-DE",
        buyer,
        withoutAddress ? null : receiver,
        withoutAddress ? null : receiver,
        all,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        new Totals(
            total,
            Money.zero(currency),
            Money.zero(currency),
            Money.zero(currency),
            null,
            null,
            null,
            null,
            total,
            channelTotal == null ? total : channelTotal),
        new Payment(payment, "shopify_payments", Money.zero(currency)),
        risk,
        service,
        note,
        tags,
        Map.of());
  }

  /** The same order with other lines; its totals stay, so they may no longer fit. */
  public static Order copy(Order o, List<OrderLine> lines) {
    return new Order(
        o.schemaVersion(),
        o.channel(),
        o.orderType(),
        o.fulfilledBy(),
        o.placedAt(),
        o.updatedAt(),
        o.cancelledAt(),
        o.closedAt(),
        o.cancelReason(),
        o.test(),
        o.currency(),
        o.shopCurrency(),
        o.pricesIncludeTax(),
        o.locale(),
        o.buyer(),
        o.billTo(),
        o.shipTo(),
        lines,
        o.shippingLines(),
        o.discounts(),
        o.taxes(),
        o.fees(),
        o.totals(),
        o.payment(),
        o.risk(),
        o.service(),
        o.note(),
        o.tags(),
        o.extensions());
  }

  private OrderLine line(
      String sku, int quantity, String price, LineKind kind, int cancelled, int shipped) {
    Money unit = Money.of(price, currency);
    return new OrderLine(
        orderId + "-" + (lines.size() + 1),
        lines.size() + 1,
        null,
        kind,
        sku,
        sku == null ? null : new ListingRef(sku, null, null, null),
        sku == null ? kind.name() : "A " + sku,
        Map.of(),
        "EA",
        quantity,
        cancelled,
        shipped,
        0,
        0,
        kind == LineKind.PHYSICAL,
        unit,
        List.of(),
        List.of(
            new Tax(
                "VAT", new BigDecimal("0.19"), Money.zero(currency), true, CollectedBy.MERCHANT)),
        unit.times(quantity),
        null);
  }

  private static OrderLine changed(OrderLine l, int cancelled, int shipped) {
    return new OrderLine(
        l.lineId(),
        l.lineNumber(),
        l.parentLineId(),
        l.kind(),
        l.sku(),
        l.listing(),
        l.title(),
        l.options(),
        l.unit(),
        l.ordered(),
        cancelled,
        shipped,
        l.returned(),
        l.refunded(),
        l.requiresShipping(),
        l.unitPrice(),
        l.discounts(),
        l.taxes(),
        l.lineTotal(),
        l.preorder());
  }
}
