package io.serai.transport;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One MIME entity, byte for byte as it came: what is signed and hashed must not be written anew.
 * Headers, parts and their nesting are bounded.
 *
 * @param headers by their names in small letters, unfolded; the first of a name counts
 * @param whole headers, the empty line and the body, or null where the headers came by HTTP
 * @param encoded the body as it stands there, encoded as its header says
 */
record MimePart(Map<String, String> headers, Bytes whole, Bytes encoded) {
  private static final int MOST_HEADER_BYTES = 16 << 10;
  private static final int MOST_PARTS = 10;
  private static final boolean[] BASE64 = new boolean[128];

  static {
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
        .chars()
        .forEach(letter -> BASE64[letter] = true);
  }

  /** A body whose headers came by HTTP. */
  static MimePart of(Map<String, String> headers, byte[] body) {
    return new MimePart(headers, null, Bytes.of(body));
  }

  /** The body as it stands there, in an array of its own. */
  byte[] body() {
    return encoded.exact();
  }

  /** An entity with its headers before it. */
  static MimePart parse(byte[] entity) {
    return parse(Bytes.of(entity));
  }

  static MimePart parse(Bytes entity) {
    var headers = new LinkedHashMap<String, String>();
    var at = 0;
    String name = null;
    while (at < entity.size()) {
      var end = lineEnd(entity, at);
      if (end > MOST_HEADER_BYTES) {
        throw new MimeFault("its headers are longer than %d bytes".formatted(MOST_HEADER_BYTES));
      }
      var line = text(entity, at, end);
      at = next(entity, end);
      if (line.isEmpty()) {
        return new MimePart(headers, entity, entity.part(at, entity.size()));
      }
      var colon = line.indexOf(':');
      if ((line.charAt(0) == ' ' || line.charAt(0) == '\t') && name != null) {
        headers.merge(name, line.strip(), (one, more) -> one + ' ' + more);
      } else if (colon > 0) {
        name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        headers.putIfAbsent(name, line.substring(colon + 1).strip());
      } else {
        throw new MimeFault("a line of its headers is none");
      }
    }
    return new MimePart(headers, entity, entity.part(at, at));
  }

