package io.serai.exchange;

import io.serai.edi.EdiListener;
import io.serai.edi.EdifactReader;
import io.serai.edi.Group;
import io.serai.edi.InterchangeReport;
import io.serai.edi.ReadOptions;
import io.serai.edi.TransactionSet;
import io.serai.edi.X12Reader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The control numbers of a file, by which its sender asks about it: ISA13, GS06 and ST02 of X12
 * (X12.5, X12.6), the references of UNB, UNG and UNH of EDIFACT (ISO 9735). Empty when the bytes
 * are neither, or cannot be taken apart before the first of them.
 */
public final class ControlReferences {
  private static final int HEAD = 3;

  private ControlReferences() {}

  /**
   * One control number.
   *
   * @param element where it stands, {@code ST02}; from the second on with its count, {@code ST02
   *     (2)}
   * @param meaning what it is, as part of a sentence
   * @param value as it stands there
   */
  public record Control(String element, String meaning, String value) {}

  /** Those of a file, in the order in which reading ends: each document, then its interchange. */
  public static List<Control> of(byte[] file) {
    return switch (head(file)) {
      case "ISA" -> read(file, true);
      case "UNA", "UNB" -> read(file, false);
      default -> List.of();
    };
  }

  private static String head(byte[] file) {
    int from = 0;
    while (from < file.length && Character.isWhitespace(file[from] & 0xff)) {
      from++;
    }
    var length = Math.min(HEAD, file.length - from);
    return new String(file, from, length, StandardCharsets.ISO_8859_1);
  }

  private static List<Control> read(byte[] file, boolean x12) {
    var found = new Found(x12);
    var options = ReadOptions.STRICT.withShortHeaders();
    try (var in = new ByteArrayInputStream(file)) {
      if (x12) {
        X12Reader.read(in, options, found);
      } else {
        EdifactReader.read(in, options, found);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // bytes in memory can be read
    }
    return found.controls;
  }

  private static final class Found implements EdiListener {
    private final boolean x12;
    private final List<Control> controls = new ArrayList<>();
    private Group group;
    private int interchanges;
    private int groups;
    private int sets;

    private Found(boolean x12) {
      this.x12 = x12;
    }

    @Override
    public void set(TransactionSet set) {
      if (set.group() != null && !set.group().equals(group)) {
        group = set.group();
        add(x12 ? "GS06" : "UNG05", ++groups, "the group's control number", set.group().control());
      }
      add(x12 ? "ST02" : "UNH01", ++sets, "the document's control number", set.report().control());
    }

    @Override
    public void interchange(InterchangeReport report) {
      var said = report.interchange();
      add(
          x12 ? "ISA13" : "UNB05",
          ++interchanges,
          "the interchange's control number",
          said.control());
    }

    private void add(String element, int count, String meaning, String value) {
      if (value != null && !value.isBlank()) {
        controls.add(
            new Control(count == 1 ? element : element + " (" + count + ")", meaning, value));
      }
    }
  }
}
