package io.serai.hub;

import static io.serai.hub.WorkingParcel.State.ABANDONED;
import static io.serai.hub.WorkingParcel.State.BUYING;
import static io.serai.hub.WorkingParcel.State.KEPT;
import static io.serai.hub.WorkingParcel.State.LABELED;
import static io.serai.hub.WorkingParcel.State.RATING;
import static io.serai.hub.WorkingParcel.State.SHIPPED;
import static io.serai.hub.WorkingParcel.State.VOIDED;
import static io.serai.hub.WorkingParcel.State.VOIDING;
import static io.serai.hub.WorkingParcel.State.WAITING;

import io.serai.order.HoldKind;
import io.serai.order.Label;
import io.serai.order.ParcelRequest;
import io.serai.order.Party;
import io.serai.order.Rates;
import io.serai.order.Shipment;
import io.serai.outbox.Delivery;
import io.serai.support.Ids;
import io.serai.support.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;

/**
 * Brings a parcel from packed to sent: offers it to carriers, chooses, buys one label, takes it
 * back when it is not wanted.
 *
 * <p>Guarantee: one label at a time is owed for a parcel, and another carrier is asked only when it
 * is known that the one before sold none: it refused, or nothing of the request left. What may have
 * happened is looked up at that carrier, however long it takes. Gap: a label that was bought for
 * nothing costs money until it is taken back, and a carrier may refuse that.
 */
final class Parceling {
  /** The canonical documents, and outbox routes, that carriers are asked with. */
  static final String RATE = "rate-request";

  static final String BUY = "label-request";
  static final String FILE = "label-file";
  static final String VOID = "label-void";

  /** How long carriers that make no offer are left alone. */
  static final Duration PAUSE = Duration.ofMinutes(15);

  private final Book book;
  private final Fulfilling fulfilling;

  Parceling(Book book, Fulfilling fulfilling) {
    this.book = book;
    this.fulfilling = fulfilling;
  }

  /** How many deliveries the documents of a batch may owe carriers and, for parcels, channels. */
  static int deliveries(Book book, List<Application> batch) {
    var most = book.topology.packing().values().stream().mapToInt(p -> p.carriers().size()).max();
    var carriers = most.orElse(0);
    // each may be taken back, and one that is surplus; or its carriers are asked for elsewhere
    var parcels = (2 + carriers) * book.parcels.size();
    for (var application : batch) {
      if (application.document() instanceof PackOrder pack) {
        parcels += pack.parcels().size() * carriers;
      } else if (application.document() instanceof ParcelCommand) {
        parcels += carriers + 2;
      }
    }
    return parcels;
  }

  private Packing packing(WorkingParcel parcel) {
    return book.topology.packing().get(parcel.node);
  }

  /** Asks the node's carriers what they would take. */
  void offer(WorkingOrder order, WorkingParcel parcel, Application cause) {
    var carriers = asked(parcel);
    parcel.papers = parcel.papers.asking(parcel.papers.request());
    parcel.account = null;
    if (carriers.isEmpty()) {
      choose(order, parcel, cause);
      return;
    }
    parcel.to(RATING);
    parcel.due(book.now.plus(packing(parcel).patience()));
    for (var name : carriers) {
      owe(order, parcel, name, RATE, parcel.papers.request().of(name, parcel.round), cause);
    }
    book.event(
        order,
        "parcel.packed",
        "Parcel '%s' at '%s' holds %d unit(s); %s asked what they take for it."
            .formatted(parcel.text(), parcel.node, units(parcel), names(carriers)),
        cause);
  }

  /** The node's carriers that have an account here; none where it does not pack any more. */
  private List<String> asked(WorkingParcel parcel) {
    return packing(parcel) == null
        ? List.of()
        : packing(parcel).carriers().stream()
            .filter(book.topology.accounts()::containsKey)
            .toList();
  }

  private Duration noMovement(WorkingParcel parcel) {
    return packing(parcel) == null ? Following.NO_MOVEMENT : packing(parcel).noMovement();
  }

  private static String names(List<String> accounts) {
    return "'" + String.join("' and '", accounts) + "'" + (accounts.size() == 1 ? " is" : " are");
  }

  private static int units(WorkingParcel parcel) {
    return parcel.papers.lines().stream().mapToInt(ParcelRequest.Line::quantity).sum();
  }

  private void owe(
      WorkingOrder order,
      WorkingParcel parcel,
      String account,
      String operation,
      ParcelRequest content,
      Application cause) {
    book.owe(
        book.topology.accounts().get(account),
        operation,
        operation,
        order.id,
        parcel.key(),
        Json.node(content),
        cause,
        false);
  }

