package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.access.Allows;
import io.serai.access.Role;
import io.serai.allocation.Policy;
import io.serai.catalog.Fault;
import io.serai.catalog.Faults;
import io.serai.catalog.SourceFile;
import io.serai.hub.DryAllocation;
import io.serai.rules.RuleHistory;
import io.serai.rules.RuleSet;
import io.serai.rules.Rules;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The rules of allocation: which decide now, which did, and what others would do. */
@Tag(name = "rules", description = "What decides which node ships.")
@RestController
@RequestMapping(path = "/api/v1/rules", produces = "application/json")
public final class RulesApi {
  private static final int LONGEST = 500_000;
  private static final int USUAL = 500;

  private final Rules rules;
  private final RuleHistory history;
  private final DryAllocation dry;

  RulesApi(Rules rules, RuleHistory history, DryAllocation dry) {
    this.rules = rules;
    this.history = history;
    this.dry = dry;
  }

  /** The rules in effect. */
  @Schema(name = "RuleSet")
  public record InEffect(
      @Schema(example = "standard") String name,
      @Schema(example = "3f2a90c1d4e5") String version,
      @Schema(
              description =
                  "What is wrong with the files as they stand. With any, they are not in"
                      + " effect, and what is shown here is what was before.")
          List<String> faults,
      @Schema(description = "The country whose orders are not international.", example = "US")
          String home,
      @Schema(description = "Points of the best value of each scorer.") Map<String, Double> weights,
      @Schema(description = "Which built-in filters are on.") Map<String, Boolean> filters,
      @Schema(description = "Most shipments of an order; absent when any number may.")
          Integer maxShipments,
      double minValuePerShipment,
      @Schema(description = "Whether what is there leaves when something is short.")
          boolean shipAvailable,
      List<Entry> rules) {}

  /** One rule. */
  @Schema(name = "Rule")
  public record Entry(
      @Schema(example = "international") String name,
      String why,
      @Schema(
              description = "When it applies; always when absent.",
              example = "destination.country != home")
          String when,
      @Schema(
              description = "Which lines it is about; all when absent.",
              example = "'fragile' in line.tags")
          String lines,
      @Schema(description = "What follows, in plain words.") List<String> does) {}

  /** A text that was in effect. */
  @Schema(name = "RuleSetVersion")
  public record Version(
      String version,
      String name,
      Instant activatedAt,
      @Schema(description = "The whole text; only when one version is read.") String text) {}

  /** What is wrong with a text. */
  @Schema(name = "RuleSetCheck")
  public record Check(
      @Schema(description = "The version it would have; absent when it has a fault.")
          String version,
      @Schema(description = "One sentence each, with the line.") List<String> faults) {}

  @Operation(
      summary = "Read the rules in effect",
      description = "All rules in order, weights, filters and limits, and the faults of the files.")
  @GetMapping
  @Allows(Role.VIEWER)
  public InEffect get() {
    var policy = rules.policy();
    var weights = new LinkedHashMap<String, Double>();
    policy.weights().forEach(w -> weights.put(w.scorer().name(), w.weight()));
    var filters = new LinkedHashMap<String, Boolean>();
    filters.put("served-country", policy.checks().servedCountry());
    filters.put("capacity", policy.checks().capacity());
    filters.put("on-time", policy.checks().onTime());
    var current = rules.current();
    var most = policy.splitting().maxShipments();
    return new InEffect(
        policy.name(),
        policy.version(),
        rules.faults().stream().map(Fault::toString).toList(),
        policy.home(),
        weights,
        filters,
        most == Integer.MAX_VALUE ? null : most,
        policy.splitting().minValuePerShipment(),
        policy.splitting().shipAvailable(),
        current == null ? List.of() : current.rules().stream().map(RulesApi::entry).toList());
  }

  private static Entry entry(RuleSet.Entry rule) {
    return new Entry(rule.name(), rule.why(), rule.when(), rule.lines(), rule.does());
  }

