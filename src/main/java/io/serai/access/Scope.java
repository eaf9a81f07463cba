package io.serai.access;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a caller is bound to beside the role: it takes rights away and never gives one.
 *
 * @param verbs words as {@code stock}, {@code orders:read} or {@code orders:hold}; empty for
 *     everything the role may
 * @param channels the only channels it may name; empty for all
 */
public record Scope(Set<String> verbs, Set<String> channels) {
  /** Bound to nothing. */
  public static final Scope ALL = new Scope(Set.of(), Set.of());

  private static final String ROOT = "/api/v1/";
  private static final Set<String> ALWAYS = Set.of("me", "openapi.json");

  /** Fixes both. */
  public Scope {
    verbs = Set.copyOf(verbs);
    channels = Set.copyOf(channels);
  }

  /** Whether it takes nothing away. */
  public boolean isAll() {
    return verbs.isEmpty() && channels.isEmpty();
  }

  /**
   * The word of an address: the noun it begins with, and what is done, as {@code orders:read},
   * {@code orders:create}, {@code orders:hold} or {@code stock:write}.
   *
   * @param method of HTTP
   * @param pattern of the path, with its parts in braces
   */
  public static String verb(String method, String pattern) {
    var parts = pattern.substring(ROOT.length()).split("/");
    var last = parts[parts.length - 1];
    var verb =
        switch (method) {
          case "GET", "HEAD" -> "read";
          case "PUT" -> "write";
          case "DELETE" -> "delete";
          default -> parts.length > 1 && !last.startsWith("{") ? last : "create";
        };
    return parts[0] + ':' + verb.toLowerCase(Locale.ROOT);
  }

  /** Whether a word is within the verbs. */
  public boolean allows(String verb) {
    return verbs.isEmpty() || verbs.contains(noun(verb)) || verbs.contains(verb);
  }

  /** The noun of a word. */
  static String noun(String verb) {
    return verb.substring(0, verb.indexOf(':'));
  }

  /**
   * Why this is out of reach, in a sentence, or null when it is not.
   *
   * @param who is bound
   * @param one what narrows the method to a channel, or null when nothing does
   * @param path parts of the path by name
   * @param query values of a query parameter, or null
   */
  String refusal(
      String who,
      String verb,
      OneChannel one,
      Map<String, String> path,
      Function<String, String[]> query) {
    if (ALWAYS.contains(noun(verb))) {
      return null;
    }
    if (!allows(verb)) {
      return "'%s' is bound to %s and may not do '%s'; use another token."
          .formatted(who, words(verbs), verb);
    }
    if (channels.isEmpty() || one != null && one.value().equals(OneChannel.IN_BODY)) {
      return null;
    }
    if (one == null) {
      return "'%s' is bound to %s, and '%s' is not about one channel; use another token."
          .formatted(who, words(channels), verb);
    }
    var given = path.get(one.value());
    var named = given == null ? query.apply(one.value()) : new String[] {given};
    if (named == null
        || named.length != 1
        || !channels.contains(given == null ? named[0] : beforeColon(given))) {
      return "'%s' is bound to %s; name it%s."
          .formatted(
              who,
              words(channels),
              given == null ? " as '" + one.value() + "'" : ", as an order as '<channel>:<id>'");
    }
    return null;
  }

  private static String beforeColon(String given) {
    int colon = given.indexOf(':');
    return colon < 0 ? given : given.substring(0, colon);
  }

  /** In a sentence, in order. */
  static String words(Set<String> words) {
    return new TreeSet<>(words)
        .stream().map(word -> "'" + word + "'").collect(Collectors.joining(", "));
  }
}
