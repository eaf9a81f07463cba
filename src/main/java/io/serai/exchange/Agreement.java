package io.serai.exchange;

import io.serai.edi.EdiListener;
import io.serai.edi.EdiReader;
import io.serai.edi.EdifactEnvelope;
import io.serai.edi.EdifactEnvelope.Party;
import io.serai.edi.Envelope;
import io.serai.edi.FileReport;
import io.serai.edi.ReadOptions;
import io.serai.edi.Standard;
import io.serai.exchange.PartnerProfile.Identity;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A partner's profile as it holds for one account.
 *
 * @param account the account
 * @param profile what was agreed
 * @param ours who we are, by account or profile
 * @param theirs who they are, by account or profile
 * @param test whether documents are tests, by account or profile
 */
public record Agreement(
    String account, PartnerProfile profile, Identity ours, Identity theirs, boolean test) {
  private static final String PRODUCTION = "P";
  private static final String TEST = "T";

  /**
   * A file of theirs, judged by what the profile alone says: its ids as far as it names them, its
   * codes, sets and what they must have. What an account says, and what came before, is not known.
   *
   * @param change of how it is read
   */
  public static FileReport judge(
      PartnerProfile profile,
      InputStream file,
      UnaryOperator<ReadOptions> change,
      EdiListener listener)
      throws IOException {
    var with =
        new Agreement(profile.name(), profile, profile.ours(), profile.theirs(), profile.test());
    var report =
        EdiReader.read(profile.standard(), file, change.apply(with.readOptions()), listener);
    return new FileReport(
        report.interchanges().stream().map(one -> Envelopes.parties(one, with)).toList(),
        report.faults());
  }

  /** What files of theirs and ours are. */
  public String mediaType() {
    return profile.standard().mediaType();
  }

  /** What a file is that was written here for anybody. */
  public static String mediaType(byte[] written) {
    return Standard.ofWritten(written).mediaType();
  }

  /** The usage indicator of what both sides send. */
  public String usage() {
    return test ? TEST : PRODUCTION;
  }

  /** What a message of ours is wrapped in, of an EDIFACT partner. */
  public EdifactEnvelope edifactEnvelope() {
    return new EdifactEnvelope(
        profile.edifact().syntax(),
        party(ours),
        party(theirs),
        profile.version().replace('.', ':') + ":UN",
        profile.edifact().associations(),
        test,
        profile.answers().ask(),
        profile.delimiters(),
        profile.lineEnd(),
        profile.capitals());
  }

  private static Party party(Identity who) {
    return new Party(who.id(), who.qualifier(), who.group() == null ? "" : who.group());
  }

  /** What a set of ours is wrapped in, of an X12 partner. */
  public Envelope envelope() {
    return new Envelope(
        ours.qualifier(),
        ours.id(),
        theirs.qualifier(),
        theirs.id(),
        ours.group() == null ? ours.id() : ours.group(),
        theirs.group() == null ? theirs.id() : theirs.group(),
        profile.version(),
        usage(),
        profile.answers().ask(),
        profile.delimiters(),
        profile.lineEnd(),
        profile.capitals());
  }

  /** How their files are read. */
  public ReadOptions readOptions() {
    var reading = profile.reading();
    var required = new LinkedHashMap<String, Set<String>>();
    profile.receives().values().forEach(r -> required.put(r.set(), r.required()));
    return new ReadOptions(
        profile.charset(),
        reading.shortHeaders(),
        reading.lenient(),
        reading.longestSegment(),
        reading.longestSet(),
        reading.codes(),
        required);
  }

  /** An instant as our envelopes tell it. */
  public LocalDateTime local(Instant at) {
    return at.atZone(profile.timeZone()).toLocalDateTime();
  }

  /** How the file of an interchange of ours is called. */
  public String fileName(String set, String control, String subject, Instant at) {
    var sent = profile.sends().get(set);
    var text =
        sent == null || sent.fileName() == null ? profile.answers().fileName() : sent.fileName();
    return FileName.of(text, this, set, control, subject, at.atZone(profile.timeZone()));
  }
}
