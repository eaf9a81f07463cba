package io.serai.transport;

import io.serai.failure.FailureKind;
import java.io.IOException;

/** Something went wrong with a partner's folders; the message is a sentence for people. */
public final class MailboxException extends IOException {
  private final FailureKind kind;

  /** Of a kind, for a reason. */
  public MailboxException(FailureKind kind, String sentence, Throwable cause) {
    super(sentence, cause);
    this.kind = kind;
  }

  /** What the engine is to do. */
  public FailureKind kind() {
    return kind;
  }
}