  /** A carrier answered. */
  ApplyResult answered(
      WorkingOrder order,
      WorkingParcel parcel,
      int round,
      CarrierAnswer answer,
      Application cause) {
    var done =
        switch (answer.operation()) {
          case RATE -> rated(order, parcel, round, answer, cause);
          case BUY ->
              answer.answer() instanceof Label label
                  ? sold(order, parcel, round, answer.account(), label, cause)
                  : notSold(order, parcel, round, answer, cause);
          case FILE -> filed(parcel, answer);
          default -> takenBack(order, parcel, round, answer, cause);
        };
    if (!done) {
      return new ApplyResult.NoEffect(order.id, "It came too late or was known.");
    }
    order.changed = true;
    return new ApplyResult.Applied(order.id, null);
  }

  private boolean rated(
      WorkingOrder order,
      WorkingParcel parcel,
      int round,
      CarrierAnswer answer,
      Application cause) {
    if (round != parcel.round || parcel.state != RATING) {
      return false;
    }
    if (answer.answer() instanceof Rates rates && !rates.quotes().isEmpty()) {
      parcel.papers.rates().put(answer.account(), rates);
    } else {
      parcel
          .papers
          .silent()
          .put(
              answer.account(),
              answer.refusal() == null ? "brings no such parcel" : answer.refusal());
    }
    parcel.changed = true;
    if (asked(parcel).stream().allMatch(name -> heard(parcel, name))) {
      choose(order, parcel, cause);
    }
    return true;
  }

  private static boolean heard(WorkingParcel parcel, String account) {
    return parcel.papers.rates().containsKey(account)
        || parcel.papers.silent().containsKey(account);
  }

  private CarrierChoice.Decided decide(WorkingParcel parcel) {
    var packing = packing(parcel);
    var preferred = new LinkedHashMap<String, Rates>();
    for (var name : asked(parcel)) {
      if (parcel.papers.rates().containsKey(name)) {
        preferred.put(name, parcel.papers.rates().get(name));
      }
    }
    var service = parcel.papers.request().service();
    return CarrierChoice.decide(
        preferred,
        parcel.papers.silent(),
        parcel.papers.tried(),
        packing != null && packing.fastest(),
        service == null ? null : service.deliverBy(),
        book.now);
  }

  private void choose(WorkingOrder order, WorkingParcel parcel, Application cause) {
    var decided = decide(parcel);
    if (decided.bid() == null) {
      parcel.papers = parcel.papers.choosing(decided.choice(), parcel.papers.request());
      waits(
          order,
          parcel,
          asked(parcel).isEmpty()
              ? "Node '%s' names no carrier that has an account here; configure one."
                  .formatted(parcel.node)
              : decided.choice().sentence(),
          cause);
      return;
    }
    var account = decided.bid().account();
    var request =
        parcel
            .papers
            .request()
            .of(account, parcel.round)
            .buying(account, decided.bid().quote(), decided.bid().rates().reference());
    parcel.papers = parcel.papers.choosing(decided.choice(), request);
    parcel.account = account;
    parcel.to(BUYING);
    parcel.due(book.now.plus(packing(parcel).patience()));
    book.event(
        order,
        "parcel.carrier-chosen",
        "Parcel '%s': %s".formatted(parcel.text(), decided.choice().sentence()),
        cause);
    owe(order, parcel, account, BUY, request, cause);
  }

  private void waits(WorkingOrder order, WorkingParcel parcel, String why, Application cause) {
    parcel.to(WAITING);
    parcel.due(book.now.plus(PAUSE));
    problem(
        order,
        parcel,
        "Parcel '%s' has no label. %s Its carriers are asked again every %d minutes."
            .formatted(parcel.text(), why, PAUSE.toMinutes()),
        "parcel.waits",
        cause);
  }

  /** Shows that somebody has to look at a parcel; stops nothing. */
  private void problem(
      WorkingOrder order, WorkingParcel parcel, String sentence, String kind, Application cause) {
    if (order.place(HoldKind.PARCEL, parcel, sentence, book.now)) {
      book.event(order, kind, sentence, cause);
    }
  }

  void solved(WorkingOrder order, WorkingParcel parcel) {
    order.lift(HoldKind.PARCEL, parcel, book.now);
  }

