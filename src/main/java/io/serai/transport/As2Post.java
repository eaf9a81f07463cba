package io.serai.transport;

import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.support.CrashPoint;
import java.net.URI;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;

/**
 * Sends files to a partner over AS2.
 *
 * <p>Guarantee: a file goes under one Message-ID however often it is tried, so that a partner knows
 * it again, until a person replays what a receipt of the partner refused; it counts as sent only
 * once a receipt says that the partner understood these very bytes, signed by the partner where
 * that was agreed. Gap: a receipt that is lost, unreadable, unsigned or about something else leaves
 * the outcome unknown, and so does a refusal of a second attempt that may be due to the first.
 */
public final class As2Post implements AutoCloseable {
  /**
   * A file that left.
   *
   * @param messageId what it is called between us and the partner
   * @param due when its receipt is overdue, or null when it came
   */
  public record Posted(String messageId, Instant due) {}

  private final As2Partner partner;
  private final As2Way way;
  private final As2Memory memory;
  private As2Client client;

  /** For one account. */
  public As2Post(As2Partner partner, As2Way way, As2Memory memory) {
    this.partner = partner;
    this.way = way;
    this.memory = memory;
  }

  /**
   * Sends a file and hears what became of it.
   *
   * @param key the same for all attempts, and for no other file
   * @param owed whether the partner owes an answer in a document of its own
   * @throws FailureException of unknown outcome once the partner may have it
   */
  public Posted post(String key, String fileName, String mediaType, byte[] content, boolean owed)
      throws SQLException {
    var headers = new LinkedHashMap<String, String>();
    headers.put("Content-Type", mediaType);
    headers.put("Content-Transfer-Encoding", "binary");
    headers.put("Content-Disposition", "attachment; filename=\"" + plain(fileName) + '"');
    var part = MimePart.of(headers, content);
    // of what is only wrapped, what is in it counts; of what is not, the bare file (RFC 5402, 4)
    var hashed = way.compress() || way.encrypt() != null ? entity(part) : content;
    if (way.compress()) {
      part = SecureMime.compress(entity(part));
    }
    var digest = way.sign() == null ? "sha-256" : way.sign();
    if (way.sign() != null) {
      hashed = entity(part);
      part = sign(part, digest);
    }
    if (way.encrypt() != null) {
      part = encrypt(part);
    }
    var sent =
        memory.leaves(key, partner.ours(), SecureMime.mic(Bytes.of(hashed), digest), digest, owed);
    return switch (sent.state()) {
      // asked again for what is done
      case CONFIRMED -> new Posted(sent.messageId(), due());
      case REFUSED -> throw refused(sent.said());
      case SENT -> send(sent, part);
    };
  }

  /**
   * Sends the receipt for a message that was taken to where the partner wanted it.
   *
   * @param mic of what was understood, with its name behind it
   */
  public void receipt(String to, String messageId, String mic, boolean signed) {
    if (!partner.mayHaveReceiptAt(to)) {
      throw failed(
          FailureKind.CONFIG,
          "No receipt goes to '%s': the account's 'as2-receipts-to' does not name it. Name it, then replay."
              .formatted(FileNames.shown(to)));
    }
    var receipt = As2Receipt.taken(partner, messageId, mic, signed);
    var answer = client().post(URI.create(to), receipt.headers(), receipt.body());
    if (answer.status() / 100 != 2) {
      throw failed(
          kind(answer.status()),
          "'%s' answered HTTP %d to a receipt.".formatted(partner.account(), answer.status()));
    }
  }

  private static byte[] entity(MimePart part) {
    return MimePart.write(part.headers(), part.body());
  }

  private static String plain(String name) {
    return FileNames.shown(name).replaceAll("[\"\\\\]|[^ -~]", "_");
  }

  private MimePart sign(MimePart part, String digest) {
    var identity = partner.identity();
    if (!As2Partner.inForce(identity.certificate(), memory.now())) {
      throw failed(
          FailureKind.AUTH,
          "Our certificate %s is not in force, so nothing is signed for '%s'. Put the next one first in 'as2-key'."
              .formatted(As2Partner.named(identity.certificate()), partner.account()));
    }
    try {
      return SecureMime.sign(entity(part), identity, digest);
    } catch (IllegalArgumentException e) {
      throw failed(
          FailureKind.CONFIG,
          "Nothing was sent to '%s': %s. Correct 'as2-key' or 'as2-sign', then replay."
              .formatted(partner.account(), e.getMessage()));
    }
  }

  private MimePart encrypt(MimePart part) {
    var reader =
        partner.certificates().stream()
            .filter(certificate -> As2Partner.inForce(certificate, memory.now()))
            .findFirst();
    if (reader.isEmpty()) {
      throw failed(
          FailureKind.AUTH,
          "No certificate of '%s' is in force, so nothing is encrypted for it. Ask for its next one and set 'as2-certificate'."
              .formatted(partner.account()));
    }
    try {
      return SecureMime.encrypt(entity(part), reader.get(), way.encrypt());
    } catch (IllegalArgumentException e) {
      throw failed(
          FailureKind.CONFIG,
          "Nothing was sent to '%s': %s. Correct 'as2-certificate', then replay."
              .formatted(partner.account(), e.getMessage()));
    }
  }

