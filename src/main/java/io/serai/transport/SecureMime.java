package io.serai.transport;

import io.serai.support.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1SequenceParser;
import org.bouncycastle.asn1.ASN1StreamParser;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSCompressedDataGenerator;
import org.bouncycastle.cms.CMSCompressedDataParser;
import org.bouncycastle.cms.CMSEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSEnvelopedDataParser;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.CMSSignerDigestMismatchException;
import org.bouncycastle.cms.CMSTypedData;
import org.bouncycastle.cms.RecipientInformation;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientId;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.ZlibCompressor;
import org.bouncycastle.cms.jcajce.ZlibExpanderProvider;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * Signs, encrypts and compresses MIME entities and undoes it, each in memory and bounded: undone, a
 * layer costs no more than what was in it.
 *
 * <p>camel-as2 does the same on the same library, but for one certificate a port, without a bound
 * on what is unpacked, and without telling why something did not hold.
 */
final class SecureMime {
  /** Digests that count, by the names AS2 calls them. MD5 proves nothing any more. */
  private static final Map<String, ASN1ObjectIdentifier> DIGESTS = new LinkedHashMap<>();

  private static final Map<String, ASN1ObjectIdentifier> CIPHERS =
      Map.of(
          "aes256-cbc", CMSAlgorithm.AES256_CBC,
          "aes192-cbc", CMSAlgorithm.AES192_CBC,
          "aes128-cbc", CMSAlgorithm.AES128_CBC,
          "3des", CMSAlgorithm.DES_EDE3_CBC);

  static {
    DIGESTS.put("sha-256", NISTObjectIdentifiers.id_sha256);
    DIGESTS.put("sha-384", NISTObjectIdentifiers.id_sha384);
    DIGESTS.put("sha-512", NISTObjectIdentifiers.id_sha512);
    DIGESTS.put("sha-1", OIWObjectIdentifiers.idSHA1);
  }

  /** X12 is packed to a twentieth; what is packed much better is meant to fill the memory. */
  private static final long MOST_RATIO = 100;

  private static final long ALWAYS_UNPACKED = 1 << 20;

  /** Who signs once more while certificates change; each costs a proof. */
  private static final int MOST_SIGNERS = 4;

  private static final String UNDECRYPTABLE = "it cannot be decrypted with our key";

  /** Not registered: whoever else asks the JDK for an algorithm gets what it got before. */
  private static final Provider PROVIDER = new BouncyCastleProvider();

  private SecureMime() {}

  /** The name we give a digest that is called so or so, or null when it does not count. */
  static String digest(String name) {
    var plain = name.strip().toLowerCase(Locale.ROOT).replace("_", "-");
    var ours = plain.matches("sha[0-9]+") ? "sha-" + plain.substring(3) : plain;
    return DIGESTS.containsKey(ours) ? ours : null;
  }

  /** The digest of some bytes, as base64. */
  static String mic(Bytes bytes, String digest) {
    try {
      var jdk = digest.equals("sha-1") ? "SHA-1" : digest.toUpperCase(Locale.ROOT);
      var hash = MessageDigest.getInstance(jdk);
      hash.update(bytes.buffer());
      return Base64.getEncoder().encodeToString(hash.digest());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java platform has these
    }
  }

  /** The entity and its signature, as the headers and body of a multipart/signed. */
  static MimePart sign(byte[] entity, Identity who, String digest) {
    try {
      var name = digest.toUpperCase(Locale.ROOT).replace("-", "");
      var algorithm = name + "withRSA";
      var generator = new CMSSignedDataGenerator();
      generator.addSignerInfoGenerator(
          new JcaSignerInfoGeneratorBuilder(
                  new JcaDigestCalculatorProviderBuilder().setProvider(PROVIDER).build())
              .build(
                  new JcaContentSignerBuilder(algorithm).setProvider(PROVIDER).build(who.key()),
                  who.certificate()));
      generator.addCertificates(new JcaCertStore(List.of(who.certificate())));
      var signature = generator.generate(new CMSProcessableByteArray(entity), false).getEncoded();
      var boundary = "----serai-" + UUID.randomUUID();
      var headers = new LinkedHashMap<String, String>();
      headers.put(
          "Content-Type",
          "multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=%s; boundary=\"%s\""
              .formatted(digest, boundary));
      var part =
          MimePart.write(
              Map.of(
                  "Content-Type",
                  "application/pkcs7-signature; name=smime.p7s; smime-type=signed-data",
                  "Content-Transfer-Encoding",
                  "base64",
                  "Content-Disposition",
                  "attachment; filename=smime.p7s"),
              Base64.getMimeEncoder().encode(signature));
      return MimePart.of(headers, MimePart.multipart(boundary, entity, part));
    } catch (GeneralSecurityException | OperatorCreationException | CMSException | IOException e) {
      throw new IllegalArgumentException(
          "our key cannot sign with %s (%s)".formatted(digest, e.getMessage()), e);
    }
  }

  /**
   * What a multipart/signed signs.
   *
   * @param digest of the signature, which receipts are hashed with
   * @param proof the digest of a signature that nobody can make twice, or null: its time is in it
   */
  record Signed(MimePart content, String digest, byte[] proof) {}