  private boolean sold(
      WorkingOrder order,
      WorkingParcel parcel,
      int round,
      String account,
      Label label,
      Application cause) {
    var known = parcel.papers.label();
    if (known != null
        && known.trackingNumber().equals(label.trackingNumber())
        && account.equals(parcel.account)) {
      return false; // told again after a crash
    }
    if (parcel.state != BUYING || !account.equals(parcel.account) || round != parcel.round) {
      return surplus(order, parcel, round, account, label, cause);
    }
    parcel.papers = parcel.papers.labeled(label.withoutFile());
    parcel.trackingNumber = label.trackingNumber();
    parcel.to(LABELED);
    parcel.due(book.now.plus(noMovement(parcel)));
    solved(order, parcel);
    book.event(
        order,
        "parcel.labeled",
        "'%s' sold the label of parcel '%s': tracking number '%s'%s."
            .formatted(
                account,
                parcel.text(),
                label.trackingNumber(),
                label.cost() == null
                    ? ""
                    : ", " + label.cost().amount().toPlainString() + " " + label.cost().currency()),
        cause);
    if (label.file() != null) {
      parcel.file = Base64.getMimeDecoder().decode(label.file());
    } else if (label.fileUrl() != null && book.topology.accounts().containsKey(account)) {
      owe(order, parcel, account, FILE, parcel.papers.request().about(account, label), cause);
    }
    if (!wanted(order, parcel) || Readdressed.is(order, parcel)) {
      takeBack(order, parcel, cause);
    } else if (packing(parcel) != null && packing(parcel).atLabel()) {
      ship(order, parcel, book.now, cause);
    }
    return true;
  }

  private boolean surplus(
      WorkingOrder order,
      WorkingParcel parcel,
      int round,
      String account,
      Label label,
      Application cause) {
    var before = parcel.papers.takenBack().get(account + "/" + round);
    if (label.trackingNumber().equals(before)) {
      return false; // told again
    }
    book.event(
        order,
        "parcel.surplus-label",
        "'%s' sold a label '%s' for parcel '%s' that is not needed any more; it is taken back."
            .formatted(account, label.trackingNumber(), parcel.text()),
        cause);
    oweVoid(order, parcel, account, round, label, cause);
    return true;
  }

  private boolean notSold(
      WorkingOrder order,
      WorkingParcel parcel,
      int round,
      CarrierAnswer answer,
      Application cause) {
    if (parcel.state != BUYING
        || !answer.account().equals(parcel.account)
        || round != parcel.round) {
      return false;
    }
    another(order, parcel, answer.refusal(), cause);
    return true;
  }

  /** The carrier sold none, that is certain: the next best is asked, or it waits. */
  private void another(WorkingOrder order, WorkingParcel parcel, String why, Application cause) {
    parcel.papers.tried().add(parcel.account);
    parcel.papers.silent().put(parcel.account, why);
    book.event(
        order,
        "parcel.not-labeled",
        "'%s' sells no label for parcel '%s': %s.".formatted(parcel.account, parcel.text(), why),
        cause);
    if (!wanted(order, parcel)) {
      abandon(order, parcel, cause);
    } else if (Readdressed.is(order, parcel)) {
      again(order, parcel, cause);
    } else {
      choose(order, parcel, cause);
    }
  }

  private static boolean filed(WorkingParcel parcel, CarrierAnswer answer) {
    if (!(answer.answer() instanceof Label label)
        || label.file() == null
        || parcel.papers.label() == null
        || !answer.account().equals(parcel.account)) {
      return false;
    }
    parcel.file = Base64.getMimeDecoder().decode(label.file());
    parcel.changed = true;
    return true;
  }

  private boolean takenBack(
      WorkingOrder order,
      WorkingParcel parcel,
      int round,
      CarrierAnswer answer,
      Application cause) {
    if (answer.refusal() != null) {
      problem(
          order,
          parcel,
          "'%s' does not take back the label of parcel '%s': %s. %s"
              .formatted(
                  answer.account(),
                  parcel.text(),
                  answer.refusal(),
                  Readdressed.is(order, parcel)
                      ? "It bears the former address: pack it anew, and ask for the money."
                      : "Hand the parcel over to use the label, or ask for the money."),
          "parcel.void-refused",
          cause);
    }
    if (parcel.state != VOIDING
        || !answer.account().equals(parcel.account)
        || round != parcel.round) {
      return true;
    }
    parcel.to(answer.refusal() == null ? VOIDED : KEPT);
    parcel.due(null);
    if (answer.refusal() == null) {
      book.event(
          order,
          "parcel.voided",
          "'%s' took back the label '%s' of parcel '%s'."
              .formatted(answer.account(), parcel.trackingNumber, parcel.text()),
          cause);
    }
    return true;
  }

  private boolean wanted(WorkingOrder order, WorkingParcel parcel) {
    return order.fulfillments.stream().anyMatch(f -> f.id.equals(parcel.fulfillmentId) && f.live());
  }

