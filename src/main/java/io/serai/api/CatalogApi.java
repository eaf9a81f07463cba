package io.serai.api;

import io.serai.access.Allows;
import io.serai.access.Role;
import io.serai.catalog.Account;
import io.serai.catalog.Configuration;
import io.serai.catalog.ConnectorProfile.Kind;
import io.serai.catalog.FileState;
import io.serai.catalog.Secret;
import io.serai.outbox.Endpoints;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Channels, partners and routes: who is connected, how they do, and what runs. */
@Tag(name = "catalog", description = "Who is connected, how they do, and what runs.")
@RestController
@RequestMapping(path = "/api/v1", produces = "application/json")
final class CatalogApi {
  private final Configuration configuration;
  private final RouteStates routes;
  private final Reads reads;
  private final Clock clock;

  CatalogApi(Configuration configuration, RouteStates routes, Reads reads, Clock clock) {
    this.configuration = configuration;
    this.routes = routes;
    this.reads = reads;
    this.clock = clock;
  }

  @Operation(
      summary = "List channels",
      description = "Every configured channel account by name, and how it does.")
  @GetMapping("/channels")
  @Allows(Role.VIEWER)
  public Page<CatalogViews.Account> channels(
      @Parameter(description = "Items a page, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit,
      @Parameter(description = "`next` of the page before.") @RequestParam(required = false)
          String cursor) {
    return accounts(Kind.CHANNEL, limit, cursor);
  }

  @Operation(
      summary = "List partners",
      description = "Every configured partner account by name, and how it does.")
  @GetMapping("/partners")
  @Allows(Role.VIEWER)
  public Page<CatalogViews.Account> partners(
      @Parameter(description = "Items a page, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit,
      @Parameter(description = "`next` of the page before.") @RequestParam(required = false)
          String cursor) {
    return accounts(Kind.PARTNER, limit, cursor);
  }

  @Operation(
      summary = "List routes",
      description =
          "Every file of the catalogue by path: whether what it says is in effect, the routes that run because of it,"
              + " and what is wrong with it.")
  @GetMapping("/routes")
  @Allows(Role.VIEWER)
  public Page<CatalogViews.File> routes(
      @Parameter(description = "Only OK, DEGRADED or FAILED.") @RequestParam(required = false)
          String status,
      @Parameter(description = "Items a page, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit,
      @Parameter(description = "`next` of the page before.") @RequestParam(required = false)
          String cursor) {
    var known =
        Words.known(
            "status of a file",
            status,
            java.util.Arrays.stream(FileState.Status.values()).map(Enum::name).toList());
    var files =
        routes.states().stream()
            .filter(state -> known == null || state.status().name().equals(known))
            .sorted(Comparator.comparing(FileState::file))
            .map(CatalogViews.File::of)
            .toList();
    return page(files, CatalogViews.File::file, limit, cursor);
  }

  private Page<CatalogViews.Account> accounts(Kind kind, Integer limit, String cursor) {
    var accounts = configuration.accounts(kind);
    if (accounts.isEmpty()) {
      return new Page<>(List.of(), null);
    }
    var states = routes.states();
    var traffic = reads.read(CatalogApi::traffic);
    var views = accounts.stream().map(account -> view(account, states, traffic)).toList();
    return page(views, CatalogViews.Account::name, limit, cursor);
  }

  private static <T> Page<T> page(
      List<T> all, Function<T, String> key, Integer limit, String cursor) {
    int most = Cursor.limit(limit);
    var given = Words.present(cursor);
    var after = given == null ? "" : Cursor.key(given, 1).get(0).asText();
    var rest =
        all.stream().filter(item -> key.apply(item).compareTo(after) > 0).limit(most + 1L).toList();
    return Page.of(rest, most, last -> Cursor.of(key.apply(last)));
  }

  private record Endpoint(
      Instant pausedUntil,
      String pauseKind,
      String pauseSentence,
      String breaker,
      Instant breakerUntil,
      Instant rampFrom,
      double retryTokens,
      Instant retryAt) {
    int retriesLeft(Instant now) {
      var earned =
          retryAt == null ? 0 : Math.max(0, Duration.between(retryAt, now).toMillis() / 1_000.0);
      return (int) Math.max(0, Math.min(100, retryTokens + earned));
    }
  }

  private record Traffic(
      Map<String, Endpoint> endpoints,
      Map<String, Integer> stopped,
      Map<String, Instant> received,
      Map<String, Instant> sent) {}

  private static Traffic traffic(JdbcClient jdbc) {
    var traffic = new Traffic(new HashMap<>(), new HashMap<>(), new HashMap<>(), new HashMap<>());
    jdbc.sql(
            """
            SELECT name, paused_until, pause_kind, pause_sentence, breaker, breaker_until, ramp_from, retry_tokens, retry_at
            FROM endpoint
            """)
        .query(
            row -> {
              traffic
                  .endpoints()
                  .put(
                      row.getString("name"),
                      new Endpoint(
                          Reads.instant(row, "paused_until"),
                          row.getString("pause_kind"),
                          row.getString("pause_sentence"),
                          row.getString("breaker"),
                          Reads.instant(row, "breaker_until"),
                          Reads.instant(row, "ramp_from"),
                          row.getDouble("retry_tokens"),
                          Reads.instant(row, "retry_at")));
            });
    jdbc.sql(
            """
            SELECT account, count(*) AS stopped FROM (
              SELECT account FROM inbox_message WHERE state = 'PARKED'
              UNION ALL SELECT destination FROM delivery WHERE state = 'PARKED') AS parked
            GROUP BY account
            """)
        .query(
            row -> {
              traffic.stopped().put(row.getString("account"), row.getInt("stopped"));
            });
    jdbc.sql(
            """
            SELECT account, max(received_at) AS at
            FROM (SELECT account, received_at FROM inbox_message ORDER BY id DESC LIMIT 10000) AS newest
            GROUP BY account
            """)
        .query(
            row -> {
              traffic.received().put(row.getString("account"), Reads.instant(row, "at"));
            });
    jdbc.sql(
            """
            SELECT destination, max(finished_at) AS at
            FROM (SELECT destination, state, finished_at FROM delivery ORDER BY id DESC LIMIT 10000) AS newest
            WHERE state = 'CONFIRMED' GROUP BY destination
            """)
        .query(
            row -> {
              traffic.sent().put(row.getString("destination"), Reads.instant(row, "at"));
            });
    return traffic;
  }

  private CatalogViews.Account view(Account account, List<FileState> states, Traffic traffic) {
    var name = account.name();
    var profile = account.profile();
    var mine = new ArrayList<String>();
    FileState fault = null;
    for (var state : states) {
      var routesOfIt = state.routes().stream().filter(id -> id.endsWith("@" + name)).toList();
      mine.addAll(routesOfIt);
      boolean concerned = !routesOfIt.isEmpty() || state.file().equals(profile.file());
      if (concerned && state.status() != FileState.Status.OK) {
        fault = state;
      }
    }
    var endpoint = traffic.endpoints().get(name);
    var suspended = configuration.suspended(name);
    var now = clock.instant();
    String condition = "OK";
    String remark = null;
    Instant until = null;
    if (suspended != null) {
      condition = "SUSPENDED";
      remark = suspended.toString();
    } else if (endpoint != null
        && endpoint.pausedUntil() != null
        && endpoint.pausedUntil().isAfter(now)) {
      condition = "PAUSED";
      remark = endpoint.pauseSentence() == null ? endpoint.pauseKind() : endpoint.pauseSentence();
      until = endpoint.pausedUntil();
    } else if (endpoint != null && "OPEN".equals(endpoint.breaker())) {
      condition = "OPEN";
      remark = "'%s' failed again and again and is left alone for a while.".formatted(name);
      until = endpoint.breakerUntil();
    } else if (endpoint != null && "HALF_OPEN".equals(endpoint.breaker())) {
      condition = "OPEN";
      remark = "'%s' failed again and again and is probed one at a time.".formatted(name);
    } else if (endpoint != null
        && endpoint.rampFrom() != null
        && endpoint.rampFrom().plus(Endpoints.RAMP).isAfter(now)) {
      condition = "RECOVERING";
      remark = "'%s' was away and gets more of its usual pace step by step.".formatted(name);
      until = endpoint.rampFrom().plus(Endpoints.RAMP);
    } else if (fault != null) {
      condition = "DEGRADED";
      remark =
          fault.faults().isEmpty()
              ? "File '%s' is not in effect.".formatted(fault.file())
              : fault.faults().get(0).toString();
    }
    return new CatalogViews.Account(
        name,
        profile.name(),
        profile.title(),
        condition,
        remark,
        until,
        List.copyOf(profile.capabilities()),
        profile.api() == null ? null : profile.api().version(),
        profile.api() == null ? null : profile.api().sunset(),
        mine,
        settings(account),
        CatalogViews.Limits.of(account.limits()),
        endpoint == null ? 100 : endpoint.retriesLeft(now),
        traffic.stopped().getOrDefault(name, 0),
        traffic.received().get(name),
        traffic.sent().get(name));
  }

  private static Map<String, String> settings(Account account) {
    var settings = new TreeMap<String, String>();
    account
        .values()
        .forEach(
            (key, values) ->
                settings.put(
                    key,
                    values.stream()
                        .map(value -> value instanceof Secret ? Secret.MASK : value.toString())
                        .collect(Collectors.joining(", "))));
    return settings;
  }
}