  private Posted send(As2Memory.Sent sent, MimePart part) throws SQLException {
    var headers = new LinkedHashMap<String, String>();
    headers.put("AS2-Version", "1.2");
    headers.put("AS2-From", As2Request.header(partner.ours()));
    headers.put("AS2-To", As2Request.header(partner.theirs()));
    headers.put("Message-ID", sent.messageId());
    headers.put("Subject", "EDI");
    headers.put("MIME-Version", "1.0");
    headers.put("User-Agent", "Serai");
    headers.put("Disposition-Notification-To", As2Request.header(partner.ours()));
    if (way.signedReceipts()) {
      headers.put(
          "Disposition-Notification-Options",
          "signed-receipt-protocol=required, pkcs7-signature; signed-receipt-micalg=required, "
              + sent.digest());
    }
    if (way.receiptTo() != null) {
      headers.put("Receipt-Delivery-Option", way.receiptTo().toString());
    }
    headers.putAll(part.headers());
    var answer = client().post(way.url(), headers, part.body());
    CrashPoint.hit(CrashPoint.AFTER_AS2_POST);
    var receipt = receipt(answer, sent);
    if (receipt != null) {
      settle(sent, receipt);
      return new Posted(sent.messageId(), null);
    }
    return new Posted(sent.messageId(), due());
  }

  private Instant due() {
    return way.receiptTo() == null ? null : memory.now().plus(way.within());
  }

  private synchronized As2Client client() {
    if (client == null) {
      client = new As2Client(partner.account(), way.connect(), way.call(), way.trust());
    }
    return client;
  }

  // Null when it is to come later.
  private Mdn receipt(As2Client.Answer answer, As2Memory.Sent sent) {
    var later = way.receiptTo() != null;
    try {
      var mdn = Mdn.read(answer.entity(), partner.certificates(), memory.now());
      var doubt = mdn.doubt(sent, way.signedReceipts());
      if (doubt == null) {
        return mdn;
      }
      throw unknown(doubt);
    } catch (As2Refused e) {
      throw unknown("its receipt does not hold: " + e.getMessage());
    } catch (Error e) { // too deep a nesting, or worse; the file has left all the same
      throw unknown("its receipt cannot be read (%s)".formatted(e.getClass().getSimpleName()));
    } catch (MimeFault e) {
      if (answer.status() / 100 == 2 && later) {
        return null;
      }
      throw answer.status() / 100 == 2
          ? unknown("it answered HTTP %d, and %s".formatted(answer.status(), e.getMessage()))
          : failed(
              kind(answer.status(), sent),
              "'%s' answered HTTP %d to a file over AS2, without a receipt."
                  .formatted(partner.account(), answer.status()));
    }
  }

  // What answers a second attempt says nothing of the first.
  private static FailureKind kind(int status, As2Memory.Sent sent) {
    var kind = kind(status);
    return sent.again() && kind == FailureKind.REFUSED ? FailureKind.UNKNOWN_OUTCOME : kind;
  }

  private static FailureKind kind(int status) {
    return switch (status) {
      case 401, 403 -> FailureKind.AUTH;
      case 429, 503 -> FailureKind.THROTTLED;
      case 408 -> FailureKind.UNKNOWN_OUTCOME;
      default ->
          switch (status / 100) {
            case 3 -> FailureKind.CONFIG;
            case 4 -> FailureKind.REFUSED;
            default -> FailureKind.UNKNOWN_OUTCOME;
          };
    };
  }

  private void settle(As2Memory.Sent sent, Mdn mdn) throws SQLException {
    if (sent.again() && mdn.isDuplicate()) {
      throw unknown("it says of a second attempt: " + mdn.said());
    }
    memory.answered(
        sent.key(),
        mdn.isPositive() ? As2Memory.State.CONFIRMED : As2Memory.State.REFUSED,
        mdn.said());
    if (!mdn.isPositive()) {
      throw refused(mdn.said());
    }
  }

  private FailureException refused(String said) {
    return failed(
        FailureKind.REFUSED,
        "'%s' refused a file over AS2: %s. Correct the cause with the partner, then replay."
            .formatted(partner.account(), said));
  }

  private FailureException unknown(String why) {
    return failed(
        FailureKind.UNKNOWN_OUTCOME,
        "Whether '%s' has a file that was sent to it over AS2 is unknown: %s."
            .formatted(partner.account(), why));
  }

  private FailureException failed(FailureKind kind, String sentence) {
    return new FailureException(Failure.of(kind, sentence, Place.of(partner.account())));
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
      client = null;
    }
  }
}
