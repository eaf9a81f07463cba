package io.serai.failure;

/** Carries a {@link Failure} through code that can only throw. */
public class FailureException extends RuntimeException {
  private final transient Failure failure;

  /** Wraps a failure; the message is its sentence. */
  public FailureException(Failure failure) {
    this(failure, null);
  }

  /** Wraps a failure and what caused it. */
  public FailureException(Failure failure, Throwable cause) {
    super(failure.sentence(), cause);
    this.failure = failure;
  }

  /** What went wrong. */
  public Failure failure() {
    return failure;
  }
}
