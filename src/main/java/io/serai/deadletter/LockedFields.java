package io.serai.deadletter;

import io.serai.deadletter.Normalizer.Raw;
import java.util.List;
import java.util.Optional;

/**
 * What of a payload an edit leaves as it is, because the hub and the sender know the message by it:
 * its key, the event's own id, its time, its control numbers.
 *
 * <p>The gap: a payload that cannot be read says nothing that could be compared, so an edit of one
 * is held to nothing here. The message's key, lane and dedupe key in the hub never change by an
 * edit, whatever the payload says.
 */
@FunctionalInterface
public interface LockedFields {
  /** Nothing is locked. */
  static LockedFields none() {
    return message -> List.of();
  }

  /**
   * One value that stays.
   *
   * @param place where it stands: a JSON pointer, or an element as {@code ISA13}
   * @param meaning what it is, as part of a sentence: {@code the message's key}
   * @param value as the payload has it
   */
  record Locked(String place, String meaning, String value) {}

  /** What is locked of a message, in the order of the payload; empty when it cannot be read. */
  List<Locked> of(Raw message);

  /** Why these bytes may not take the place of the message's own, or empty when they may. */
  default Optional<String> refusal(Raw message, byte[] changed) {
    var after =
        of(
            new Raw(
                message.id(),
                message.account(),
                message.document(),
                message.eventType(),
                message.key(),
                message.contentType(),
                changed));
    return of(message).stream()
        .filter(locked -> !after.contains(locked))
        .map(
            locked ->
                "'%s' of '%s' is %s, '%s', and stays as it is. Take that change back; if the value itself is wrong, discard the message and have it sent anew."
                    .formatted(
                        locked.place(),
                        ItemId.ofMessage(message.id()),
                        locked.meaning(),
                        locked.value()))
        .findFirst();
  }
}
