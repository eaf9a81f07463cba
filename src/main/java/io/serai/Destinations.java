package io.serai;

import io.serai.catalog.Account;
import io.serai.catalog.ConnectorProfile;
import io.serai.hub.HoldPolicy;
import io.serai.hub.MoneyPolicy;
import io.serai.hub.StockRest;
import io.serai.hub.Topology;
import io.serai.order.Risk;
import io.serai.outbox.RepeatMode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** What the configuration says of accounts as the hub deals with them. */
final class Destinations {
  private Destinations() {}

  /** An account as effects are owed to it. */
  static Topology.Account of(Account account) {
    var repeats = new HashMap<String, RepeatMode>();
    account
        .profile()
        .operations()
        .keySet()
        .forEach(
            document -> repeats.put(document, RepeatMode.valueOf(account.repeat(document).name())));
    if (account.profile().parameters().containsKey("announce-goods")
        && !account.flag("announce-goods")) {
      repeats.remove("goods-announcement");
    }
    return new Topology.Account(
            account.name(),
            account.kind() == ConnectorProfile.Kind.CHANNEL,
            flag(account, "publish-status"),
            flag(account, "publish-stock"),
            repeats,
            account.profile().deadlines().giveUp())
        .fedBy(account.places())
        .holding(holds(account))
        .minding(money(account))
        .shippingWithin(duration(account, "lead-time"))
        .hearingOf(
            account.profile().parameters().containsKey("events")
                ? account.texts("events")
                : List.of());
  }

  /** When a channel wants to hear of its listings, where its connector lets it say so. */
  static Optional<StockRest> rest(Account account, String upTo) {
    var rest = duration(account, "listing-rest");
    var pace = duration(account, "stock-pace");
    var refresh = duration(account, "stock-refresh");
    return rest == null && pace == null && refresh == null
        ? Optional.empty()
        : Optional.of(
            new StockRest(
                Objects.requireNonNullElse(rest, Duration.ZERO),
                upTo,
                Objects.requireNonNullElse(pace, Duration.ZERO),
                refresh));
  }

  private static Duration duration(Account account, String parameter) {
    return account.profile().parameters().containsKey(parameter)
        ? account.duration(parameter)
        : null;
  }

  private static HoldPolicy holds(Account account) {
    var declared = account.profile().parameters();
    var usual = HoldPolicy.USUAL;
    var risk = declared.containsKey("hold-risk") ? account.text("hold-risk") : null;
    var window = duration(account, "edit-window");
    return new HoldPolicy(
        risk == null
            ? usual.riskFrom()
            : "never".equals(risk) ? null : Risk.Level.valueOf(risk.toUpperCase(Locale.ROOT)),
        declared.containsKey("release-when")
            ? "captured".equals(account.text("release-when"))
            : usual.captured(),
        declared.containsKey("check-address") ? account.flag("check-address") : usual.address(),
        window == null ? usual.editWindow() : window);
  }

  private static MoneyPolicy money(Account account) {
    var usual = MoneyPolicy.USUAL;
    var within = duration(account, "refund-within");
    var grace = duration(account, "money-grace");
    return new MoneyPolicy(
        flag(account, "watch-money"),
        chosen(account, "capture", "on-shipment"),
        chosen(account, "refund-on", "received"),
        within == null ? usual.refundWithin() : within,
        grace == null ? usual.grace() : grace);
  }

  private static boolean chosen(Account account, String parameter, String choice) {
    return account.profile().parameters().containsKey(parameter)
        && choice.equals(account.text(parameter));
  }

  private static boolean flag(Account account, String parameter) {
    return account.profile().parameters().containsKey(parameter) && account.flag(parameter);
  }
}
