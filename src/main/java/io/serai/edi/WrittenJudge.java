package io.serai.edi;

import java.util.List;

/** Says of what we wrote why it may not leave. */
final class WrittenJudge {
  private WrittenJudge() {}

  /**
   * Judges a file that was read back.
   *
   * @param documents how many are in it
   * @throws Unwritable with the first fault that counts
   */
  static void judge(FileReport report, int documents) {
    if (report.clean()) {
      return;
    }
    for (var interchange : report.interchanges()) {
      for (var group : interchange.groups()) {
        for (int i = 0; i < group.sets().size(); i++) {
          for (var fault : group.sets().get(i).faults()) {
            if (fault.counts()) {
              throw new Unwritable(
                  "Document "
                      + (i + 1)
                      + " of "
                      + documents
                      + " ("
                      + group.sets().get(i).id()
                      + ") cannot be written: "
                      + fault.what());
            }
          }
        }
        throwFirst(group.faults());
      }
      throwFirst(interchange.faults());
    }
    throwFirst(report.faults());
  }

  private static void throwFirst(List<EdiFault> faults) {
    for (var fault : faults) {
      if (fault.counts()) {
        throw new Unwritable("The interchange cannot be written: " + fault.what());
      }
    }
  }
}
