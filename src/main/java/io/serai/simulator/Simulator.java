package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;

/**
 * A stand-in for a channel or a partner: an HTTP face on 127.0.0.1, a ledger on disk, moods.
 *
 * <p>Opened again on the same folder it goes on where it stopped, however it stopped.
 */
public interface Simulator extends AutoCloseable {

  /** Its name, as the control API and the ledger's file use it. */
  String name();

  /** Root of what it serves, without a trailing slash. */
  URI url();

  /** The moods it is in. */
  Moods moods();

  /** What it has done so far. */
  Ledger ledger();

  /**
   * What happened in figures.
   *
   * @param detail also order by order
   */
  ObjectNode summary(boolean detail);

  @Override
  void close();
}
