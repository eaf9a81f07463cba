package io.serai.api;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.catalog.Configuration;
import io.serai.outbox.Maintenance;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** When a channel or partner is left alone because people said so. */
@Tag(
    name = "maintenance",
    description = "When a channel or partner is left alone because people said so.")
@RestController
@RequestMapping(path = "/api/v1/maintenance", produces = "application/json")
public final class MaintenanceApi {
  private final Maintenance maintenance;
  private final Configuration configuration;
  private final Reads reads;
  private final Clock clock;

  MaintenanceApi(Maintenance maintenance, Configuration configuration, Reads reads, Clock clock) {
    this.maintenance = maintenance;
    this.configuration = configuration;
    this.reads = reads;
    this.clock = clock;
  }

  /** A window in which a destination is left alone. */
  @Schema(name = "MaintenanceWindow")
  public record Window(
      @Schema(example = "mnt_3") String id,
      @Schema(description = "The channel or partner.", example = "northwind") String destination,
      @Schema(
              description =
                  "PLANNED, OPEN, OVER, ENDED before its time, or CANCELLED before it began.",
              example = "OPEN")
          String state,
      Instant from,
      Instant until,
      @Schema(example = "They move their database.") String reason,
      String plannedBy,
      Instant plannedAt,
      @Schema(description = "When it was ended before its time.") Instant endedAt,
      String endedBy,
      @Schema(description = "Why it was ended before its time.") String endReason,
      @Schema(description = "How many deliveries wait for its end, while it is open.")
          Long waiting) {}

  /** A window to plan. */
  @Schema(name = "MaintenanceRequest")
  public record Request(
      @Schema(description = "The channel or partner.", example = "northwind") String destination,
      @Schema(description = "When it begins; now when absent.") Instant from,
      @Schema(description = "When it ends, 14 days after its begin at most.") Instant until,
      @Schema(description = "Why.", example = "They move their database.") String reason) {}

  @Operation(summary = "List maintenance windows", description = "Newest first.")
  @GetMapping
  @Allows(Role.VIEWER)
  public Page<Window> list(
      @Parameter(description = "Only of this channel or partner.", example = "northwind")
          @RequestParam(required = false)
          String destination,
      @Parameter(description = "Only what is not over yet.") @RequestParam(required = false)
          Boolean open,
      @Parameter(description = "Items a page, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit,
      @Parameter(description = "`next` of the page before.") @RequestParam(required = false)
          String cursor) {
    int most = Cursor.limit(limit);
    var before = Cursor.number(Words.present(cursor));
    var rows =
        asked(
            () ->
                maintenance.list(
                    Words.present(destination),
                    Boolean.TRUE.equals(open),
                    before == null ? Long.MAX_VALUE : before,
                    most + 1));
    return Page.of(
        rows.stream().map(this::view).toList(),
        most,
        last -> Cursor.of(Maintenance.number(last.id())));
  }

  /** What is left alone now, the first to end first. */
  public List<Window> open() {
    return list(null, true, Cursor.LARGEST_LIMIT, null).items().stream()
        .filter(window -> window.state().equals("OPEN"))
        .sorted(java.util.Comparator.comparing(Window::until))
        .toList();
  }

  @Operation(summary = "Read a maintenance window", description = "From when until when, and why.")
  @GetMapping("/{id}")
  @Allows(Role.VIEWER)
  public Window get(@Parameter(example = "mnt_3") @PathVariable String id) {
    return asked(() -> maintenance.find(Maintenance.number(id)))
        .map(this::view)
        .orElseThrow(
            () ->
                Problem.notFound(
                    "Maintenance window '%s' is not known; list the windows to find its id."
                        .formatted(Words.cut(id))));
  }

  @Operation(
      summary = "Plan a maintenance window",
      description =
          "While it is open nothing is sent to the destination: deliveries wait, and that counts neither as a try nor as a"
              + " failure, alerts about it are silent, and the answers it owes are not overdue. It ends by itself, and"
              + " what waited then goes out slowly at first. The very same window planned twice is one.",
      responses = @ApiResponse(responseCode = "201", description = "Planned."))
  @PostMapping(consumes = "application/json")
  @ResponseStatus(HttpStatus.CREATED)
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  public Window plan(@RequestBody Request request, Caller caller) {
    var destination = Words.present(request.destination());
    if (destination == null || !configuration.accounts().containsKey(destination)) {
      throw Problem.unprocessable(
          "'%s' is no channel or partner; give one of: %s."
              .formatted(
                  Words.cut(destination),
                  String.join(", ", new TreeSet<>(configuration.accounts().keySet()))));
    }
    var from = Instants.within("from", request.from());
    var until = Instants.within("until", request.until());
    var reason = Words.sentence("reason", request.reason());
    try {
      return view(asked(() -> maintenance.plan(destination, from, until, reason, caller.name())));
    } catch (IllegalArgumentException refused) {
      throw Problem.unprocessable(refused.getMessage());
    }
  }

  @Operation(
      summary = "End a maintenance window",
      description =
          "Before its time, or before it begins. What waited then goes out slowly at first. 409 when it is over already.")
  @PostMapping("/{id}/end")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  public Window end(
      @Parameter(example = "mnt_3") @PathVariable String id,
      @RequestBody(required = false) DeadLetterViews.Reason request,
      Caller caller) {
    get(id);
    var why = request == null ? null : Words.sentence("reason", request.reason());
    if (why == null) {
      throw Problem.badRequest("Ending '%s' needs a reason; say why.".formatted(Words.cut(id)));
    }
    return asked(() -> maintenance.end(Maintenance.number(id), why, caller.name()))
        .map(this::view)
        .orElseThrow(
            () -> {
              var now = get(id);
              return Problem.conflict(
                  "Maintenance window '%s' is %s already; there is nothing to end."
                      .formatted(id, now.state()),
                  now);
            });
  }

  private Window view(Maintenance.Window window) {
    var state = window.state(clock.instant());
    return new Window(
        window.name(),
        window.destination(),
        state,
        window.from(),
        window.until(),
        window.reason(),
        window.plannedBy(),
        window.plannedAt(),
        window.endedAt(),
        window.endedBy(),
        window.endReason(),
        state.equals("OPEN") ? waiting(window.destination()) : null);
  }

  private long waiting(String destination) {
    return reads.read(
        client ->
            client
                .sql(
                    "SELECT count(*) FROM delivery WHERE destination = :destination AND state = 'READY'")
                .param("destination", destination)
                .query(Long.class)
                .single());
  }

  private static <T> T asked(Callable<T> work) {
    try {
      return work.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (SQLException e) {
      throw new org.springframework.dao.DataAccessResourceFailureException(
          "The maintenance windows cannot be read or written.", e);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
