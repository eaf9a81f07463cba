/**
 * EDI partners: what was agreed with each, what went to and fro, and which numbers it bears.
 *
 * <p>Reading and writing X12 and EDIFACT is the room {@code edi}'s; this one remembers.
 */
package io.serai.exchange;
