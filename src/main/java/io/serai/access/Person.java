package io.serai.access;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Marks of the person behind a credential. Two credentials that share a mark are one person: a
 * user's name, the identity provider's subject, and for a token those of whoever made it.
 *
 * <p>Gap: who has two names, and whose subject nobody configured, is two people; so is a shared
 * password one.
 */
final class Person {
  private static final String SSO = "sso:";

  private Person() {}

  /** Whoever the audit calls so: a user, a name at the identity provider, or a program. */
  static Set<String> named(String actor) {
    if (actor.startsWith(ApiTokens.ACTOR)) {
      return Set.of(actor);
    }
    var name = actor.startsWith(SSO) ? actor.substring(SSO.length()) : actor;
    return Set.of("name:" + name.toLowerCase(Locale.ROOT));
  }

  /** Whoever the identity provider knows by this subject. */
  static String subject(String subject) {
    return "sub:" + subject;
  }

  /** All marks of both. */
  static Set<String> and(Collection<String> some, Collection<String> others) {
    var all = new HashSet<>(some);
    all.addAll(others);
    return Set.copyOf(all);
  }

  /** Whether these are marks of one person. */
  static boolean same(Set<String> some, Set<String> others) {
    return !Collections.disjoint(some, others);
  }
}
