package io.serai.edi;

/**
 * What a GS or UNG segment says; empty where an interchange of EDIFACT has no groups.
 *
 * @param functionalId what kind of documents it holds: PO, SH, FA
 * @param sender the sender's code
 * @param receiver the receiver's code
 * @param control its control number
 * @param version of the documents, 004010
 * @param line line of the file, from 1
 */
public record Group(
    String functionalId,
    String sender,
    String receiver,
    String control,
    String version,
    long line) {}
