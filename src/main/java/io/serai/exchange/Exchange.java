package io.serai.exchange;

/**
 * All that partners over X12 and EDIFACT need, for whoever wires it.
 *
 * @param partners what was agreed with each
 * @param incoming takes their files in
 * @param outgoing wraps what we send them
 */
public record Exchange(Partners partners, Incoming incoming, Outgoing outgoing) {}
