package io.serai.database;

import java.time.Instant;

/**
 * The right to do alone what only one replica may do.
 *
 * @param name of what
 * @param holder whose
 * @param fence goes up with every change of hands; every write of the work names it, and one with
 *     an older fence finds no row
 * @param until when it lapses by the database's clock
 */
public record Lease(String name, String holder, long fence, Instant until) {}