  /** Takes back the label of what is not sent. */
  void takeBack(WorkingOrder order, WorkingParcel parcel, Application cause) {
    parcel.to(VOIDING);
    parcel.due(null);
    withdraw(
        order, parcel, parcel.account, FILE); // else one that cannot be fetched stands before it
    if (!oweVoid(order, parcel, parcel.account, parcel.round, parcel.papers.label(), cause)) {
      parcel.to(VOIDED);
    } else if (wanted(order, parcel) && Readdressed.is(order, parcel)) {
      Readdressed.show(book, order, parcel, cause);
    }
  }

  /** Answers whether it is asked for: not where the account is gone, nor for a second label. */
  private boolean oweVoid(
      WorkingOrder order,
      WorkingParcel parcel,
      String account,
      int round,
      Label label,
      Application cause) {
    var known = book.topology.accounts().containsKey(account);
    var before =
        known
            ? parcel.papers.takenBack().putIfAbsent(account + "/" + round, label.trackingNumber())
            : null;
    parcel.changed = true;
    if (!known || before != null) {
      problem(
          order,
          parcel,
          "Label '%s' of parcel '%s' is not wanted, and %s. Take it back at the carrier."
              .formatted(
                  label.trackingNumber(),
                  parcel.text(),
                  known
                      ? "'%s' was asked to take back '%s' in its place".formatted(account, before)
                      : "'%s' has no account here any more".formatted(account)),
          "parcel.void-impossible",
          cause);
      return false;
    }
    book.owe(
        book.topology.accounts().get(account),
        VOID,
        VOID,
        order.id,
        parcel.text() + "/" + round,
        Json.node(parcel.papers.request().about(account, label.withoutFile())),
        cause,
        false);
    return true;
  }

  void unask(WorkingOrder order, WorkingParcel parcel, Application cause) {
    asked(parcel).forEach(name -> withdraw(order, parcel, name, RATE));
    abandon(order, parcel, cause);
  }

  private void abandon(WorkingOrder order, WorkingParcel parcel, Application cause) {
    parcel.to(ABANDONED);
    parcel.due(null);
    solved(order, parcel);
    book.event(
        order,
        "parcel.abandoned",
        "Parcel '%s' is not sent; no label was bought for it.".formatted(parcel.text()),
        cause);
  }

  /** It has left: its units are shipped, and the channel hears of it. */
  void ship(WorkingOrder order, WorkingParcel parcel, Instant at, Application cause) {
    var label = parcel.papers.label();
    var lines = new ArrayList<Shipment.Line>();
    for (var line : parcel.papers.lines()) {
      lines.add(new Shipment.Line(line.lineId(), line.sku(), line.quantity()));
    }
    parcel.shippedAt = at;
    parcel.to(SHIPPED);
    parcel.due(book.now.plus(noMovement(parcel)));
    new FulfillmentRules(book, fulfilling)
        .apply(
            new Shipment(
                Ids.text("ful", parcel.fulfillmentId),
                parcel.text(),
                null,
                null,
                at,
                new Shipment.Carrier(label.carrier(), label.carrier().toUpperCase(Locale.ROOT)),
                label.service(),
                List.of(
                    new Shipment.Package(
                        List.of(new Shipment.Tracking(label.trackingNumber(), label.trackingUrl())),
                        lines))),
            withoutMessage(cause));
  }

  // The message ends with what the parcel does, not with what follows from it.
  private static Application withoutMessage(Application cause) {
    return new Application(null, null, null, null, cause.source(), null, cause.done());
  }

  /** Its carriers are asked again, with the address as it is by now. */
  void again(WorkingOrder order, WorkingParcel parcel, Application cause) {
    parcel.round++;
    parcel.papers.tried().clear();
    var shipTo = Packer.part(order, "shipTo", Party.class);
    if (shipTo != null) { // it may have been corrected
      parcel.papers = parcel.papers.asking(parcel.papers.request().to(shipTo));
    }
    offer(order, parcel, cause);
  }

  /** Nothing happened in time. */
  void due(WorkingOrder order, WorkingParcel parcel, Application cause) {
    var packing = packing(parcel);
    switch (parcel.state) {
      case RATING -> {
        for (var name : asked(parcel)) {
          if (!heard(parcel, name)) {
            parcel
                .papers
                .silent()
                .put(name, "did not answer within " + seconds(packing.patience()));
            withdraw(order, parcel, name, RATE);
          }
        }
        choose(order, parcel, cause);
      }
      case WAITING -> again(order, parcel, cause);
      case BUYING -> overdue(order, parcel, packing == null ? PAUSE : packing.patience(), cause);
      case LABELED, SHIPPED -> new Following(book, this).still(order, parcel, cause);
      default -> parcel.due(null);
    }
  }

