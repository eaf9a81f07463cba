package io.serai.api;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.OffersDryRun;
import io.serai.access.OneChannel;
import io.serai.access.Role;
import io.serai.hub.RouteStops;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Stops routes and starts them again, one by one or all that take in what comes from a channel.
 *
 * <p>Guarantee: a stopped route takes nothing, what is inside comes out, and what was accepted is
 * kept; a sender is told to come again (503), a poll goes on from where it stood. Gap: other
 * replicas stop about a second later; what is in flight is what this process knows.
 */
@Tag(name = "catalog", description = "Who is connected, how they do, and what runs.")
@RestController
@RequestMapping(path = "/api/v1", produces = "application/json")
public final class RoutesApi {
  private final RunningRoutes running;
  private final RouteStops stops;
  private final CatalogApi catalog;

  RoutesApi(RunningRoutes running, RouteStops stops, CatalogApi catalog) {
    this.running = running;
    this.stops = stops;
    this.catalog = catalog;
  }

  /** A route and how it stands. */
  @Schema(name = "Route")
  public record Route(
      @Schema(example = "shopify-webhook-in@shopify-main") String id,
      @Schema(example = "routes/inbound/shopify-orders-in.camel.yaml") String file,
      @Schema(
              description =
                  "IN (it takes in what comes), APPLY (it reads and applies what was accepted), OUT (it sends) or INNER"
                      + " (other routes call it).",
              example = "IN")
          String kind,
      @Schema(description = "RUNNING or STOPPED.", example = "RUNNING") String state,
      @Schema(description = "Exchanges inside it now, in the replica that answers.") int inFlight,
      @Schema(description = "Why it is stopped; absent when it is not.") Stop stop) {}

  /** Why a route is stopped. */
  @Schema(name = "RouteStop")
  public record Stop(
      @Schema(example = "Their prices are wrong.") String reason, String by, Instant since) {}

  /** What to stop. */
  @Schema(name = "RouteStopRequest")
  public record StopRequest(
      @Schema(description = "Why.", example = "Their prices are wrong.") String reason,
      @Schema(description = "Only look at what is inside.") boolean dryRun) {}

  @Operation(
      summary = "List running routes",
      description = "By id: what each does, what is inside it, and why it is stopped if it is.")
  @GetMapping("/routes/running")
  @Allows(Role.VIEWER)
  public Page<Route> list(
      @Parameter(description = "Only RUNNING or STOPPED.") @RequestParam(required = false)
          String state) {
    var wanted = Words.known("state of a route", state, "RUNNING", "STOPPED");
    return new Page<>(
        all().stream().filter(route -> wanted == null || route.state().equals(wanted)).toList(),
        null);
  }

  @Operation(summary = "Show a route", description = "What it does, and whether it is stopped.")
  @GetMapping("/routes/{id}")
  @Allows(Role.VIEWER)
  public Route get(
      @Parameter(example = "shopify-webhook-in@shopify-main") @PathVariable String id) {
    return all().stream()
        .filter(route -> route.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                Problem.notFound(
                    "No route '%s' runs; 'GET /api/v1/routes/running' lists them."
                        .formatted(Words.cut(id))));
  }

  @Operation(
      summary = "Stop a route",
      description =
          "It takes nothing more until it is started, over restarts and on every replica; what is inside comes out"
              + " (`inFlight` tells). What comes to an IN route is told to come again (503) or stays where it is; what an"
              + " APPLY or OUT route would take up waits in its lane. With `dryRun` nothing is stopped. 409 when it is stopped already.")
  @PostMapping(path = "/routes/{id}/stop", consumes = "application/json")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  @OffersDryRun
  public Route stop(
      @Parameter(example = "shopify-webhook-in@shopify-main") @PathVariable String id,
      @RequestBody StopRequest request,
      Caller caller) {
    var route = get(id);
    if (route.kind() != null && route.kind().equals("INNER")) {
      throw Problem.unprocessable(
          "Route '%s' is only called by others; stop those that call it.".formatted(id));
    }
    if (request.dryRun()) {
      return route;
    }
    var reason = reason(request.reason(), "Stopping route '%s' needs a reason; say why.", id);
    if (!stop(id, reason, caller)) {
      throw Problem.conflict(
          "Route '%s' is stopped already; start it first to stop it for something else."
              .formatted(id),
          get(id));
    }
    running.heed();
    return get(id);
  }

