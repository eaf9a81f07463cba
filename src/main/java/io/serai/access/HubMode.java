package io.serai.access;

import java.util.Set;
import org.springframework.core.env.Environment;

/**
 * Which hub this is, and whether people may change anything in it.
 *
 * <p>Guarantee: of a read-only hub nobody changes anything by a page, a request or a command. What
 * shops and partners send, and what programs hand in as orders and stock, goes on.
 *
 * @param environment what it is called when it is not the real one, as {@code sandbox}; null when
 *     it is
 * @param readOnly whether it only shows
 */
public record HubMode(String environment, boolean readOnly) {
  private static final String NAME = "serai.environment";
  private static final String READ_ONLY = "serai.access.read-only";
  private static final String REAL = "production";

  // What programs hand in, and questions that are asked by POST.
  private static final Set<String> GO_ON =
      Set.of(
          "POST /api/v1/orders",
          "PUT /api/v1/stock",
          "POST /api/v1/rules/check",
          "POST /api/v1/rules/simulate",
          "POST /api/v1/allocations/quote",
          "POST /console/dead-letters/list",
          "POST /console/orders/addresses/plan",
          "POST /console/logout",
          "POST /console/theme",
          "POST /console/density",
          "POST /console/reveal");

  /** The real hub, in which people act. */
  public static final HubMode USUAL = new HubMode(null, false);

  /**
   * Reads and judges.
   *
   * @throws AccessRefused with the sentence for what is no such word
   */
  public static HubMode from(Environment settings) {
    var name = settings.getProperty(NAME, REAL).strip();
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9 -]{0,29}")) {
      throw new AccessRefused(
          "'%s' is '%s', which is no name of an environment; give letters, digits and hyphens, 30 at most."
              .formatted(NAME, name));
    }
    var only = settings.getProperty(READ_ONLY, "false").strip();
    if (!only.equals("true") && !only.equals("false")) {
      throw new AccessRefused("'%s' is '%s'; give true or false.".formatted(READ_ONLY, only));
    }
    return new HubMode(name.equals(REAL) ? null : name, only.equals("true"));
  }

  /** Why a request is refused, or null when it may go on. */
  public String refusal(String method, String pattern) {
    return !readOnly
            || method.equals("GET")
            || method.equals("HEAD")
            || GO_ON.contains(method + " " + pattern)
        ? null
        : sentence();
  }

  /** Why nobody changes anything. */
  public String sentence() {
    return "This hub is read-only ('%s'), so nobody changes anything in it by hand."
        .formatted(READ_ONLY);
  }
}
