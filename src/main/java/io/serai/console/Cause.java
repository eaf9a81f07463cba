package io.serai.console;

import java.util.Map;

/**
 * What a kind of failure means to people: in a word, what it says, and who usually has to act.
 *
 * @param title in a word or three
 * @param meaning what it says about the thing that stopped
 * @param next what to do about it
 * @param owner who usually has to act
 */
record Cause(String title, String meaning, String next, String owner) {
  private static final Map<String, Cause> KNOWN =
      Map.ofEntries(
          entry(
              "TRANSIENT",
              "Partner away",
              "The other side did not answer, again and again, until its time was over.",
              "Look whether the partner is back, then replay.",
              "operations"),
          entry(
              "THROTTLED",
              "Too fast for the partner",
              "The other side asked for a slower pace until the time was over.",
              "Look at the account's limits, then replay slowly.",
              "operations"),
          entry(
              "AUTH",
              "Credentials refused",
              "The other side does not accept our key or token any more.",
              "Renew the credentials of the account, then replay.",
              "integration"),
          entry(
              "STALE",
              "Overtaken",
              "Our picture was older than the partner's, time after time.",
              "Replay: it is computed anew.",
              "operations"),
          entry(
              "REFUSED",
              "Refused by the partner",
              "The partner read it and said no. Sending the same again gets the same answer.",
              "Read the partner's words, correct the cause there or here, then replay or discard.",
              "operations"),
          entry(
              "INVALID",
              "Breaks its own rules",
              "The document arrived, but what it says cannot be true.",
              "Edit the message, or have the sender correct it and discard this one.",
              "integration"),
          entry(
              "UNREADABLE",
              "Cannot be read",
              "The bytes are not what the sender promised: cut off, or another format.",
              "Edit the message, or ask the sender to send it again and discard this one.",
              "integration"),
          entry(
              "UNMAPPED",
              "Not known here",
              "It holds a value, an article or a field that the mapping does not know.",
              "Teach the mapping or the item master, or edit the message, then replay.",
              "integration"),
          entry(
              "UNALLOCATABLE",
              "No node can ship it",
              "By the rules and the stock of now, no node may or can send it.",
              "Look at the decision, change stock or rules, then replay; or move it by hand.",
              "operations"),
          entry(
              "UNKNOWN_OUTCOME",
              "Outcome unknown",
              "It may have had its effect, and the answer got lost. It is never sent again blindly.",
              "Ask the partner, then say whether it happened.",
              "operations"),
          entry(
              "SILENT",
              "No answer yet",
              "An answer that was due did not come.",
              "Ask the partner.",
              "operations"),
          entry(
              "POISON",
              "Fails without a word",
              "It stops its route each time and says nothing about why.",
              "Read the hub's log of that time; edit or discard it.",
              "integration"),
          entry(
              "CONFIG",
              "Configuration at fault",
              "Something of our own is wrong: a route, a mapping or a setting.",
              "Correct the file that the sentence names, then replay.",
              "integration"));

  private static final Cause UNNAMED =
      new Cause(
          "Not recorded",
          "Why it stopped was not recorded.",
          "Look at its history, then replay or discard it.",
          "operations");

  private static Map.Entry<String, Cause> entry(
      String kind, String title, String meaning, String next, String owner) {
    return Map.entry(kind, new Cause(title, meaning, next, owner));
  }

  /** Of a failure's kind, or of what is said when none was recorded. */
  static Cause of(String kind) {
    return kind == null ? UNNAMED : KNOWN.getOrDefault(kind, UNNAMED);
  }
}
