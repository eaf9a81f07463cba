package io.serai.access;

import org.springframework.security.core.AuthenticatedPrincipal;

/**
 * Who is calling and what they may do.
 *
 * @param name the actor as the audit names it: a user, or {@code token:<name>}
 * @param role what the caller may do
 */
public record Caller(String name, Role role) implements AuthenticatedPrincipal {
  @Override
  public String getName() {
    return name;
  }

  /** Whether names, addresses and payloads may be shown unmasked. */
  public boolean mayReadPersonalData() {
    return role.covers(Role.OPERATOR);
  }
}
