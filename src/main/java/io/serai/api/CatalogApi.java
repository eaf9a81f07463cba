package io.serai.api;

import io.serai.access.Allows;
import io.serai.access.OneChannel;
import io.serai.access.Role;
import io.serai.catalog.Account;
import io.serai.catalog.Configuration;
import io.serai.catalog.ConnectorProfile.Kind;
import io.serai.catalog.FileState;
import io.serai.catalog.Pem;
import io.serai.catalog.Secret;
import io.serai.exchange.Exchange;
import io.serai.hub.RouteStops;
import io.serai.outbox.Endpoints;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Channels, partners and routes: who is connected, how they do, and what runs. */
@Tag(name = "catalog", description = "Who is connected, how they do, and what runs.")
@RestController
@RequestMapping(path = "/api/v1", produces = "application/json")
public final class CatalogApi {
  private final Configuration configuration;
  private final RouteStates routes;
  private final Reads reads;
  private final Exchange exchange;
  private final RouteStops stops;
  private final Clock clock;

  CatalogApi(
      Configuration configuration,
      RouteStates routes,
      Reads reads,
      Exchange exchange,
      RouteStops stops,
      Clock clock) {
    this.configuration = configuration;
    this.routes = routes;
    this.reads = reads;
    this.exchange = exchange;
    this.stops = stops;
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
      summary = "Show a channel",
      description = "One configured channel account, and how it does.")
  @GetMapping("/channels/{account}")
  @Allows(Role.VIEWER)
  @OneChannel("account")
  public CatalogViews.Account channel(
      @Parameter(description = "Its name.", example = "shopify-main") @PathVariable
          String account) {
    return account(Kind.CHANNEL, account);
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
      summary = "Show a partner",
      description = "One configured partner account, and how it does.")
  @GetMapping("/partners/{account}")
  @Allows(Role.VIEWER)
  public CatalogViews.Account partner(
      @Parameter(description = "Its name.", example = "northwind") @PathVariable String account) {
    return account(Kind.PARTNER, account);
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
    var traffic = reads.read(AccountTraffic::read);
    var views = accounts.stream().map(account -> view(account, states, traffic)).toList();
    return page(views, CatalogViews.Account::name, limit, cursor);
  }

