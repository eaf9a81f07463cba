package io.serai.edi;

import java.util.Map;

/**
 * What an EDIFACT interchange of ours is wrapped in, as the partner wants it.
 *
 * @param syntax syntax identifier and version, UNOC:3
 * @param sender who we are
 * @param receiver who the partner is
 * @param directory of the messages, D:96A:UN
 * @param associations the association assigned code (0057) of each message type that has one
 * @param test whether it is a test (UNB11)
 * @param acknowledgmentRequested whether a CONTRL is asked for (UNB09)
 * @param delimiters what parts it
 * @param lineEnd what stands after every terminator: nothing, LF or CR LF
 * @param capitals whether text is written in capitals
 */
public record EdifactEnvelope(
    String syntax,
    Party sender,
    Party receiver,
    String directory,
    Map<String, String> associations,
    boolean test,
    boolean acknowledgmentRequested,
    Delimiters delimiters,
    String lineEnd,
    boolean capitals) {
  /** Fixes the associations. */
  public EdifactEnvelope {
    associations = Map.copyOf(associations);
  }

  /**
   * Somebody as UNB names them.
   *
   * @param qualifier what kind of id it is, 14 for a GLN; empty when nothing was agreed
   * @param routing the address behind it (0008, 0014), or empty
   */
  public record Party(String id, String qualifier, String routing) {}

  /** An envelope for production with the usual delimiters and no line ends. */
  public static EdifactEnvelope between(Party sender, Party receiver) {
    return new EdifactEnvelope(
        "UNOC:3",
        sender,
        receiver,
        "D:96A:UN",
        Map.of(),
        false,
        false,
        Delimiters.EDIFACT,
        "",
        false);
  }

  /** The envelope that answers an interchange: the parties turned round, the rest as it came. */
  static EdifactEnvelope answering(Interchange interchange) {
    var syntax = interchange.version();
    boolean known =
        syntax.matches("UNO[A-Z]:[1-4]") && Syntax.charset(syntax.substring(0, 4)).isPresent();
    return new EdifactEnvelope(
        known ? syntax : "UNOC:3",
        new Party(interchange.receiver(), Contrl.back(interchange.receiverQualifier(), 4), ""),
        new Party(interchange.sender(), Contrl.back(interchange.senderQualifier(), 4), ""),
        "D:96A:UN",
        Map.of(),
        "T".equals(interchange.usage()),
        false,
        interchange.delimiters(),
        interchange.delimiters().segment() < ' ' ? "" : "\n",
        false);
  }

  /** The same, for production or test. */
  public EdifactEnvelope withTest(boolean other) {
    return with(other, acknowledgmentRequested);
  }

  /** The same, asking for no CONTRL. */
  public EdifactEnvelope withoutRequest() {
    return with(test, false);
  }

  private EdifactEnvelope with(boolean test, boolean acknowledgmentRequested) {
    return new EdifactEnvelope(
        syntax,
        sender,
        receiver,
        directory,
        associations,
        test,
        acknowledgmentRequested,
        delimiters,
        lineEnd,
        capitals);
  }
}
