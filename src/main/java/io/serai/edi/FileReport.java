package io.serai.edi;

import java.util.List;

/**
 * What became of a file.
 *
 * @param interchanges those found in it
 * @param faults what is wrong with the file itself, or was cleaned
 */
public record FileReport(List<InterchangeReport> interchanges, List<EdiFault> faults) {
  /** Fixes the lists. */
  public FileReport {
    interchanges = List.copyOf(interchanges);
    faults = List.copyOf(faults);
  }

  /** Whether everything in it was taken without a complaint. */
  public boolean clean() {
    return faults.stream().noneMatch(EdiFault::counts)
        && interchanges.stream()
            .allMatch(
                i ->
                    i.outcome() == Outcome.ACCEPTED
                        && i.groups().stream().allMatch(g -> g.outcome() == Outcome.ACCEPTED));
  }
}
