package io.serai.camel;

import java.io.File;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps files out of a folder's route that are larger than what its account takes, and tells of
 * them: once in the log, and in the account's health for as long as they lie there.
 *
 * <p>The account is the one that the folder is named after. Gap: the log tells once a process.
 */
final class LargeFiles implements GenericFileFilter<File> {
  /** What routes call it. */
  static final String NAME = "serai-large-files";

  private static final Logger LOG = LoggerFactory.getLogger(LargeFiles.class);
  private static final int MOST_REMEMBERED = 1_000;
  private static final int MEGABYTE = 1 << 20;

  private final Hub hub;
  private final Sightings sightings;
  private final Set<String> told =
      Collections.newSetFromMap(
          Collections.synchronizedMap(
              new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                  return size() > MOST_REMEMBERED;
                }
              }));

  LargeFiles(Hub hub, Sightings sightings) {
    this.hub = hub;
    this.sightings = sightings;
  }

  @Override
  public boolean accept(GenericFile<File> file) {
    var folder = file.getFile().getParentFile();
    var account = file.isDirectory() ? null : hub.configuration().account(folder.getName());
    var most = account == null ? 0 : account.profile().events().largest();
    if (most == 0 || file.getFileLength() <= most) {
      return true;
    }
    sightings.seen(account.name(), Sightings.Kind.LEFT, file.getFileNameOnly());
    if (told.add(file.getAbsoluteFilePath() + '@' + file.getLastModified())) {
      LOG.warn(
          "File '{}' in the folder of '{}' has {} MB and is left where it lies; at most {} MB are taken. Split it.",
          file.getFileNameOnly(),
          account.name(),
          file.getFileLength() / MEGABYTE,
          most / MEGABYTE);
    }
    return false;
  }
}
