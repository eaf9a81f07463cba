package io.serai.console;

import io.serai.access.Audit;
import io.serai.access.Caller;
import io.serai.access.Role;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whose personal data a person asked to see, and why.
 *
 * <p>Guarantee: masked unless asked for; the reason is in the audit before anything is shown, and
 * it is masked again after a quarter of an hour or at logout.
 */
final class Reveals {
  static final Duration SHOWN = Duration.ofMinutes(15);
  private static final String KEY = "serai.reveals";
  private static final int REMEMBERED = 200;

  private final Audit audit;
  private final Clock clock;

  Reveals(Audit audit, Clock clock) {
    this.audit = audit;
    this.clock = clock;
  }

  /** Who a thing is read for: the person, or somebody who sees no personal data. */
  Caller reader(HttpServletRequest request, Caller caller, String object) {
    return until(request, object) == null ? new Caller(caller.name(), Role.VIEWER) : caller;
  }

  /** Until when it is shown, or null. */
  Instant until(HttpServletRequest request, String object) {
    var shown = shown(request);
    synchronized (shown) {
      var until = shown.get(object);
      return until != null && until.isAfter(clock.instant()) ? until : null;
    }
  }

  /** Shows it from now on; the reason is noted first. */
  void reveal(HttpServletRequest request, Caller caller, String object, String reason) {
    audit.write(Audit.Entry.of(caller, "personal-data.reveal", object, reason));
    var shown = shown(request);
    synchronized (shown) {
      shown.put(object, clock.instant().plus(SHOWN));
      if (shown.size() > REMEMBERED) {
        shown.remove(shown.keySet().iterator().next());
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Instant> shown(HttpServletRequest request) {
    var session = request.getSession();
    var shown = session.getAttribute(KEY);
    if (shown == null) {
      shown = new LinkedHashMap<String, Instant>();
      session.setAttribute(KEY, shown);
    }
    return (Map<String, Instant>) shown;
  }
}
