package io.serai.transport;

import java.io.IOException;

/** Opens an account's folders. */
@FunctionalInterface
public interface MailboxSource {
  /** Connects; whoever asked closes it. */
  Mailbox open() throws IOException;
}
