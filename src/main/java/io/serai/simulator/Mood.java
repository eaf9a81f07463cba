package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One way in which a stand-in is having a bad day.
 *
 * @param kind what goes wrong
 * @param share how often, from 0 to 1
 * @param operations which operations it touches; empty means all of the kind's scope. A trailing
 *     {@code *} matches a prefix
 * @param delay how long, for the kinds that wait or tell the caller to wait
 * @param times how often at most, or {@code 0} for no limit
 * @param status the HTTP status to answer with, or {@code 0} for the kind's own
 * @param effect whether the request still takes effect, or {@code null} for the kind's own habit
 */
public record Mood(
    Kind kind,
    double share,
    List<String> operations,
    Duration delay,
    int times,
    int status,
    Boolean effect) {

  /** Where a mood is felt. */
  enum Scope {
    CALL,
    WEBHOOK,
    POLL,
    FILE
  }

  /** What can go wrong; the answer's shape is the simulator's own. */
  public enum Kind {
    /** Takes effect at once and answers late. */
    SLOW(Scope.CALL, true),
    /** Answers 503 before anything happened. */
    FLAKY(Scope.CALL, false),
    /** Answers 503 after everything happened. */
    FAILED_AFTER_EFFECT(Scope.CALL, true),
    /** Says to come back later: 429 with Retry-After, or the channel's own words for it. */
    THROTTLING(Scope.CALL, false),
    /** Refuses for a business reason. */
    REFUSING(Scope.CALL, false),
    /** Says that another request with the same idempotency key is still under way. */
    CONCURRENT(Scope.CALL, false),
    /** Does not accept the credentials. */
    UNAUTHORIZED(Scope.CALL, false),
    /** Takes effect and closes the connection without a word. */
    ANSWER_LOST(Scope.CALL, true),
    /** Closes the connection before anything happened. */
    REQUEST_LOST(Scope.CALL, false),
    /** Takes effect and stops in the middle of the answer. */
    HALF_ANSWER(Scope.CALL, true),
    /** Takes effect and answers bytes that are no JSON. */
    GARBAGE(Scope.CALL, true),
    /** Answers 200 with a body that says it failed. */
    ERROR_IN_200(Scope.CALL, false),
    /** Answers 200 with a page for people, as a proxy in between does. */
    HTML(Scope.CALL, false),
    /** Delivers a webhook twice. */
    DUPLICATING(Scope.WEBHOOK, true),
    /** Delivers a webhook after later ones. */
    OUT_OF_ORDER(Scope.WEBHOOK, true),
    /** Never delivers a webhook and says nothing. */
    DROPPING(Scope.WEBHOOK, true),
    /** Shows what happened in lists only some time later. */
    LATE_POLLS(Scope.POLL, true),
    /** Shows on a page an item that the page before had shown. */
    REPEATED_ITEMS(Scope.POLL, true),
    /** Shows the items of a page in another order than was asked for. */
    SHUFFLED_ITEMS(Scope.POLL, true),
    /** Shows a new order before its lines can be read. */
    LATE_LINES(Scope.POLL, true),
    /** Refuses a cursor it gave itself. */
    EXPIRED_CURSOR(Scope.POLL, false),
    /** Never answers a file with an acknowledgment. */
    SILENT(Scope.FILE, true),
    /** Hands a file over some time later. */
    LATE(Scope.FILE, true),
    /** Hands the same file over twice, under two names. */
    TWICE(Scope.FILE, true),
    /** Hands over a file that ends in its middle. */
    TRUNCATED(Scope.FILE, true),
    /** Counts the segments of a document wrong. */
    WRONG_COUNTS(Scope.FILE, true),
    /** Refuses a document for what stands in it. */
    REJECTING(Scope.FILE, false);

    final Scope scope;
    final boolean takesEffect;

    Kind(Scope scope, boolean takesEffect) {
      this.scope = scope;
      this.takesEffect = takesEffect;
    }
  }

  /** Copies the operations and checks the share. */
  public Mood {
    operations = List.copyOf(operations);
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "Mood '" + kind + "' has share " + share + "; give a number from 0 to 1.");
    }
  }

  /** A mood that is always felt, by every operation of its scope. */
  public static Mood of(Kind kind) {
    return new Mood(kind, 1, List.of(), Duration.ofSeconds(2), 0, 0, null);
  }

  /** The same mood, felt by this share of the operations. */
  public Mood sometimes(double newShare) {
    return new Mood(kind, newShare, operations, delay, times, status, effect);
  }

  /** The same mood, felt by these operations only. */
  public Mood on(String... names) {
    return new Mood(kind, share, List.of(names), delay, times, status, effect);
  }

  /** The same mood, felt this many times and then no more. */
  public Mood times(int count) {
    return new Mood(kind, share, operations, delay, count, status, effect);
  }

  /** The same mood with another delay. */
  public Mood lasting(Duration newDelay) {
    return new Mood(kind, share, operations, newDelay, times, status, effect);
  }

  /** The same mood, saying for itself whether the request still takes effect. */
  public Mood withEffect(boolean takesEffect) {
    return new Mood(kind, share, operations, delay, times, status, takesEffect);
  }

  /** The same mood with another HTTP status. */
  public Mood answering(int newStatus) {
    return new Mood(kind, share, operations, delay, times, newStatus, effect);
  }

  boolean takesEffect() {
    return effect == null ? kind.takesEffect : effect;
  }

  boolean touches(String operation) {
    return operations.isEmpty()
        || operations.stream()
            .anyMatch(
                o ->
                    o.endsWith("*")
                        ? operation.startsWith(o.substring(0, o.length() - 1))
                        : o.equals(operation));
  }

  /** Reads a mood as the control API and the command line write it. */
  static Mood read(JsonNode node) {
    var name = node.path("mood").asText();
    Kind kind;
    try {
      kind = Kind.valueOf(name.trim().toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Mood '" + name + "' is not known; use one of " + names() + ".", e);
    }
    var operations = new ArrayList<String>();
    node.path("operations").forEach(o -> operations.add(o.asText()));
    var mood =
        of(kind)
            .sometimes(node.path("share").asDouble(1))
            .on(operations.toArray(String[]::new))
            .times(node.path("times").asInt(0))
            .answering(node.path("status").asInt(0));
    if (node.hasNonNull("delay")) {
      mood = mood.lasting(Duration.parse(node.get("delay").asText()));
    }
    return node.hasNonNull("effect") ? mood.withEffect(node.get("effect").asBoolean()) : mood;
  }

  /** Reads the short form of the command line, {@code flaky=0.1} or {@code slow}. */
  static Mood parse(String text) {
    var parts = text.split("=", 2);
    var node = Jsons.object().put("mood", parts[0]);
    if (parts.length > 1) {
      try {
        node.put("share", Double.parseDouble(parts[1]));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "Mood '" + text + "' has no readable share; write it as 'flaky=0.1'.", e);
      }
    }
    return read(node);
  }

  JsonNode json() {
    var node = Jsons.object();
    node.put("mood", kind.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    node.put("share", share);
    node.set("operations", Jsons.tree(operations));
    node.put("delay", delay.toString());
    node.put("times", times);
    node.put("status", status);
    node.put("effect", takesEffect());
    return node;
  }

  private static String names() {
    var names = new ArrayList<String>();
    for (var kind : Kind.values()) {
      names.add(kind.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
    return String.join(", ", names);
  }
}