  private static String seconds(Duration patience) {
    return patience.toSeconds() + " s";
  }

  private void overdue(
      WorkingOrder order, WorkingParcel parcel, Duration patience, Application cause) {
    var open = open(order, parcel, parcel.account, BUY);
    if (open == null) {
      if ("CONFIRMED".equals(parcel.buying)) {
        foundOut(order, parcel, cause);
      } else {
        another(order, parcel, "the request was taken back", cause);
      }
      return;
    }
    if (!open.withoutEffect()) {
      parcel.due(book.now.plus(patience));
      if (open.outcomeUnknown()) {
        problem(
            order,
            parcel,
            "Whether '%s' sold a label for parcel '%s' is not known. It is asked until it says so; nobody else is asked meanwhile."
                .formatted(parcel.account, parcel.text()),
            "parcel.label-unknown",
            cause);
      }
      return;
    }
    parcel.papers.tried().add(parcel.account);
    var better = decide(parcel).bid() != null;
    parcel.papers.tried().remove(parcel.account);
    if (better) {
      withdraw(order, parcel, parcel.account, BUY);
      another(order, parcel, "it could not be asked within " + seconds(patience), cause);
    } else {
      parcel.due(book.now.plus(PAUSE));
      problem(
          order,
          parcel,
          "Parcel '%s' waits for its label: '%s' cannot be asked, and no other carrier makes an offer."
              .formatted(parcel.text(), parcel.account),
          "parcel.waits",
          cause);
    }
  }

  // What a carrier sold is known before the request is confirmed, unless a person does that.
  private void foundOut(WorkingOrder order, WorkingParcel parcel, Application cause) {
    if (parcel.boughtAs == null) {
      parcel.due(book.now.plus(PAUSE));
      return;
    }
    var name = parcel.boughtAs.strip();
    var label = parcel.papers.request().soldAs(name);
    sold(order, parcel, parcel.round, parcel.account, label, cause);
    if (parcel.packed() || parcel.state == SHIPPED) {
      problem(
          order,
          parcel,
          "'%s' sold the label '%s' of parcel '%s', as a person found out; its file is not here. Print it at the carrier."
              .formatted(parcel.account, name, parcel.text()),
          "parcel.label-elsewhere",
          cause);
    }
  }

  private Book.OpenDelivery open(
      WorkingOrder order, WorkingParcel parcel, String account, String operation) {
    return book
        .openDeliveries
        .getOrDefault(Delivery.lane(account, order.id.toString()), List.of())
        .stream()
        .filter(d -> operation.equals(d.operation()) && parcel.key().equals(d.businessKey()))
        .findFirst()
        .orElse(null);
  }

  /**
   * Takes a request back that is known to have had no effect, or that can have none because it only
   * reads. Answers whether nothing is asked any more.
   */
  private boolean withdraw(
      WorkingOrder order, WorkingParcel parcel, String account, String operation) {
    var open = open(order, parcel, account, operation);
    if (open == null) {
      return true;
    }
    var reads = RATE.equals(operation) || FILE.equals(operation);
    var idle = "READY".equals(open.state()) || "PARKED".equals(open.state());
    if (reads ? !idle : !open.withoutEffect()) {
      return false;
    }
    book.withdrawn.add(open.id());
    book.openDeliveries.get(Delivery.lane(account, order.id.toString())).remove(open);
    return true;
  }

  /** What is not to be sent any more, or not there, loses its label. */
  void settle(WorkingOrder order, Application cause) {
    for (var parcel : List.copyOf(book.parcels.values())) {
      if (!parcel.orderId.equals(order.id) || !parcel.packed()) {
        continue;
      }
      var wanted = wanted(order, parcel);
      if (wanted && !Readdressed.is(order, parcel)) {
        continue;
      }
      switch (parcel.state) {
        case RATING, WAITING -> {
          if (wanted) {
            asked(parcel).forEach(name -> withdraw(order, parcel, name, RATE));
            again(order, parcel, cause);
          } else {
            unask(order, parcel, cause);
          }
        }
        case BUYING -> {
          if (!"CONFIRMED".equals(parcel.buying) && withdraw(order, parcel, parcel.account, BUY)) {
            if (wanted) {
              again(order, parcel, cause);
            } else {
              abandon(order, parcel, cause);
            }
          } // else the label is taken back when it is known that there is one
        }
        default -> takeBack(order, parcel, cause);
      }
    }
  }
}
