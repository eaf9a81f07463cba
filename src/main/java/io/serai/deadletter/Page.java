package io.serai.deadletter;

import java.util.List;

/**
 * A piece of a list.
 *
 * @param items what was found
 * @param next cursor of the next piece, or null at the end; opaque, and valid across restarts
 */
public record Page<T>(List<T> items, String next) {}
