/**
 * A real hub in a process of its own is halted at one point after another, started again and
 * counted: by the shop that sent the orders, by the partner that shipped them, and by the database
 * in between. Written against what the hub promises to the outside only: environment,
 * configuration, HTTP and tables.
 */
package io.serai.crash;
