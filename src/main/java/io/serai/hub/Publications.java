package io.serai.hub;

import io.serai.stock.Item.Part;
import io.serai.stock.Items;
import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** How what channels show stands to what there is: for people, and for those who watch. */
public final class Publications {
  private static final int MOST = 10_000;

  private static final String COLUMNS =
      """
      SELECT account, listing_id, location_id, sku, quantity, quantity - sold AS shown, coalesce(pending_since, marked_at) AS since,
        delivery_id, sent_at, confirmed_at
      FROM publication""";

  private final DataSource database;
  private final Clock clock;
  private final Topology topology;
  private final Supplier<Items> items;

  /**
   * Tells of the channels of a topology.
   *
   * @param items what is sold under which code
   */
  public Publications(DataSource database, Clock clock, Topology topology, Supplier<Items> items) {
    this.database = database;
    this.clock = clock;
    this.topology = topology;
    this.items = items;
  }

  /**
   * A listing of a channel.
   *
   * @param code what the channel sells it under
   * @param location empty where the channel knows one place only
   * @param wanted what it should show now; null where nobody tells it
   * @param accepted what the channel took last; null before the first
   * @param shown that, less what it sold since
   * @param pendingSince since when it shows something else than it should; null while it does not
   * @param deliveryId the call on its way, or null
   * @param lag how long it has been pending; null while it is not
   * @param exposure units that the channel may sell though they are not there
   */
  public record State(
      String channel,
      String listingId,
      String location,
      String code,
      Integer wanted,
      Integer accepted,
      Integer shown,
      Instant pendingSince,
      Long deliveryId,
      Duration lag,
      int exposure,
      Instant sentAt,
      Instant confirmedAt) {}

  /** How a channel stands as a whole: listings pending, the longest lag, units exposed. */
  public record Standing(int pending, Duration lag, long exposure) {}

  /** All listings that sell a SKU, in whatever channel, alone, in packs or in sets. */
  public List<State> of(String sku) throws SQLException {
    var known = items.get();
    var codes = new TreeSet<>(known.codesOf(sku).keySet());
    codes.add(sku);
    try (var connection = database.getConnection()) {
      return states(
          connection,
          known,
          COLUMNS + " WHERE sku = ANY (?) ORDER BY account, listing_id, location_id",
          Statements.texts(List.copyOf(codes)));
    }
  }

  /**
   * Those listings that somebody tells.
   *
   * @param channel only of this one, or null
   */
  public List<State> told(String sku, String channel) throws SQLException {
    return of(sku).stream()
        .filter(state -> state.wanted() != null)
        .filter(state -> channel == null || channel.equals(state.channel()))
        .toList();
  }

  /** Has these told before what is due otherwise, also what they are believed to show already. */
  public void hurry(List<State> listings) throws SQLException {
    try (var connection = database.getConnection()) {
      new Statements()
          .add(
              """
              WITH told AS (
                SELECT p.account, p.listing_id, p.location_id FROM publication p
                JOIN unnest(?, ?, ?) AS u(account, listing_id, location_id)
                  ON p.account = u.account AND p.listing_id = u.listing_id AND p.location_id = u.location_id
                ORDER BY p.account, p.listing_id, p.location_id FOR UPDATE OF p)
              UPDATE publication p SET marked_at = coalesce(p.marked_at, ?), urgent = true, doubted = true
              FROM told WHERE p.account = told.account AND p.listing_id = told.listing_id AND p.location_id = told.location_id""",
              Statements.texts(listings.stream().map(State::channel).toList()),
              Statements.texts(listings.stream().map(State::listingId).toList()),
              Statements.texts(listings.stream().map(State::location).toList()),
              clock.instant())
          .execute(connection);
    }
  }

  /** How each channel that is told of stock stands. Gap: of ten thousand pending listings. */
  public Map<String, Standing> standings() throws SQLException {
    var standings = new TreeMap<String, Standing>();
    topology.accounts().values().stream()
        .filter(a -> a.channel() && a.publishStock())
        .forEach(a -> standings.put(a.name(), new Standing(0, Duration.ZERO, 0)));
    try (var connection = database.getConnection()) {
      for (var state :
          states(
              connection,
              items.get(),
              COLUMNS + " WHERE pending_since IS NOT NULL OR marked_at IS NOT NULL LIMIT ?",
              MOST)) {
        standings.computeIfPresent(
            state.channel(),
            (name, so) ->
                new Standing(
                    so.pending() + 1,
                    so.lag().compareTo(state.lag()) < 0 ? state.lag() : so.lag(),
                    so.exposure() + state.exposure()));
      }
    }
    return standings;
  }

  private List<State> states(Connection connection, Items known, String sql, Object parameter)
      throws SQLException {
    record Row(State state, List<Part> parts) {}
    var rows = new ArrayList<Row>();
    new Statements()
        .query(
            sql,
            found -> {
              while (found.next()) {
                var account = found.getString(1);
                var code = found.getString(4);
                rows.add(
                    new Row(
                        new State(
                            account,
                            found.getString(2),
                            found.getString(3),
                            code,
                            null,
                            found.getObject(5, Integer.class),
                            found.getObject(6, Integer.class),
                            instant(found.getTimestamp(7)),
                            found.getObject(8, Long.class),
                            null,
                            0,
                            instant(found.getTimestamp(9)),
                            instant(found.getTimestamp(10))),
                        known.parts(account, code)));
              }
            },
            parameter)
        .execute(connection);
    var parts = new HashMap<String, List<Part>>();
    rows.forEach(row -> parts.put(row.state().channel() + '/' + row.state().code(), row.parts()));
    var sellable = Sellable.of(connection, parts.values());
    var now = clock.instant();
    return rows.stream().map(row -> judged(row.state(), row.parts(), sellable, now)).toList();
  }

  private State judged(State state, List<Part> parts, Sellable sellable, Instant now) {
    var channel = topology.accounts().get(state.channel());
    var told = channel != null && channel.publishStock() && channel.fed(state.location());
    Integer wanted = told ? sellable.at(channel, state.location(), parts) : null;
    return new State(
        state.channel(),
        state.listingId(),
        state.location(),
        state.code(),
        wanted,
        state.accepted(),
        state.shown(),
        state.pendingSince(),
        state.deliveryId(),
        state.pendingSince() == null ? null : Duration.between(state.pendingSince(), now),
        wanted == null || state.shown() == null ? 0 : Math.max(0, state.shown() - wanted),
        state.sentAt(),
        state.confirmedAt());
  }

  private static Instant instant(java.sql.Timestamp at) {
    return at == null ? null : at.toInstant();
  }
}
