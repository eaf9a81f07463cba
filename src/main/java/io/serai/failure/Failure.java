package io.serai.failure;

import java.time.Duration;
import java.util.Objects;

/**
 * One thing that went wrong: its kind, one sentence for a person (what happened, to which thing,
 * what to do) and its place.
 *
 * @param kind decides what the engine does
 * @param sentence for an operator; ids in quotes; never a secret, never a payload
 * @param place where it happened
 * @param evidence what the partner answered, truncated and masked, or null
 * @param status HTTP or protocol status, or null where there was none
 * @param retryAfter how long the endpoint asked us to wait, or null when it named no time
 */
public record Failure(
    FailureKind kind,
    String sentence,
    Place place,
    String evidence,
    Integer status,
    Duration retryAfter) {
  /** Evidence longer than this is cut. */
  public static final int EVIDENCE_LIMIT = 2_000;

  /**
   * Checks the parts, cuts the evidence to {@link #EVIDENCE_LIMIT} and makes NULs visible, which no
   * database text can hold and a partner may well answer.
   */
  public Failure {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(sentence, "sentence");
    Objects.requireNonNull(place, "place");
    if (evidence != null && evidence.length() > EVIDENCE_LIMIT) {
      evidence = evidence.substring(0, EVIDENCE_LIMIT) + "…";
    }
    sentence = sentence.replace('\0', '\uFFFD');
    evidence = evidence == null ? null : evidence.replace('\0', '\uFFFD');
  }

  /** A failure without evidence. */
  public static Failure of(FailureKind kind, String sentence, Place place) {
    return new Failure(kind, sentence, place, null, null, null);
  }

  /** The same failure seen from a place known better. */
  public Failure at(Place better) {
    return new Failure(kind, sentence, better, evidence, status, retryAfter);
  }

  /**
   * Whether it is what a partner answered, and not something that went wrong before it was asked.
   */
  public boolean partners() {
    return evidence != null || status != null;
  }

  /** The group it belongs to among the dead letters. */
  public String fingerprint() {
    return Fingerprint.of(this);
  }
}
