package io.serai.inbox;

import java.util.function.BiConsumer;

/**
 * Where a document is handed over for good: the inbox, or what keeps it safe until it is there.
 *
 * <p>Guarantee: an {@link Accepted} answer means that the bytes outlive this process. Gap: one that
 * was not answered may be kept all the same; sent again it is known by its event key.
 */
@FunctionalInterface
public interface Intake {
  /**
   * Keeps one arrival and answers when it is durable, on a thread of its own: the answer must not
   * block.
   *
   * @param answer called exactly once, with the acceptance or with why there is none
   * @throws IntakeRefused at once, when nothing may be accepted now
   */
  void accept(Arrival arrival, BiConsumer<Accepted, RuntimeException> answer);
}
