package io.serai.catalog;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a connector is, as its {@code connectors/<name>.connector.yaml} says: the only place where a
 * channel or partner differs from another. Immutable.
 *
 * @param name as accounts name it
 * @param title for people
 * @param kind which half of the configuration its accounts live in
 * @param description one sentence
 * @param api version spoken and its end, or null
 * @param capabilities documents it deals in
 * @param parameters what an account may set, by kebab-case name, with those that its transports
 *     bring
 * @param transports ways that files may take, of which an account chooses one
 * @param token where access tokens come from, or null when it needs none
 * @param tokens further access tokens, by the name a step asks for
 * @param verification how its webhooks prove themselves, or null when it sends none
 * @param challenge how it asks whether a webhook address is ours, or null when it does not
 * @param events which event types become which documents
 * @param operations per document this connector is a destination of
 * @param deadlines how long anything may take
 * @param limits what the endpoint bears, or null when it says nothing
 * @param quotas what single calls of it bear, by the name a step takes one of
 * @param retry how failed deliveries are tried again
 * @param errors what its answers mean
 * @param cancelReasons our reasons to cancel and what it calls them
 * @param routes templates instantiated for each account
 * @param tested by what it is tested, as {@link #TESTS} lists
 * @param file where it was read
 */
public record ConnectorProfile(
    String name,
    String title,
    Kind kind,
    String description,
    Api api,
    Set<String> capabilities,
    Map<String, Parameter> parameters,
    List<String> transports,
    Token token,
    Map<String, Token> tokens,
    Verification verification,
    Challenge challenge,
    Events events,
    Map<String, Operation> operations,
    Deadlines deadlines,
    Limits limits,
    Map<String, Quota> quotas,
    Retry retry,
    ErrorTable errors,
    Map<String, String> cancelReasons,
    List<RouteUse> routes,
    Set<String> tested,
    String file) {

  /**
   * What a connector may be tested by: its samples; the suite of {@code serai test}; a stand-in
   * that refuses what the real one refuses; the partner's own specification or examples; hubs that
   * run against that stand-in.
   */
  public static final List<String> TESTS =
      List.of("samples", "suite", "simulator", "specification", "end-to-end");

  /** Which half of the configuration an account lives in. */
  public enum Kind {
    /** Sells, and wants status and stock back. */
    CHANNEL,
    /** Stores, picks and ships. */
    PARTNER,
    /** Brings parcels; its accounts stand among the partners. */
    CARRIER;

    /** Which half of the configuration its accounts live in. */
    public Kind half() {
      return this == CHANNEL ? CHANNEL : PARTNER;
    }
  }

  /** What a parameter's value must look like. */
  public enum Type {
    /** Any text. */
    TEXT,
    /** An absolute http or https address without a trailing slash. */
    URL,
    /** true or false. */
    BOOLEAN,
    /** A whole number. */
    INTEGER,
    /** A number and a unit. */
    DURATION,
    /** One of the parameter's choices. */
    CHOICE,
    /** A node and the place of the channel that it feeds: {@code nj-1=64012}. */
    PLACE,
    /** A mail address without a name or comment. */
    MAIL
  }

  /**
   * The partner's interface.
   *
   * @param version as the partner writes it
   * @param sunset the day it stops answering, or null when the partner named none
   */
  public record Api(String version, LocalDate sunset) {}

  /**
   * Something an account may set.
   *
   * @param name kebab case
   * @param description for people
   * @param type what a value must look like
   * @param required whether the start stops without it
   * @param secret whether it is masked everywhere and kept out of routes
   * @param list whether it may hold several values, newest first
   * @param fallback the text of its default, or null
   * @param choices what a {@link Type#CHOICE} may be
   */
  public record Parameter(
      String name,
      String description,
      Type type,
      boolean required,
      boolean secret,
      boolean list,
      String fallback,
      List<String> choices) {
    /** The name as a template parameter: camel case. */
    public String templateName() {
      return camelCase(name);
    }
  }

  /**
   * A text that the profile says itself, or that each account says in a parameter.
   *
   * @param literal what the profile says, or null
   * @param parameter the parameter's kebab name, or null
   */
  public record Text(String literal, String parameter) {
    /** Said by the profile. */
    public static Text of(String literal) {
      return literal == null ? null : new Text(literal, null);
    }

    /** What holds for an account, or null when it says nothing. */
    public String of(Account account) {
      return parameter == null ? literal : account.text(parameter);
    }
  }

  /**
   * Where access tokens come from. All but the scheme, the scope and the switch are names of
   * parameters.
   *
   * @param scheme {@code static}, {@code refresh-token} or {@code client-credentials}
   * @param parameter of {@code static}: what holds the token itself
   * @param url where a token is asked for
   * @param clientId who we are there
   * @param clientSecret proves it, or null where nothing but the refresh token does
   * @param refreshToken of {@code refresh-token}: what the account's owner granted us
   * @param basic whether we prove ourselves by an Authorization header and not in the body
   * @param scope what the token is to allow, or null
   */
  public record Token(
      String scheme,
      String parameter,
      String url,
      String clientId,
      String clientSecret,
      String refreshToken,
      boolean basic,
      String scope) {
    /** Schemes a profile may name. */
    public static final List<String> SCHEMES =
        List.of("static", "client-credentials", "refresh-token");

    /** Whether it is asked for at the partner and lapses. */
    public boolean fetched() {
      return parameter == null;
    }
  }

  /**
   * How a webhook proves where it came from.
   *
   * @param scheme a named one, never chosen by the sender
   * @param encoding {@code base64} or {@code hex}
   * @param header where the proof stands, or null when the scheme says it
   * @param prefix what stands before the proof there, or null
   * @param secret the parameter that holds the key, or null when the scheme has none
   * @param user of {@code basic}: the parameter that holds the user's name
   * @param url the parameter with the address that is signed before the body, or null when the body
   *     alone is
   * @param keyUrl of {@code ecdsa}: the parameter with the address below which keys are found
   * @param token of {@code ecdsa}: the access token that keys are asked for with, or null
   * @param refuseWith the HTTP status that tells the sender that its proof is wrong
   */
  public record Verification(
      Text scheme,
      Text encoding,
      Text header,
      String prefix,
      String secret,
      String user,
      String url,
      String keyUrl,
      String token,
      int refuseWith) {
    /** Schemes a profile may name. */
    public static final List<String> SCHEMES =
        List.of(
            "hmac-sha256",
            "hmac-sha1",
            "hmac-sha512",
            "standard-webhooks",
            "ecdsa",
            "bearer",
            "basic",
            "none");
  }

  /**
   * How the partner asks whether a webhook address is ours: by a GET, answered with a SHA-256
   * digest.
   *
   * @param query the name under which it sends its challenge
   * @param over what is digested, in order: {@value #ITSELF}, or names of parameters
   * @param field the name under which the digest is answered
   */
  public record Challenge(String query, List<String> over, String field) {
    /** Stands for what the partner sent. */
    public static final String ITSELF = "challenge";
  }

  /**
   * The events table.
   *
   * @param type where the event type stands, or null when there is no table
   * @param table rules by event type; a type that is not there is stored and parked
   * @param every what each message is whatever its type, or null when the table decides
   * @param largest bytes of the largest message that is taken, or 0 for the hub's own limit
   */
  public record Events(Locator type, Map<String, EventRule> table, EventRule every, int largest) {
    /** No events. */
    public static final Events NONE = new Events(null, Map.of(), null, 0);

    /** What a message of a type is, or null when nothing says so. */
    public EventRule rule(String type) {
      return every != null ? every : type == null ? null : table.get(type);
    }
  }

  /**
   * One thing we ask of this connector.
   *
   * @param repeat what happens when it is asked twice
   * @param bulk how many deliveries one call may carry
   * @param bulkFrom of stock: how many must be due before one call carries several, and then only
   *     of what does not hurry
   * @param countsSales of stock: whether the channel takes what it sells off what it shows
   * @param restsUpTo of stock: the sign in a listing's id up to which the channel counts changes as
   *     those of one listing, or null when it counts each by itself
   */
  public record Operation(
      Repeat repeat, int bulk, int bulkFrom, boolean countsSales, String restsUpTo) {}

  /**
   * How long anything may take.
   *
   * @param connect until the connection stands
   * @param call from the first byte out to the last byte in
   * @param giveUp until a delivery that never succeeds is parked
   * @param acknowledge until a job that it took on has to have an end, or null when it does not say
   * @param shipBy from the order until it has to be shipped, or null when each order says it
   * @param readLag from a write until it is sure to be found when it is looked up
   */
  public record Deadlines(
      Duration connect,
      Duration call,
      Duration giveUp,
      Duration acknowledge,
      Duration shipBy,
      Duration readLag) {
    /** How long an attempt is lent to one replica: a call that takes as long never begins. */
    public static final Duration LEASE = Duration.ofSeconds(60);

    /** What holds when the profile says nothing. */
    public static final Deadlines DEFAULT =
        new Deadlines(
            Duration.ofSeconds(3),
            Duration.ofSeconds(10),
            Duration.ofHours(48),
            null,
            null,
            Duration.ofSeconds(2));
  }

  /**
   * What the endpoint bears, shared by all replicas.
   *
   * @param rate calls per period
   * @param per the period
   * @param burst calls at once after a rest
   * @param inFlight calls open at a time
   */
  public record Limits(int rate, Duration per, int burst, int inFlight) {}

  /**
   * What one kind of call bears, shared by all replicas.
   *
   * @param rate calls per period; a fraction where the partner allows less than one
   * @param per the period
   * @param burst calls at once after a rest
   * @param header of an answer that says the rate in calls per second, or null
   */
  public record Quota(BigDecimal rate, Duration per, int burst, String header) {
    /** The rate in calls per second. */
    public double perSecond() {
      return rate.multiply(BigDecimal.valueOf(1_000))
          .divide(BigDecimal.valueOf(per.toMillis()), MathContext.DECIMAL64)
          .doubleValue();
    }
  }

  /**
   * How failed deliveries are tried again.
   *
   * @param base first delay, doubled each time, with full jitter
   * @param cap longest delay
   * @param attempts counted attempts before parking
   */
  public record Retry(Duration base, Duration cap, int attempts) {
    /** What holds when the profile says nothing. */
    public static final Retry DEFAULT =
        new Retry(Duration.ofSeconds(2), Duration.ofMinutes(15), 20);
  }

  /**
   * A template every account gets.
   *
   * @param template its id
   * @param when the boolean parameter that switches it, or one with choices, an equals sign and the
   *     choices it runs for with bars between them; null when it always runs
   * @param line where the profile says so
   */
  public record RouteUse(String template, String when, int line) {
    /** The parameter that switches it. */
    String switchedBy() {
      return when.split("=", 2)[0];
    }

    /** The choices it runs for; empty for a boolean parameter. */
    List<String> choices() {
      var equals = when.indexOf('=');
      return equals < 0 ? List.of() : List.of(when.substring(equals + 1).split("[|]"));
    }
  }

  /** Keeps the collections unchangeable and in the order of the file. */
  public ConnectorProfile {
    capabilities =
        java.util.Collections.unmodifiableSet(new java.util.LinkedHashSet<>(capabilities));
    parameters = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(parameters));
    transports = List.copyOf(transports);
    operations = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(operations));
    tokens = Map.copyOf(tokens);
    quotas = Map.copyOf(quotas);
    cancelReasons = Map.copyOf(cancelReasons);
    routes = List.copyOf(routes);
    tested = java.util.Collections.unmodifiableSet(new java.util.LinkedHashSet<>(tested));
  }

  /** The token of that name, the one without a name for null; null when there is none. */
  public Token token(String name) {
    return name == null ? token : tokens.get(name);
  }

  /** {@code base-url} as {@code baseUrl}. */
  static String camelCase(String kebab) {
    var name = new StringBuilder();
    var upper = false;
    for (var c : kebab.toCharArray()) {
      if (c == '-') {
        upper = true;
      } else {
        name.append(upper ? Character.toUpperCase(c) : c);
        upper = false;
      }
    }
    return name.toString();
  }
}
