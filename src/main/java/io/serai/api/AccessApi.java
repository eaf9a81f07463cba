package io.serai.api;

import io.serai.access.Allows;
import io.serai.access.ApiTokens;
import io.serai.access.Caller;
import io.serai.access.Callers;
import io.serai.access.Role;
import io.serai.access.Scope;
import io.serai.catalog.Configuration;
import io.serai.catalog.Nearest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Who is who, what they may, and the tokens of programs. */
@Tag(name = "access", description = "Who is who, what they may, and the tokens of programs.")
@RestController
@RequestMapping(path = "/api/v1", produces = "application/json")
public final class AccessApi {
  /** How long a token lasts when nobody says. */
  public static final int USUAL_DAYS = 90;

  /** How long one may last. */
  public static final int MOST_DAYS = 366;

  private static final int MOST_WORDS = 100;
  private static final String ROOT = "/api/v1/";

  private final Callers callers;
  private final ApiTokens tokens;
  private final Configuration configuration;
  private final ObjectProvider<RequestMappingHandlerMapping> mappings;
  private final Clock clock;

  AccessApi(
      Callers callers,
      ApiTokens tokens,
      Configuration configuration,
      ObjectProvider<RequestMappingHandlerMapping> mappings,
      Clock clock) {
    this.callers = callers;
    this.tokens = tokens;
    this.configuration = configuration;
    this.mappings = mappings;
    this.clock = clock;
  }

  /** Whoever asks, and what they may. */
  @Schema(name = "Me")
  public record Me(
      @Schema(example = "token:erp") String name,
      @Schema(example = "operator") String role,
      @Schema(
              description = "What may be done, each as `noun:verb`; the words a token is bound by.",
              example = "[\"orders:read\",\"orders:hold\"]")
          List<String> may,
      @Schema(description = "What may not be done, and who may.") List<Denied> mayNot,
      @Schema(description = "The only channels that may be named; empty for all.")
          List<String> channels) {}

  /** Something that whoever asks may not do. */
  @Schema(name = "Denied")
  public record Denied(
      @Schema(example = "tokens:create") String verb,
      @Schema(description = "Why not, and what it needs.", example = "It needs admin.")
          String sentence) {}

  /** Somebody who is known by name and password. */
  @Schema(name = "User")
  public record User(
      @Schema(example = "ada") String name, @Schema(example = "operator") String role) {}

  /** A program's token, without its secret. */
  @Schema(name = "Token")
  public record Token(
      @Schema(example = "tok_3") String id,
      @Schema(description = "The audit names it `token:<name>`.", example = "erp") String name,
      @Schema(example = "operator") String role,
      @Schema(description = "What it may of what its role may; empty for all of that.")
          List<String> verbs,
      @Schema(description = "The only channels it may name; empty for all.") List<String> channels,
      @Schema(description = "ACTIVE, EXPIRED or REVOKED.", example = "ACTIVE") String state,
      String madeBy,
      Instant madeAt,
      Instant expiresAt,
      @Schema(description = "To the minute.") Instant lastUsedAt,
      Instant revokedAt,
      String revokedBy) {}

  /** A token and what nobody sees again. */
  @Schema(name = "TokenMade")
  public record Made(
      Token token,
      @Schema(description = "The bearer token. It is shown once and kept nowhere.") String secret) {
    @Override
    public String toString() {
      return "Made[token=" + token + ", secret=***]";
    }
  }

  /** What a token may. */
  @Schema(
      name = "TokenRequest",
      requiredProperties = {"name", "role", "reason"})
  public record TokenRequest(
      @Schema(description = "Letters, digits, hyphens; up to 60.", example = "erp") String name,
      @Schema(example = "operator") String role,
      @Schema(
              description =
                  "Bound to these: a noun (`stock`), or a noun and what is done (`orders:read`, `orders:hold`). GET /me"
                      + " lists them. All of its role when absent.")
          List<String> verbs,
      @Schema(description = "Bound to these channels; it then reaches only what is about one.")
          List<String> channels,
      @Schema(description = "How long it lasts, 1 to 366; 90 when absent.", example = "90")
          Integer days,
      @Schema(example = "The ERP sends orders.") String reason) {}