  @Operation(
      summary = "Start a route",
      description = "It goes on from where it stood. 409 when it is not stopped.")
  @PostMapping(path = "/routes/{id}/start", consumes = "application/json")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  public Route start(
      @Parameter(example = "shopify-webhook-in@shopify-main") @PathVariable String id,
      @RequestBody DeadLetterViews.Reason request,
      Caller caller) {
    var route = get(id);
    var reason = reason(request.reason(), "Starting route '%s' needs a reason; say why.", id);
    if (!start(id, reason, caller)) {
      throw Problem.conflict(
          "Route '%s' is not stopped; there is nothing to start.".formatted(id), route);
    }
    running.heed();
    return all().stream().filter(one -> one.id().equals(id)).findFirst().orElse(route);
  }

  @Operation(
      summary = "Pause the intake of a channel",
      description =
          "Stops each of its routes that takes in what comes; what was accepted goes on, and what is owed to it is sent. To"
              + " leave it alone the other way, plan maintenance. 409 when all of them are stopped already.")
  @PostMapping(path = "/channels/{account}/pause", consumes = "application/json")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  @OneChannel("account")
  @OffersDryRun
  public Page<Route> pause(
      @Parameter(description = "Its name.", example = "shopify-main") @PathVariable String account,
      @RequestBody StopRequest request,
      Caller caller) {
    var mine = intake(account);
    if (request.dryRun()) {
      return new Page<>(mine, null);
    }
    var reason =
        reason(request.reason(), "Pausing the intake of '%s' needs a reason; say why.", account);
    var some = false;
    for (var route : mine) {
      some |= stop(route.id(), reason, caller);
    }
    if (!some) {
      throw Problem.conflict(
          "The intake of '%s' is paused already; there is nothing to pause.".formatted(account),
          new Page<>(mine, null));
    }
    running.heed();
    return new Page<>(intake(account), null);
  }

  @Operation(
      summary = "Resume the intake of a channel",
      description =
          "Starts each of its routes that takes in what comes, whoever stopped it. 409 when none is stopped.")
  @PostMapping(path = "/channels/{account}/resume", consumes = "application/json")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  @OneChannel("account")
  public Page<Route> resume(
      @Parameter(description = "Its name.", example = "shopify-main") @PathVariable String account,
      @RequestBody DeadLetterViews.Reason request,
      Caller caller) {
    var mine = intake(account);
    var reason =
        reason(request.reason(), "Resuming the intake of '%s' needs a reason; say why.", account);
    var some = false;
    for (var route : mine) {
      some |= start(route.id(), reason, caller);
    }
    if (!some) {
      throw Problem.conflict(
          "The intake of '%s' is not paused; there is nothing to resume.".formatted(account),
          new Page<>(mine, null));
    }
    running.heed();
    return new Page<>(intake(account), null);
  }

  /** Routes that take in what comes from a channel. */
  private List<Route> intake(String account) {
    catalog.channel(account);
    var mine =
        all().stream()
            .filter(route -> "IN".equals(route.kind()) && route.id().endsWith("@" + account))
            .toList();
    if (mine.isEmpty()) {
      throw Problem.unprocessable(
          "Channel '%s' has no route that takes anything in; what it owes comes over the orders API."
              .formatted(account));
    }
    return mine;
  }

  // What is stopped is asked of the database: another replica may have been faster.
  private List<Route> all() {
    try {
      stops.refresh();
    } catch (SQLException e) {
      throw unknown(e);
    }
    var stopped = stops.get();
    var all = new TreeMap<String, Route>();
    for (var route : running.routes()) {
      all.put(route.id(), view(route, stopped.get(route.id())));
    }
    stopped.forEach(
        (id, stop) ->
            all.computeIfAbsent(
                id, gone -> view(new RunningRoutes.Running(id, null, null, 0), stop)));
    return new ArrayList<>(all.values());
  }

  private static Route view(RunningRoutes.Running route, RouteStops.Stop stop) {
    return new Route(
        route.id(),
        route.file(),
        route.kind(),
        stop == null ? "RUNNING" : "STOPPED",
        route.inFlight(),
        stop == null ? null : new Stop(stop.reason(), stop.by(), stop.since()));
  }

  private boolean stop(String id, String reason, Caller caller) {
    try {
      return stops.stop(id, reason, caller.name());
    } catch (SQLException e) {
      throw unknown(e);
    }
  }

  private boolean start(String id, String reason, Caller caller) {
    try {
      return stops.start(id, reason, caller.name());
    } catch (SQLException e) {
      throw unknown(e);
    }
  }

  private static String reason(String given, String missing, String what) {
    var reason = Words.sentence("reason", given);
    if (reason == null) {
      throw Problem.badRequest(missing.formatted(Words.cut(what)));
    }
    return reason;
  }

  private static DataAccessResourceFailureException unknown(SQLException e) {
    return new DataAccessResourceFailureException("Which routes are stopped is not known", e);
  }
}
