package io.serai.access;

import java.util.Set;
import org.springframework.security.core.AuthenticatedPrincipal;

/**
 * Who is calling and what they may do.
 *
 * @param name the actor as the audit names it: a user, or {@code token:<name>}
 * @param role what the caller may do
 * @param scope what of that is taken away
 * @param person marks of the person behind it, shared by all credentials of one person
 */
public record Caller(String name, Role role, Scope scope, Set<String> person)
    implements AuthenticatedPrincipal {
  /** Fixes the marks. */
  public Caller {
    person = Set.copyOf(person);
  }

  /** One whose name says who it is. */
  public Caller(String name, Role role, Scope scope) {
    this(name, role, scope, Person.named(name));
  }

  /** One that is bound to nothing but the role. */
  public Caller(String name, Role role) {
    this(name, role, Scope.ALL);
  }

  @Override
  public String getName() {
    return name;
  }

  /** Whether names, addresses and payloads may be shown unmasked. */
  public boolean mayReadPersonalData() {
    return role.coversAny(Role.OPERATOR, Role.INTEGRATOR);
  }

  /** Whether the audit may be shown. */
  public boolean mayReadAudit() {
    return role.coversAny(Role.OPERATOR, Role.INTEGRATOR);
  }

  /** Whether what is about this channel may be done. */
  public boolean mayName(String channel) {
    return scope.channels().isEmpty() || scope.channels().contains(channel);
  }
}
