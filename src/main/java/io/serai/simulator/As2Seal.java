package io.serai.simulator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSEnvelopedData;
import org.bouncycastle.cms.CMSEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientInfoGenerator;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * Signs for the hub, encrypts for it, and undoes what the hub did, in the one way that was agreed:
 * SHA-256 and AES-256, each of them asked for.
 *
 * <p>Written apart from the hub's own, so that both understand the standard and not each other.
 */
final class As2Seal {

  /** What does not hold, as AS2 calls it. */
  static final class Broken extends Exception {
    private static final long serialVersionUID = 1L;
    private final String word;

    Broken(String word, String sentence) {
      super(sentence);
      this.word = word;
    }

    /** The word of the standard. */
    String word() {
      return word;
    }
  }

  /**
   * A part of a message.
   *
   * @param headers by their names in small letters
   * @param whole headers and body as they were signed
   */
  record Part(Map<String, String> headers, byte[] whole, byte[] body) {
    private static final Pattern BOUNDARY =
        Pattern.compile("(?i)boundary=\"?([^\";]+)\"?", Pattern.CASE_INSENSITIVE);
    private static final Pattern FILE = Pattern.compile("(?i)filename=\"?([^\";]+)\"?");

    static Part of(byte[] whole) throws Broken {
      var text = new String(whole, StandardCharsets.ISO_8859_1);
      var end = text.indexOf("\r\n\r\n");
      if (end < 0) {
        throw new Broken("unexpected-processing-error", "A part has no end of its headers.");
      }
      var headers = new LinkedHashMap<String, String>();
      for (var line : text.substring(0, end).replaceAll("\r\n[ \t]+", " ").split("\r\n")) {
        var colon = line.indexOf(':');
        if (colon > 0) {
          headers.put(
              line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
        }
      }
      var body = text.substring(end + 4).getBytes(StandardCharsets.ISO_8859_1);
      return new Part(headers, whole, body);
    }

    String type() {
      return headers.getOrDefault("content-type", "").split(";")[0].strip();
    }

    String fileName() {
      var found = FILE.matcher(headers.getOrDefault("content-disposition", ""));
      return found.find() ? found.group(1) : null;
    }

    byte[] content() {
      return "base64".equalsIgnoreCase(headers.get("content-transfer-encoding"))
          ? Base64.getMimeDecoder().decode(body)
          : body;
    }

    /** The parts between its boundaries. */
    List<Part> parts() throws Broken {
      var found = BOUNDARY.matcher(headers.getOrDefault("content-type", ""));
      if (!found.find()) {
        throw new Broken("unexpected-processing-error", "A multipart has no boundary.");
      }
      var mark = "--" + found.group(1);
      var pieces =
          ("\r\n" + new String(body, StandardCharsets.ISO_8859_1))
              .split(Pattern.quote("\r\n" + mark), -1);
      var parts = new java.util.ArrayList<Part>();
      for (var i = 1; i < pieces.length && !pieces[i].startsWith("--"); i++) {
        var piece = pieces[i].substring(pieces[i].indexOf("\r\n") + 2);
        parts.add(of(piece.getBytes(StandardCharsets.ISO_8859_1)));
      }
      return parts;
    }
  }

  private static final String DIGEST = "sha-256";
  private static final Provider PROVIDER = new BouncyCastleProvider();

  private final As2Pair own;
  private final X509Certificate hub;

  /**
   * Between two.
   *
   * @param own signs and decrypts
   * @param hub proves and encrypts
   */
  As2Seal(As2Pair own, X509Certificate hub) {
    this.own = own;
    this.hub = hub;
  }

  /** The bytes of a part with these headers. */
  static byte[] part(Map<String, String> headers, byte[] body) {
    var head = new StringBuilder();
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    return join(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1), body);
  }

  static byte[] join(byte[]... pieces) {
    var out = new java.io.ByteArrayOutputStream();
    for (var piece : pieces) {
      out.writeBytes(piece);
    }
    return out.toByteArray();
  }

