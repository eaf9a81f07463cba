package io.serai.rules;

import io.serai.allocation.Policy;
import java.util.List;

/**
 * The rules of one text, ready to decide.
 *
 * @param name as the file calls them
 * @param version the start of the SHA-256 of all texts they are made of
 * @param text of {@code allocation.rules.yaml}
 * @param policy what decides
 * @param rules the rules for people, in order
 */
public record RuleSet(String name, String version, String text, Policy policy, List<Entry> rules) {
  /**
   * One rule for people.
   *
   * @param why in the author's words, or null
   * @param when the condition, or null when it always applies
   * @param lines which lines it is about, or null for all
   * @param does what follows, in plain words
   */
  public record Entry(String name, String why, String when, String lines, List<String> does) {}
}
