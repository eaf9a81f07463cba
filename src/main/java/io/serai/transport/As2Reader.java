package io.serai.transport;

import io.serai.support.Sha256;
import java.time.Instant;

/**
 * Opens what a partner sent: decrypts, unpacks and proves it, in whatever order it was wrapped.
 *
 * <p>Guarantee: what comes out was signed and encrypted as the account demands, nothing in memory
 * is larger than the account takes, and whatever does not hold is refused with AS2's word for it.
 * Where a signature is asked for, what was encrypted and proves to be nobody's is refused as what
 * cannot be decrypted, whatever is wrong with it: the answer tells nothing of what is in it. A
 * signature that can be read and is not the partner's is named.
 */
public final class As2Reader {
  private static final int MOST_LAYERS = 5;

  /**
   * A message, or a receipt for one of ours.
   *
   * @param content the file, or null when it is a receipt
   * @param fileName what the sender calls it, or null
   * @param mic its digest, with its name behind it, as the receipt is to give it back
   * @param receipt what became of a message of ours, or null
   * @param proof what it is known again by, under whichever id it comes, or null: a signature with
   *     its time, else what was encrypted
   */
  public record Opened(byte[] content, String fileName, String mic, Mdn receipt, byte[] proof) {}

  private final As2Partner partner;
  private final As2Request request;
  private final Instant now;
  private boolean signed;
  private boolean encrypted;
  private boolean packed;
  private Bytes hashed;
  private String digest;
  private byte[] proof;

  private As2Reader(As2Partner partner, As2Request request, Instant now) {
    this.partner = partner;
    this.request = request;
    this.now = now;
  }

  /**
   * Opens one.
   *
   * @throws As2Refused when it is not taken
   */
  public static Opened open(As2Partner partner, As2Request request, Instant now) {
    var reader = new As2Reader(partner, request, now);
    try {
      return reader.open();
    } catch (As2Refused e) {
      throw reader.told(e);
    } catch (MimeFault e) {
      throw reader.told(
          new As2Refused(As2Refused.UNEXPECTED, "it cannot be read: " + e.getMessage()));
    } catch (StackOverflowError e) {
      throw reader.told(new As2Refused(As2Refused.UNEXPECTED, "it is nested too deep to be read"));
    } catch (RuntimeException e) {
      if (reader.isSecret()) {
        throw reader.told(new As2Refused(As2Refused.UNEXPECTED, "it cannot be read"));
      }
      throw e;
    }
  }

  private boolean isSecret() {
    return encrypted && !signed && partner.requires() != As2Partner.Requires.NOTHING;
  }

  private As2Refused told(As2Refused why) {
    return isSecret() && !why.modifier().equals(As2Refused.AUTHENTICATION)
        ? SecureMime.undecryptable(why)
        : why;
  }

  private Opened open() {
    var part = MimePart.of(request.headers(), request.body());
    for (var layer = 0; isWrapped(part); layer++) {
      if (layer == MOST_LAYERS) {
        throw new As2Refused(
            As2Refused.UNSUPPORTED_FORMAT,
            "it is wrapped more than %d times".formatted(MOST_LAYERS));
      }
      part = part.type().equals("multipart/signed") ? proven(part) : unwrapped(part);
    }
    if (Mdn.isReport(part)) {
      return new Opened(null, null, null, Mdn.of(part, signed), null);
    }
    judge();
    var content = part.content();
    if (content.size() > partner.largest()) {
      throw new As2Refused(
          As2Refused.UNEXPECTED,
          "its %d bytes are more than the %d that are taken"
              .formatted(content.size(), partner.largest()));
    }
    return new Opened(content.exact(), part.fileName(), mic(content), null, proof());
  }

  private static boolean isWrapped(MimePart part) {
    return switch (part.type()) {
      case "multipart/signed", "application/pkcs7-mime", "application/x-pkcs7-mime" -> true;
      default -> false;
    };
  }

  // Blocks that a stranger put behind a message of the partner's must not be told from others.
  private void isAll(boolean all) {
    if (encrypted && !signed && !all) {
      throw new As2Refused(
          As2Refused.INTEGRITY, "something follows in what was encrypted, behind its end");
    }
  }

  private MimePart proven(MimePart part) {
    isAll(part.endsWithItsParts());
    var inner = SecureMime.verify(part, partner.certificates(), now);
    signed = true;
    hashed = inner.content().whole();
    digest = inner.digest();
    proof = inner.proof();
    return inner.content();
  }

  private MimePart unwrapped(MimePart part) {
    var content = part.content();
    isAll(SecureMime.isAll(content));
    Bytes inner;
    if (SecureMime.isEnveloped(content)) {
      inner = SecureMime.decrypt(content, partner.identities());
      encrypted = true;
    } else {
      if (packed) {
        throw new As2Refused(As2Refused.UNSUPPORTED_FORMAT, "it is packed more than once");
      }
      packed = true;
      // its headers come with it
      inner = SecureMime.decompress(content, partner.largest() + (64 << 10));
    }
    if (!signed) {
      hashed = inner;
    }
    return MimePart.parse(inner);
  }

  private void judge() {
    if (partner.requires() == As2Partner.Requires.NOTHING) {
      return;
    }
    if (!signed) {
      throw new As2Refused(
          As2Refused.SECURITY, "it is not signed, and the account's 'as2-requires' asks for that");
    }
    if (partner.requires() == As2Partner.Requires.SIGNED_ENCRYPTED && !encrypted) {
      throw new As2Refused(
          As2Refused.SECURITY,
          "it is not encrypted, and the account's 'as2-requires' asks for that");
    }
  }

  // Of what nobody signed a copy and news cannot be told apart; encrypted anew it is another.
  private byte[] proof() {
    return proof != null || !signed || !encrypted ? proof : Sha256.of(request.body());
  }

  // What was signed; of what was only wrapped, what was in it; else the bare file.
  private String mic(Bytes content) {
    var bytes = hashed == null ? content : hashed;
    var asked = request.digests();
    for (var name : asked) {
      var known = SecureMime.digest(name);
      if (known != null) {
        return SecureMime.mic(bytes, known) + ", " + name;
      }
    }
    if (!asked.isEmpty()) {
      throw new As2Refused(
          As2Refused.UNSUPPORTED_DIGEST,
          "its receipt is to be hashed with %s, of which none proves anything".formatted(asked));
    }
    var own = digest == null ? "sha-256" : digest;
    return SecureMime.mic(bytes, own) + ", " + own;
  }
}
