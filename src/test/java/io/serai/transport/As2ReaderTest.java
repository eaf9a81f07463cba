package io.serai.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.transport.As2Partner.Requires;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes out of a message over AS2, and what is refused with which word. */
class As2ReaderTest {
  private static final As2Key HUB = As2Key.of("hub");
  private static final As2Key STORE = As2Key.of("store");
  private static final As2Key STRANGER = As2Key.of("stranger");
  private static final byte[] FILE = "ISA*00*~IEA*1*000000001~".getBytes(StandardCharsets.US_ASCII);
  private Requires requires = Requires.SIGNED_ENCRYPTED;
  private List<As2Key> theirs = List.of(STORE);
  private List<As2Key> ours = List.of(HUB);
  private Instant now = Instant.now();
  private int largest = 1 << 20;

  private As2Reader.Opened open(MimePart message) {
    var partner =
        new As2Partner(
            "store",
            "HUB",
            "STORE",
            ours.stream().map(As2Key::identity).toList(),
            theirs.stream().map(As2Key::certificate).toList(),
            requires,
            List.of(),
            largest);
    return As2Reader.open(partner, new As2Request(lower(message.headers()), message.body()), now);
  }

  private static Map<String, String> lower(Map<String, String> headers) {
    var lower = new LinkedHashMap<String, String>();
    headers.forEach((name, value) -> lower.put(name.toLowerCase(), value));
    return lower;
  }

  private static byte[] entity(MimePart part) {
    return MimePart.write(part.headers(), part.body());
  }

