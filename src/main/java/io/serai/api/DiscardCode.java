package io.serai.api;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Why something may be left undone, in one word that can be counted. */
public enum DiscardCode {
  /** Somebody tried something out. */
  TEST("a test"),
  /** The same came in another way. */
  DUPLICATE("a duplicate"),
  /** Whoever wanted it does not any more. */
  CANCELLED("cancelled"),
  /** It was done by hand, somewhere else. */
  ELSEWHERE("done elsewhere"),
  /** What it says is not true any more. */
  OUTDATED("outdated"),
  /** It was never ours. */
  UNWANTED("not for us"),
  /** None of these. */
  OTHER("something else");

  private static final List<String> NAMES = Arrays.stream(values()).map(Enum::name).toList();
  private final String words;

  DiscardCode(String words) {
    this.words = words;
  }

  /** As people read it. */
  public String words() {
    return words;
  }

  /** As people write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The reason as it is kept: the code in front, where one is given.
   *
   * @throws Problem 400 for another word
   */
  static String reason(String code, String text) {
    var known = Words.known("code of a discard", Words.present(code), NAMES);
    return known == null || text == null || text.isBlank()
        ? text
        : valueOf(known).word() + ": " + text.strip();
  }
}
