package io.serai.access;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a caller may do. A role includes others, and what it may itself stands at each method that
 * {@link Allows} it.
 */
public enum Role {
  /** Reads; personal data is masked. */
  VIEWER,
  /**
   * Reads, and does what a buyer may ask for: hold, release, change, cancel, open a return.
   * Personal data stays masked.
   */
  SUPPORT(VIEWER),
  /** Reads everything and unblocks work: replay, edit, discard, resolve, stock, money, parcels. */
  OPERATOR(SUPPORT),
  /**
   * Reads everything and repairs what connects: payloads, edit, replay, articles and references,
   * rules tried out. No orders, no money, no stock.
   */
  INTEGRATOR(VIEWER),
  /** An operator who is also the second person that large things need. */
  APPROVER(OPERATOR),
  /** Everything, users and tokens included. */
  ADMIN(INTEGRATOR, APPROVER);

  private final List<Role> includes;

  Role(Role... includes) {
    this.includes = List.of(includes);
  }

  /** Whether this role includes the other. */
  public boolean covers(Role other) {
    return this == other || includes.stream().anyMatch(role -> role.covers(other));
  }

  /** Whether this role includes one of these. */
  public boolean coversAny(Role... others) {
    return Arrays.stream(others).anyMatch(this::covers);
  }

  /** The name as people write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The role of this word, in whatever case, or null. */
  public static Role of(String word) {
    return word == null
        ? null
        : Arrays.stream(values())
            .filter(role -> role.word().equals(word.strip().toLowerCase(Locale.ROOT)))
            .findFirst()
            .orElse(null);
  }

  /** All of them in words: "viewer, support, … or admin". */
  public static String words() {
    return words(values());
  }

  /** These in words: "operator or integrator". */
  public static String words(Role... roles) {
    var words = Arrays.stream(roles).map(Role::word).toList();
    int last = words.size() - 1;
    return last == 0
        ? words.get(0)
        : words.stream().limit(last).collect(Collectors.joining(", ")) + " or " + words.get(last);
  }
}
