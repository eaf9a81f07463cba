package io.serai.hub;

import io.serai.allocation.Candidate;
import io.serai.outbox.RepeatMode;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the configuration says of the world around: nodes in order of preference, and the accounts
 * that effects can be owed to. Fixed from start to stop.
 *
 * @param nodes active nodes, preferred first
 * @param accounts channels and partners by name
 * @param countsSales channels that take what they sell off what they show
 * @param packing how nodes whose own people pack get their labels, by name
 * @param returns how long returns may take
 * @param restored when the database was last set back to an older point, or null
 */
public record Topology(
    List<Candidate> nodes,
    Map<String, Account> accounts,
    Set<String> countsSales,
    Map<String, Packing> packing,
    ReturnTerms returns,
    Restoration restored) {
  /** One whose database was never set back. */
  public Topology(
      List<Candidate> nodes,
      Map<String, Account> accounts,
      Set<String> countsSales,
      Map<String, Packing> packing,
      ReturnTerms returns) {
    this(nodes, accounts, countsSales, packing, returns, null);
  }

  /** One whose returns may take the usual time. */
  public Topology(
      List<Candidate> nodes,
      Map<String, Account> accounts,
      Set<String> countsSales,
      Map<String, Packing> packing) {
    this(nodes, accounts, countsSales, packing, ReturnTerms.USUAL);
  }

  /** One whose nodes buy no labels here. */
  public Topology(List<Candidate> nodes, Map<String, Account> accounts, Set<String> countsSales) {
    this(nodes, accounts, countsSales, Map.of());
  }

  /** One of channels that show what they were told last, whatever they sold since. */
  public Topology(List<Candidate> nodes, Map<String, Account> accounts) {
    this(nodes, accounts, Set.of());
  }

  /**
   * A channel or partner as a destination.
   *
   * @param repeats per operation, what asking twice does; an operation that is missing is not
   *     offered
   * @param giveUp how long after its creation an effect is still tried
   * @param locations which nodes feed which place of a channel that keeps stock per place; empty
   *     when all of them feed its only one
   * @param holds what its orders are held for before any node is asked
   * @param leadTime how long a request may stay without a shipment, or null when nobody minds
   * @param events which events it wants to hear of, as {@code order.*}; empty when none
   * @param money how the money of its orders is dealt with
   */
  public record Account(
      String name,
      boolean channel,
      boolean publishStatus,
      boolean publishStock,
      Map<String, RepeatMode> repeats,
      Duration giveUp,
      Map<String, List<String>> locations,
      HoldPolicy holds,
      Duration leadTime,
      List<String> events,
      MoneyPolicy money) {
    /**
     * One whose only place all nodes feed, whose orders are held for the usual, and that hears of
     * nothing that happens; nobody expects a shipment of it within any time.
     */
    public Account(
        String name,
        boolean channel,
        boolean publishStatus,
        boolean publishStock,
        Map<String, RepeatMode> repeats,
        Duration giveUp) {
      this(
          name,
          channel,
          publishStatus,
          publishStock,
          repeats,
          giveUp,
          Map.of(),
          HoldPolicy.USUAL,
          null,
          List.of(),
          MoneyPolicy.USUAL);
    }

    /** The same with these places, each fed by its nodes. */
    public Account fedBy(Map<String, List<String>> places) {
      return new Account(
          name,
          channel,
          publishStatus,
          publishStock,
          repeats,
          giveUp,
          places,
          holds,
          leadTime,
          events,
          money);
    }

    /** The same with orders held so. */
    public Account holding(HoldPolicy policy) {
      return new Account(
          name,
          channel,
          publishStatus,
          publishStock,
          repeats,
          giveUp,
          locations,
          policy,
          leadTime,
          events,
          money);
    }

    /** The same, a shipment of which is expected within this time, or null for any. */
    public Account shippingWithin(Duration time) {
      return new Account(
          name,
          channel,
          publishStatus,
          publishStock,
          repeats,
          giveUp,
          locations,
          holds,
          time,
          events,
          money);
    }

    /** The same, hearing of these events. */
    public Account hearingOf(List<String> types) {
      return new Account(
          name,
          channel,
          publishStatus,
          publishStock,
          repeats,
          giveUp,
          locations,
          holds,
          leadTime,
          types,
          money);
    }

    /** The same, the money of whose orders is dealt with so. */
    public Account minding(MoneyPolicy policy) {
      return new Account(
          name,
          channel,
          publishStatus,
          publishStock,
          repeats,
          giveUp,
          locations,
          holds,
          leadTime,
          events,
          policy);
    }

    /** Whether what lies at any node is told of this place. */
    boolean fed(String location) {
      return locations.isEmpty() || locations.containsKey(location);
    }

    /** Whether what lies at a node is told of this place. */
    boolean feeds(String node, String location) {
      return locations.isEmpty() || locations.getOrDefault(location, List.of()).contains(node);
    }

    /** Whether it is a channel that wants its orders answered and shipments invoiced. */
    boolean trades() {
      return channel
          && publishStatus
          && (offers(Trading.ACKNOWLEDGMENT) || offers(Trading.INVOICE) || offers(Trading.CHANGE));
    }

    /** Whether it wants to hear of events of this type. */
    boolean hears(String type) {
      return events.stream()
          .anyMatch(
              wanted ->
                  wanted.equals(type)
                      || wanted.endsWith(".*")
                          && type.startsWith(wanted.substring(0, wanted.length() - 1)));
    }

    /** Whether this destination can be asked for the operation at all. */
    public boolean offers(String operation) {
      return repeats.containsKey(operation);
    }
  }

  /** The destinations that hear of what happens. */
  List<Account> feeds() {
    return accounts.values().stream()
        .filter(
            account ->
                (account.offers(Feeds.EVENT) || account.offers(FeedFiles.EVENT_FILE))
                    && !account.events().isEmpty())
        .sorted(Comparator.comparing(Account::name))
        .toList();
  }

  /** The nodes that feed one place of one channel, once each: together they must not run dry. */
  Set<Set<String>> pools() {
    var pools = new HashSet<Set<String>>();
    for (var account : accounts.values()) {
      if (account.channel() && account.publishStock()) {
        if (account.locations().isEmpty()) {
          pools.add(nodes.stream().map(Candidate::id).collect(Collectors.toSet()));
        }
        account.locations().values().forEach(some -> pools.add(Set.copyOf(some)));
      }
    }
    return pools;
  }

  /** Whether any channel wants to hear of stock. */
  public boolean publishesStock() {
    return accounts.values().stream().anyMatch(a -> a.channel() && a.publishStock());
  }
}