  private static MimePart plain(byte[] file) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("Content-Type", "application/edi-x12");
    headers.put("Content-Disposition", "attachment; filename=\"850.edi\"");
    return MimePart.of(headers, file);
  }

  private static MimePart signed(MimePart part) {
    return SecureMime.sign(entity(part), STORE.identity(), "sha-256");
  }

  private static MimePart encrypted(MimePart part) {
    return SecureMime.encrypt(entity(part), HUB.certificate(), "aes256-cbc");
  }

  private static MimePart packed(MimePart part) {
    return SecureMime.compress(entity(part));
  }

  private void isRefused(MimePart message, String modifier, String why) {
    assertThatThrownBy(() -> open(message))
        .asInstanceOf(InstanceOfAssertFactories.type(As2Refused.class))
        .satisfies(
            refused -> {
              assertThat(refused.modifier()).isEqualTo(modifier);
              assertThat(refused).hasMessageContaining(why);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"se", "cse", "sce", "ces", "esc"})
  void howeverItWasWrappedTheFileComesOut(String layers) {
    var message = plain(FILE);
    for (var layer : layers.toCharArray()) {
      message =
          switch (layer) {
            case 's' -> signed(message);
            case 'e' -> encrypted(message);
            default -> packed(message);
          };
    }

    var opened = open(message);

    assertThat(opened.content()).isEqualTo(FILE);
    assertThat(opened.fileName()).isEqualTo("850.edi");
  }

  @Test
  void theDigestIsOfWhatWasSigned() {
    var opened = open(encrypted(signed(plain(FILE))));

    assertThat(opened.mic())
        .isEqualTo(SecureMime.mic(Bytes.of(entity(plain(FILE))), "sha-256") + ", sha-256");
  }

  @Test
  void aBareFileIsHashedBare() {
    requires = Requires.NOTHING;

    var opened = open(plain(FILE));

    assertThat(opened.mic()).isEqualTo(SecureMime.mic(Bytes.of(FILE), "sha-256") + ", sha-256");
  }

  @Test
  void somebodyElsesSignatureIsNotThePartners() {
    var message = encrypted(SecureMime.sign(entity(plain(FILE)), STRANGER.identity(), "sha-256"));

    isRefused(message, "processed/error: authentication-failed", "'CN=stranger'");
  }

  @Test
  void whatWasChangedOnItsWayIsNotTaken() {
    requires = Requires.SIGNED;
    var message = signed(plain(FILE));
    var body = new String(message.body(), StandardCharsets.ISO_8859_1).replace("IEA*1", "IEA*2");

    isRefused(
        MimePart.of(message.headers(), body.getBytes(StandardCharsets.ISO_8859_1)),
        "processed/error: integrity-check-failed",
        "changed on its way");
  }

  @Test
  void textThatLostItsLineEndsOnItsWayIsStillWhatWasSigned() {
    requires = Requires.SIGNED;
    var message = signed(plain(FILE));
    var body = new String(message.body(), StandardCharsets.ISO_8859_1).replace("\r\n", "\n");

    var opened = open(MimePart.of(message.headers(), body.getBytes(StandardCharsets.ISO_8859_1)));

    assertThat(opened.content()).isEqualTo(FILE);
    assertThat(opened.mic()).startsWith(SecureMime.mic(Bytes.of(entity(plain(FILE))), "sha-256"));
  }

  @Test
  void whatIsNotSignedIsNotSecureEnough() {
    isRefused(plain(FILE), "processed/error: insufficient-message-security", "it is not signed");
  }

  @Test
  void whatIsNotEncryptedIsNotSecureEnough() {
    isRefused(
        signed(plain(FILE)),
        "processed/error: insufficient-message-security",
        "it is not encrypted");
  }

  @Test
  void whatIsEncryptedForAnotherIsNotOurs() {
    var message =
        SecureMime.encrypt(entity(signed(plain(FILE))), STRANGER.certificate(), "aes256-cbc");

    isRefused(message, "processed/error: decryption-failed", "for a certificate that is not ours");
  }

  @Test
  void brokenEncryptionIsRefused() {
    var message = encrypted(signed(plain(FILE)));
    message.body()[message.body().length / 2] ^= 1;

    assertThatThrownBy(() -> open(message)).isInstanceOf(As2Refused.class);
    isRefused(
        MimePart.of(message.headers(), "no PKCS #7".getBytes(StandardCharsets.US_ASCII)),
        "processed/error: decryption-failed",
        "broken");
  }

  // What was encrypted is undone into one array, and the file is another; the third time is what
  // the
  // cipher hands on in small pieces.
  @Test
  void aLargeMessageIsHeldOnceALayerAndNotMore() {
    largest = 16 << 20;
    open(encrypted(signed(plain(FILE)))); // loads what is needed
    var file = new byte[16_000_000];
    var message = encrypted(signed(plain(file)));
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    var before = threads.getCurrentThreadAllocatedBytes();
    var opened = open(message);
    var allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(opened.content()).isEqualTo(file);
    assertThat(allocated).isLessThan(4L * file.length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"s", "cs", "es"})
  void blocksBehindWhatThePartnerSignedAnswerLikeAnyOthers(String layers) {
    var inner = plain(FILE);
    for (var layer : new StringBuilder(layers).reverse().toString().toCharArray()) {
      inner =
          switch (layer) {
            case 's' -> signed(inner);
            case 'e' -> encrypted(inner);
            default -> packed(inner);
          };
    }
    var more = Arrays.copyOf(entity(inner), entity(inner).length + 16);
    Arrays.fill(more, more.length - 16, more.length, (byte) 0xc3);

    isRefused(
        SecureMime.encrypt(more, HUB.certificate(), "aes256-cbc"),
        "processed/error: decryption-failed",
        "it cannot be decrypted with our key");
    assertThat(open(encrypted(inner)).content()).isEqualTo(FILE);
  }

  @Test
  void blocksBehindWhatIsEncodedAnswerLikeAnyOthers() {
    var inner = packed(signed(plain(FILE)));
    var headers = new LinkedHashMap<>(inner.headers());
    headers.put("Content-Transfer-Encoding", "base64");
    var encoded = Base64.getMimeEncoder().encode(inner.body());
    var more = Arrays.copyOf(encoded, encoded.length + 16);
    Arrays.fill(more, encoded.length, more.length, (byte) 0xc3);

    assertThat(open(encrypted(MimePart.of(headers, encoded))).content()).isEqualTo(FILE);
    isRefused(
        encrypted(MimePart.of(headers, more)),
        "processed/error: decryption-failed",
        "it cannot be decrypted with our key");
  }

  private static Stream<byte[]> whatNobodySigned() {
    return Stream.of(
            "s3cr3t",
            "s3cr3t~~",
            "Content-Transfer-Encoding: s3cr3t~~x",
            "Content-Type: application/edi-x12~~s3cr3t",
            "Content-Type: multipart/report~~s3cr3t",
            "Content-Type: multipart/signed~~s3cr3t",
            "Content-Type: multipart/signed; boundary=a~~--a~A: b~~s3cr3t~--a~~s3cr3t~--a--~",
            "Content-Type: application/pkcs7-mime~~s3cr3t")
        .map(text -> text.replace("~", "\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  @ParameterizedTest
  @MethodSource("whatNobodySigned")
  void whatWasEncryptedAndNobodySignedTellsNothingOfItself(byte[] entity) {
    assertThatThrownBy(() -> open(SecureMime.encrypt(entity, HUB.certificate(), "aes256-cbc")))
        .isInstanceOfSatisfying(
            As2Refused.class,
            refused -> {
              assertThat(refused.modifier()).isEqualTo("processed/error: decryption-failed");
              assertThat(refused).hasMessage("it cannot be decrypted with our key");
              assertThat(refused.reason())
                  .isNotEqualTo(refused.getMessage())
                  .doesNotContain("s3cr3t");
            });
  }

  @Test
  void whatIsSignedByACrowdIsNotRead() throws Exception {
    var generator = new CMSSignedDataGenerator();
    for (var i = 0; i < 5; i++) {
      generator.addSignerInfoGenerator(
          new JcaSimpleSignerInfoGeneratorBuilder()
              .build("SHA256withRSA", STORE.key().getPrivate(), STORE.certificate()));
    }
    var entity = entity(plain(FILE));
    var crowd = generator.generate(new CMSProcessableByteArray(entity), false).getEncoded();
    var part = MimePart.write(Map.of("Content-Type", "application/pkcs7-signature"), crowd);

    isRefused(
        MimePart.of(
            Map.of("Content-Type", "multipart/signed; boundary=a"),
            MimePart.multipart("a", entity, part)),
        "processed/error: integrity-check-failed",
        "it is signed 5 times, and more than 4 times is not read");
  }

  @Test
  void whatUnpacksToTooMuchIsNotUnpacked() {
    var bomb = new byte[40 << 20];

    isRefused(
        encrypted(signed(packed(plain(bomb)))),
        "processed/error: decompression-failed",
        "unpack to more than");
  }

  @Test
  void whatIsPackedFarTooWellIsNotUnpacked() {
    requires = Requires.NOTHING;
    largest = 48 << 20;
    var file = new byte[8 << 20];

    isRefused(packed(plain(file)), "processed/error: decompression-failed", "unpack to more than");
  }

  @Test
  void whatIsPackedTwiceIsNotUnpacked() {
    isRefused(
        packed(packed(plain(FILE))), "failed/failure: unsupported format", "packed more than once");
  }

  @Test
  void whatIsWrappedAgainAndAgainIsNotOpened() {
    var message = plain(FILE);
    for (var i = 0; i < 6; i++) {
      message = signed(message);
    }

    isRefused(message, "failed/failure: unsupported format", "more than 5 times");
  }

  @Test
  void bothCertificatesHoldWhileTheyAreChanged() {
    var next = As2Key.of("store-next");
    theirs = List.of(next, STORE);
    ours = List.of(As2Key.of("hub-next"), HUB);

    assertThat(open(encrypted(signed(plain(FILE)))).content()).isEqualTo(FILE);
    assertThat(
            open(encrypted(SecureMime.sign(entity(plain(FILE)), next.identity(), "sha-512")))
                .content())
        .isEqualTo(FILE);
  }

  @Test
  void aCertificateThatIsOutOfTimeProvesNothing() {
    now = Instant.now().plus(Duration.ofDays(400));

    isRefused(
        encrypted(signed(plain(FILE))),
        "processed/error: authentication-failed",
        "is not in force");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "multipart/signed                | x                     | without a boundary",
        "multipart/signed; boundary=a    | --a                   | last boundary is missing",
        "multipart/signed; boundary=a    | --a~a: b~~x~--a--     | 1 parts",
      })
  void whatIsNoMimeIsRefusedWithAReason(String type, String body, String why) {
    var message =
        MimePart.of(
            Map.of("content-type", type),
            body.replace("~", "\r\n").getBytes(StandardCharsets.US_ASCII));

    assertThatThrownBy(() -> open(message))
        .isInstanceOf(As2Refused.class)
        .hasMessageContaining(why);
  }

  @Test
  void aReceiptSaysWhatBecameOfTheMessage() {
    var receipt =
        Mdn.write("STORE", "<1@hub>", Mdn.PROCESSED, "YWJj, sha-256", "Fine.", STORE.identity());

    var mdn = open(receipt).receipt();

    assertThat(mdn).isEqualTo(new Mdn("<1@hub>", "processed", "YWJj", "sha-256", "Fine.", true));
  }

  @Test
  void whateverIsChangedInAMessageItIsTakenAsItWasOrRefused() {
    var random = new Random(330);
    var whole = encrypted(signed(packed(plain(FILE))));
    requires = Requires.SIGNED;
    for (var i = 0; i < 200; i++) {
      var message = i % 2 == 0 ? whole : signed(plain(FILE));
      var body = message.body().clone();
      for (var changes = random.nextInt(4); changes >= 0; changes--) {
        body[random.nextInt(body.length)] = (byte) random.nextInt(256);
      }
      var cut = random.nextInt(5) == 0 ? random.nextInt(body.length) : body.length;
      var changed = MimePart.of(message.headers(), Arrays.copyOf(body, cut));
      try {
        assertThat(open(changed).content()).isEqualTo(FILE);
      } catch (As2Refused refused) {
        assertThat(refused.modifier()).matches("(processed/error|failed/failure): .+");
      }
    }
  }
}
