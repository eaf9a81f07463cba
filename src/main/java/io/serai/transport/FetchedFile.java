package io.serai.transport;

import java.sql.Connection;
import java.sql.SQLException;

/** One whole file on its way into the inbox. */
public final class FetchedFile {
  private final String name;
  private final byte[] content;
  private final FileMemory memory;
  private final Mailbox.Entry entry;
  private boolean taken;

  FetchedFile(Mailbox.Entry entry, byte[] content, FileMemory memory) {
    this.name = FileNames.shown(entry.name());
    this.content = content;
    this.entry = entry;
    this.memory = memory;
  }

  /** Its name as its sender wrote it: text, and no path. */
  public String name() {
    return name;
  }

  /** Its bytes. */
  public byte[] content() {
    return content;
  }

  /**
   * Remembers that it was taken, in the transaction that stores it.
   *
   * @throws SQLException when another replica fetches these files now
   */
  public void taken(Connection connection) throws SQLException {
    memory.taken(connection, entry, content);
    taken = true;
  }

  /** Whether it was stored. */
  boolean isTaken() {
    return taken;
  }
}
