package io.serai.transport;

/** A MIME entity is not what it should be. */
final class MimeFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what is wrong, as the end of a sentence that quotes nothing of the entity. */
  MimeFault(String message) {
    super(message);
  }
}
