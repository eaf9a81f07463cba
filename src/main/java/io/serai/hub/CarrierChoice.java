package io.serai.hub;

import io.serai.order.Money;
import io.serai.order.Rates;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which of the offers a parcel goes by, and why each other does not.
 *
 * <p>An offer that comes in time beats one that does not; among equals the price decides, or the
 * speed where the node wants that, then the order in which its carriers are configured. When none
 * comes in time the fastest is taken and the sentence says so. Offers in another currency than most
 * are not compared.
 *
 * @param by {@code cost} or {@code speed}
 * @param deliverBy when it has to be there, or null
 * @param offers all that were made, the chosen one first
 * @param silent what carriers without an offer said, by account
 */
record CarrierChoice(
    String by,
    Instant deliverBy,
    List<Offer> offers,
    Map<String, String> silent,
    String sentence,
    Instant decidedAt) {
  /** One offer, and why it is not the one. */
  record Offer(
      String account,
      String carrier,
      String service,
      String name,
      Money cost,
      Integer days,
      Instant arrives,
      boolean chosen,
      String why) {}

  /** An offer as the carrier made it. */
  record Bid(String account, Rates rates, Rates.Quote quote) {}

  /** What was decided, and the bid behind it; null when there is none. */
  record Decided(CarrierChoice choice, Bid bid) {}

  /**
   * Decides.
   *
   * @param rates by account, in the order in which the node prefers them
   * @param silent what the others said, by account
   * @param tried accounts that would not sell the label they offered
   */
  static Decided decide(
      Map<String, Rates> rates,
      Map<String, String> silent,
      Set<String> tried,
      boolean fastest,
      Instant deliverBy,
      Instant now) {
    var bids = new ArrayList<Bid>();
    rates.forEach((account, all) -> all.quotes().forEach(q -> bids.add(new Bid(account, all, q))));
    var currency = currency(bids);
    var eligible =
        bids.stream()
            .filter(bid -> !tried.contains(bid.account()))
            .filter(bid -> bid.quote().cost().currency().equals(currency))
            .toList();
    var anyInTime = eligible.stream().anyMatch(bid -> inTime(bid, deliverBy, now));
    Comparator<Bid> price = Comparator.comparing(bid -> bid.quote().cost().amount());
    Comparator<Bid> speed =
        Comparator.comparing(
            bid -> arrives(bid.quote(), now), Comparator.nullsLast(Comparator.naturalOrder()));
    var order =
        Comparator.comparing((Bid bid) -> !inTime(bid, deliverBy, now))
            .thenComparing(
                fastest || !anyInTime ? speed.thenComparing(price) : price.thenComparing(speed));
    var best = eligible.stream().min(order).orElse(null);
    var offers = new ArrayList<Offer>();
    for (var bid : bids) {
      offers.add(
          offer(bid, bid == best, why(bid, best, tried, currency, fastest, deliverBy, now), now));
    }
    offers.sort(Comparator.comparing(offer -> !offer.chosen()));
    return new Decided(
        new CarrierChoice(
            fastest ? "speed" : "cost",
            deliverBy,
            List.copyOf(offers),
            Map.copyOf(silent),
            sentence(best, eligible.size(), anyInTime, fastest, deliverBy, silent),
            now),
        best);
  }

  private static Offer offer(Bid bid, boolean chosen, String why, Instant now) {
    var quote = bid.quote();
    return new Offer(
        bid.account(),
        quote.carrier(),
        quote.service(),
        quote.name(),
        quote.cost(),
        quote.days(),
        arrives(quote, now),
        chosen,
        why);
  }

  private static String why(
      Bid bid,
      Bid best,
      Set<String> tried,
      String currency,
      boolean fastest,
      Instant deliverBy,
      Instant now) {
    if (bid == best) {
      return "is taken";
    }
    if (tried.contains(bid.account())) {
      return "would not sell its label";
    }
    if (!bid.quote().cost().currency().equals(currency)) {
      return "is priced in '%s', the others in '%s'"
          .formatted(bid.quote().cost().currency(), currency);
    }
    if (inTime(best, deliverBy, now) && !inTime(bid, deliverBy, now)) {
      return arrives(bid.quote(), now) == null ? "does not say when it comes" : "comes too late";
    }
    var difference = bid.quote().cost().amount().compareTo(best.quote().cost().amount());
    if (!fastest && difference > 0) {
      return "costs more";
    }
    return difference > 0 ? "is not faster and costs more" : "is slower";
  }

  private static String sentence(
      Bid best,
      int compared,
      boolean anyInTime,
      boolean fastest,
      Instant deliverBy,
      Map<String, String> silent) {
    if (best == null) {
      return silent.isEmpty()
          ? "No carrier makes an offer."
          : "No carrier makes an offer: "
              + String.join(
                  "; ",
                  silent.entrySet().stream()
                      .sorted(Map.Entry.comparingByKey())
                      .map(e -> "'" + e.getKey() + "' " + e.getValue())
                      .toList())
              + ".";
    }
    var quote = best.quote();
    return "It goes by '%s' of '%s' for %s %s%s: %s of %d offer(s)%s."
        .formatted(
            quote.name() == null ? quote.service() : quote.name(),
            best.account(),
            quote.cost().amount().toPlainString(),
            quote.cost().currency(),
            quote.days() == null ? "" : " in " + quote.days() + " day(s)",
            !anyInTime
                ? "none comes in time, and it is the fastest"
                : fastest ? "the fastest" : "the cheapest",
            compared,
            deliverBy == null || !anyInTime ? "" : " that has to be there by " + deliverBy);
  }

  private static boolean inTime(Bid bid, Instant deliverBy, Instant now) {
    if (deliverBy == null) {
      return true;
    }
    var arrives = arrives(bid.quote(), now);
    return arrives != null && !arrives.isAfter(deliverBy);
  }

  private static Instant arrives(Rates.Quote quote, Instant now) {
    if (quote.arrives() != null) {
      return quote.arrives();
    }
    return quote.days() == null ? null : now.plus(Duration.ofDays(quote.days()));
  }

  private static String currency(List<Bid> bids) {
    var count = new HashMap<String, Integer>();
    bids.forEach(bid -> count.merge(bid.quote().cost().currency(), 1, Integer::sum));
    return count.entrySet().stream()
        .max(
            Map.Entry.<String, Integer>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
        .map(Map.Entry::getKey)
        .orElse(null);
  }
}
