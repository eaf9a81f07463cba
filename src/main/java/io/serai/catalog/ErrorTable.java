package io.serai.catalog;

import io.serai.failure.FailureKind;
import java.util.List;

/**
 * Names what a partner's answer means for the engine. The connector's rules are asked first, in
 * order; the built-in table answers the rest, so every answer has a name. A total and pure
 * function.
 *
 * @param rules the connector's own, first match wins
 */
public record ErrorTable(List<Rule> rules) {
  /** Only the built-in table. */
  public static final ErrorTable BUILT_IN = new ErrorTable(List.of());

  /** Keeps the rules unchangeable. */
  public ErrorTable {
    rules = List.copyOf(rules);
  }

  /**
   * One line of a connector's table; a part that is null matches anything.
   *
   * @param code the partner's code, as the route's receipt or the fault body carries it
   * @param status an HTTP status ({@code 422}) or a class of them ({@code 5xx}), or null
   * @param kind what it means
   */
  public record Rule(String code, String status, FailureKind kind) {
    boolean matches(Integer actualStatus, String actualCode) {
      return (code == null || code.equals(actualCode))
          && (status == null || (actualStatus != null && matches(actualStatus)));
    }

    private boolean matches(int actual) {
      return status.endsWith("xx")
          ? status.charAt(0) - '0' == actual / 100
          : status.equals(Integer.toString(actual));
    }
  }

  /**
   * The kind of a failed call.
   *
   * @param status HTTP status of the answer, or null when there was none
   * @param code the partner's code, or null
   * @param mishap how far the call came when there was no answer
   * @param repeat what the operation promises when it is sent twice
   */
  public FailureKind classify(Integer status, String code, Mishap mishap, Repeat repeat) {
    for (var rule : rules) {
      if (rule.matches(status, code)) {
        return rule.kind();
      }
    }
    return switch (mishap) {
      case NOT_SENT -> FailureKind.TRANSIENT;
      case MISADDRESSED -> FailureKind.CONFIG;
      case SENT -> FailureKind.UNKNOWN_OUTCOME;
      case NONE -> builtIn(status, code, repeat);
    };
  }

  private static FailureKind builtIn(Integer status, String code, Repeat repeat) {
    if (status == null) {
      // a receipt that says "failed" without a status is the partner's word; silence is not
      return code == null ? FailureKind.UNKNOWN_OUTCOME : FailureKind.REFUSED;
    }
    return switch (status) {
      case 401, 403 -> FailureKind.AUTH;
      case 429 -> FailureKind.THROTTLED;
      case 425 -> FailureKind.TRANSIENT;
      case 408 -> halfDone(repeat);
      default ->
          switch (status / 100) {
            // a success whose body says otherwise: refused when it gave a reason
            case 2 -> code == null ? FailureKind.UNKNOWN_OUTCOME : FailureKind.REFUSED;
            // redirects are not followed: the configured address is wrong
            case 3 -> FailureKind.CONFIG;
            case 4 -> FailureKind.REFUSED;
            case 5 -> halfDone(repeat);
            default -> FailureKind.UNKNOWN_OUTCOME;
          };
    };
  }

  private static FailureKind halfDone(Repeat repeat) {
    return repeat == Repeat.IDEMPOTENT ? FailureKind.TRANSIENT : FailureKind.UNKNOWN_OUTCOME;
  }
}