  private CatalogViews.Account account(Kind kind, String name) {
    var account =
        configuration.accounts(kind).stream()
            .filter(a -> a.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    Problem.notFound(
                        "No %s is named '%s'; 'GET /api/v1/%ss' lists them."
                            .formatted(
                                kind.name().toLowerCase(Locale.ROOT),
                                Words.cut(name),
                                kind.name().toLowerCase(Locale.ROOT))));
    return view(account, routes.states(), reads.read(AccountTraffic::read));
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

  private CatalogViews.Account view(
      Account account, List<FileState> states, AccountTraffic traffic) {
    var name = account.name();
    var profile = account.profile();
    var mine = new ArrayList<String>();
    FileState fault = null;
    for (var state : states) {
      var routesOfIt = state.routes().stream().filter(id -> id.endsWith("@" + name)).toList();
      mine.addAll(routesOfIt);
      boolean concerned =
          !routesOfIt.isEmpty()
              || state.down().containsKey(name)
              || state.file().equals(profile.file());
      if (concerned && state.isAtFaultFor(name)) {
        fault = state;
      }
    }
    var endpoint = traffic.endpoint(name);
    var suspended = configuration.suspended(name);
    var now = clock.instant();
    String condition = "OK";
    String remark = null;
    Instant until = null;
    if (suspended != null) {
      condition = "SUSPENDED";
      remark = suspended.toString();
    } else if (traffic.window(name, now) != null) {
      condition = "MAINTENANCE";
      remark = traffic.window(name, now).reason();
      until = traffic.window(name, now).until();
    } else if (endpoint.paused(now)) {
      condition = "PAUSED";
      remark = endpoint.pauseSentence() == null ? endpoint.pauseKind() : endpoint.pauseSentence();
      until = endpoint.pausedUntil();
    } else if ("OPEN".equals(endpoint.breaker())) {
      condition = "OPEN";
      remark = "'%s' failed again and again and is left alone for a while.".formatted(name);
      until = endpoint.breakerUntil();
    } else if ("HALF_OPEN".equals(endpoint.breaker())) {
      condition = "OPEN";
      remark = "'%s' failed again and again and is probed one at a time.".formatted(name);
    } else if (endpoint.recovering(now)) {
      condition = "RECOVERING";
      remark = "'%s' was away and gets more of its usual pace step by step.".formatted(name);
      until = endpoint.rampFrom().plus(Endpoints.RAMP);
    } else if (!exchange.partners().faults(account).isEmpty()) {
      condition = "DEGRADED";
      remark = exchange.partners().faults(account).getFirst().toString();
    } else if (fault != null) {
      condition = "DEGRADED";
      remark =
          fault.faults().isEmpty()
              ? "File '%s' is not in effect.".formatted(fault.file())
              : fault.down().getOrDefault(name, fault.faults().get(0)).toString();
    }
    if (condition.equals("OK") && !stops(name).isEmpty()) {
      var stop = stops(name).getFirst();
      condition = "STOPPED";
      remark =
          "Route '%s' is stopped by '%s': %s".formatted(stop.route(), stop.by(), stop.reason());
    }
    if (condition.equals("OK") && traffic.hold(name) != null) {
      condition = "HELD";
      remark =
          "New orders are held by '%s': %s"
              .formatted(traffic.hold(name).by(), traffic.hold(name).reason());
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
        endpoint.retriesLeft(now),
        traffic.stopped(name),
        traffic.hold(name),
        stops(name),
        latest(traffic.lastIn(name)),
        latest(traffic.lastOut(name)),
        health(account, traffic, now));
  }

  private List<CatalogViews.StoppedRoute> stops(String account) {
    return stops.get().values().stream()
        .filter(stop -> stop.route().endsWith("@" + account))
        .map(
            stop ->
                new CatalogViews.StoppedRoute(stop.route(), stop.reason(), stop.by(), stop.since()))
        .sorted(Comparator.comparing(CatalogViews.StoppedRoute::route))
        .toList();
  }

  private HealthViews.Health health(Account account, AccountTraffic traffic, Instant now) {
    var name = account.name();
    var profile = account.profile();
    var endpoint = traffic.endpoint(name);
    var webhooks = profile.verification() == null ? null : traffic.webhooks(name);
    var polls = traffic.polls(name, now);
    var tokens = traffic.tokens(name);
    var stock = profile.operations().containsKey("stock") ? traffic.stock(name) : null;
    var drift = traffic.drift(name);
    var sunsetDays =
        profile.api() == null || profile.api().sunset() == null
            ? null
            : ChronoUnit.DAYS.between(
                now.atOffset(ZoneOffset.UTC).toLocalDate(), profile.api().sunset());
    return new HealthViews.Health(
        warnings(
            As2Warnings.and(
                HealthWarnings.and(
                    HealthWarnings.of(
                        account, webhooks, polls, tokens, stock, drift, sunsetDays, now),
                    account,
                    traffic.filesLeft(name, now)),
                account,
                traffic.refusedMessage(name),
                now),
            account,
            now),
        traffic.lastIn(name),
        traffic.lastOut(name),
        webhooks,
        polls,
        tokens,
        traffic.quotas(name, now),
        stock,
        endpoint.breaker(),
        endpoint.paused(now) ? endpoint.pauseKind() : null,
        drift,
        sunsetDays);
  }

  private List<String> warnings(List<String> others, Account account, Instant now) {
    var with = exchange.partners().of(account);
    return with == null
        ? others
        : OverdueWarnings.and(
            others, new ConversationReads(reads).overdue(List.of(with), now, 500), now);
  }

  private static Instant latest(Map<String, Instant> byDocument) {
    return byDocument.values().stream().max(Comparator.naturalOrder()).orElse(null);
  }

  private static Map<String, String> settings(Account account) {
    var settings = new TreeMap<String, String>();
    account
        .values()
        .forEach(
            (key, values) ->
                settings.put(
                    key,
                    values.get(0) instanceof Secret
                        ? Secret.MASK
                        : Pem.named(values).orElseGet(() -> joined(values))));
    return settings;
  }

  private static String joined(List<Object> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(", "));
  }
}