  @Operation(summary = "Read what you may", description = "Who the credentials belong to.")
  @GetMapping("/me")
  @Allows(Role.VIEWER)
  public Me me(Caller caller) {
    var may =
        verbs().entrySet().stream()
            .filter(
                verb ->
                    caller.role().coversAny(verb.getValue().toArray(Role[]::new))
                        && caller.scope().allows(verb.getKey()))
            .map(Map.Entry::getKey)
            .toList();
    var mayNot =
        verbs().entrySet().stream()
            .filter(verb -> !may.contains(verb.getKey()))
            .map(
                verb ->
                    new Denied(
                        verb.getKey(),
                        caller.role().coversAny(verb.getValue().toArray(Role[]::new))
                            ? "These credentials are not bound to it."
                            : "It needs %s."
                                .formatted(Role.words(verb.getValue().toArray(Role[]::new)))))
            .toList();
    return new Me(
        caller.name(),
        caller.role().word(),
        may,
        mayNot,
        List.copyOf(new TreeSet<>(caller.scope().channels())));
  }

  // Every word there is, with the roles that may do some of what it stands for.
  private TreeMap<String, Set<Role>> verbs() {
    var verbs = new TreeMap<String, Set<Role>>();
    for (var mapping : mappings) {
      mapping
          .getHandlerMethods()
          .forEach(
              (where, method) -> {
                var allows = method.getMethodAnnotation(Allows.class);
                for (var path : where.getPatternValues()) {
                  for (var verb : where.getMethodsCondition().getMethods()) {
                    if (allows != null && path.startsWith(ROOT)) {
                      verbs
                          .computeIfAbsent(
                              Scope.verb(verb.name(), path), word -> EnumSet.noneOf(Role.class))
                          .addAll(List.of(allows.value()));
                    }
                  }
                }
              });
    }
    return verbs;
  }

  @Operation(summary = "List users", description = "Everybody with a password, by name.")
  @GetMapping("/users")
  @Allows(Role.ADMIN)
  public Page<User> users() {
    return new Page<>(
        callers.users().stream().map(user -> new User(user.name(), user.role().word())).toList(),
        null);
  }

