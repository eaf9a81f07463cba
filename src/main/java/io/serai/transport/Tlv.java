package io.serai.transport;

/** Where a value of ASN.1 ends, found by its lengths alone, of whichever form (X.690, 8.1). */
final class Tlv {
  private static final int MOST_NESTED = 32;

  private Tlv() {}

  /** Behind the value at the beginning of these bytes, or 0 when they hold no whole one. */
  static int end(Bytes bytes) {
    return Math.max(0, end(bytes, 0, 0));
  }

  private static int end(Bytes bytes, int from, int depth) {
    var at = from + 1;
    if (depth > MOST_NESTED || at >= bytes.size()) {
      return -1;
    }
    if ((bytes.at(from) & 0x1f) == 0x1f) {
      return -1; // tags of several bytes are none of PKCS #7
    }
    var first = bytes.at(at++) & 0xff;
    if (first == 0x80) {
      return endOfParts(bytes, at, depth);
    }
    var length = first;
    if (first > 0x80) {
      var count = first & 0x7f;
      if (count > 4 || at + count > bytes.size()) {
        return -1;
      }
      length = 0;
      for (var i = 0; i < count; i++) {
        length = length << 8 | bytes.at(at++) & 0xff;
      }
    }
    return length < 0 || length > bytes.size() - at ? -1 : at + length;
  }

  // Of an indefinite length: its parts follow until two zeros.
  private static int endOfParts(Bytes bytes, int from, int depth) {
    var at = from;
    while (at >= 0 && at + 1 < bytes.size()) {
      if (bytes.at(at) == 0 && bytes.at(at + 1) == 0) {
        return at + 2;
      }
      at = end(bytes, at, depth + 1);
    }
    return -1;
  }
}
