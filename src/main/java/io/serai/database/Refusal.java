package io.serai.database;

/**
 * Why no traffic is taken right now.
 *
 * @param reason the short name used by health and metrics
 * @param sentence what happened, to which thing, what to do
 */
public record Refusal(Reason reason, String sentence) {

  /** The closed list of reasons. */
  public enum Reason {
    /** The server may lose what it confirmed: durability is switched off. */
    NOT_DURABLE,
    /**
     * The server answers, but this hub cannot write through it (standby, read only, too old, or
     * made for newer programs).
     */
    NOT_USABLE,
    /** The volume is nearly full. */
    LOW_DISK,
    /** The server does not answer; it is being started or awaited. */
    AWAY
  }
}
