package io.serai.deadletter;

/** What kind of thing has stopped. */
public enum DeadLetterType {
  /** A message from a channel or partner that could not be applied. */
  MESSAGE,
  /** An effect that we owe a partner or channel and that could not be had. */
  DELIVERY,
  /** An order that is stored and held. */
  ORDER
}
