package io.serai.console;

/**
 * What came of the last thing a person did, shown once on the next page.
 *
 * @param good whether it was done
 * @param sentence what came of it
 */
record Notice(boolean good, String sentence) {
  static Notice done(String sentence) {
    return new Notice(true, sentence);
  }

  static Notice refused(String sentence) {
    return new Notice(false, sentence);
  }
}
