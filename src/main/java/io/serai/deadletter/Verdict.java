package io.serai.deadletter;

/** What came of an operator's verb. Refusals are values: each says in a sentence what to do. */
public sealed interface Verdict {
  /**
   * It is done and committed.
   *
   * @param id what it was done to
   * @param state its state now
   * @param fence its version now
   */
  record Done(String id, String state, long fence) implements Verdict {}

  /**
   * There is no such thing.
   *
   * @param sentence for a person
   */
  record Absent(String sentence) implements Verdict {}

  /**
   * Somebody or something was faster; nothing was changed. The attempt itself is in the audit.
   *
   * @param sentence for a person
   * @param state its state now
   * @param fence its version now
   */
  record Changed(String sentence, String state, long fence) implements Verdict {}

  /**
   * It cannot be done to this thing, or not with these words; nothing was changed.
   *
   * @param sentence for a person
   */
  record Refused(String sentence) implements Verdict {}
}
