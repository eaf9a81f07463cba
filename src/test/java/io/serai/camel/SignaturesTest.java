package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.catalog.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignaturesTest {
  private static final List<Secret> SECRETS = List.of(Secret.of("newest"), Secret.of("former"));
  private static final byte[] BODY = bytes("{\"total\":\"24.00\",\"name\":\"Žofie\"}");

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static boolean verify(String encoding, String proof) {
    return verify(encoding, SECRETS, BODY, proof);
  }

  private static boolean verify(String encoding, List<Secret> secrets, byte[] body, String proof) {
    var keys = secrets.stream().map(Secret::bytes).toList();
    return Signatures.right("hmac-sha256", encoding, keys, null, body, proof);
  }

  // RFC 4231, test case 2: key "Jefe".
  @Test
  void aKnownMacIsRightInBothEncodings() {
    var secret = List.of(Secret.of("Jefe"));
    var body = bytes("what do ya want for nothing?");
    var hex = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    var base64 = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));

    assertThat(verify("hex", secret, body, hex)).isTrue();
    assertThat(verify("hex", secret, body, hex.toUpperCase(Locale.ROOT))).isTrue();
    assertThat(verify("base64", secret, body, base64)).isTrue();
    assertThat(Signatures.sign("hmac-sha256", "hex", bytes("Jefe"), body)).isEqualTo(hex);
    assertThat(Signatures.sign("hmac-sha256", "base64", bytes("Jefe"), body)).isEqualTo(base64);
  }

  @ParameterizedTest
  @CsvSource({"newest, true", "former, true", "older, false", "NEWEST, false"})
  void whileASecretIsRotatedBothAreRightAndNoOther(String secret, boolean right) {
    for (var encoding : List.of("hex", "base64")) {
      var proof = Signatures.sign("hmac-sha256", encoding, bytes(secret), BODY);

      assertThat(verify(encoding, proof)).as(encoding).isEqualTo(right);
    }
  }

  @ParameterizedTest
  @CsvSource(
      value = {"<none>", "''", "' '", "%%%", "abc", "0", "zz"},
      nullValues = "<none>")
  void whatIsNoSignatureAtAllIsWrongAndThrowsNothing(String proof) {
    assertThat(verify("hex", proof)).isFalse();
    assertThat(verify("base64", proof)).isFalse();
  }

  @Test
  void aSignatureInTheOtherEncodingIsWrong() {
    assertThat(verify("hex", Signatures.sign("hmac-sha256", "base64", bytes("newest"), BODY)))
        .isFalse();
    assertThat(verify("base64", Signatures.sign("hmac-sha256", "hex", bytes("newest"), BODY)))
        .isFalse();
  }

  @Test
  void aPartOfTheSignatureIsWrong() {
    var proof = Signatures.sign("hmac-sha256", "hex", bytes("newest"), BODY);

    assertThat(verify("hex", proof.substring(0, 62))).isFalse();
    assertThat(verify("hex", proof + "00")).isFalse();
  }

  @Test
  void withoutASecretNothingIsRight() {
    var proof = Signatures.sign("hmac-sha256", "hex", bytes("newest"), BODY);

    assertThat(verify("hex", List.of(), BODY, proof)).isFalse();
  }

  @Property(seed = "20260302", tries = 300)
  void oneBitOfBodyOrSignatureMakesItWrong(
      @ForAll byte[] body, @ForAll @IntRange(max = 1_000_000) int bit, @ForAll boolean ofTheBody) {
    var mac = HexFormat.of().parseHex(Signatures.sign("hmac-sha256", "hex", bytes("newest"), body));
    var flipped = ofTheBody && body.length > 0 ? body.clone() : mac;
    var at = bit % (flipped.length * 8);
    var before = HexFormat.of().formatHex(mac);
    flipped[at / 8] ^= (byte) (1 << at % 8);
    var given = flipped == mac ? body : flipped;

    assertThat(verify("hex", SECRETS, body, before)).isTrue();
    assertThat(verify("hex", SECRETS, given, HexFormat.of().formatHex(mac))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "Bearer newest, true",
    "bearer former, true",
    "newest, true",
    "Bearer newes, false",
    "Bearer, false",
    "Basic newest, false"
  })
  void aBearerTokenIsComparedWhole(String proof, boolean right) {
    assertThat(Signatures.bearer(SECRETS, proof)).isEqualTo(right);
  }

  @Test
  void aSchemeThatNobodyKnowsIsNamed() {
    assertThatThrownBy(() -> Signatures.right("md5", "hex", List.of(BODY), null, BODY, "00"))
        .hasMessage("No scheme is named 'md5'.");
  }
}
