package io.serai.reconcile;

import java.time.Instant;
import java.util.UUID;

/**
 * One difference, as a run saw it.
 *
 * @param thing what it is about, as both sides know it
 * @param ours what stands here, or null
 * @param theirs what stands there, or null
 * @param remedy what would put it right, or null when a person has to decide
 * @param target what the remedy is done to
 * @param about when the thing began, or null
 */
record Observation(
    FindingKind kind,
    String thing,
    UUID order,
    String ours,
    String theirs,
    String sentence,
    Remedy remedy,
    String target,
    Instant about) {}