  /** Its media type in small letters, without what follows it. */
  String type() {
    var type = headers.getOrDefault("content-type", "text/plain");
    var end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  /** A parameter of its media type, or null. */
  String parameter(String name) {
    return parameter(headers.get("content-type"), name);
  }

  /** What the sender calls the file in it, or null: text, never a path. */
  String fileName() {
    var name = parameter(headers.get("content-disposition"), "filename");
    return name == null ? parameter("name") : name;
  }

  /** A parameter of a header, without its quotes, or null. */
  static String parameter(String header, String name) {
    if (header == null) {
      return null;
    }
    var at = header.indexOf(';');
    while (at >= 0 && at < header.length()) {
      var equals = header.indexOf('=', at);
      if (equals < 0) {
        return null;
      }
      var found = header.substring(at + 1, equals).strip();
      var value = new StringBuilder();
      var i = equals + 1;
      while (i < header.length() && header.charAt(i) == ' ') {
        i++;
      }
      if (i < header.length() && header.charAt(i) == '"') {
        for (i++; i < header.length() && header.charAt(i) != '"'; i++) {
          if (header.charAt(i) == '\\' && i + 1 < header.length()) {
            i++;
          }
          value.append(header.charAt(i));
        }
      } else {
        for (; i < header.length() && header.charAt(i) != ';'; i++) {
          value.append(header.charAt(i));
        }
      }
      if (found.equalsIgnoreCase(name)) {
        return value.toString().strip();
      }
      at = header.indexOf(';', Math.min(i, header.length()));
    }
    return null;
  }

  /** Whether bytes stand for themselves in it, line ends included. */
  boolean isBinary() {
    return "binary".equalsIgnoreCase(headers.get("content-transfer-encoding"));
  }

  /** The content: the body, decoded. */
  Bytes content() {
    var encoding =
        headers
            .getOrDefault("content-transfer-encoding", "binary")
            .strip()
            .toLowerCase(Locale.ROOT);
    return switch (encoding) {
      case "base64" -> base64();
      case "quoted-printable" -> quotedPrintable();
      case "binary", "7bit", "8bit" -> encoded;
      default -> throw new MimeFault("its encoding is none that is known");
    };
  }

  private Bytes base64() {
    for (var i = 0; i < encoded.size(); i++) {
      var letter = encoded.at(i);
      if (letter < 0 || letter > ' ' && !BASE64[letter]) {
        throw new MimeFault("its base64 is broken");
      }
    }
    try {
      var decoded = Base64.getMimeDecoder().decode(encoded.buffer());
      return new Bytes(
          decoded.array(),
          decoded.arrayOffset() + decoded.position(),
          decoded.arrayOffset() + decoded.limit());
    } catch (IllegalArgumentException e) {
      throw new MimeFault("its base64 is broken");
    }
  }

  private Bytes quotedPrintable() {
    var out = new ByteArrayOutputStream(encoded.size());
    for (var i = 0; i < encoded.size(); i++) {
      if (encoded.at(i) != '=') {
        out.write(encoded.at(i));
        continue;
      }
      if (i + 1 < encoded.size() && encoded.at(i + 1) == '\n') {
        i++;
        continue;
      }
      if (i + 2 >= encoded.size()) {
        throw new MimeFault("its quoted-printable ends too early");
      }
      if (encoded.at(i + 1) != '\r') {
        var high = Character.digit(encoded.at(i + 1), 16);
        var low = Character.digit(encoded.at(i + 2), 16);
        if (high < 0 || low < 0) {
          throw new MimeFault("its quoted-printable is broken");
        }
        out.write(high << 4 | low);
      }
      i += 2;
    }
    return Bytes.of(out.toByteArray());
  }

  /** The parts between the boundaries of a multipart, byte for byte. */
  List<MimePart> parts() {
    var boundary = parameter("boundary");
    if (boundary == null || boundary.isEmpty()) {
      throw new MimeFault("it is a multipart without a boundary");
    }
    var mark = ("--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    var parts = new ArrayList<MimePart>();
    var from = -1;
    for (var at = 0; at < encoded.size(); ) {
      var end = lineEnd(encoded, at);
      if (startsWith(encoded, at, mark) && isDelimiter(at + mark.length, end)) {
        if (from >= 0) {
          if (parts.size() == MOST_PARTS) {
            throw new MimeFault("it has more than %d parts".formatted(MOST_PARTS));
          }
          parts.add(parse(encoded.part(from, before(from, at))));
        }
        from = next(encoded, end);
        if (end - at >= mark.length + 2 && encoded.at(at + mark.length) == '-') {
          return parts;
        }
      }
      at = next(encoded, end);
    }
    throw new MimeFault("its last boundary is missing");
  }

  /** Whether nothing follows the last boundary of a multipart, white space apart. */
  boolean endsWithItsParts() {
    var mark = ("--" + parameter("boundary") + "--").getBytes(StandardCharsets.ISO_8859_1);
    var end = encoded.trimmed();
    return end >= mark.length && startsWith(encoded, end - mark.length, mark);
  }

  private boolean isDelimiter(int from, int end) {
    var rest = text(encoded, from, end).strip();
    return rest.isEmpty() || rest.equals("--");
  }

  // The line end before a boundary belongs to the boundary.
  private int before(int from, int boundary) {
    var end = boundary;
    if (end > from && encoded.at(end - 1) == '\n') {
      end--;
      if (end > from && encoded.at(end - 1) == '\r') {
        end--;
      }
    }
    return end;
  }

  private static boolean startsWith(Bytes bytes, int at, byte[] mark) {
    return at + mark.length <= bytes.size()
        && Arrays.equals(
            bytes.array(),
            bytes.from() + at,
            bytes.from() + at + mark.length,
            mark,
            0,
            mark.length);
  }

  private static int lineEnd(Bytes bytes, int from) {
    var end = from;
    while (end < bytes.size() && bytes.at(end) != '\n') {
      end++;
    }
    return end;
  }

  private static int next(Bytes bytes, int lineEnd) {
    return Math.min(bytes.size(), lineEnd + 1);
  }

  private static String text(Bytes bytes, int from, int lineEnd) {
    var end = Math.max(from, lineEnd);
    if (end > from && bytes.at(end - 1) == '\r') {
      end--;
    }
    return bytes.text(from, end);
  }

  /** The bytes of an entity. */
  static byte[] write(Map<String, String> headers, byte[] body) {
    var out = new ByteArrayOutputStream(body.length + 300);
    headers.forEach(
        (name, value) ->
            out.writeBytes((name + ": " + value + "\r\n").getBytes(StandardCharsets.ISO_8859_1)));
    out.writeBytes(new byte[] {'\r', '\n'});
    out.writeBytes(body);
    return out.toByteArray();
  }

  /** The body of a multipart. */
  static byte[] multipart(String boundary, byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (var part : parts) {
      out.writeBytes(("--" + boundary + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      out.writeBytes(part);
      out.writeBytes(new byte[] {'\r', '\n'});
    }
    out.writeBytes(("--" + boundary + "--\r\n").getBytes(StandardCharsets.ISO_8859_1));
    return out.toByteArray();
  }
}
