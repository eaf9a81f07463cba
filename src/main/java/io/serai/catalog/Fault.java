package io.serai.catalog;

import java.util.Comparator;
import java.util.Objects;

/**
 * One thing that is wrong with a file or a setting, said once: where, what, and what to do about
 * it. Never carries a secret.
 *
 * @param file path below the catalogue's root ({@code routes/inbound/x.camel.yaml}), the
 *     configuration file, or the name of an environment variable
 * @param line counted from 1, or 0 when the fault belongs to the file as a whole
 * @param what what is wrong, to which thing, ids in quotes, without a full stop
 * @param remedy what to do, without a full stop
 */
public record Fault(String file, int line, String what, String remedy)
    implements Comparable<Fault> {
  private static final Comparator<Fault> ORDER =
      Comparator.comparing(Fault::file).thenComparingInt(Fault::line).thenComparing(Fault::what);

  /** Checks that nothing is missing. */
  public Fault {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(what, "what");
    Objects.requireNonNull(remedy, "remedy");
  }

  /** File, then line, then text. */
  @Override
  public int compareTo(Fault other) {
    return ORDER.compare(this, other);
  }

  /** What is wrong and what to do, without the place. */
  public String sentence() {
    return what + ". " + remedy + ".";
  }

  /** The sentence a person reads: {@code file:line: what. remedy.} */
  @Override
  public String toString() {
    return file + (line > 0 ? ":" + line : "") + ": " + sentence();
  }
}
