package io.serai.allocation;

/**
 * A node that might ship, in the order of preference.
 *
 * @param id the node's name in the configuration
 * @param partner the account that works there, or null for a node of our own
 * @param country ISO 3166-1 alpha-2, or null when not configured
 */
public record Candidate(String id, String type, String partner, String country) {}
