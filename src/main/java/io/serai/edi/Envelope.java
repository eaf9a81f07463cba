package io.serai.edi;

/**
 * What an interchange of ours is wrapped in, as the partner wants it.
 *
 * @param senderQualifier what kind of id ours is
 * @param sender our id
 * @param receiverQualifier what kind of id the partner's is
 * @param receiver the partner's id
 * @param groupSender our code in GS02
 * @param groupReceiver the partner's code in GS03
 * @param version of the documents, 004010 or 005010 and what the partner adds to it
 * @param usage P for production, T for test
 * @param acknowledgmentRequested whether a TA1 is asked for
 * @param delimiters what parts it
 * @param lineEnd what stands after every terminator: nothing, LF or CR LF
 * @param capitals whether text is written in capitals
 */
public record Envelope(
    String senderQualifier,
    String sender,
    String receiverQualifier,
    String receiver,
    String groupSender,
    String groupReceiver,
    String version,
    String usage,
    boolean acknowledgmentRequested,
    Delimiters delimiters,
    String lineEnd,
    boolean capitals) {

  /** An envelope for production with the usual delimiters, no line ends, and text as it is. */
  public static Envelope between(
      String senderQualifier, String sender, String receiverQualifier, String receiver) {
    return new Envelope(
        senderQualifier,
        sender,
        receiverQualifier,
        receiver,
        sender,
        receiver,
        "004010",
        "P",
        false,
        Delimiters.USUAL,
        "",
        false);
  }

  /** The envelope that answers an interchange: the ids turned round, the rest as it came. */
  static Envelope answering(Interchange interchange, Group group) {
    var delimiters = interchange.delimiters().sound() ? interchange.delimiters() : Delimiters.USUAL;
    return new Envelope(
        interchange.receiverQualifier(),
        interchange.receiver(),
        interchange.senderQualifier(),
        interchange.sender(),
        code(group == null ? "" : group.receiver(), interchange.receiver()),
        code(group == null ? "" : group.sender(), interchange.sender()),
        // what has no group has the version of its envelope: 00501 is 005010
        Version.of(group == null ? interchange.version() + '0' : group.version())
            .orElse(Version.V4010)
            .text,
        interchange.usage(),
        false,
        delimiters,
        delimiters.segment() < ' ' ? "" : "\n",
        false);
  }

  // GS02 and GS03 hold two to fifteen characters; what does not fit is named as ISA names it.
  private static String code(String given, String instead) {
    return given.length() < 2 || given.length() > 15 ? instead : given;
  }

  /** The same, for another version. */
  public Envelope withVersion(String other) {
    return with(other, usage, acknowledgmentRequested, delimiters, lineEnd, capitals);
  }

  /** The same, for production or test. */
  public Envelope withUsage(String other) {
    return with(version, other, acknowledgmentRequested, delimiters, lineEnd, capitals);
  }

  /** The same, asking for no TA1. */
  public Envelope withoutRequest() {
    return with(version, usage, false, delimiters, lineEnd, capitals);
  }

  /** The same, with text in capitals. */
  public Envelope inCapitals() {
    return with(version, usage, acknowledgmentRequested, delimiters, lineEnd, true);
  }

  /** The same, with other delimiters and line ends. */
  public Envelope withDelimiters(Delimiters other, String ends) {
    return with(version, usage, acknowledgmentRequested, other, ends, capitals);
  }

  // Between the same two, as all that differs is named here.
  private Envelope with(
      String version,
      String usage,
      boolean acknowledgmentRequested,
      Delimiters delimiters,
      String lineEnd,
      boolean capitals) {
    return new Envelope(
        senderQualifier,
        sender,
        receiverQualifier,
        receiver,
        groupSender,
        groupReceiver,
        version,
        usage,
        acknowledgmentRequested,
        delimiters,
        lineEnd,
        capitals);
  }
}
