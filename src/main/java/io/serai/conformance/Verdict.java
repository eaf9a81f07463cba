package io.serai.conformance;

/**
 * What a clause came to.
 *
 * @param clause what was judged
 * @param result how it ended
 * @param why what was seen, or why nothing could be; half a sentence
 */
record Verdict(String clause, Result result, String why) {
  /** How a clause ended. */
  enum Result {
    PASSED("passed"),
    FAILED("FAILED"),
    NOT_JUDGED("not judged");

    private final String word;

    Result(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  static Verdict passed(String clause, String why) {
    return new Verdict(clause, Result.PASSED, why);
  }

  static Verdict failed(String clause, String why) {
    return new Verdict(clause, Result.FAILED, why);
  }

  static Verdict notJudged(String clause, String why) {
    return new Verdict(clause, Result.NOT_JUDGED, why);
  }
}
