package io.serai.catalog;

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
 * @param parameters what an account may set, by kebab-case name
 * @param token where access tokens come from, or null when it needs none
 * @param verification how its webhooks prove themselves, or null when it sends none
 * @param events which event types become which documents
 * @param operations per document this connector is a destination of
 * @param deadlines how long anything may take
 * @param limits what the endpoint bears, or null when it says nothing
 * @param retry how failed deliveries are tried again
 * @param errors what its answers mean
 * @param routes templates instantiated for each account
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
    Token token,
    Verification verification,
    Events events,
    Map<String, Operation> operations,
    Deadlines deadlines,
    Limits limits,
    Retry retry,
    ErrorTable errors,
    List<RouteUse> routes,
    String file) {

  /** Which half of the configuration an account lives in. */
  public enum Kind {
    /** Sells, and wants status and stock back. */
    CHANNEL,
    /** Stores, picks and ships. */
    PARTNER
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
    PLACE
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
   * Where access tokens come from.
   *
   * @param scheme {@code static} when the parameter is the token itself
   * @param options the scheme's other settings; those that name a parameter hold its kebab name
   */
  public record Token(String scheme, Map<String, String> options) {
    /** The parameter that holds the token, or null for schemes that fetch one. */
    public String parameter() {
      return options.get("parameter");
    }
  }

  /**
   * How a webhook proves where it came from.
   *
   * @param scheme a named one, never chosen by the sender
   * @param encoding {@code base64} or {@code hex}
   * @param header where the proof stands
   * @param secret the parameter that holds the key, or null when the scheme has none
   * @param options the scheme's other settings
   */
  public record Verification(
      String scheme, String encoding, String header, String secret, Map<String, String> options) {
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
   * @param countsSales of stock: whether the channel takes what it sells off what it shows
   */
  public record Operation(Repeat repeat, int bulk, boolean countsSales) {}

  /**
   * How long anything may take.
   *
   * @param connect until the connection stands
   * @param call from the first byte out to the last byte in
   * @param giveUp until a delivery that never succeeds is parked
   */
  public record Deadlines(Duration connect, Duration call, Duration giveUp) {
    /** What holds when the profile says nothing. */
    public static final Deadlines DEFAULT =
        new Deadlines(Duration.ofSeconds(3), Duration.ofSeconds(10), Duration.ofHours(48));
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
   * @param when the boolean parameter that switches it, or null when it always runs
   * @param line where the profile says so
   */
  public record RouteUse(String template, String when, int line) {}

  /** Keeps the collections unchangeable and in the order of the file. */
  public ConnectorProfile {
    capabilities =
        java.util.Collections.unmodifiableSet(new java.util.LinkedHashSet<>(capabilities));
    parameters = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(parameters));
    operations = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(operations));
    routes = List.copyOf(routes);
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
