package io.serai.access;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a person in by name and password.
 *
 * <p>Guarantee: a login is in the audit before it is of any use, and guessing is slowed down
 * together with the API's: the two share their counts. Gap: wrong passwords are logged, not
 * audited, so that a stranger cannot fill the audit.
 */
public final class PasswordLogin {
  private static final Logger LOG = LoggerFactory.getLogger(PasswordLogin.class);

  private final Callers callers;
  private final LoginThrottle throttle;
  private final Audit audit;

  PasswordLogin(Callers callers, LoginThrottle throttle, Audit audit) {
    this.callers = callers;
    this.throttle = throttle;
    this.audit = audit;
  }

  /**
   * What came of a try.
   *
   * @param caller who it is, when the password was theirs
   * @param sentence why nobody was let in, or null
   * @param waitSeconds how long to wait before the next try is looked at; 0 for not at all
   */
  public record Try(Optional<Caller> caller, String sentence, long waitSeconds) {}

  /** Tries a name and a password from an address. */
  public Try enter(String name, String password, String address) {
    var who = address + " " + name;
    long wait = throttle.waitSeconds(who);
    if (wait > 0) {
      return new Try(
          Optional.empty(),
          "Your address sent %d wrong passwords for this user within a minute; try again in %d s."
              .formatted(LoginThrottle.LIMIT, wait),
          wait);
    }
    var caller = callers.byLogin(name, password);
    if (caller.isEmpty()) {
      if (throttle.wrong(who)) {
        LOG.warn(
            "{} wrong passwords for one user came from address '{}' within a minute; its logins are refused for the rest of it.",
            LoginThrottle.LIMIT,
            address);
      }
      return new Try(
          Optional.empty(), "The name and the password do not belong together; try again.", 0);
    }
    enter(caller.get());
    return new Try(caller, null, 0);
  }

  /** Notes that a person came in whom somebody else let in: an identity provider. */
  public void enter(Caller caller) {
    audit.write(Audit.Entry.of(caller, "session.login", caller.name(), null));
  }

  /** Notes that a person left. */
  public void leave(Caller caller) {
    audit.write(Audit.Entry.of(caller, "session.logout", caller.name(), null));
  }
}
