package io.serai.demo;

/** The demo or the bench cannot run; its message is the one sentence that says why. */
final class DemoRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Refuses for this reason. */
  DemoRefused(String sentence) {
    super(sentence);
  }
}
