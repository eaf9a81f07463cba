package io.serai.catalog;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** The table of channels as README shows it: one row a connector, by title, in Markdown. */
public final class ChannelTable {
  private static final String HEAD =
      """
      | channel | connector | orders in | status back | stock back | cancellations | refunds | tested by |
      |---|---|---|---|---|---|---|---|
      """;

  private ChannelTable() {}

  /** All channels of an edition. */
  public static String markdown(Edition edition) {
    return edition.connectors().values().stream()
        .filter(profile -> profile.kind() == ConnectorProfile.Kind.CHANNEL)
        .sorted(
            Comparator.comparing(ConnectorProfile::title, String.CASE_INSENSITIVE_ORDER)
                .thenComparing(ConnectorProfile::name))
        .map(profile -> row(Abilities.of(profile, edition)))
        .collect(Collectors.joining("", HEAD, ""));
  }

  private static String row(Abilities can) {
    var profile = can.profile();
    return "| "
        + String.join(
            " | ",
            profile.title(),
            "`" + profile.name() + "`",
            listed(can.waysIn("order")),
            yes(can.does("outbox/shipment")),
            yes(can.does("outbox/stock")),
            both(can, "cancellation"),
            both(can, "refund"),
            listed(List.copyOf(profile.tested())))
        + " |\n";
  }

  private static String both(Abilities can, String document) {
    var ways = new ArrayList<String>();
    if (can.does("inbox/" + document)) {
      ways.add("in");
    } else if (can.profile().capabilities().contains(document) && !can.does("outbox/" + document)) {
      ways.add("in, with the order");
    }
    if (can.does("outbox/" + document)) {
      ways.add("back");
    }
    return listed(ways);
  }

  private static String yes(boolean does) {
    return does ? "yes" : "–";
  }

  private static String listed(List<String> words) {
    return words.isEmpty() ? "–" : String.join(", ", words);
  }
}