  @Operation(
      summary = "List versions of the rules",
      description = "The 50 that took effect last, the newest first.")
  @GetMapping("/versions")
  @Allows(Role.VIEWER)
  public List<Version> versions() {
    try {
      return history.newest().stream()
          .map(v -> new Version(v.version(), v.name(), v.activatedAt(), null))
          .toList();
    } catch (SQLException e) {
      throw Problem.unavailable("The versions could not be read; try again shortly.");
    }
  }

  @Operation(
      summary = "Read one version of the rules",
      description = "The text that a decision names by its version, word for word.")
  @GetMapping("/versions/{id}")
  @Allows(Role.VIEWER)
  public Version version(@Parameter(example = "3f2a90c1d4e5") @PathVariable String id) {
    try {
      return history
          .find(id)
          .map(v -> new Version(v.version(), v.name(), v.activatedAt(), v.text()))
          .orElseThrow(
              () ->
                  Problem.notFound(
                      "No rules of version '%s' were ever in effect here; list versions to see which were."
                          .formatted(Words.cut(id))));
    } catch (SQLException e) {
      throw Problem.unavailable("The version could not be read; try again shortly.");
    }
  }

  @Operation(
      summary = "Check a draft",
      description = "Judges a text as if it were saved; nothing takes effect.")
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      required = true,
      content = @Content(examples = @ExampleObject("{\"text\":\"name: ours\\nrules: []\\n\"}")))
  @PostMapping(path = "/check", consumes = "application/json")
  @Allows(Role.VIEWER)
  public Check check(@RequestBody JsonNode body) {
    var faults = new Faults(SourceFile.RULES);
    var draft = rules.draft(text(body), faults);
    return new Check(
        draft == null ? null : draft.version(),
        faults.list().stream().map(Fault::toString).toList());
  }

  @Operation(
      summary = "Simulate a draft",
      description =
          "Decides the newest orders again under a draft, by the figures of their own decisions, and tells which"
              + " would have gone elsewhere, the number of shipments and the cost. With \"current\": true instead of a text, under the rules in"
              + " effect. Nothing takes effect. What work nodes had then is not counted again.")
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      required = true,
      content =
          @Content(
              examples = @ExampleObject("{\"text\":\"name: ours\\nrules: []\\n\",\"orders\":500}")))
  @PostMapping(path = "/simulate", consumes = "application/json")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  public DryAllocation.Simulation simulate(@RequestBody JsonNode body) {
    var orders = body.path("orders");
    if (!orders.isMissingNode()
        && (!orders.isInt() || orders.intValue() < 1 || orders.intValue() > DryAllocation.MOST)) {
      throw Problem.badRequest(
          "'orders' is no whole number from 1 to %d.".formatted(DryAllocation.MOST));
    }
    Policy policy;
    if (body.has("text")) {
      var faults = new Faults(SourceFile.RULES);
      var draft = rules.draft(text(body), faults);
      if (draft == null) {
        throw Problem.unprocessable(
                "The draft has %d fault(s); the first: %s"
                    .formatted(faults.list().size(), faults.list().get(0)))
            .with("faults", faults.list().stream().map(Fault::toString).toList());
      }
      policy = draft.policy();
    } else if (body.path("current").asBoolean(false)) {
      policy = rules.policy();
    } else {
      throw Problem.badRequest("Give a draft as 'text', or \"current\": true.");
    }
    try {
      return dry.simulate(policy, orders.isMissingNode() ? USUAL : orders.intValue());
    } catch (SQLException e) {
      throw Problem.unavailable("The orders could not be read; try again shortly.");
    }
  }

  private static String text(JsonNode body) {
    var text = body.path("text");
    if (!text.isTextual() || text.textValue().length() > LONGEST) {
      throw Problem.badRequest(
          "'text' is not there, is no text, or is longer than %d characters.".formatted(LONGEST));
    }
    return text.textValue();
  }
}
