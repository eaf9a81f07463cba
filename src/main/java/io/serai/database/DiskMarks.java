package io.serai.database;

/**
 * When a volume counts as nearly full. Intake stops below the low mark and goes on above the high
 * one; what was accepted is still worked on in between, which needs the room that is left.
 *
 * @param lowBytes free bytes below which intake stops
 * @param lowPercent the same as a share of the volume; the smaller of the two counts, so that a
 *     small volume can be used at all
 * @param ballastBytes size of the file that is given up when the server has died of a full volume
 */
public record DiskMarks(long lowBytes, double lowPercent, long ballastBytes) {

  /** 512 MB or 5 %, with 64 MB of ballast: room for recovery to finish and write four segments. */
  public static DiskMarks standard() {
    return new DiskMarks(512L << 20, 5, 64L << 20);
  }

  /** Free bytes below which intake stops on a volume of this size. */
  public long low(long volumeBytes) {
    return Math.min(lowBytes, (long) (volumeBytes * lowPercent / 100));
  }

  /** Free bytes above which intake goes on: half as much again, so that it does not flutter. */
  public long high(long volumeBytes) {
    return low(volumeBytes) + low(volumeBytes) / 2;
  }
}
