package io.serai.hub;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.order.HoldKind;
import io.serai.order.Order;
import io.serai.order.OrderType;
import io.serai.order.PaymentState;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whether an order may go to a warehouse at all: risk, payment, address, edit and ship window, and
 * whether its channel is held. Each finding is a sentence or nothing, and a finding that is gone
 * lifts the hold it made; what a person released is not held again for the same sentence.
 */
final class Screening {
  private static final Set<String> COUNTRIES = countries();

  // Countries without postal codes, or where the post delivers without one.
  private static final Set<String> WITHOUT_POSTAL_CODE =
      Set.of(
          ("AE AG AO AW BF BI BJ BO BS BW BZ CD CF CG CI CK CM DJ DM ER FJ GA GD GH GM GQ GY HK IE"
                  + " JM KI KM KN KP LC ML MO MR MW NR NU PA QA RW SB SC SL SR ST SY TD TF TG TK TL"
                  + " TO TT TV UG VU YE ZW")
              .split(" "));

  private static final Set<String> WITHOUT_CITY = Set.of("SG", "HK", "MO", "MC", "VA", "GI");

  private static final Map<String, Pattern> POSTAL_CODES =
      Map.of(
          "US", Pattern.compile("\\d{5}(-?\\d{4})?"),
          "CA", Pattern.compile("(?i)[a-z]\\d[a-z] ?-?\\d[a-z]\\d"),
          "GB", Pattern.compile("(?i)[a-z]{1,2}\\d[a-z\\d]? ?\\d[a-z]{2}"),
          "DE", Pattern.compile("\\d{5}"),
          "FR", Pattern.compile("\\d{2} ?\\d{3}"),
          "IT", Pattern.compile("\\d{5}"),
          "ES", Pattern.compile("\\d{5}"),
          "NL", Pattern.compile("(?i)\\d{4} ?[a-z]{2}"),
          "JP", Pattern.compile("\\d{3}-?\\d{4}"),
          "AU", Pattern.compile("\\d{3,4}"));

  private final Book book;

  // Kosovo has no code of its own yet, and everybody writes the same one.
  private static Set<String> countries() {
    var countries = new HashSet<>(Locale.getISOCountries(Locale.IsoCountryCode.PART1_ALPHA2));
    countries.add("XK");
    return Set.copyOf(countries);
  }

  Screening(Book book) {
    this.book = book;
  }

  /**
   * Holds an order for what is wrong with it, and lets go of what is right again. Answers whether
   * something was found that was not known: what has not left yet may not leave then.
   */
  boolean screen(WorkingOrder order, Order state, Application cause) {
    var account = book.topology.accounts().get(order.account);
    var policy = account == null ? HoldPolicy.USUAL : account.holds();
    var ours = "MERCHANT".equals(order.fulfilledBy) && order.hasGoodsToSend();
    // A state that does not speak of risk says nothing about it.
    var found =
        state.risk() != null
            && judge(order, HoldKind.RISK, ours ? risk(order, state, policy) : null, cause);
    found |= judge(order, HoldKind.PAYMENT, ours ? payment(order, policy) : null, cause);
    found |=
        judge(
            order,
            HoldKind.ADDRESS,
            ours && policy.address() && state.orderType() != OrderType.POS_SALE && !unshown(order)
                ? address(order)
                : null,
            cause);
    window(order, ours, policy, cause);
    channel(order, ours, cause);
    return later(order, ours ? state : null, cause) || found;
  }

  private boolean judge(WorkingOrder order, HoldKind kind, String sentence, Application cause) {
    return judge(
        order, kind, sentence, kind.due() == null ? null : book.now.plus(kind.due()), cause);
  }

  private boolean judge(
      WorkingOrder order, HoldKind kind, String sentence, Instant due, Application cause) {
    if (sentence == null) {
      if (order.lift(h -> h.kind == kind && h.placedBy == null, book.now, null, null)) {
        book.event(
            order,
            "order.released",
            "What order '%s' was held for (%s) is gone.".formatted(order.shown(), kind),
            cause);
      }
      return false;
    }
    if (order.releasedByHand(kind, sentence)
        || !order.place(kind, sentence, null, due, book.now, null)) {
      return false;
    }
    book.event(order, "order.held", sentence, cause);
    return true;
  }

  private static String risk(WorkingOrder order, Order state, HoldPolicy policy) {
    var risk = state.risk();
    if (policy.riskFrom() == null || risk.level().compareTo(policy.riskFrom()) < 0) {
      return null;
    }
    return "'%s' takes order '%s' for a fraud (risk %s%s). Look at it, then release or cancel it."
        .formatted(
            order.account,
            order.shown(),
            risk.level().name().toLowerCase(Locale.ROOT),
            risk.reasons().isEmpty() ? "" : ": " + String.join("; ", risk.reasons()));
  }

