package io.serai.access;

import java.util.Locale;

/** What a caller may do; each role includes the ones before it. */
public enum Role {
  /** Reads; personal data is masked. */
  VIEWER,
  /** Reads everything and unblocks work: replay, edit, discard, resolve, stock. */
  OPERATOR,
  /** Everything, the audit included. */
  ADMIN;

  /** Whether this role includes the other. */
  public boolean covers(Role other) {
    return compareTo(other) >= 0;
  }

  /** The name as people write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