  /** The digest of what was signed, as receipts give it back. */
  static String mic(byte[] part) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(part);
      return Base64.getEncoder().encodeToString(digest) + ", " + DIGEST;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The headers and body of a part and its signature. */
  Part sign(byte[] part) {
    try {
      var generator = new CMSSignedDataGenerator();
      generator.addSignerInfoGenerator(
          new JcaSignerInfoGeneratorBuilder(
                  new JcaDigestCalculatorProviderBuilder().setProvider(PROVIDER).build())
              .build(
                  new JcaContentSignerBuilder("SHA256withRSA")
                      .setProvider(PROVIDER)
                      .build(own.key()),
                  own.certificate()));
      generator.addCertificates(new JcaCertStore(List.of(own.certificate())));
      var signature = generator.generate(new CMSProcessableByteArray(part), false).getEncoded();
      var boundary = "part-" + UUID.randomUUID();
      var sealed =
          part(
              Map.of(
                  "Content-Type",
                  "application/pkcs7-signature; name=\"smime.p7s\"",
                  "Content-Transfer-Encoding",
                  "base64"),
              Base64.getMimeEncoder().encode(signature));
      return new Part(
          Map.of(
              "Content-Type",
              "multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=%s; boundary=\"%s\""
                  .formatted(DIGEST, boundary)),
          null,
          join(
              line("--" + boundary),
              part,
              line("\r\n--" + boundary),
              sealed,
              line("\r\n--" + boundary + "--")));
    } catch (GeneralSecurityException | OperatorCreationException | CMSException | IOException e) {
      throw new IllegalStateException(e); // our own key
    }
  }

  static byte[] line(String text) {
    return (text + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The headers and body of a part that only the hub reads. */
  Part encrypt(byte[] part) {
    try {
      var generator = new CMSEnvelopedDataGenerator();
      generator.addRecipientInfoGenerator(
          new JceKeyTransRecipientInfoGenerator(hub).setProvider(PROVIDER));
      var data =
          generator.generate(
              new CMSProcessableByteArray(part),
              new JceCMSContentEncryptorBuilder(CMSAlgorithm.AES256_CBC)
                  .setProvider(PROVIDER)
                  .build());
      return new Part(
          Map.of(
              "Content-Type",
              "application/pkcs7-mime; smime-type=enveloped-data; name=\"smime.p7m\""),
          null,
          data.getEncoded());
    } catch (GeneralSecurityException | CMSException | IOException e) {
      throw new IllegalStateException(e); // our own certificate
    }
  }

  /** What the hub encrypted for us. */
  Part decrypt(Part sealed) throws Broken {
    if (!sealed.type().equalsIgnoreCase("application/pkcs7-mime")) {
      throw new Broken("insufficient-message-security", "It is not encrypted.");
    }
    try {
      var readers = new CMSEnvelopedData(sealed.content()).getRecipientInfos().getRecipients();
      var content =
          readers
              .iterator()
              .next()
              .getContent(new JceKeyTransEnvelopedRecipient(own.key()).setProvider(PROVIDER));
      return Part.of(content);
    } catch (CMSException | RuntimeException e) {
      throw new Broken("decryption-failed", "It cannot be decrypted with our key.");
    }
  }

  /** What the hub signed. */
  Part prove(Part signed) throws Broken {
    if (!signed.type().equalsIgnoreCase("multipart/signed")) {
      throw new Broken("insufficient-message-security", "It is not signed.");
    }
    var parts = signed.parts();
    if (parts.size() != 2) {
      throw new Broken("integrity-check-failed", "It has " + parts.size() + " parts.");
    }
    var held = false;
    try {
      var data =
          new CMSSignedData(
              new CMSProcessableByteArray(parts.get(0).whole()), parts.get(1).content());
      var verifier = new JcaSimpleSignerInfoVerifierBuilder().setProvider(PROVIDER).build(hub);
      for (var signer : data.getSignerInfos().getSigners()) {
        held |= signer.verify(verifier);
      }
    } catch (CMSException | OperatorCreationException | RuntimeException e) {
      held = false;
    }
    if (!held) {
      throw new Broken("integrity-check-failed", "It is not what the hub signed.");
    }
    return parts.get(0);
  }
}