  private static String payment(WorkingOrder order, HoldPolicy policy) {
    if (order.payment == PaymentState.VOIDED || order.payment == PaymentState.EXPIRED) {
      return "The payment of order '%s' is %s. Get it paid or cancel the order."
          .formatted(order.shown(), order.payment.name().toLowerCase(Locale.ROOT));
    }
    return policy.captured()
            && (order.payment == PaymentState.AUTHORIZED
                || order.payment == PaymentState.PARTIALLY_PAID)
        ? "The money of order '%s' is not captured. Capture it in the channel; the order then goes on by itself."
            .formatted(order.shown())
        : null;
  }

  // Marketplaces show where an order goes when it is paid; until then it leaves nowhere anyway.
  private static boolean unshown(WorkingOrder order) {
    return order.payment == PaymentState.PENDING && !order.document.path("shipTo").isObject();
  }

  private static String address(WorkingOrder order) {
    if (order.document.at("/service/pickup").isObject()) {
      return null;
    }
    var fault = fault(order.document.path("shipTo"));
    return fault == null
        ? null
        : "Nobody can deliver order '%s': its address %s. Correct it in the channel, or release the order as it is."
            .formatted(order.shown(), fault);
  }

  /** What is wrong with the form of an address, to be read after "its address", or null. */
  static String fault(JsonNode shipTo) {
    if (!shipTo.isObject()) {
      return "is missing";
    }
    var state = shipTo.path("piiState").asText("present");
    if (!"present".equals(state)) {
      return "is " + state + " by the channel";
    }
    var address = shipTo.path("address");
    if (!blank(address.path("gln")) || !blank(address.path("placeNumber"))) {
      return null; // whoever sends there knows the place by its number
    }
    if (blank(shipTo.path("name"))
        && blank(shipTo.path("companyName"))
        && blank(shipTo.path("familyName"))) {
      return "names nobody";
    }
    var country = address.path("countryCode").asText("");
    if (!COUNTRIES.contains(country)) {
      return country.isBlank() ? "has no country" : "is in '" + country + "', which is no country";
    }
    if (!hasText(address.path("lines"))) {
      return "has no street";
    }
    if (blank(address.path("city")) && !WITHOUT_CITY.contains(country)) {
      return "has no city";
    }
    var code = address.path("postalCode").asText("").strip();
    if (code.isEmpty()) {
      return WITHOUT_POSTAL_CODE.contains(country) ? null : "has no postal code";
    }
    var form = POSTAL_CODES.get(country);
    return form == null || form.matcher(code).matches()
        ? null
        : "has a postal code that '" + country + "' does not have";
  }

  private static boolean hasText(JsonNode lines) {
    for (var line : lines) {
      if (!blank(line)) {
        return true;
      }
    }
    return false;
  }

  private static boolean blank(JsonNode text) {
    return text.asText("").isBlank();
  }

  private boolean later(WorkingOrder order, Order state, Application cause) {
    var opens = state == null || state.service() == null ? null : state.service().shipNotBefore();
    var sentence =
        opens == null || !opens.isAfter(book.now)
            ? null
            : "Order '%s' is not to leave before %s; it then goes on by itself."
                .formatted(order.shown(), opens);
    return judge(order, HoldKind.SHIP_WINDOW, sentence, opens, cause);
  }

  private void channel(WorkingOrder order, boolean ours, Application cause) {
    var held = order.isNew && ours ? book.heldChannels.get(order.account) : null;
    if (held != null) {
      var sentence =
          "New orders of '%s' are held by '%s': %s Order '%s' goes on when the channel or the order is released."
              .formatted(order.account, held.by(), sentence(held.reason()), order.shown());
      order.place(HoldKind.MANUAL, held.subject(), sentence, book.now);
      book.event(order, "order.held", sentence, cause);
    }
  }

  private static String sentence(String reason) {
    return reason.matches(".*[.!?]") ? reason : reason + '.';
  }

  private void window(WorkingOrder order, boolean ours, HoldPolicy policy, Application cause) {
    if (!ours || !order.isNew || policy.editWindow().isZero()) {
      return;
    }
    var from = order.placedAt == null ? book.now : order.placedAt;
    var until = from.plus(policy.editWindow());
    if (until.isAfter(book.now)) {
      var sentence =
          "Order '%s' may still be changed until %s; it then goes on by itself."
              .formatted(order.shown(), until);
      order.place(HoldKind.EDIT_WINDOW, sentence, null, until, book.now, null);
      book.event(order, "order.held", sentence, cause);
    }
  }
}
