package io.serai.edi;

/**
 * What an ISA or UNB segment says, padding taken off.
 *
 * @param senderQualifier what kind of id the sender's is
 * @param sender the sender's id
 * @param receiverQualifier what kind of id the receiver's is
 * @param receiver the receiver's id
 * @param date when it was made, YYMMDD; from syntax version 4 of EDIFACT on CCYYMMDD
 * @param time when it was made, HHMM
 * @param version of the envelope: 00401, or syntax identifier and version as UNOC:3
 * @param control its control number: nine digits, or EDIFACT's reference of up to 14 characters
 * @param acknowledgmentRequested whether a TA1 or CONTRL is asked for
 * @param usage P for production, T for test
 * @param delimiters what parts it
 * @param line line of the file, from 1
 * @param offset byte of the file, from 0
 */
public record Interchange(
    String senderQualifier,
    String sender,
    String receiverQualifier,
    String receiver,
    String date,
    String time,
    String version,
    String control,
    boolean acknowledgmentRequested,
    String usage,
    Delimiters delimiters,
    long line,
    long offset) {
  /** The same, asking for a TA1. */
  Interchange asking() {
    return new Interchange(
        senderQualifier,
        sender,
        receiverQualifier,
        receiver,
        date,
        time,
        version,
        control,
        true,
        usage,
        delimiters,
        line,
        offset);
  }
}
