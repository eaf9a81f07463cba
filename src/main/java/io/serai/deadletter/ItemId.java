package io.serai.deadletter;

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
  private static final String CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

  static Optional<ItemId> parse(String id) {
    if (id == null || id.length() < 5) {
      return Optional.empty();
    }
    var rest = id.substring(4);
    return switch (id.substring(0, 4)) {
      case "msg_" -> number(rest).map(n -> new ItemId(DeadLetterType.MESSAGE, n, null));
      case "dlv_" -> number(rest).map(n -> new ItemId(DeadLetterType.DELIVERY, n, null));
      case "ord_" -> uuid(rest).map(u -> new ItemId(DeadLetterType.ORDER, 0, u));
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
    var text = new char[26];
    var high = order.getMostSignificantBits();
    var low = order.getLeastSignificantBits();
    for (int i = 25; i >= 0; i--) {
      text[i] = CROCKFORD.charAt((int) (low & 31));
      low = (low >>> 5) | (high << 59);
      high >>>= 5;
    }
    return "ord_" + new String(text);
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

  private static Optional<UUID> uuid(String text) {
    if (text.length() != 26 || text.charAt(0) > '7') {
      return Optional.empty();
    }
    long high = 0;
    long low = 0;
    for (int i = 0; i < 26; i++) {
      var digit = CROCKFORD.indexOf(Character.toUpperCase(text.charAt(i)));
      if (digit < 0) {
        return Optional.empty();
      }
      high = (high << 5) | (low >>> 59);
      low = (low << 5) | digit;
    }
    return Optional.of(new UUID(high, low));
  }
}
