package io.serai.camel;

import java.io.File;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Of the files that were taken and moved away, those that somebody wrote to afterwards: the writer
 * had stalled for longer than it was waited for, and what was taken is not the whole.
 *
 * <p>Nothing is remembered: the name a file got when it was moved says when it was written last, as
 * it was taken. Both instants are the file system's own, so no clock is compared with another.
 */
final class GrownFiles implements GenericFileFilter<File> {
  /** What routes call it. */
  static final String NAME = "serai-grown-files";

  private static final Logger LOG = LoggerFactory.getLogger(GrownFiles.class);
  private static final DateTimeFormatter TAKEN = DateTimeFormatter.ofPattern("yyyyMMddHHmmssSSS");
  private static final int STAMP = 17;

  @Override
  public boolean accept(GenericFile<File> file) {
    var name = file.getFileNameOnly();
    if (file.isDirectory() || !grown(name, file.getLastModified())) {
      return false;
    }
    LOG.warn(
        "File '{}' in the folder of '{}' went on growing after it was taken; it is taken again when it stands still. Write a file under another ending and rename it when it is whole.",
        name.substring(STAMP + 1),
        file.getFile().getParentFile().getParentFile().getName());
    return true;
  }

  /** Whether a file was written to after the instant that its name says. */
  static boolean grown(String name, long modified) {
    if (name.length() <= STAMP + 1) {
      return false;
    }
    try {
      var taken = LocalDateTime.parse(name.substring(0, STAMP), TAKEN).toInstant(ZoneOffset.UTC);
      return modified > taken.toEpochMilli();
    } catch (DateTimeException e) {
      return false; // somebody else's
    }
  }
}
