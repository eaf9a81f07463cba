package io.serai.exchange;

import io.serai.edi.Delimiters;
import io.serai.edi.Interchange;
import io.serai.edi.Standard;
import io.serai.edi.Syntax;
import io.serai.edi.TransactionSet;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Puts one set or message of a file into an envelope of its own, with the header as it came. */
final class Alone {
  private Alone() {}

  /** The bytes, to be corrected by a person and read again. */
  static byte[] of(byte[] file, TransactionSet set, Agreement with) {
    var interchange = set.interchange();
    boolean x12 = interchange.delimiters().standard() == Standard.X12;
    var from = (int) interchange.offset();
    var until = x12 ? isa(file, from, interchange) : unb(file, from, interchange.delimiters());
    var bytes = new ByteArrayOutputStream();
    // the header is read by its width or by its own characters, so it is kept as it came
    bytes.write(file, from, until - from);
    bytes.writeBytes((x12 ? set(set) : message(set)).getBytes(charset(interchange, with)));
    return bytes.toByteArray();
  }

  private static int isa(byte[] file, int from, Interchange interchange) {
    var until = from;
    while (until < file.length && (file[until] & 0xff) != interchange.delimiters().segment()) {
      until++;
    }
    return until;
  }

  private static int unb(byte[] file, int from, Delimiters delimiters) {
    var until = file[from + 2] == 'A' ? from + 9 : from;
    while (until < file.length && (file[until] & 0xff) != delimiters.segment()) {
      var released = delimiters.release() != 0 && (file[until] & 0xff) == delimiters.release();
      until += released ? 2 : 1;
    }
    return Math.min(until, file.length);
  }

  private static Charset charset(Interchange interchange, Agreement with) {
    var agreed = with.profile().charset();
    return interchange.delimiters().standard() == Standard.X12
            || agreed.equals(StandardCharsets.UTF_8)
        ? agreed
        : Syntax.charset(interchange.version().split(":")[0]).orElse(agreed);
  }

  private static String end(Delimiters delimiters) {
    return delimiters.segment() + (delimiters.segment() < ' ' ? "" : "\n");
  }

  private static String set(TransactionSet set) {
    var interchange = set.interchange();
    var delimiters = interchange.delimiters();
    var e = String.valueOf(delimiters.element());
    var end = end(delimiters);
    var text = new StringBuilder(end);
    var group = set.group();
    text.append(
            String.join(
                e,
                "GS",
                group.functionalId(),
                group.sender(),
                group.receiver(),
                "20" + interchange.date(),
                interchange.time(),
                group.control(),
                "X",
                group.version()))
        .append(end);
    for (var segment : set.segments()) {
      text.append(segment.text(delimiters)).append(end);
    }
    text.append(String.join(e, "GE", "1", group.control())).append(end);
    text.append(String.join(e, "IEA", "1", interchange.control())).append(end);
    return text.toString();
  }

  // Without its group, which says nothing that the message does not.
  private static String message(TransactionSet set) {
    var interchange = set.interchange();
    var delimiters = interchange.delimiters();
    var end = end(delimiters);
    var text = new StringBuilder(end);
    for (var segment : set.segments()) {
      text.append(segment.text(delimiters)).append(end);
    }
    return text.append("UNZ")
        .append(delimiters.element())
        .append('1')
        .append(delimiters.element())
        .append(delimiters.written(interchange.control()))
        .append(end)
        .toString();
  }
}