  @Operation(
      summary = "List tokens",
      description =
          "Those that are not revoked first, newest first. Tokens of the configuration are not among them.")
  @GetMapping("/tokens")
  @Allows(Role.ADMIN)
  public Page<Token> tokens(
      @Parameter(description = "How many, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit) {
    return new Page<>(tokens.list(Cursor.limit(limit)).stream().map(this::view).toList(), null);
  }

  @Operation(
      summary = "Make a token",
      description =
          "For a program, with a role, an end, and what it is bound to. The secret is in this answer and nowhere else. 409"
              + " when one of this name is not revoked.",
      responses = @ApiResponse(responseCode = "201", description = "Made."))
  @PostMapping(path = "/tokens", consumes = "application/json")
  @ResponseStatus(HttpStatus.CREATED)
  @Allows(Role.ADMIN)
  public Made create(@RequestBody TokenRequest request, Caller caller) {
    unbound(caller);
    var name = Words.sentence("name", request.name());
    if (name == null || !name.matches("[A-Za-z0-9][A-Za-z0-9-]{0,59}")) {
      throw Problem.badRequest(
          "'%s' is no name of a token; give letters, digits and hyphens, 60 at most."
              .formatted(Words.cut(request.name())));
    }
    var role = Role.of(request.role());
    if (role == null) {
      throw Problem.badRequest(
          "'%s' is no role; give %s.".formatted(Words.cut(request.role()), Role.words()));
    }
    int days = request.days() == null ? USUAL_DAYS : request.days();
    if (days < 1 || days > MOST_DAYS) {
      throw Problem.badRequest(
          "A token of %d days cannot be made; give 1 to %d.".formatted(days, MOST_DAYS));
    }
    var reason = reason(request.reason(), "A token needs a reason; say what it is for.");
    var scope = new Scope(bound(request.verbs()), channels(request.channels()));
    if (callers.isToken(name)) {
      throw taken(name, "in the configuration");
    }
    var made =
        tokens
            .make(name, role, scope, Duration.ofDays(days), caller, reason)
            .orElseThrow(() -> taken(name, "and is not revoked"));
    return new Made(view(made.token()), made.secret());
  }

  private static Problem taken(String name, String where) {
    return Problem.conflict(
        "Token '%s' exists %s; give another name or revoke it first.".formatted(name, where), null);
  }

  @Operation(
      summary = "Revoke a token",
      description =
          "It opens nothing from this instant on. Answers 404 when it was revoked before.")
  @PostMapping(path = "/tokens/{id}/revoke", consumes = "application/json")
  @Allows(Role.ADMIN)
  public Token revoke(
      @Parameter(example = "tok_3") @PathVariable String id,
      @RequestBody DeadLetterViews.Reason request,
      Caller caller) {
    unbound(caller);
    var reason = reason(request.reason(), "Revoking a token needs a reason; say why.");
    long number = id.matches("tok_[0-9]{1,18}") ? Long.parseLong(id.substring(4)) : 0;
    return tokens
        .revoke(number, caller, reason)
        .map(this::view)
        .orElseThrow(
            () ->
                Problem.notFound(
                    "Token '%s' is not known, or revoked already; list the tokens to find its id."
                        .formatted(Words.cut(id))));
  }

  // One that is bound could make one that is not, and one that ends another that does not.
  private void unbound(Caller caller) {
    if (!caller.scope().isAll()) {
      throw Problem.forbidden(
          "'%s' is bound to a part and may not make or revoke tokens; log in, or use one that is not."
              .formatted(caller.name()));
    }
    if (caller.name().startsWith(ApiTokens.ACTOR)
        && !callers.isToken(caller.name().substring(ApiTokens.ACTOR.length()))) {
      throw Problem.forbidden(
          "'%s' was made here and may not make or revoke tokens; log in, or use one of the configuration."
              .formatted(caller.name()));
    }
  }

  private static String reason(String given, String missing) {
    var reason = Words.sentence("reason", given);
    if (reason == null) {
      throw Problem.badRequest(missing);
    }
    return reason;
  }

  private Set<String> bound(List<String> given) {
    var bound = new LinkedHashSet<String>();
    if (given == null) {
      return bound;
    }
    var known = new TreeSet<>(verbs().keySet());
    known.stream().map(verb -> verb.substring(0, verb.indexOf(':'))).toList().forEach(known::add);
    for (var word : few("verbs", given)) {
      if (!known.contains(word)) {
        var near = Nearest.of(word, known);
        throw Problem.badRequest(
            "'%s' is nothing a token can be bound to%s; GET /api/v1/me lists the words."
                .formatted(Words.cut(word), near == null ? "" : ", '" + near + "' is"));
      }
      bound.add(word);
    }
    return bound;
  }

  private Set<String> channels(List<String> given) {
    var bound = new LinkedHashSet<String>();
    if (given == null) {
      return bound;
    }
    for (var channel : few("channels", given)) {
      if (configuration.account(channel) == null) {
        throw Problem.badRequest(
            "Channel '%s' is not configured; list the channels to find its name."
                .formatted(Words.cut(channel)));
      }
      bound.add(channel);
    }
    return bound;
  }

  private static List<String> few(String field, List<String> given) {
    if (given.size() > MOST_WORDS) {
      throw Problem.badRequest(
          "'%s' has %d entries; give at most %d.".formatted(field, given.size(), MOST_WORDS));
    }
    return given.stream().map(word -> word == null ? "" : word.strip()).toList();
  }

  private Token view(ApiTokens.Token token) {
    return new Token(
        ApiTokens.name(token.id()),
        token.name(),
        token.role().word(),
        List.copyOf(new TreeSet<>(token.scope().verbs())),
        List.copyOf(new TreeSet<>(token.scope().channels())),
        token.revokedAt() != null
            ? "REVOKED"
            : token.expiresAt().isAfter(clock.instant()) ? "ACTIVE" : "EXPIRED",
        token.madeBy(),
        token.madeAt(),
        token.expiresAt(),
        token.usedAt(),
        token.revokedAt(),
        token.revokedBy());
  }
}
