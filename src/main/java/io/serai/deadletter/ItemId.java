package io.serai.deadletter;

import io.serai.support.Ids;
import java.util.Optional;
import java.util.UUID;

/**
 * The id of a dead letter, read.
 *
 * @param type what its prefix says
 * @param number of a message or delivery
 * @param order of a held order
 */
record ItemId(DeadLetterType type, long number, UUID order) {
  static Optional<ItemId> parse(String id) {
    if (id == null || id.length() < 5) {
      return Optional.empty();
    }
    var rest = id.substring(4);
    return switch (id.substring(0, 4)) {
      case "msg_" -> number(rest).map(n -> new ItemId(DeadLetterType.MESSAGE, n, null));
      case "dlv_" -> number(rest).map(n -> new ItemId(DeadLetterType.DELIVERY, n, null));
      case "ord_" -> uuid(id).map(u -> new ItemId(DeadLetterType.ORDER, 0, u));
      default -> Optional.empty();
    };
  }

  static String ofMessage(long number) {
    return "msg_" + number;
  }

  static String ofDelivery(long number) {
    return "dlv_" + number;
  }

  static String ofOrder(UUID order) {
    return Ids.text("ord", order);
  }

  static String of(DeadLetterType type, long number, UUID order) {
    return switch (type) {
      case MESSAGE -> ofMessage(number);
      case DELIVERY -> ofDelivery(number);
      case ORDER -> ofOrder(order);
    };
  }

  private static Optional<Long> number(String text) {
    try {
      var number = Long.parseLong(text);
      return number > 0 ? Optional.of(number) : Optional.empty();
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }

  private static Optional<UUID> uuid(String id) {
    try {
      return Optional.of(Ids.uuid("ord", id));
    } catch (IllegalArgumentException noOrderId) {
      return Optional.empty();
    }
  }
}
