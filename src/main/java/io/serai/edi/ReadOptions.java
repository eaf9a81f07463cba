package io.serai.edi;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/**
 * How a partner's files are read.
 *
 * @param charset what the bytes mean; ISO 8859-1 or UTF-8
 * @param shortHeaders whether an ISA whose fields are not padded to their width is taken
 * @param lenient whether errors that leave no doubt about what was meant are accepted and noted
 * @param maxSegment longest segment in bytes
 * @param maxSet longest set in bytes
 * @param codes the codes this partner may use, by element ({@code BEG02}); for others the
 *     standard's
 * @param sets the sets this partner sends, each with the segments ({@code REF}) and elements
 *     ({@code BEG05}) it must have beyond what X12 asks for; empty when any set is taken
 */
public record ReadOptions(
    Charset charset,
    boolean shortHeaders,
    boolean lenient,
    int maxSegment,
    int maxSet,
    Map<String, Set<String>> codes,
    Map<String, Set<String>> sets) {

  /** Strict, ISO 8859-1, segments up to 64 KiB and sets up to 32 MiB. */
  public static final ReadOptions STRICT =
      new ReadOptions(
          StandardCharsets.ISO_8859_1,
          false,
          false,
          64 * 1024,
          32 * 1024 * 1024,
          Map.of(),
          Map.of());

  /** Fixes codes and sets. */
  public ReadOptions {
    codes = Map.copyOf(codes);
    sets = Map.copyOf(sets);
  }

  /** The same, with another character set. */
  public ReadOptions withCharset(Charset other) {
    return new ReadOptions(other, shortHeaders, lenient, maxSegment, maxSet, codes, sets);
  }

  /** The same, taking an ISA whose fields are too short. */
  public ReadOptions withShortHeaders() {
    return new ReadOptions(charset, true, lenient, maxSegment, maxSet, codes, sets);
  }

  /** The same, accepting what leaves no doubt. */
  public ReadOptions asLenient() {
    return new ReadOptions(charset, shortHeaders, true, maxSegment, maxSet, codes, sets);
  }

  /** The same, with other limits in bytes. */
  public ReadOptions withLimits(int segment, int set) {
    return new ReadOptions(charset, shortHeaders, lenient, segment, set, codes, sets);
  }

  /** The same, with the codes this partner may use. */
  public ReadOptions withCodes(Map<String, Set<String>> allowed) {
    return new ReadOptions(charset, shortHeaders, lenient, maxSegment, maxSet, allowed, sets);
  }

  /** The same, with the sets this partner sends. */
  public ReadOptions withSets(Map<String, Set<String>> sent) {
    return new ReadOptions(charset, shortHeaders, lenient, maxSegment, maxSet, codes, sent);
  }
}