  /** What a multipart/signed signs, once it is proven that one of these signed it. */
  static Signed verify(MimePart signed, List<X509Certificate> known, Instant now) {
    var parts = signed.parts();
    if (parts.size() != 2) {
      throw new As2Refused(
          As2Refused.INTEGRITY, "it is signed and has %d parts".formatted(parts.size()));
    }
    var content = parts.getFirst();
    try {
      return verify(content, content.whole(), parts.get(1).content().exact(), known, now);
    } catch (As2Refused e) {
      // text is signed with the line ends that it should have had
      if (!e.modifier().equals(As2Refused.INTEGRITY) || content.isBinary()) {
        throw e;
      }
      var canonical = canonical(content.whole());
      if (canonical.size() == content.whole().size()) {
        throw e;
      }
      return verify(content, canonical, parts.get(1).content().exact(), known, now);
    }
  }

  private static Signed verify(
      MimePart content, Bytes bytes, byte[] signature, List<X509Certificate> known, Instant now) {
    try {
      var data = new CMSSignedData(new Signable(bytes), signature);
      if (data.getSignerInfos().size() > MOST_SIGNERS) {
        throw new As2Refused(
            As2Refused.INTEGRITY,
            "it is signed %d times, and more than %d times is not read"
                .formatted(data.getSignerInfos().size(), MOST_SIGNERS));
      }
      As2Refused last = null;
      for (var signer : data.getSignerInfos().getSigners()) {
        var digest = digest(signer.getDigestAlgorithmID().getAlgorithm());
        for (var certificate : known) {
          if (digest != null && signer.getSID().match(new JcaX509CertificateHolder(certificate))) {
            last = refusal(signer, certificate, now);
            if (last == null) {
              return new Signed(
                  new MimePart(content.headers(), bytes, content.encoded()), digest, proof(signer));
            }
          }
        }
        if (digest == null) {
          last =
              new As2Refused(
                  As2Refused.UNSUPPORTED_DIGEST,
                  "it is signed with digest %s, which proves nothing"
                      .formatted(signer.getDigestAlgorithmID().getAlgorithm().getId()));
        }
      }
      throw last == null
          ? new As2Refused(
              As2Refused.AUTHENTICATION,
              "it is signed with a certificate that is not the partner's%s"
                  .formatted(signedBy(data)))
          : last;
    } catch (As2Refused | MimeFault e) {
      throw e;
    } catch (CMSException | GeneralSecurityException | RuntimeException e) {
      throw new As2Refused(As2Refused.INTEGRITY, "its signature cannot be read");
    }
  }

  private static byte[] proof(SignerInformation signer) {
    var signed = signer.getSignedAttributes();
    return signed == null || signed.get(CMSAttributes.signingTime) == null
        ? null
        : Sha256.of(signer.getSignature());
  }

  private static As2Refused refusal(
      SignerInformation signer, X509Certificate certificate, Instant now) {
    if (!As2Partner.inForce(certificate, now)) {
      return new As2Refused(
          As2Refused.AUTHENTICATION,
          "the partner's certificate %s is not in force".formatted(As2Partner.named(certificate)));
    }
    try {
      return signer.verify(
              new JcaSimpleSignerInfoVerifierBuilder()
                  .setProvider(PROVIDER)
                  .build(certificate.getPublicKey()))
          ? null
          : new As2Refused(As2Refused.INTEGRITY, "its signature does not hold");
    } catch (CMSSignerDigestMismatchException e) {
      return new As2Refused(
          As2Refused.INTEGRITY, "what is signed is not what came: it was changed on its way");
    } catch (CMSException | OperatorCreationException e) {
      return new As2Refused(As2Refused.INTEGRITY, "its signature does not hold");
    }
  }

  private static String signedBy(CMSSignedData data) {
    var enclosed = data.getCertificates().getMatches(null);
    return enclosed.isEmpty()
        ? ""
        : " but that of '%s' (serial %s)"
            .formatted(
                FileNames.shown(enclosed.iterator().next().getSubject().toString()),
                enclosed.iterator().next().getSerialNumber().toString(16));
  }

  private static String digest(ASN1ObjectIdentifier algorithm) {
    return DIGESTS.entrySet().stream()
        .filter(entry -> entry.getValue().equals(algorithm))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }

  private static Bytes canonical(Bytes bytes) {
    var out = new ByteArrayOutputStream(bytes.size() + 100);
    for (var i = 0; i < bytes.size(); i++) {
      if (bytes.at(i) == '\n' && (i == 0 || bytes.at(i - 1) != '\r')) {
        out.write('\r');
      }
      out.write(bytes.at(i));
    }
    return Bytes.of(out.toByteArray());
  }

  /** What was signed, where it lies. */
  private record Signable(Bytes bytes) implements CMSTypedData {
    @Override
    public ASN1ObjectIdentifier getContentType() {
      return CMSObjectIdentifiers.data;
    }

    @Override
    public void write(OutputStream out) throws IOException {
      bytes.writeTo(out);
    }

    @Override
    public Object getContent() {
      return bytes;
    }
  }

