package io.serai.hub;

import io.serai.order.Money;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/**
 * The money of an order against its goods: what was taken and given back, and what that should be.
 *
 * <p>Guarantee: when nothing of the order is open any more, nothing is asked for and nothing was
 * given as a favor, it holds exactly when captured less refunded is what the units are worth that
 * were sent and kept, to two minor units of each line. Before that it holds between the worth of
 * what left and of what is still wanted, as both paying at once and paying by shipment are sound;
 * and a favor makes no breach. Gap: money kept back as a fee shows as a breach, for nobody says
 * that it is one.
 *
 * @param captured what the channel took from the buyer
 * @param refunded what it gave back
 * @param asked what it is or will be asked to give back and has not yet
 * @param sent what the units cost that left, with what is charged once
 * @param kept what the units cost that are wanted and not given back, with what is charged once
 */
record Balance(
    Money captured, Money refunded, Money asked, Money sent, Money kept, BigDecimal tolerance) {

  /**
   * A line's units.
   *
   * @param ships whether it is something that leaves; else it is given with the first that does
   * @param returned units that came back
   * @param refunded units that were sent, or are, and of which the money went back
   */
  record Units(
      String lineId,
      boolean ships,
      int ordered,
      int cancelled,
      int shipped,
      int returned,
      int refunded) {
    /** Units that the buyer got the money of after they were taken on. */
    int back() {
      return Math.max(0, Math.min(Math.max(returned, refunded), ordered - cancelled));
    }
  }

  /** What is wrong with it, and by how much. */
  record Breach(Kind kind, Money difference) {
    /** A closed list. */
    enum Kind {
      /** What left was not paid. */
      UNPAID,
      /** More is kept than the buyer has. */
      KEPT,
      /** More was given back than was taken. */
      OVER_REFUNDED
    }
  }

  /** Weighs what is known of an order. */
  static Balance of(Worth worth, List<Units> lines, Money captured, Money refunded, Money asked) {
    var left = new HashMap<String, Integer>();
    var wanted = new HashMap<String, Integer>();
    var anyLeft = lines.stream().anyMatch(line -> line.shipped() > 0);
    var anyWanted = anyLeft;
    for (var line : lines) {
      var open = line.ordered() - line.cancelled();
      var sent = line.ships() ? line.shipped() : anyLeft ? open : 0;
      left.put(line.lineId(), sent);
      wanted.put(line.lineId(), open - line.back());
      anyWanted |= open - line.back() > 0;
    }
    var nothing = Money.zero(captured.currency());
    return new Balance(
        captured,
        refunded,
        asked,
        worth.of(left).plus(anyLeft ? worth.charges() : nothing),
        worth.of(wanted).plus(anyWanted ? worth.charges() : nothing),
        worth.tolerance());
  }

  /** The same when this much more is on its way from the buyer. */
  Balance expecting(Money more) {
    return new Balance(captured.plus(more), refunded, asked, sent, kept, tolerance);
  }

  /** What is wrong, if anything. */
  Optional<Breach> breach() {
    var over = refunded.minus(captured);
    if (beyond(over)) {
      return Optional.of(new Breach(Breach.Kind.OVER_REFUNDED, over));
    }
    var unpaid = sent.minus(captured);
    if (beyond(unpaid)) {
      return Optional.of(new Breach(Breach.Kind.UNPAID, unpaid));
    }
    var tooMuch = captured.minus(refunded).minus(asked).minus(kept);
    return beyond(tooMuch) ? Optional.of(new Breach(Breach.Kind.KEPT, tooMuch)) : Optional.empty();
  }

  private boolean beyond(Money difference) {
    return difference.amount().compareTo(tolerance) > 0;
  }
}