  /** The entity for one reader, as the headers and body of an application/pkcs7-mime. */
  static MimePart encrypt(byte[] entity, X509Certificate reader, String cipher) {
    try {
      var generator = new CMSEnvelopedDataGenerator();
      generator.addRecipientInfoGenerator(
          new JceKeyTransRecipientInfoGenerator(reader).setProvider(PROVIDER));
      var data =
          generator.generate(
              new CMSProcessableByteArray(entity),
              new JceCMSContentEncryptorBuilder(CIPHERS.get(cipher)).setProvider(PROVIDER).build());
      return pkcs7("enveloped-data", data.getEncoded());
    } catch (GeneralSecurityException | CMSException | IOException e) {
      throw new IllegalArgumentException(
          "nothing can be encrypted for the partner's certificate %s (%s)"
              .formatted(As2Partner.named(reader), e.getMessage()),
          e);
    }
  }

  /** The entity, packed. */
  static MimePart compress(byte[] entity) {
    try {
      var data =
          new CMSCompressedDataGenerator()
              .generate(new CMSProcessableByteArray(entity), new ZlibCompressor());
      return pkcs7("compressed-data", data.getEncoded());
    } catch (CMSException | IOException e) {
      throw new IllegalStateException(e); // bytes in memory
    }
  }

  private static MimePart pkcs7(String kind, byte[] content) {
    var headers = new LinkedHashMap<String, String>();
    headers.put(
        "Content-Type", "application/pkcs7-mime; smime-type=%s; name=smime.p7m".formatted(kind));
    headers.put("Content-Transfer-Encoding", "binary");
    headers.put("Content-Disposition", "attachment; filename=smime.p7m");
    return MimePart.of(headers, content);
  }

  /** Whether the content is encrypted, as it says itself; otherwise it is packed. */
  static boolean isEnveloped(Bytes content) {
    try {
      var type =
          ((ASN1SequenceParser) new ASN1StreamParser(content.stream()).readObject()).readObject();
      if (PKCSObjectIdentifiers.envelopedData.equals(type)) {
        return true;
      }
      if (CMSObjectIdentifiers.compressedData.equals(type)) {
        return false;
      }
      throw new As2Refused(
          As2Refused.UNSUPPORTED_FORMAT,
          "it holds PKCS #7 content of type %s, and only enveloped and compressed data is read"
              .formatted(type));
    } catch (As2Refused e) {
      throw e;
    } catch (IOException | RuntimeException e) { // the library has no other word for what is broken
      throw new As2Refused(As2Refused.DECRYPTION, "its PKCS #7 content is broken");
    }
  }

  /** Whether PKCS #7 content goes to the end of these bytes, white space apart. */
  static boolean isAll(Bytes content) {
    return Tlv.end(content) >= content.trimmed();
  }

  /** The entity that was encrypted for one of us. */
  static Bytes decrypt(Bytes content, List<Identity> identities) {
    try {
      var data = new CMSEnvelopedDataParser(content.stream());
      var readers = data.getRecipientInfos();
      for (var identity : identities) {
        var reader = readers.get(new JceKeyTransRecipientId(identity.certificate()));
        if (reader != null) {
          return open(reader, identity, content.size());
        }
      }
      throw new As2Refused(
          As2Refused.DECRYPTION, "it is encrypted for a certificate that is not ours");
    } catch (As2Refused e) {
      throw e;
    } catch (CMSException | IOException | RuntimeException e) {
      throw undecryptable(null);
    }
  }

  /** The one answer to whatever is wrong with what was encrypted; why, or null, is for us. */
  static As2Refused undecryptable(As2Refused why) {
    return new As2Refused(As2Refused.DECRYPTION, UNDECRYPTABLE, why);
  }

  // What was encrypted is shorter than what it was encrypted to.
  private static Bytes open(RecipientInformation reader, Identity identity, int most)
      throws CMSException, IOException {
    var recipient = new JceKeyTransEnvelopedRecipient(identity.key()).setProvider(PROVIDER);
    var bytes = new byte[most];
    try (var plain = reader.getContentStream(recipient).getContentStream()) {
      return new Bytes(bytes, 0, plain.readNBytes(bytes, 0, most));
    }
  }

  /** The entity that was packed, up to a size and a ratio; more is never unpacked. */
  static Bytes decompress(Bytes content, int largest) {
    var most = (int) Math.min(largest, Math.max(ALWAYS_UNPACKED, MOST_RATIO * content.size()));
    try (var unpacked =
        new CMSCompressedDataParser(content.stream())
            .getContent(new ZlibExpanderProvider())
            .getContentStream()) {
      var bytes = unpacked.readNBytes(most + 1);
      if (bytes.length > most) {
        throw new As2Refused(
            As2Refused.DECOMPRESSION,
            "its %d packed bytes unpack to more than the %d that are taken"
                .formatted(content.size(), most));
      }
      return Bytes.of(bytes);
    } catch (As2Refused e) {
      throw e;
    } catch (CMSException | IOException | RuntimeException e) {
      throw new As2Refused(As2Refused.DECOMPRESSION, "what is packed in it cannot be unpacked");
    }
  }
}
